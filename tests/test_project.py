"""What docs name is there, and what is installed is pinned whole: by version and hash, and no index named."""

import importlib.metadata
import re

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from longevity.settings import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
# A file, with a name in it or without; a name alone is of the file named before it.
NAMED = re.compile(r"`(\w+(?:/\w+)+\.(?:py|sql|typ|css)(?=[`:])|(?=::))(?:::(\w+))?")
LINK = re.compile(r"\]\(([\w./-]+)")
DECISION = re.compile(r"decisions/(\d{4})")
FROM = (ROOT, ROOT / "longevity", ROOT / "tests")


def find_names_without_code():
    for page in PAGES:
        found = []
        for path, name in NAMED.findall(page.read_text(encoding="utf-8")):
            if path:
                found = [folder / path for folder in FROM if (folder / path).is_file()]
            if not found:
                yield f"{page.name}: there is no {path}"
            elif name and not re.search(rf"\b{name}\b", found[0].read_text(encoding="utf-8")):
                yield f"{page.name}: {found[0].name} has no {name}"


def test_files_and_functions_that_docs_name_are_there():
    assert sum(len(NAMED.findall(page.read_text(encoding="utf-8"))) for page in PAGES) > 200
    assert list(find_names_without_code()) == []


def test_pages_that_pages_link_to_and_decisions_that_code_names_are_there():
    linked = [page.parent / to for page in PAGES for to in LINK.findall(page.read_text("utf-8"))]
    assert [path for path in linked if not path.exists()] == []
    code = [path for folder in FROM[1:] for path in folder.rglob("*.py")]
    named = {number for path in (*PAGES, *code) for number in DECISION.findall(path.read_text("utf-8"))}
    there = {path.name[:4] for path in (ROOT / "docs" / "decisions").iterdir()}
    assert named - there == set()


FILES = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^([a-z0-9._-]+)==\S+.*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M)


def list_pinned():
    """Every pinned package."""
    found = set()
    for name in FILES:
        text = (ROOT / name).read_text(encoding="utf-8")
        rest = PIN.sub("", text)
        assert all(line.startswith("#") for line in rest.splitlines() if line), rest
        found |= {canonicalize_name(package) for package, _ in PIN.findall(text)}
    return found


def list_needs(name):
    """What an installed package needs here; nothing where it is not installed."""
    try:
        needs = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    found = [Requirement(need) for need in needs]
    return [need.name for need in found if need.marker is None or need.marker.evaluate({"extra": ""})]


def test_everything_that_pins_need_is_pinned_with_its_hashes():
    pins = list_pinned()
    assert {need for name in pins for need in list_needs(name) if canonicalize_name(need) not in pins} == set()


def test_what_is_chosen_by_hand_is_what_is_pinned():
    for name in ("requirements", "requirements-dev"):
        text = "".join((ROOT / file).read_text(encoding="utf-8") for file in FILES)
        for line in (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines():
            if "==" in line:
                package, version = re.sub(r"\[.*?\]", "", line).split("==")
                assert f"\n{package.replace('_', '-')}=={version} " in f"\n{text}"
