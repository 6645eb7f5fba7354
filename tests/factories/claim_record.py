"""Claims held against a small release made by hand."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from longevity.auth.viewers import PUBLIC, Viewer
from longevity.claims import judge, reader
from longevity.claims.evidence import Evidence
from longevity.claims.form import ClaimForm, Names, complete_form, parse_part
from longevity.claims.verdict import ClaimAnswer
from longevity.facts import windows
from longevity.findings.finding import TOGETHER
from longevity.screens.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.factories import ascii_table, tiny_release
from tests.factories.tiny_release import Incident


def read_incidents(table: str) -> list[Incident]:
    """Read incidents from a table in which `times` says how often a row happened.

    With `since` they are spread evenly over the days from then to `day`.
    """
    made = []
    for row in ascii_table.rows(table):
        times = int(row.pop("times") or 0)
        counts = {k: int(row.get(k) or 0) for k in ("fatal", "nonfatal", "otherwise")}
        last = date.fromisoformat(row["day"])
        days = (last - date.fromisoformat(row.get("since") or row["day"])).days
        for at in range(times):
            made.append(Incident(row["city"], last - at * days // times * windows.DAY, **counts))
    return made


def open_warehouse(
    folder: Path,
    incidents: list[Incident],
    areas: Mapping[str, list[str]],
    through: date,
    starts: date,
    kind: str = "real",
    without: Collection[str] = (),
) -> Warehouse:
    """Open a release of East and West for asking. `without`: cities that supplied nothing."""
    settings = tiny_release.settings(folder)
    said = {"data_from": {"incidents": dict.fromkeys(areas, starts.isoformat())}}
    ends = {city: through for city in areas if city not in without}
    release = tiny_release.write(folder / "release", incidents, areas, ends, kind, said)
    return Warehouse(release, settings)


def record(warehouse: Warehouse, settings: Settings | None = None, viewer: Viewer = PUBLIC, age: int = 3) -> Evidence:
    """What claims are held against, asked so many days after the newest day of the data."""
    context = ReportContext(settings or warehouse.settings, viewer, warehouse, date.max)
    return Evidence(replace(context, today=context.find_newest_day() + age * windows.DAY))


def check(text: str, against: Evidence, default: str | None = None) -> ClaimAnswer:
    return judge.judge_reading(reader.read_text(text, against.names, default), against)


def make_form(codes: Mapping[str, str], names: Names, where: str = TOGETHER) -> ClaimForm:
    """A form from the codes of its parts, as the boxes make it."""
    parts = {part: parse_part(part, code, names) for part, code in codes.items()}
    assert None not in parts.values()
    return complete_form(parts, where)
