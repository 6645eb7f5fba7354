"""What the pages of docs name in the code is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from longevity.settings import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
NAMED = re.compile(r"`(\w+(?:/\w+)+\.(?:py|sql|typ|css))(?:::(\w+))?")
FROM = (ROOT, ROOT / "longevity", ROOT / "tests")


def find_names_without_code() -> Iterator[str]:
    for page in PAGES:
        for path, name in NAMED.findall(page.read_text(encoding="utf-8")):
            found = [folder / path for folder in FROM if (folder / path).is_file()]
            if not found:
                yield f"{page.name}: there is no {path}"
            elif name and not re.search(rf"\b{name}\b", found[0].read_text(encoding="utf-8")):
                yield f"{page.name}: {path} has no {name}"


def test_files_and_functions_that_docs_name_are_there():
    assert sum(len(NAMED.findall(page.read_text(encoding="utf-8"))) for page in PAGES) > 200
    assert list(find_names_without_code()) == []
