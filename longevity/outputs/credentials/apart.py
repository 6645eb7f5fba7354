"""Read the credentials of a stranger's file in a separate process with limits of time and memory.

The C2PA library reads files in native code: a file made to break it ends that process and not the
server. The process gets the file and our certificates, and no secret.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from longevity.base.errors import DataError
from longevity.outputs.credentials.read import Claim, read_claim

SECONDS = 20
MEMORY = 1 << 30  # bytes
ROOT = Path(__file__).resolve().parents[3]


def read_claim_apart(kind: str, data: bytes, known: str) -> Claim | None:
    """Do what `read_claim` does, in a process of its own; DataError where that one fails."""
    environment = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
    try:
        output = subprocess.run(
            [sys.executable, "-m", __name__, kind],
            input=json.dumps(known).encode("ascii") + b"\n" + data,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env=environment,
            check=True,
        ).stdout
    except (subprocess.SubprocessError, OSError) as error:
        raise DataError("The file cannot be read: it may be damaged.") from error
    fields = json.loads(output)
    return fields and Claim(**fields)


def set_bounds() -> None:
    """Limit this process's memory and processor time, and let it write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    set_bounds()
    certificates = json.loads(sys.stdin.buffer.readline())
    claim = read_claim(sys.argv[1], sys.stdin.buffer.read(), certificates)
    print(json.dumps(claim and asdict(claim)))
