"""The record of what was said: a file a screen, one key for each text or table, read as a diff.

What was said to another viewer, or elsewhere, is not repeated: "(as public)". A key is a line of
its own, and what is said there stands below it, indented.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

MOST_ROWS = FIRST_LINES = 60
LEAST_ALIKE = 4  # rows of a table that is worth naming in place of being written again
# A release's id differs from machine to machine, and is nothing that is said.
RELEASE = re.compile(r"\b\d{4}-\d\d-\d\d-[0-9a-f]{12}(?:-\d+)?\b")
INDENT = "  "
Lines = list[str]
Places = Iterable[tuple[str, str, Any]]  # a key, a viewer, and what is said there to them


class Record:
    """Keys such as `screens/briefing/overview/so-far/state/title`, each with its text or lines."""

    def __init__(self) -> None:
        self.lines: dict[str, Lines] = {}
        self._tables: dict[tuple[str, ...], str] = {}

    def add(self, key: str, said: Any) -> None:
        """Add what is said under a key: a text, sentences, a table, or more keys below it."""
        if isinstance(said, Mapping):
            for name, inner in said.items():
                self.add(f"{key}/{name}" if name else key, inner)
        elif said and not isinstance(said, str) and isinstance(said[0], list):
            self._add_table(key, tuple(" | ".join(row) for row in said))
        elif said:
            if key in self.lines:
                raise ValueError(f"{key} is there twice.")
            texts = [said] if isinstance(said, str) else said
            self.lines[key] = "\n".join(map(_mask, texts)).split("\n")

    def add_places(self, places: Places) -> None:
        """Add what each viewer has at each place; what an earlier viewer has too is only named."""
        by_place: dict[str, dict[str, Any]] = defaultdict(dict)
        for place, viewer, said in places:
            by_place[place][viewer] = said
        for place, viewers in by_place.items():
            earlier: list[tuple[str, Any]] = []
            for viewer, said in ((name, said) for name, said in viewers.items() if said):
                alike = next((name for name, other in earlier if other == said), None)
                self.add(f"{place}/{viewer}", said if alike is None else f"(as {alike})")
                earlier.append((viewer, said))

    def _add_table(self, key: str, rows: tuple[str, ...]) -> None:
        """Add a table: its first rows and a hash of the others, or the key that has it already."""
        alike = self._tables.setdefault(rows, key)
        if alike != key and len(rows) > LEAST_ALIKE:
            self.add(key, f"(as {alike})")
            return
        shown = [*rows[: MOST_ROWS + 1]]
        if len(rows) > len(shown):
            rest = hashlib.sha256("\n".join(map(_mask, rows[len(shown) :])).encode()).hexdigest()
            shown.append(f"… {len(rows) - 1} rows in all; the others as {rest[:12]}")
        self.add(key, shown)


def _mask(text: str) -> str:
    return RELEASE.sub("RELEASE", text)


def _choose_file(key: str) -> str:
    """Return the file of a key: "screens/compare, victims/…" is in "screens/compare.txt"."""
    kind, name = key.split("/")[:2]
    return f"{kind}/{name.split(', ')[0]}.txt".replace(" ", "-")


def write_record(lines: Mapping[str, Lines], folder: Path) -> None:
    """Write a record in place of the one in `folder`: its keys sorted."""
    texts: dict[str, list[str]] = defaultdict(list)
    for key in sorted(lines):
        texts[_choose_file(key)] += [key, *(f"{INDENT}{line}" for line in lines[key])]
    for path in folder.glob("*/*.txt"):
        path.unlink()
    for name, said in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(said) + "\n", encoding="utf-8")


def read_record(folder: Path) -> dict[str, Lines]:
    """Read a record that was written."""
    lines: dict[str, Lines] = {}
    below: Lines = []
    for path in sorted(folder.glob("*/*.txt")):
        for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n"):
            if line.startswith(INDENT):
                below.append(line.removeprefix(INDENT))
            else:
                lines[line] = below = []
    return lines


def describe_differences(
    old: Mapping[str, Lines], new: Mapping[str, Lines], most: int | None = FIRST_LINES
) -> list[str]:
    """Return how many places differ, then the first `most` lines of the diff, or all.

    Empty where nothing differs.
    """
    keys = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    lines = []
    for key in keys:
        diff = difflib.unified_diff(old.get(key, []), new.get(key, []), n=0, lineterm="")
        lines += [f"@@ {key}", *(line for line in [*diff][2:] if not line.startswith("@@"))]
    shown = lines[:most]
    more = len(lines) - len(shown)
    left_out = [f"… and {more:,} more lines: --all prints them"] if more else []
    return [f"{len(keys):,} places differ", *shown, *left_out] if keys else []
