"""nginx by the file in docs/deployment, on loopback and ended afterwards."""

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from longevity.settings import ROOT
from tests.drivers.server import free_port

COOKIE = "longevity_process"
HOST = "127.0.0.1"
KNOWN = "visitor=known"


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for this machine, written into the folder, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    itself = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(itself, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *form))
    return ssl.create_default_context(cafile=str(folder / "certificate.pem"))


@contextmanager
def asking() -> Iterator[int]:
    """In the place of oauth2-proxy: lets in those who have the cookie KNOWN. Yields its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_known = KNOWN in self.headers.get("Cookie", "")
            self.send_response(202 if is_known else 401)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((HOST, 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@contextmanager
def nginx(
    folder: Path, port: int, ports: list[int], tls: bool = True, network: str = HOST, asked: int = 0
) -> Iterator[None]:
    """nginx with the file of docs/deployment; only addresses, ports and paths are others.

    FileNotFoundError where it is not installed. Without `tls` it speaks http at `port`. `network`
    is let in without a question; others are asked for at the port `asked`.
    """
    program = shutil.which("nginx")
    if program is None:
        raise FileNotFoundError("nginx is not installed here")
    text = (ROOT / "docs" / "deployment" / "nginx.conf").read_text(encoding="utf-8")
    for was, is_ in (
        ("listen 80;", f"listen {HOST}:{free_port()};"),
        ("listen 443 ssl;", f"listen {HOST}:{port}{' ssl' if tls else ''};"),
        ("/etc/longevity/tls", str(folder)),
        ("10.0.0.0/8", network),
        ("4180", str(asked or free_port())),
        ("8501", str(ports[0])),
        ("8502", str(ports[1])),
    ):
        assert was in text
        text = text.replace(was, is_)
    (folder / "longevity.conf").write_text(text, encoding="utf-8")
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n"
        f"events {{}}\nhttp {{\nlog_format told '$upstream_addr $cookie_{COOKIE}';\n"
        f"access_log {folder}/access.log told;\n{paths}include {folder}/longevity.conf;\n}}\n",
        encoding="utf-8",
    )
    words = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*words, "-t"], check=True, capture_output=True)
    running = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield
    finally:
        running.terminate()
        running.wait(timeout=10)


def _wait(port: int) -> None:
    """Wait until something listens there."""
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.05)
