"""A real S3 server on loopback (moto's), through which a connection can be cut."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "releases"


@contextmanager
def serving_objects(port: int = 0) -> Iterator[str]:
    """Serve a bucket at a port of loopback; the address of an empty folder in it.

    The environment leads there meanwhile.
    """
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    try:
        _, found = server.get_host_and_port()
        address = f"http://127.0.0.1:{found}"
        variables = {
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": address,
            "AWS_ALLOW_HTTP": "true",
        }
        with patch.dict(os.environ, variables):
            boto3.client("s3", endpoint_url=address, region_name="us-east-1").create_bucket(Bucket=BUCKET)
            # What one server held is known to the next in this process: a folder of its own.
            yield f"s3://{BUCKET}/{secrets.token_hex(4)}"
    finally:
        server.stop()
