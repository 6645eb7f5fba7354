"""Write down what the product says, or compare it with what was written.

`python -m tools.golden write FOLDER` writes a file for each of three demonstrations; `compare
FOLDER` compares those that are there, and exits 1 where one differs. A difference is a mistake, or
a decision that CHANGELOG.md names.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tools.golden import library
from tools.golden.record import (
    FIRST_LINES,
    Lines,
    describe_differences,
    read_record,
    write_record,
)
from tools.running import say

SEEDS = {f"seed-{seed}": seed for seed in (1, 2, 3)}


def main() -> int:
    """Do what was asked; 1 where something differs, or where there is nothing to compare with."""
    parser = argparse.ArgumentParser(prog="python -m tools.golden", description=__doc__)
    parser.add_argument("command", choices=("write", "compare"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=list(SEEDS), default=list(SEEDS))
    parser.add_argument("--all", action="store_true", help="Print every line that differs.")
    params = parser.parse_args()
    paths = {name: params.folder / f"{name}.json" for name in params.only}
    if params.command == "compare":
        paths = {name: path for name, path in paths.items() if path.exists()}
    differs = not paths
    for name, path in paths.items():
        lines = record_demonstration(name)
        say(f"{name}: {len(lines):,} keys")
        if params.command == "write":
            write_record(lines, path)
        else:
            most = None if params.all else FIRST_LINES
            differences = describe_differences(read_record(path), lines, most)
            differs |= bool(differences)
            print("\n".join([f"{path}: {'differs' if differences else 'as before'}", *differences]))
    return int(differs)


def record_demonstration(name: str) -> dict[str, Lines]:
    """Publish a demonstration and return all it says."""
    with tempfile.TemporaryDirectory(prefix="golden-") as folder:
        settings = library.publish_home(Path(folder), SEEDS[name])
        with library.open_contexts(settings) as contexts:
            lines = library.record_release(contexts)
    # What damaged files are said to be hangs on no seed.
    return lines | library.record_damaged_files() if name == "seed-1" else lines


if __name__ == "__main__":
    sys.exit(main())
