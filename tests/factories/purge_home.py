"""A LONGEVITY_HOME that holds one person everywhere a person can be, and a reader of all of it."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from longevity.ingest.contract import EXTRACTS
from longevity.settings import Settings
from tests.conftest import TODAY, quiet
from tests.drivers.publishing import publish
from tests.factories import configs, extracts

GONE = "c0123456789abcdef0123"
STAYS = GONE + "1"  # begins as the other does
ENDS_ALIKE = "1" + GONE  # whoever has it is listed nowhere, only written about
PERSON = "people.person_id"


def write_extracts(folder: Path, through: date, review_by: date | None = None, kind: str = "real") -> Path:
    """Write extracts; each that refers to people has a row of either person."""
    incidents, victims = extracts.incidents_and_victims({"east": [(date(2026, 6, 1), 2, 1)]})
    at = incidents[0]["incident_id"]
    more: dict[str, list[dict[str, Any]]] = {}
    for extract in EXTRACTS:
        people = [c.name for c in extract.columns if PERSON in (c.references, f"{extract.name}.{c.name}")]
        if people:
            more[extract.name] = [
                extracts.row(extract.name, n, "east", **dict.fromkeys(people, code))
                for n, code in enumerate((GONE, STAYS), start=1)
            ]
    if review_by:
        more["people"][0]["review_by"] = review_by
    for name in ("memberships", "custom_notifications", "enforcement_actions"):
        for row in more[name]:
            row["group_id"] = "g1"
    exits = more["releases_from_custody"]
    exits[1]["facility"] = f"with {GONE}, east"
    exits.append(exits[1] | {"custody_release_id": "exit-alike", "facility": f"with {ENDS_ALIKE}, east"})
    more["invitations"][0]["call_in_id"] = more["invitations"][1]["call_in_id"] = "s1"
    first, second = more["enforcement_actions"]
    first["scope"], second["scope"] = "individual", "group"
    more["enforcement_actions"] += [
        {**first, "action_id": "a3", "scope": "group"},
        {**first, "action_id": "a4", "scope": "group", "group_id": None},
        {**first, "action_id": "a5", "person_id": None, "scope": "group"},
    ]
    more["groups"] = [extracts.row("groups", 1, "east", group_id="g1", audited_on=TODAY)]
    more["call_ins"] = [extracts.row("call_ins", 1, "east", call_in_id="s1", held_on=date(2026, 5, 1))]
    more["incident_groups"] = [
        extracts.row("incident_groups", 1, "east", incident_id=at, group_id="g1", role="suspect")
        | {"status": "confirmed", "attributed_on": date(2026, 6, 3)}
    ]
    return extracts.write(folder, kind, through, ["east"], incidents=incidents, victims=victims, **more)


def build_home(folder: Path) -> Settings:
    made = configs.load(folder, {})
    publish(write_extracts(folder / "first", date(2026, 11, 8)), made, TODAY, None, quiet)
    reason = f"the sender took out by hand:\n{GONE}"
    second = write_extracts(folder / "second", date(2026, 11, 15), date(2026, 10, 1))
    # An objection, so that the reason is kept with the release.
    (second / "call_ins.parquet").unlink()
    (second / "invitations.parquet").unlink()
    publish(second, made, TODAY, reason, quiet)
    return made


def find_text(folder: Path, wanted: str) -> set[str]:
    """Find the files below a folder that hold a text: every column decoded, every byte read.

    A longer code that begins or ends with it is another one.
    """
    found = set()
    for path in (Path(at) / name for at, _, names in os.walk(folder) for name in names):
        said = "\n".join(_texts(path)).replace(wanted + "1", "").replace("1" + wanted, "")
        if wanted in said:
            found.add(path.relative_to(folder).as_posix())
    return found


def _texts(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    yield content.decode("utf-8", errors="replace")
    if content[:4] == b"PAR1":
        table = pq.read_table(path)
        for column in table.columns:
            yield from (str(cell) for cell in column.to_pylist())
