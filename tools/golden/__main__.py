"""Write down what the product says, or compare it with what was written: FOLDER, a file a screen.

That record is a golden. `compare` exits 1 where something differs: that is a mistake, or a decision
that CHANGELOG.md names.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tools.golden import library
from tools.golden.record import FIRST_LINES, describe_differences, read_record, write_record
from tools.running import say


def main() -> int:
    """Write the record, or compare it with the one written; 1 where something differs."""
    parser = argparse.ArgumentParser(prog="python -m tools.golden", description=__doc__)
    parser.add_argument("command", choices=("write", "compare"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="Print every line that differs.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="golden-") as folder:
        settings = library.publish_home(Path(folder))
        with library.open_contexts(settings) as contexts:
            lines = library.record_release(contexts)
    say(f"{len(lines):,} keys")
    if asked.command == "write":
        write_record(lines, asked.folder)
        return 0
    most = None if asked.all else FIRST_LINES
    differences = describe_differences(read_record(asked.folder), lines, most)
    print("\n".join([f"{asked.folder}: {'differs' if differences else 'as before'}", *differences]))
    return int(bool(differences))


if __name__ == "__main__":
    sys.exit(main())
