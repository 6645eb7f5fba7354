"""`docs/deployment/install` on a fresh Debian, and a home of the version before kept by this one.

In a mount namespace of its own: what is mounted goes with it. Needs root, debootstrap and the
registries that `make setup` needs; elsewhere it is skipped.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from longevity.settings import ROOT

pytestmark = pytest.mark.audit
MIRROR = "http://deb.debian.org/debian"
# Certificates and the index of this machine: without them nothing is installed behind a proxy.
HANDED_ON = ("/etc/pip.conf", "/etc/xdg/pip", "/etc/apt/apt.conf.d", "/etc/resolv.conf")
ENTER = """
set -e
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
for folder in ${PIP_FIND_LINKS:-}; do
    [ -d "$folder" ] && mkdir -p "$1$folder" && mount --bind "$folder" "$1$folder"
done
chroot "$1" sh -c 'apt-get update -q && apt-get install -y -q ca-certificates' >/dev/null
cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
chroot "$1" sh /source/docs/deployment/install
chroot --userspec=longevity:longevity "$1" env HOME=/tmp bash -e /tmp/as-longevity
"""
AS_LONGEVITY = """
cd /srv/longevity/app
export LONGEVITY_HOME=/srv/longevity/home LONGEVITY_CONFIG=/srv/longevity/longevity.toml
.venv/bin/python -m longevity demo --out /srv/longevity/extracts/demo
.venv/bin/python -m longevity publish /srv/longevity/extracts/demo
docs/deployment/back-up /srv/longevity/home /srv/longevity/back-ups
docs/deployment/restore /srv/longevity/back-ups/*.tar.gz /srv/longevity/pages/restored
list() { cd "$1" && find . -type f -exec sha256sum {} + | sort; }
test "$(list /srv/longevity/home)" = "$(list /srv/longevity/pages/restored)"
! touch /srv/longevity/app/written 2>/dev/null
echo "restored, equal"
"""


def test_a_fresh_debian_runs_what_install_made(tmp_path):
    if os.geteuid() != 0 or not (shutil.which("debootstrap") and shutil.which("unshare")):
        pytest.skip("needs root, debootstrap and unshare")
    root = tmp_path / "debian"
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", "trixie", root, MIRROR],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        pytest.skip(f"no Debian to be had: {made.stdout[-200:]}")
    (root / "source").mkdir()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", root / "source"], input=archive.stdout, check=True)
    for path in filter(os.path.exists, HANDED_ON):
        (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-rL", path, root / Path(path[1:]).parent], check=True)
    (root / "tmp" / "as-longevity").write_text(AS_LONGEVITY)
    ran = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "enter", root],
        capture_output=True, text=True, check=False, timeout=1800,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    assert ran.stdout.rstrip().endswith("restored, equal")


# What the version before published, gave out and destroyed

BEFORE = "a7318328"  # the version whose homes are out there; a dated release takes its place


def run(checkout, home, *words):
    environment = {**os.environ, "LONGEVITY_HOME": str(home)}
    ran = subprocess.run(
        [sys.executable, "-m", "longevity", *words],
        cwd=checkout, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_home_of_the_version_before_is_kept(tmp_path):
    archive = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode != 0:
        pytest.skip("this clone does not hold the version before")
    old, home, extracts = tmp_path / "old", tmp_path / "home", tmp_path / "extracts"
    old.mkdir()
    subprocess.run(["tar", "-x", "-C", old], input=archive.stdout, check=True)
    day = ("--until", "2026-11-22")
    run(old, home, "demo", "--out", str(extracts), *day)
    release = run(old, home, "publish", str(extracts), "--no-pictures").strip()
    bundle = tmp_path / "bundle"
    run(old, home, "export", "year-to-date", "--format", "png", "--out", str(bundle))
    asked = ("query", "counts", "--viewer", "public", "--format", "csv")
    assert run(ROOT, home, "releases").split()[0] == release
    assert run(ROOT, home, *asked) == run(old, home, *asked)
    for picture in bundle.glob("*.png"):
        assert "igned here" in run(ROOT, home, "verify", str(picture))
    # The same rows are the same release, whichever version read them last.
    assert run(ROOT, home, "publish", str(extracts), "--no-pictures").strip() == release
