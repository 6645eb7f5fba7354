"""`python -m tools.pages` writes them; `--check` fails where one is not what the code says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from longevity.settings import ROOT
from tools.pages import checks, contract, keys, measures


def render_pages() -> Iterator[tuple[Path, str]]:
    """Yield each page with its text."""
    yield contract.PAGE, contract.render_page()
    yield checks.PAGE, checks.render_page()
    yield measures.PAGE, measures.render_page()
    for name, modules, defaults in keys.PAGES:
        page = ROOT / "docs" / name
        yield page, keys.render_page(page.read_text(encoding="utf-8"), modules, defaults)


def main(arguments: list[str]) -> int:
    """Write the pages, or say which are not current."""
    stale = [(page, text) for page, text in render_pages() if read_page(page) != text]
    for page, text in stale:
        if arguments == ["--check"]:
            print(f"{page.name} is not what the code says: run `make docs`.", file=sys.stderr)
        else:
            page.write_text(text, encoding="utf-8")
    return int(bool(stale) and arguments == ["--check"])


def read_page(page: Path) -> str:
    """Read a page as it is on disk; empty where there is none."""
    return page.read_text(encoding="utf-8") if page.exists() else ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
