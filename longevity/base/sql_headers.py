"""Read the header of a SQL file: comment lines `-- Key: text` before the first blank line."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from longevity.base.errors import ConfigError, suggest_nearest

_KEY = re.compile(r"-- ?([A-Z]\w*):(.*)")


def read_sql_file(path: Path, keys: Collection[str]) -> tuple[dict[str, list[str]], str]:
    """Return the header's lines by key, and the SQL after it.

    `{"": ["How many were shot?"], "Grain": ["city, day"]}, "SELECT …"`: under "" are the lines
    before the first key. ConfigError for a key not in `keys`, one that is there twice, and where
    one, or the beginning, has no text.
    """
    head, _, sql = path.read_text(encoding="utf-8").partition("\n\n")
    sections: dict[str, list[str]] = {"": []}
    key = ""
    for line in head.splitlines():
        text = line.removeprefix("--")
        if found := _KEY.match(line):
            key, text = found.groups()
            if key not in keys or key in sections:
                raise ConfigError(
                    f"'{key}:' is not a header, or is there twice.", suggest_nearest(key, keys)
                )
            sections[key] = []
        if text.strip():
            sections[key].append(text.strip())
    for key, lines in sections.items():
        if not lines:
            where = f"after '{key}:'" if key else "before the first header"
            raise ConfigError(f"nothing is written {where}.", "Write 'none' if so.")
    return sections, sql.strip()
