"""What becomes of each damage to a city's file: the table of what is found, and what is not.

Each is imported, checked and built once, and compared with a good release of the sound file. What is found without
that release is what an empty home finds.
"""

import shutil

import pandas as pd
import pytest

from longevity import cli
from longevity import settings as configuration
from longevity.base.errors import LongevityError
from longevity.base.scratch import open_scratch
from longevity.checks.check import check_extracts
from longevity.checks.findings import select_errors
from longevity.ingest import importing
from longevity.release.build import build_release
from longevity.release.crosscheck import find_objections
from longevity.release.store import Store
from tests.conftest import TODAY
from tests.drivers.commands import run_command
from tests.factories.damaged_files import DAMAGES, list_commands, write

AGAINST = "one of what `publish` finds against the release before it"
# No error. READ: all that is there is counted as in the sound file. NOT_FOUND: something is not, and nobody is told.
# Else a rule; a warning where that is all; REMARK: `import` alone says it, and what it counts is right.
READ, NOT_FOUND, REMARK = "read rightly", "not found", "a remark of import"


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
        if report is None or report.accepted == 0:
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
    """How many people by day and outcome."""
    incidents, victims = (pd.read_parquet(out / f"{name}.parquet") for name in ("incidents", "victims"))
    joined = victims.merge(incidents, on="incident_id")
    return joined.groupby([joined["occurred_at"].dt.date, "outcome"]).size().to_dict()


# By damage: the answer over an empty home, over a good release of the sound file (None: the same), and why not.
ANSWERS = {
    # rows again
    "pasted twice": ("there_twice", None),
    "pasted twice, with new keys": ("there_twice", None),
    "the newest 60 rows again, new codes": ("there_twice", None),
    "a month of 2024 again, new codes": ("there_twice", None),
    "the newest 60 rows again, without codes": ("there_twice", None),
    "the newest 20 rows again, new codes": (NOT_FOUND, NOT_FOUND),  # people alike explain fewer than 28
    "the newest 60 rows again, new codes and minutes": (NOT_FOUND, AGAINST),  # they are not alike
    # rows lost
    "cut at 80% of its bytes": ("ends_early", None),
    "the same, no day stated": (REMARK, AGAINST),  # one row is refused: nobody said how far it goes
    "newest row weeks old": ("ends_early", None),
    "half a month missing": (NOT_FOUND, NOT_FOUND),  # 13 of 260 a year: from a month on
    "two months missing": ("hole", None),
    "a year missing": ("hole", None),
    "every third row of a year missing": (NOT_FOUND, AGAINST),  # as in a year with fewer
    "half of the city missing in a year": (NOT_FOUND, AGAINST),
    "fatal only": ("outcome_missing", None),
    "wounded only": ("outcome_missing", None),
    "the killed missing from 2025 on": ("outcome_missing", None),
    "the wounded missing from 2025 on": ("outcome_missing", None),
    # days and times
    "one mistyped date": ("gap_before_newest", None),
    "the same, a day stated": ("gap_before_newest", None),
    "a quiet beginning": ("gap_after_oldest", None),
    "a quiet beginning, data_from stated": (NOT_FOUND, NOT_FOUND),  # somebody said that nobody was shot
    "day and month swapped in a year": ("swapped_days", None),
    "day and month swapped in a year, sorted again": (NOT_FOUND, AGAINST),  # as many on each day of the month
    "days from the 13th on lost in a year": ("swapped_days", None),
    "every eighth row of a year with another year": (NOT_FOUND, AGAINST),
    "times without AM and PM": ("shifted_hours", None),
    "times in UTC": ("shifted_hours", None),
    "local times marked UTC": ("shifted_hours", None),
    "days as midnight of UTC": (REMARK, None),
    "key on two days": (REMARK, None),
    "a letter of the case number lost": (REMARK, None),
    # words and numbers
    "an age in no row": (NOT_FOUND, NOT_FOUND),  # shown as unknown
    "the column of ages renamed": ("import", None),
    "weapon unknown": ("no_weapon", None),
    "weapon unknown in a year": ("no_weapon", None),
    "killed and wounded swapped": ("more_killed", None),
    "sexes swapped": (NOT_FOUND, AGAINST),  # no rule says which is more
    "race words B, W, L from a year on": ("word_gone", None),
    "race words B, W, L in one year": ("word_gone", None),
    "a word of the outcome renamed from a year on": ("short_outcome", None),
    "outcome blank in one of twelve": ("short_outcome", None),
    "ages ten years too high": (NOT_FOUND, NOT_FOUND),  # published years are frozen; ages are compared with nothing
    # places
    "points 1.6 km east": ("neighbourhood_disagrees", AGAINST),
    "points 2 km north from a year on": ("neighbourhood_disagrees", AGAINST),
    "some points far away": ("far_outside", None),
    "another city's points": ("mostly_outside", None),
    "longitude and latitude swapped": (REMARK, None),  # the file names the areas
    "coordinates with a decimal comma": (REMARK, None),
    "all points on one": ("few_placed", AGAINST),
    "half of the rows under another city": ("mostly_outside", None),
    # the file
    "none": (READ, READ),
    "UTF-16": (READ, READ),
    "semicolons": (READ, READ),
    "Windows line ends, blank lines between": (READ, READ),
    "the header again in the middle": (REMARK, None),
    "a row of totals": (REMARK, None),
    "a quote that is not closed": (REMARK, None),
    "a column of the file moved by one": ("import", None),
}
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


def test_each_damage_is_in_the_table():
    assert {*ANSWERS} == DAMAGES.keys()


@pytest.mark.parametrize(
    "damage", [pytest.param(name, marks=() if name in OFTEN else pytest.mark.audit) for name in ANSWERS]
)
def test_what_becomes_of_a_damage(sound, tmp_path, damage):
    settings, before, whole = sound
    asked = Asked(tmp_path, settings, before, damage)
    empty, served = ANSWERS[damage]
    assert answer(asked, whole, asked.errors - {AGAINST}, empty) == empty
    assert answer(asked, whole, asked.errors, served or empty) == (served or empty)


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
