"""Releases that differ in what the public may not have only, and all that it reads of each.

East gains single rows: a person, a session, an invitation, a review of a shooting. Incidents and
victims that count, and what was said of the extracts, stay as they are. So whatever moves in what
the public reads, or West, moved because of one of them.
"""

import difflib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from longevity.auth.viewers import PUBLIC, Viewer, ViewerKind
from longevity.base.errors import AccessError, LongevityError
from longevity.claims import judge, reader, render
from longevity.claims.evidence import Evidence
from longevity.edition.build import build_edition
from longevity.ingest.contract import BY_NAME
from longevity.outputs import bundle
from longevity.outputs.bundle import verify
from longevity.outputs.documents.briefing_file import KINDS
from longevity.outputs.documents.deck import build_deck
from longevity.release import tombstones
from longevity.release.store import Store
from longevity.screens.chart_catalogue import chart_list as charts
from longevity.screens.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse import catalogue
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, quiet
from tests.drivers import briefing_reader, screens
from tests.drivers.publishing import publish
from tests.factories import bundles, extracts, holdings_release, identities

CITIES = holdings_release.NAMES
GAINS, LOOKS_ON = "east", "west"
WEST = Viewer(ViewerKind.CITY, LOOKS_ON)
BEFORE = date(2026, 1, 31)  # the newest day of the program's work at first
HOLE = date(2024, 7, 1)  # to the end of the year East has no service: an error, which is accepted
ID = re.compile(r"\d{4}-\d\d-\d\d-[0-9a-f]{12}(?:-\d+)?")
HASH = re.compile(r'sha256:[0-9a-f]{64}|"bytes": \d+')

CLAIMS = (
    "{} had 20 people shot in 2024.",
    "Shootings in {} fell in 2025 compared with 2024.",
    "{} had the fewest people shot on record in 2025.",
    "{} had 3 call-ins in 2024.",
    "Homicides in {} are down since 2023.",
)
STAMPED = {"release.json", "files"}  # of an edition: hashes, and what `documents` reads

Rows = dict[str, list[dict[str, Any]]]
Texts = dict[str, str]


@dataclass
class World:
    """What is supplied, and where it is published."""

    folder: Path
    settings: Settings
    rows: Rows
    refused: dict[str, int] = field(default_factory=dict)
    published: int = 0

    def add(self, extract: str, **said: Any) -> dict[str, Any]:
        """One row more of an extract, of East unless it says otherwise."""
        rows = self.rows.setdefault(extract, [])
        rows.append(extracts.row(extract, len(rows) + 1, said.pop("city", GAINS), **said))
        return rows[-1]

    def publish(self) -> None:
        """Publish what is there now, after what was published before."""
        self.published += 1
        through = dict.fromkeys(("incidents", "victims"), dict.fromkeys(CITIES, holdings_release.THROUGH))
        out = self.folder / f"extracts-{self.published}"
        extracts.write(out, "real", through, about={"quarantined": dict(self.refused)}, **self.rows)
        publish(out, self.settings, TODAY, "made up for a test", quiet)


def world(folder: Path) -> World:
    """Three cities with a program of some size, nothing of it published yet."""
    settings = holdings_release.configure(folder)
    settings = identities.map_viewers(settings, folder)
    rows: Rows = dict(zip(("incidents", "victims"), holdings_release.rows({}), strict=True))
    made = World(folder, settings, rows)
    for city in CITIES:
        _program(made, city)
    _serve_weekly(made)
    return made


def _program(made: World, city: str) -> None:
    """A program of forty people in four groups, three sessions a year since 2023."""
    for at in range(40):
        person, group = f"{city}-p{at}", f"{city}-g{at % 4}"
        began = date(2023, 1, 5) + timedelta(days=at)
        made.add("people", city=city, person_id=person, listed_on=began)
        made.add("memberships", city=city, person_id=person, group_id=group, from_on=began)
        served = {"service_id": f"{city}-v{at}", "offered_on": date(2024, 2, 2), "intake_on": date(2024, 2, 9)}
        made.add("services", city=city, person_id=person, **served)
    for at in range(4):
        group = f"{city}-g{at}"
        made.add("groups", city=city, group_id=group, audited_on=date(2023, 1, 1), members=10)
        shot = {"incident_id": f"{city}-2024-2-{18 + at}", "attributed_on": date(2024, 2, 3)}
        made.add("incident_groups", city=city, group_id=group, role="suspect", status="confirmed", **shot)
    for year, month in product((2023, 2024, 2025), (1, 6, 9)):
        session = f"{city}-s{year}-{month}"
        made.add("call_ins", city=city, call_in_id=session, held_on=date(year, month, 20))
        for at in range(12):
            came = {"person_id": f"{city}-p{(at + month) % 40}", "attended": "attended", "reachable": True}
            made.add("invitations", city=city, call_in_id=session, **came)
    for at, name in enumerate(OTHERS):
        made.add(name, city=city, **_row(made, name, city, BEFORE - timedelta(days=at)))


def _serve_weekly(made: World) -> None:
    for week in range(104):
        offered_on = date(2024, 2, 2) + timedelta(weeks=week)
        if not HOLE <= offered_on < date(2025, 1, 1):
            made.add("services", service_id=f"{GAINS}-w{week}", person_id=f"{GAINS}-p1", offered_on=offered_on)


PERSON, GROUP = {"person_id": "p1"}, {"group_id": "g1"}
# By extract: the day of its event, and whom or what of its city it is about.
ABOUT: dict[str, tuple[str, dict[str, Any]]] = {
    "call_ins": ("held_on", {}),
    "custom_notifications": ("attempted_on", PERSON),
    "enforcement_actions": ("acted_on", GROUP | {"scope": "group"}),
    "releases_from_custody": ("released_on", PERSON),
    "supervision_spells": ("from_on", PERSON | {"kind": "parole"}),
    "supervision_contacts": ("contacted_on", PERSON),
    "community_events": ("held_on", {}),
    "community_requests": ("asked_on", {}),
    "shooting_reviews": ("held_on", {}),
    "budget": ("", {"source": "state"}),
    "services": ("offered_on", PERSON),
    "people": ("listed_on", {}),
    "memberships": ("from_on", PERSON | {"group_id": "g2"}),
    "groups": ("audited_on", {"members": 8}),
}
OTHERS = tuple(ABOUT)[:10]


def _row(made: World, extract: str, city: str, day: date) -> dict[str, Any]:
    """What one row more of an extract says: whom it is about, and when."""
    event, about = ABOUT[extract]
    key, there = BY_NAME[extract].key, len(made.rows.get(extract, []))
    words = {name: f"{city}-{word}" if name in ("person_id", "group_id") else word for name, word in about.items()}
    if extract == "groups" or len(key) == 1:
        words[key[0]] = f"{city}-{extract}-{there}"
    if extract == "budget":
        words["fiscal_year"] = 2020 + there
    if extract == "shooting_reviews":
        words["week_ending"] = day
    return words | ({event: day} if event else {})


def _one(extract: str) -> Callable[[World, date], None]:
    def more(made: World, day: date) -> None:
        made.add(extract, **_row(made, extract, GAINS, day))

    return more


def _in_hole(made: World, day: date) -> None:
    made.add("services", **_row(made, "services", GAINS, HOLE + (day - BEFORE)))


def _first_new(made: World, extract: str, first: str, second: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first of these pairs that no row of the extract has."""
    there = {(row[first], row[second]) for row in made.rows[extract]}
    return dict(zip((first, second), next(pair for pair in pairs if pair not in there), strict=True))


def _invitation(made: World, _day: date) -> None:
    held = [row["call_in_id"] for row in reversed(made.rows["call_ins"]) if row["city"] == GAINS]
    pairs = product(held, [f"{GAINS}-p{n}" for n in range(40)])
    made.add("invitations", attended="absent", **_first_new(made, "invitations", "call_in_id", "person_id", pairs))


def _attributed(made: World, day: date) -> None:
    pairs = product(
        [row["incident_id"] for row in made.rows["incidents"] if row["city"] == GAINS],
        [f"{GAINS}-g{n}" for n in range(4)],
    )
    about = _first_new(made, "incident_groups", "incident_id", "group_id", pairs)
    made.add("incident_groups", role="victim", status="suspected", attributed_on=day, **about)


def _said_otherwise(column: str, word: str) -> Callable[[World, date], None]:
    """The first incident of East of which the column does not say the word already."""

    def otherwise(made: World, _day: date) -> None:
        own = (row for row in made.rows["incidents"] if row["city"] == GAINS)
        next(row for row in own if row[column] not in (word, "self_inflicted"))[column] = word

    return otherwise


def _self_inflicted(made: World, _day: date) -> None:
    """One person who shot themselves, which no count takes."""
    at = len(made.rows["incidents"]) + 1
    incident = made.add("incidents", incident_id=f"{GAINS}-own-{at}", circumstance="self_inflicted")
    incident["occurred_at"] = incident["occurred_at"].replace(year=2026)
    made.add("victims", victim_id=f"{GAINS}-own-{at}", incident_id=incident["incident_id"])


def _destroyed(made: World, _day: date) -> None:
    """One of those who are listed is destroyed, and comes back in the next extracts."""
    gone = next(
        person
        for person in (f"{GAINS}-p{n}" for n in range(39, 0, -1))
        if not tombstones.find_returning(made.settings.home, [person])
    )
    tombstones.record_destroyed(made.settings.home, [gone], TODAY, "asked for")


def _refused(made: World, _day: date) -> None:
    made.refused["people"] = made.refused.get("people", 0) + 1


def _doubtful(made: World, day: date) -> None:
    """A notification that names a shooting of another city, which the checks point out."""
    more = _row(made, "custom_notifications", GAINS, day)
    about = {"group_id": f"{GAINS}-g1", "trigger_incident_id": f"{LOOKS_ON}-2025-2-18"}
    made.add("custom_notifications", **more, **about)


SINGLES: dict[str, Callable[[World, date], None]] = {
    "one person": _one("people"),
    "one session": _one("call_ins"),
    "one invitation": _invitation,
    "one service": _one("services"),
    "one service in a hole": _in_hole,
    "one destroyed code": _destroyed,
    "one incident reclassified": _said_otherwise("gmi", "confirmed"),
    "one incident of another circumstance": _said_otherwise("circumstance", "unknown"),
    "one self-inflicted wound": _self_inflicted,
    "one group": _one("groups"),
    "one membership": _one("memberships"),
    "one attribution to a group": _attributed,
    "one notification": _one("custom_notifications"),
    "one action": _one("enforcement_actions"),
    "one release from custody": _one("releases_from_custody"),
    "one time of supervision": _one("supervision_spells"),
    "one contact": _one("supervision_contacts"),
    "one community event": _one("community_events"),
    "one request": _one("community_requests"),
    "one review": _one("shooting_reviews"),
    "one line of the budget": _one("budget"),
    "one row refused": _refused,
    "one row in doubt": _doubtful,
}


def answers(warehouse: Warehouse, *asking: Viewer) -> Texts:
    """Every question of the catalogue that these may ask, and what each is answered.

    One that takes a city is asked of each city too.
    """
    found: Texts = {}
    for viewer in asking:
        for name, query in catalogue.load_queries().items():
            for city in (None, *CITIES) if "city" in query.parameters else (None,):
                given = {} if city is None else {"city": city}
                try:
                    answer = warehouse.run(name, given, viewer)
                except AccessError:
                    continue
                about = answer.provenance
                said = (about.source, about.data_through, about.derived)
                found[f"{viewer}: query {name}{f' of {city}' if city else ''}"] = "\n".join(
                    (answer.frame.to_csv(index=False), *map(str, said), str(about.outside))
                )
    return found


def pages(monkeypatch: pytest.MonkeyPatch, settings: Settings, names: Iterable[str], groups: str | None) -> Texts:
    """Every text, table, figure and heading of these screens; `groups`: what a sign-in says."""
    found: Texts = {}
    for name in names:
        claims = None if groups is None else identities.claims(groups)
        app = screens.visit(monkeypatch, settings, name, claims=claims)
        assert not app.exception, app.exception
        found[f"{groups or 'public'}: screen {name}"] = "\n".join(_seen(app))
    return found


def _seen(app: Any) -> Iterator[str]:
    yield from screens.texts(app)
    yield from (table.to_csv(index=False) for table in screens.tables(app))
    yield from (f"{one.label} {one.value} {one.delta}" for one in app.metric)
    yield from (json.dumps(figure["data"], sort_keys=True) for figure in screens.figures(app))


def claims(warehouse: Warehouse, settings: Settings) -> Texts:
    """What the public is told of claims of each city, and of all: numbers, changes, ranks, the program."""
    record = Evidence(ReportContext(settings, PUBLIC, warehouse, TODAY))
    found: Texts = {}
    for claim, place in product(CLAIMS, (*(settings.name_city(city) for city in CITIES), "The three cities")):
        reading = reader.read_text(claim.format(place), record.names)
        found[f"claim: {claim.format(place)}"] = render.render_answer(judge.judge_reading(reading, record), "")
    return found


def list_reasons(warehouse: Warehouse, settings: Settings) -> str:
    """Why figures of the release before may have changed, of any city and year."""
    context, release = ReportContext(settings, PUBLIC, warehouse, TODAY), warehouse.release
    record = {"release": release.manifest["previous"], "chosen": {}, "questions": "1900 to 2200"}
    reasons = verify.list_reasons(record, [], charts.find_entry("years").draw(context), context)
    return "\n".join(reasons).replace(release.id, "")


def documents(warehouse: Warehouse, settings: Settings) -> Texts:
    """The briefing on slides and paper, and the rows and manifest of every chart, as public."""
    context = ReportContext(settings, PUBLIC, warehouse, TODAY).as_public()
    document = briefing_reader.make_briefing(context)
    deck, sheet = build_deck(document), KINDS["pdf"](document)
    found = {
        "document slides": "\n".join(t for s in briefing_reader.slides(deck) for t in briefing_reader.words(s)),
        # Without blanks: where a line ends follows the length of the release's id.
        "document pages": "".join("".join(briefing_reader.pages(sheet)).split()),
    }
    for name, entry in charts.ENTRIES.items():
        if entry.why_not_public:
            continue
        try:
            files = bundle.make_bundle(entry.draw(context), settings, ["csv"])
        except LongevityError as error:
            files = {"none": str(error).encode()}
        for file, data in files.items():
            found[f"bundle {name}: {ID.sub('', file)}"] = data.decode()
    return found


def edition(monkeypatch: pytest.MonkeyPatch, settings: Settings, folder: Path) -> Texts:
    """Every page, table and figure of the public edition; its pictures are of these figures."""
    bundles.make_quickly(monkeypatch)
    build_edition(settings, TODAY, folder / "site", "", lambda _: None)
    root = (folder / "site").resolve()
    found = {
        # The hash and packed length of a file that names the release follow its id; its rows are
        # read by themselves.
        f"edition {ID.sub('', str(path.relative_to(root)))}": HASH.sub("", path.read_text("utf-8"))
        for path in root.rglob("*.*")
        if path.suffix in (".html", ".csv", ".json") and not STAMPED.intersection(path.parts)
    }
    shutil.rmtree(root)
    (folder / "site").unlink()
    return found


def opened(settings: Settings) -> Warehouse:
    return Warehouse(Store(settings.home).current(), settings)


def moved(before: Texts, after: Texts) -> list[tuple[str, str]]:
    """What reads otherwise, and its lines, but for the release's id, a hash that says nothing of how much."""
    found = []
    for where in sorted(before.keys() | after.keys()):
        old, new = (ID.sub("RELEASE", texts.get(where, "")) for texts in (before, after))
        if old != new:
            lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
            found.append((where, "\n".join(lines)))
    return found
