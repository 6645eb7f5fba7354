"""What docs name is there, and what is chosen by hand is pinned."""

import re
import subprocess

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


def test_what_is_chosen_by_hand_is_what_is_pinned():
    text = "".join((ROOT / name).read_text("utf-8") for name in ("requirements.txt", "requirements-dev.txt"))
    for name in ("requirements", "requirements-dev"):
        for line in (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines():
            if "==" in line:
                package, version = re.sub(r"\[.*?\]", "", line).split("==")
                assert f"\n{package.replace('_', '-')}=={version} " in f"\n{text}"


def test_an_environment_that_is_a_link_is_not_emptied(tmp_path):
    """`venv --clear` would empty what it leads to."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    made = subprocess.run(["sh", ".ci/venv", "true", link], cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 1
    assert f"{link} is a link" in made.stderr
