"""`python -m tools.audit_dependencies PIP_AUDIT FOLDER`: known advisories of what is installed.

Exit 1 where the index knows one, else 0. What could not be asked is named: a package that the
index does not know, or all of them where it does not answer.
"""

from __future__ import annotations

import json
import subprocess
import sys


def main(pip_audit: str, folder: str) -> int:
    """Ask of every package in the folder, and print what is known and what was not asked."""
    asking = [pip_audit, "--progress-spinner", "off", "--format", "json", "--path", folder]
    asked = subprocess.run(asking, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        why = (asked.stderr.strip().splitlines() or ["it said nothing"])[-1]
        print(f"Nothing was asked: the package index did not answer. ({why[:300]})")
        return 0
    known = [(one, advisory) for one in packages for advisory in one.get("vulns", ())]
    for one, advisory in known:
        mended = ", ".join(advisory["fix_versions"]) or "no version yet"
        print(f"{one['name']} {one['version']}: {advisory['id']}, mended in {mended}.")
    left_out = sorted(one["name"] for one in packages if "skip_reason" in one)
    if left_out:
        print(f"Not asked, as the index does not know them: {', '.join(left_out)}.")
    print(f"Asked: {len(packages) - len(left_out)} of {len(packages)}. Advisories: {len(known)}.")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
