"""`extracts.toml`: what is said about a folder of extracts, beside the parquet.

kind = "synthetic"            # or "real", the default

[data_through]
incidents = 2026-11-22        # one date, or one a city:
victims = { east = 2026-11-22, west = 2026-11-20 }

[data_from]                   # optional: the first day a source is complete for
incidents = 2014-01-01
enforcement_actions = { east = 2019-01-01 }

[holds.outcomes]              # optional: what the sources hold of victims, by city
east = ["fatal"]              # nothing said: all of them

[holds.weapons]
east = ["firearm"]

[quarantined]
incidents = 3                 # rows import refused

[[doubts]]                    # what import saw in a source and no extract shows: errors of `check`
rule = "copied_rows"
extract = "incidents"
column = ""
count = 40
sentence = "40 of 812 rows of 2024 …"
do = "Take the copies out …"
source = "shootings.csv"
rows = [501, 502]
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from longevity import strict_toml
from longevity.ingest import victim_coverage
from longevity.ingest.contract import BY_NAME
from longevity.labels import make_printable
from longevity.settings import Settings
from longevity.strict_toml import Table

NAME = "extracts.toml"
KINDS = ("real", "synthetic")
DOUBTS = ("copied_rows", "refused_value", "short_outcome")


@dataclass(frozen=True)
class Doubt:
    """What `import` saw in a source, and `check` cannot see in the extracts made of it.

    `column`: of the extract; empty where it is about rows. `source`: the name of the file, and
    `rows` the first few of its rows; they are for whoever runs the command, and in no release.
    """

    rule: str
    extract: str
    count: int
    sentence: str
    do: str
    column: str = ""
    source: str = ""
    rows: tuple[int, ...] = ()


@dataclass
class ExtractsFile:
    """What `extracts.toml` says. `data_through` and `data_from` map extract to city to day.

    `holds`: `outcomes` and `weapons`, each by city the words of that column its sources hold.
    """

    kind: str = "real"
    data_through: dict[str, dict[str, date]] = field(default_factory=dict)
    data_from: dict[str, dict[str, date]] = field(default_factory=dict)
    holds: dict[str, dict[str, tuple[str, ...]]] = field(
        default_factory=victim_coverage.cover_everything
    )
    quarantined: dict[str, int] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)


def read_extracts_file(directory: Path, settings: Settings) -> ExtractsFile:
    """Read it; an absent file says nothing. ConfigError on a wrong key or value."""
    path = directory / NAME
    if not path.exists():
        return ExtractsFile()
    root = strict_toml.load_toml(path)
    through = root.table("data_through", {})
    begins = root.table("data_from", {})
    refused = root.table("quarantined", {})
    result = ExtractsFile(
        kind=root.choice("kind", KINDS, "real"),
        data_through={
            name: _read_days(through, name, settings) for name in BY_NAME if through.has(name)
        },
        data_from={
            name: _read_days(begins, name, settings) for name in BY_NAME if begins.has(name)
        },
        holds=victim_coverage.read_coverage(root, settings),
        quarantined={name: refused.integer(name) for name in BY_NAME if refused.has(name)},
        doubts=list(_read_doubts(root)),
    )
    for table in (through, begins, refused, root):
        table.finish()
    return result


def _read_doubts(root: Table) -> Iterable[Doubt]:
    for raw in root.items("doubts", []):
        if not isinstance(raw, dict):
            raise root.error("doubts", "must be tables, as `import` writes them.")
        one = Table(root.path, "doubts", raw)
        yield Doubt(
            rule=one.choice("rule", DOUBTS),
            extract=one.choice("extract", BY_NAME),
            count=one.integer("count"),
            sentence=one.text("sentence"),
            do=one.text("do"),
            column=one.text("column", ""),
            source=one.text("source", ""),
            rows=tuple(row for row in one.items("rows", []) if isinstance(row, int)),
        )
        one.finish()


def _read_days(table: Table, extract: str, settings: Settings) -> dict[str, date]:
    if not isinstance(table.raw(extract), dict):
        return dict.fromkeys(settings.cities, table.day(extract))
    cities = table.table(extract)
    days = {city: cities.day(city) for city in settings.cities if cities.has(city)}
    cities.finish()
    return days


def write_extracts_file(directory: Path, content: ExtractsFile) -> None:
    """Write it, one line an extract, sorted so that equal content is equal bytes."""
    lines = [f'kind = "{content.kind}"', "", "[data_through]", *_format_days(content.data_through)]
    if content.data_from:
        lines += ["", "[data_from]", *_format_days(content.data_from)]
    for key, cities in content.holds.items():
        lines += _format_words(key, cities)
    lines += ["", "[quarantined]"]
    lines += [f"{name} = {count}" for name, count in sorted(content.quarantined.items())]
    for doubt in content.doubts:
        # What JSON writes of a printable text or a list of numbers is TOML too.
        said = asdict(doubt) | {"source": make_printable(doubt.source)}
        lines += ["", "[[doubts]]"]
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    (directory / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _format_days(by_extract: dict[str, dict[str, date]]) -> list[str]:
    lines = []
    for name, cities in sorted(by_extract.items()):
        days = ", ".join(f"{city} = {day.isoformat()}" for city, day in sorted(cities.items()))
        if days:
            lines.append(f"{name} = {{ {days} }}")
    return lines


def _format_words(key: str, cities: dict[str, tuple[str, ...]]) -> list[str]:
    if not cities:
        return []
    lines = ["", f"[holds.{key}]"]
    for city, words in sorted(cities.items()):
        quoted = ", ".join(f'"{word}"' for word in words)
        lines.append(f"{city} = [{quoted}]")
    return lines
