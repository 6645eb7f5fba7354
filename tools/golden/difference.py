"""How one record differs from another, for a reader: how much of each kind, and every line."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping

from tools.golden.record import Lines

FIRST_LINES = 60


def describe_differences(
    old: Mapping[str, Lines], new: Mapping[str, Lines], most: int | None = FIRST_LINES
) -> list[str]:
    """Return a line for each kind that differs, then the first `most` lines of the diff, or all.

    Empty where nothing differs.
    """
    keys = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    lines = [line for key in keys for line in _list_changes(key, old.get(key), new.get(key))]
    shown = lines[:most]
    more = len(lines) - len(shown)
    left_out = [f"… and {more:,} more lines: --all prints them"] if more else []
    return [*_count_by_kind(keys, old, new), *shown, *left_out]


def _count_by_kind(
    keys: list[str], old: Mapping[str, Lines], new: Mapping[str, Lines]
) -> Iterator[str]:
    kinds: dict[str, Counter[str]] = {}
    for key in keys:
        how = "added" if key not in old else "gone" if key not in new else "changed"
        kinds.setdefault(key.partition("/")[0], Counter())[how] += 1
    for kind, counts in kinds.items():
        told = [f"{counts[how]:,} {how}" for how in ("changed", "added", "gone")]
        yield f"{kind}: {', '.join(told)}"


def _list_changes(key: str, old: Lines | None, new: Lines | None) -> Iterator[str]:
    yield f"@@ {key}"
    diff = difflib.unified_diff(_list_lines(old), _list_lines(new), n=0, lineterm="")
    yield from (line for line in [*diff][2:] if not line.startswith("@@"))


def _list_lines(said: Lines | None) -> list[str]:
    return [said] if isinstance(said, str) else said or []
