"""The suite without browsers on every other Python promised that stands on this machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from longevity.settings import ROOT
from tests.drivers import python_versions

pytestmark = pytest.mark.audit
PINS = ("requirements.txt", "requirements-dev.txt")
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
LINES = 60


@pytest.fixture(scope="module")
def there() -> dict[str, Path]:
    return python_versions.find_promised(python_versions.list_candidates())


def installed(python: Path, version: str) -> Path:
    """The Python of an environment of that version with what is pinned, made where it is not."""
    folder = ROOT / ".venv" / "pythons" / version
    inside, stamp = folder / "bin" / "python", folder / "installed"
    pinned = "".join((ROOT / name).read_text(encoding="utf-8") for name in PINS)
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != pinned:
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["sh", ".ci/venv", python, folder], cwd=ROOT, check=True)
        pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        pins = [word for name in PINS for word in ("-r", ROOT / name)]
        subprocess.run([*pip, "--require-hashes", *pins], cwd=ROOT, check=True)
        stamp.write_text(pinned, encoding="utf-8")
    return inside


@pytest.mark.parametrize("version", python_versions.PROMISED)
def test_the_suite_holds(there: dict[str, Path], tmp_path: Path, version: str) -> None:
    if version == RUNNING:
        pytest.skip("this is the Python that runs `make test`")
    if version not in there:
        print(f"\nPython {version}: not on this machine, so not tried.")
        pytest.skip(f"no Python {version} on this machine")
    report = tmp_path / "report.xml"
    ran = subprocess.run(
        [
            installed(there[version], version),
            *("-m", "pytest", "-n", "2", "--dist", "loadscope", "-p", "no:cacheprovider"),
            *("-m", "not browser and not audit", f"--junitxml={report}"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    last = "\n".join((ran.stdout + ran.stderr).splitlines()[-LINES:])
    assert report.is_file(), last
    suite = next(ElementTree.parse(report).getroot().iter("testsuite")).attrib
    skipped, minutes = int(suite["skipped"]), float(suite["time"]) / 60
    print(
        f"\nPython {version}: {int(suite['tests']) - skipped} tests, {skipped} skipped, "
        f"{suite['failures']} failed, {suite['errors']} errors, {minutes:.1f} minutes."
    )
    assert ran.returncode == 0, last
