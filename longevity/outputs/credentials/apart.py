"""Read the credentials of a stranger's file in a process of its own, which has bounds.

The SDK reads pictures, pages and archives in native code; a file made to break it ends that
process, not the server. It is given the file and nothing else: no secret, no home.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from longevity.errors import DataError
from longevity.outputs.credentials.read import Claim, read_claim

SECONDS = 20
MEMORY = 1 << 30  # bytes
ROOT = Path(__file__).resolve().parents[3]


def read_claim_apart(kind: str, data: bytes) -> Claim | None:
    """Read as `read_claim`; DataError for a file that could not be read within the bounds."""
    environment = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
    try:
        output = subprocess.run(
            [sys.executable, "-m", __name__, kind],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env=environment,
            check=True,
        ).stdout
    except (subprocess.SubprocessError, OSError) as error:
        raise DataError("The file cannot be read: it may be damaged.") from error
    fields = json.loads(output)
    if fields is None:
        return None
    return Claim(**{**fields, "chain": tuple(bytes.fromhex(cert) for cert in fields["chain"])})


def set_bounds() -> None:
    """Give this process bounds: of memory, of time, and no file that it could write."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _main() -> None:
    set_bounds()
    claim = read_claim(sys.argv[1], sys.stdin.buffer.read())
    fields = (
        None if claim is None else asdict(claim) | {"chain": [cert.hex() for cert in claim.chain]}
    )
    print(json.dumps(fields))


if __name__ == "__main__":
    _main()
