"""What becomes of each damage to a city's file, as its police would send it: what is found, and what is not.

Each is imported, checked and built once, and compared with a good release of the sound file. What is found without
that release is what an empty home finds.
"""

import csv
import io
import random
import shutil
from datetime import datetime, timedelta
from typing import NamedTuple

import pandas as pd
import pytest

from longevity import cli
from longevity import settings as configuration
from longevity.base.errors import LongevityError
from longevity.base.scratch import open_scratch
from longevity.checks.check import check_extracts
from longevity.checks.findings import select_errors
from longevity.geography import reference_neighbourhoods
from longevity.ingest import importing
from longevity.release.build import build_release
from longevity.release.crosscheck import find_objections
from longevity.release.store import Store
from tests.conftest import TODAY
from tests.drivers.commands import run_command

CITY = "new_haven"
CLAIM = "no one was shot in New Haven from November 8 to November 14, 2026"
# Degrees east that are 1.6 km there, and so many that they are in another part of the state; two kilometres north.
EAST, FAR_EAST, NORTH = 0.0191, 0.8, 0.018
# Shootings by hour from midnight, as many as in a hundred; the fewest early in the morning.
BY_HOUR = [6, 5.5, 5, 4, 2.5, 1.5, 1, 1, 1, 1.2, 1.5, 2, 2.3, 2.6, 3, 3.5, 4, 4.3, 4.7, 5, 5.5, 6, 6.5, 6.5]
STATED = "[source]\ndata_through = 2026-11-22\n"
COLUMNS = """
[incidents]
address = "address"
[incidents.columns]
incident_id = "case"
city = { constant = "new_haven" }
occurred_at = "at"
longitude = "lon"
latitude = "lat"
location_precision = { constant = "block" }
neighbourhood = "area"
[victims.columns]
outcome = "outcome"
sex = "sex"
weapon = "weapon"
age_band = { from = "age", ages = true }
[victims.columns.race_ethnicity]
from = "race"
values = { Black = "black", White = "white", Latino = "hispanic" }
otherwise = "unknown"
"""


def make_sound():
    """Victims of almost four years, about 200 a year, each within 100 metres of an area's middle.

    The last week holds one, wounded.
    """
    draw = random.Random(33)
    facts = reference_neighbourhoods.read_neighbourhoods(configuration.load_settings(environment={}), CITY)
    areas = [*facts.itertuples()]
    rows, day = [], datetime(2023, 1, 2)
    while day < datetime(2026, 11, 15):
        area = draw.choice(areas)
        at = day + timedelta(hours=draw.choices(range(24), BY_HOUR)[0], minutes=draw.randrange(60))
        rows.append(
            {
                "case": f"case-{len(rows)}",
                "at": f"{at:%Y-%m-%d %H:%M}",
                "lon": f"{area.longitude + draw.uniform(-0.001, 0.001):.5f}",
                "lat": f"{area.latitude + draw.uniform(-0.001, 0.001):.5f}",
                "address": f"{draw.randrange(1, 900)} Elm St",
                "area": area.name,
                "outcome": "fatal" if draw.random() < 0.2 and day < datetime(2026, 11, 9) else "nonfatal",
                "sex": "male" if draw.random() < 0.8 else "female",
                "weapon": "firearm",
                "age": f"{18 + len(rows) * 7 % 30}",
                "race": ("Black", "Black", "Black", "White", "Latino")[len(rows) % 5],
            }
        )
        day += timedelta(days=round(draw.expovariate(1 / 1.4)))
    return [*rows, rows[0] | {"case": "last", "at": "2026-11-18 21:10", "outcome": "nonfatal"}]


def write_text(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


# What may happen to a file: rows become others, or a file and its mapping.
class Damaged(NamedTuple):
    content: bytes
    mapping: str = STATED + COLUMNS


def cut(rows):
    whole = write_text(rows)
    return whole[: len(whole) * 8 // 10]


def mistype(rows):
    """A file of September, in which one day of 2025 was typed as one of this November."""
    old = [row for row in rows if row["at"] < "2026-10-01"]
    return [*old[:-200], old[-200] | {"at": "2026-11-20 10:00"}, *old[-199:]]


def begin_early(rows):
    return [rows[0] | {"case": "first", "at": "2022-09-01 21:10"}, *rows]


def between(first, last="9999"):
    """Chooses the rows from a day, or a year, to before another."""
    return lambda row: first <= row["at"] < last


def every(number):
    """Chooses each so many-th row."""
    return lambda row: row["case"] != "last" and int(row["case"].removeprefix("case-")) % number == 0


def says(column, word):
    return lambda row: row[column] == word


def change(column, cell, *chosen):
    """Other cells in a column of the rows that all of these choose."""
    return lambda rows: [
        row | {column: cell(row[column])} if all(chooses(row) for chooses in chosen) else row for row in rows
    ]


def drop(*chosen):
    """Without the rows that all of these choose."""
    return lambda rows: [row for row in rows if not all(chooses(row) for chooses in chosen)]


def paste(first, last=None, **cells):
    """Rows from one place to another again at the end, each under a key of its own unless `cells` says so."""
    return lambda rows: [*rows, *(row | {"case": f"{row['case']}-again"} | cells for row in rows[first:last])]


def edit(change, mapping=STATED + COLUMNS):
    return lambda rows: Damaged(change(write_text(rows)), mapping)


def swap_days(at):
    year, month, day = at[:10].split("-")
    return f"{year}-{day}-{month}{at[10:]}" if int(day) <= 12 else at


def shorten(at):
    """A time of twelve hours that lost its AM or PM."""
    return f"{at[:11]}{int(at[11:13]) % 12:02}{at[13:]}"


def add_four_hours(at):
    return f"{datetime.fromisoformat(at) + timedelta(hours=4):%Y-%m-%d %H:%M}"


def shift(degrees):
    return lambda place: f"{float(place) + degrees:.5f}"


def take_the_year_before(at):
    return f"2023{at[4:]}".replace("02-29", "02-28")


def split_cities(rows):
    """Half of the rows under another city."""
    towns = write_text([row | {"town": "new_haven" if at % 2 else "hartford"} for at, row in enumerate(rows)])
    return Damaged(towns, STATED + COLUMNS.replace('{ constant = "new_haven" }', '"town"'))


AGAINST = "one of what `publish` finds against the release before it"
# No error. READ: all that is there is counted as in the sound file. NOT_FOUND: something is not, and nobody is told.
# Else a rule; a warning where that is all; REMARK: `import` alone says it, and what it counts is right.
READ, NOT_FOUND, REMARK = "read rightly", "not found", "a remark of import"
IN_2024, FROM_2025, FATAL = between("2024", "2025"), between("2025"), says("outcome", "fatal")
# By damage: what it does, the answer over an empty home, and over a good release of the sound file where it is another.
DAMAGES = {
    "none": (lambda rows: rows, READ),
    # rows again
    "pasted twice": (lambda rows: rows * 2, "there_twice"),
    "pasted twice, with new keys": (paste(0), "there_twice"),
    "the newest 60 rows again, new codes": (paste(-60), "there_twice"),
    "a month of 2024 again, new codes": (paste(300, 340), "there_twice"),
    "the newest 60 rows again, without codes": (paste(-60, case=""), "there_twice"),
    # People alike explain fewer than 28.
    "the newest 20 rows again, new codes": (paste(-20), NOT_FOUND),
    # They are not alike.
    "the newest 60 rows again, new codes and minutes": (
        lambda rows: rows + change("at", lambda at: f"{at[:-2]}00")(paste(-60)(rows)[len(rows) :]),
        *(NOT_FOUND, AGAINST),
    ),
    # rows lost
    "cut at 80% of its bytes": (lambda rows: Damaged(cut(rows)), "ends_early"),
    # One row is refused: nobody said how far it goes.
    "the same, no day stated": (lambda rows: Damaged(cut(rows), COLUMNS), REMARK, AGAINST),
    "newest row weeks old": (drop(between("2026-10-20")), "ends_early"),
    # 13 of 260 a year: it is found from a month on.
    "half a month missing": (drop(between("2025-05-01", "2025-05-16")), NOT_FOUND),
    "two months missing": (drop(between("2025-05-01", "2025-07-01")), "hole"),
    "a year missing": (drop(IN_2024), "hole"),
    # As in a year with fewer.
    "every third row of a year missing": (drop(IN_2024, every(3)), NOT_FOUND, AGAINST),
    "half of the city missing in a year": (
        drop(IN_2024, lambda row: float(row["lon"]) > -72.93),
        *(NOT_FOUND, AGAINST),
    ),
    "the killed missing from 2025 on": (drop(FROM_2025, FATAL), "outcome_missing"),
    "the wounded missing from 2025 on": (drop(FROM_2025, says("outcome", "nonfatal")), "outcome_missing"),
    "fatal only": (drop(says("outcome", "nonfatal")), "outcome_missing"),
    "wounded only": (drop(FATAL), "outcome_missing"),
    # days and times
    "one mistyped date": (lambda rows: Damaged(write_text(mistype(rows)), COLUMNS), "gap_before_newest"),
    "the same, a day stated": (mistype, "gap_before_newest"),
    "a quiet beginning": (begin_early, "gap_after_oldest"),
    # Somebody said that nobody was shot.
    "a quiet beginning, data_from stated": (
        lambda rows: Damaged(write_text(begin_early(rows)), f"{STATED}data_from = 2022-09-01\n{COLUMNS}"),
        NOT_FOUND,
    ),
    # The key of an event of long ago on the one row of last week.
    "key on two days": (lambda rows: [*rows[:-1], rows[-1] | {"case": rows[500]["case"]}], REMARK),
    "day and month swapped in a year": (change("at", swap_days, IN_2024), "swapped_days"),
    # As many on each day of the month.
    "day and month swapped in a year, sorted again": (
        lambda rows: sorted(change("at", swap_days, IN_2024)(rows), key=lambda row: row["at"]),
        *(NOT_FOUND, AGAINST),
    ),
    "days from the 13th on lost in a year": (drop(IN_2024, lambda row: row["at"][8:10] > "12"), "swapped_days"),
    "every eighth row of a year with another year": (
        change("at", take_the_year_before, IN_2024, every(8)),
        *(NOT_FOUND, AGAINST),
    ),
    "times without AM and PM": (change("at", shorten), "shifted_hours"),
    "times in UTC": (change("at", add_four_hours), "shifted_hours"),
    "local times marked UTC": (change("at", lambda at: f"{at}:00+00"), "shifted_hours"),
    "days as midnight of UTC": (change("at", lambda at: f"{at[:10]} 00:00:00+00"), REMARK),
    # words and numbers
    "an age in no row": (change("age", lambda _: ""), NOT_FOUND),  # shown as unknown
    "the column of ages renamed": (edit(lambda text: text.replace(b",age,", b",years,", 1)), "import"),
    "weapon unknown": (change("weapon", lambda _: "unknown"), "no_weapon"),
    "weapon unknown in a year": (change("weapon", lambda _: "unknown", IN_2024), "no_weapon"),
    # No rule says which is more.
    "sexes swapped": (change("sex", {"male": "female", "female": "male"}.get), NOT_FOUND, AGAINST),
    "killed and wounded swapped": (
        change("outcome", {"fatal": "nonfatal", "nonfatal": "fatal"}.get),
        "more_killed",
    ),
    "race words B, W, L from a year on": (change("race", lambda word: word[0], FROM_2025), "word_gone"),
    "race words B, W, L in one year": (change("race", lambda word: word[0], IN_2024), "word_gone"),
    "a word of the outcome renamed from a year on": (
        change("outcome", lambda _: "murder", FROM_2025, FATAL),
        "short_outcome",
    ),
    "outcome blank in one of twelve": (change("outcome", lambda _: "", every(12)), "short_outcome"),
    # Published years are frozen; ages are compared with nothing.
    "ages ten years too high": (change("age", lambda age: str(int(age) + 10)), NOT_FOUND),
    "a letter of the case number lost": (change("case", lambda case: case.replace("-1", "-", 1)), REMARK),
    # places
    "points 1.6 km east": (change("lon", shift(EAST)), "neighbourhood_disagrees", AGAINST),
    "points 2 km north from a year on": (change("lat", shift(NORTH), FROM_2025), "neighbourhood_disagrees", AGAINST),
    "some points far away": (change("lon", shift(FAR_EAST), every(16)), "far_outside"),
    "another city's points": (change("lon", shift(FAR_EAST)), "mostly_outside"),
    # The file names the areas.
    "longitude and latitude swapped": (
        lambda rows: [row | {"lon": row["lat"], "lat": row["lon"]} for row in rows],
        REMARK,
    ),
    "longitudes with a decimal comma": (change("lon", lambda degrees: degrees.replace(".", ",")), REMARK),
    "all points on one": (
        lambda rows: [row | {"lon": "-72.92900", "lat": "41.30800"} for row in rows],
        *("few_placed", AGAINST),
    ),
    "half of the rows under another city": (split_cities, "mostly_outside"),
    # the file
    "UTF-16": (edit(lambda text: text.decode().encode("utf-16")), READ),
    "Windows line ends, blank lines between": (edit(lambda text: text.replace(b"\r\n", b"\r\n\r\n")), READ),
    "semicolons": (edit(lambda text: text.replace(b",", b";")), READ),
    "the header again in the middle": (
        edit(lambda text: text.replace(b"\r\ncase-500,", b"\r\n" + text.split(b"\r\n")[0] + b"\r\ncase-500,")),
        REMARK,
    ),
    "a row of totals": (edit(lambda text: text + b"Total,,,,,,,,,,\r\n"), REMARK),
    "a quote that is not closed": (edit(lambda text: text.replace(b"\r\ncase-500,", b'\r\n"case-500,', 1)), REMARK),
    "a column of the file moved by one": (edit(lambda text: text.replace(b"case,at,", b"at,case,", 1)), "import"),
}


def write(folder, damage):
    made = DAMAGES[damage][0](make_sound())
    content, mapping = made if isinstance(made, Damaged) else Damaged(write_text(made))
    (folder / "file.csv").write_bytes(content)
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")


def list_commands(folder):
    """List what is typed to import, check, publish and hold the claim against them."""
    file, mapping, out = (str(folder / name) for name in ("file.csv", "mapping.toml", "out"))
    return [
        ["import", file, "--mapping", mapping, "--out", out],
        ["check", out],
        ["publish", "--no-pictures", out],
        ["claim", CLAIM],
    ]


class Asked:
    """What a damaged file brings: the rules of its errors and warnings, and who is counted."""

    def __init__(self, folder, settings, before, damage):
        write(folder, damage)
        out = folder / "out"
        self.errors, self.warnings, self.counted = set(), set(), None
        try:
            report = importing.import_source(folder / "file.csv", folder / "mapping.toml", out, settings, TODAY)
        except LongevityError:
            report = None
        if report is None or report.part.accepted == 0:
            self.errors = {"import"}
            return
        self.remarks = [remark for remark in report.remarks if "circumstance" not in remark]
        findings, of_before = check_extracts(out, settings, TODAY), []
        if all(finding.acceptable for finding in select_errors(findings)):
            with open_scratch(folder / "spill") as connection:
                after, placed = build_release(out, folder / "release", settings, connection)
                findings += placed
                of_before = find_objections(connection, before, after, settings)
        self.errors = {finding.rule for finding in select_errors(findings)}
        self.warnings = {finding.rule for finding in findings} - self.errors
        self.errors |= {AGAINST for _ in of_before}
        self.counted = count_people(out)


def count_people(out):
    incidents, victims = (pd.read_parquet(out / f"{name}.parquet") for name in ("incidents", "victims"))
    joined = victims.merge(incidents, on="incident_id")
    return joined.groupby([joined["occurred_at"].dt.date, "outcome"]).size().to_dict()


# The audit tries all of them.
OFTEN = {
    *("none", "the newest 60 rows again, new codes", "half a month missing", "killed and wounded swapped"),
    *("day and month swapped in a year", "race words B, W, L from a year on"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The settings of a home that serves the sound file, its release, and what the sound file brings."""
    folder, again = tmp_path_factory.mktemp("sound"), tmp_path_factory.mktemp("again")
    home = folder / "served"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LONGEVITY_HOME", str(home))
        write(folder, "none")
        assert [cli.main(words, TODAY) for words in list_commands(folder)[:3]] == [0, 0, 0]
    settings = configuration.load_settings(home=home, environment={})
    before = Store(home).find_baseline("real")
    return settings, before, Asked(again, settings, before, "none")


@pytest.mark.parametrize(
    "damage", [pytest.param(name, marks=() if name in OFTEN else pytest.mark.audit) for name in DAMAGES]
)
def test_what_becomes_of_a_damage(sound, tmp_path, damage):
    settings, before, whole = sound
    asked = Asked(tmp_path, settings, before, damage)
    _, empty, *over_a_good_one = DAMAGES[damage]
    (served,) = over_a_good_one or [empty]
    assert answer(asked, whole, asked.errors - {AGAINST}, empty) == empty
    assert answer(asked, whole, asked.errors, served) == served


def answer(asked, whole, errors, expected):
    """What is found by these errors: the expected rule if it is one of them, else what there is to say."""
    if errors:
        return expected if expected in errors else f"errors: {sorted(errors)}"
    if warned := asked.warnings - whole.warnings:
        return expected if expected in warned else f"warnings: {sorted(warned)}"
    if asked.remarks != whole.remarks:
        return REMARK
    return READ if asked.counted == whole.counted and expected != NOT_FOUND else NOT_FOUND


@pytest.mark.parametrize(("damage", "is_published"), [("the same, no day stated", False), ("key on two days", True)])
def test_a_claim_that_is_false_is_not_supported_whatever_became_of_a_publish(
    sound, tmp_path, monkeypatch, capsys, damage, is_published
):
    """Somebody was shot in that week; a file that is cut off ends before."""
    shutil.copytree(sound[0].home, tmp_path / "home")
    monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "home"))
    write(tmp_path, damage)
    said = {words[0]: run_command(capsys, *words) for words in list_commands(tmp_path)}
    assert [said[words].code == 0 for words in ("check", "publish")] == [is_published, is_published], said
    assert said["claim"].code == 1
    assert "NOT SUPPORTED" in said["claim"].out
