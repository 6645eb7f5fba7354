"""A public table that was frozen wrong: frozen again or withdrawn, through the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from longevity.app.publish import publish_without_answers as publish
from longevity.auth.viewers import PUBLIC
from longevity.release import manifest as manifests
from longevity.release import table_history
from longevity.release.store import PUBLIC_TABLES, Store
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, unprepared
from tests.drivers.commands import Run, run_command
from tests.factories import purge_home, seeded_draws
from tests.factories.swapped_sexes import write_extracts

REASON = "male and female were swapped"
SEX_2024 = ("--recut", "sex", "2024", "--city", "hartford")
RIGHT = {"female": 18, "male": 40, "other": 8, "unknown": 7}


@pytest.fixture
def run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs a command in this process, with its releases in an empty folder."""
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path))
    unprepared(monkeypatch)
    return partial(run_command, capsys)


@pytest.fixture
def wrong(run: Run, tmp_path: Path) -> str:
    """The id of a release that froze men for women."""
    return run("publish", write_extracts(tmp_path / "wrong", swapped=True)).out.strip()


def table(settings: Settings, release_id: str, name: str = "sex") -> dict[str, int | None]:
    rows = pq.read_table(settings.home / "releases" / release_id / PUBLIC_TABLES).to_pylist()
    return {
        row["value"]: row["counted"]
        for row in rows
        if (row["table_name"], row["city"], row["year"]) == (name, "hartford", 2024)
    }


def public(settings: Settings, release_id: str) -> dict[str, tuple[Any, str]]:
    """What the public is told of the sex of those shot, by a release opened as it is now."""
    opened = Warehouse(Store(settings.home).open(release_id), settings)
    frame = opened.run("public_victims", {"year": 2024, "city": "hartford"}, PUBLIC).frame
    opened.close()
    own = frame[frame["attribute"] == "sex"]
    return {row.value: (row.victims, row.victims_state) for row in own.itertuples()}


def test_before_a_cut_it_is_said_what_will_be_frozen(run: Run, tmp_path: Path) -> None:
    said = run("publish", write_extracts(tmp_path / "a", swapped=True))
    frozen = [line for line in said.err.splitlines() if "About to be frozen" in line]
    assert (
        "About to be frozen for the public: sex of those shot, Hartford, 2024: most often female, "
        "40 of the 73 that are told." in frozen
    )
    assert len(frozen) == 2  # nobody said how old they were, or of which race
    again = run("publish", write_extracts(tmp_path / "b", date(2025, 5, 1)))
    assert "About to be frozen" not in again.err


def test_a_table_is_cut_again_carried_and_told_everywhere(
    run: Run, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    assert table(settings, wrong)["female"] == 40
    before = pq.read_table(settings.home / "releases" / wrong / PUBLIC_TABLES).to_pylist()
    corrected = write_extracts(tmp_path / "right", date(2025, 5, 7), late=1)
    said = run("publish", corrected, *SEX_2024, "--accept", REASON)
    assert said.code == 0
    new = said.out.strip()
    # The one entered since is in the record, and not in the second version.
    assert table(settings, new) == RIGHT
    line = (
        "Hartford: the public table of sex of those shot, 2024, was cut again; what earlier "
        "releases say there is withdrawn."
    )
    assert line in said.err
    manifest = Store(settings.home).open(new).manifest
    assert {
        (one["table"], one["what"], one["reason"], one["day"]) for one in manifest["recut"]
    } == {("sex", "cut again", REASON, TODAY.isoformat())}
    assert manifest["ledger"][0]["sentence"] == line
    # Nothing else of the public tables moved.
    after = pq.read_table(settings.home / "releases" / new / PUBLIC_TABLES).to_pylist()
    assert [row for row in after if row["table_name"] != "sex"] == [
        row for row in before if row["table_name"] != "sex"
    ]
    later = run("publish", write_extracts(tmp_path / "later", date(2025, 6, 1), late=3)).out.strip()
    assert table(settings, later) == RIGHT
    assert Store(settings.home).open(later).manifest["recut"] == manifest["recut"]


def test_a_value_never_given_is_missing_in_both_versions(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    """No source of the city says "other": neither nought nor withheld, whoever was swapped."""
    seeded_draws.fix_key(settings)
    first = run("publish", write_extracts(tmp_path / "wrong", swapped=True, others=0)).out.strip()
    assert public(settings, first)["other"][1] == "missing"
    right = write_extracts(tmp_path / "right", date(2025, 5, 7), others=0)
    second = run("publish", right, *SEX_2024, "--accept", REASON).out.strip()
    told = public(settings, second)
    assert told["other"][1] == "missing"
    assert (told["male"], told["female"]) == ((40, "shown"), (18, "shown"))


def test_a_second_version_withholds_what_the_first_did_under_the_right_names(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    first, second = cut_twice(run, seeded_draws.fix_key(settings), tmp_path, lambda _: None)
    assert first["other"] is None
    assert second == first | {"female": first["male"], "male": first["female"]}


def test_after_a_first_version_without_draws_one_cell_more_is_withheld(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    def of_before(wrong: str) -> None:
        folder = settings.home / "releases" / wrong
        said = manifests.read_manifest(folder)
        assert said.pop("without_draws") == []
        manifests.write_manifest(folder, said)

    first, second = cut_twice(run, seeded_draws.fix_key(settings), tmp_path, of_before)
    assert sum(count is None for count in first.values()) == 3
    assert set(second.values()) == {None}


Cells = dict[str, int | None]


def cut_twice(
    run: Run, settings: Settings, tmp_path: Path, between: Callable[[str], None]
) -> tuple[Cells, Cells]:
    """Both versions of a table with three others, the first with the sexes swapped."""
    first = run("publish", write_extracts(tmp_path / "wrong", swapped=True, others=3))
    assert first.code == 0, first.err
    wrong = first.out.strip()
    between(wrong)
    right = write_extracts(tmp_path / "right", others=3)
    said = run("publish", right, *SEX_2024, "--accept", REASON)
    assert said.code == 0, said.err
    return table(settings, wrong), table(settings, said.out.strip())


def test_ages_in_bands_of_the_source_are_cut_again_in_the_same_bands(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    wrong = run("publish", write_extracts(tmp_path / "wrong", swapped=True, aged=True)).out.strip()
    assert table(settings, wrong, "age_band") == {"18-30": 18, "31-64": 40, "unknown": 15}
    right = write_extracts(tmp_path / "right", date(2025, 5, 7), late=1, aged=True)
    said = run("publish", right, "--recut", "age_band", "2024", "--accept", "bands were swapped")
    assert table(settings, said.out.strip(), "age_band") == {
        "18-30": 40,
        "31-64": 18,
        "unknown": 15,
    }


def test_a_rollback_does_not_bring_the_withdrawn_table_back(
    run: Run, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    assert public(settings, wrong)["female"] == (40, "shown")
    stamp = Store(settings.home).read_stamp(wrong)
    run("publish", write_extracts(tmp_path / "right"), *SEX_2024, "--accept", REASON)
    # A running dashboard that has it open opens it anew.
    assert Store(settings.home).read_stamp(wrong) != stamp
    said = run("rollback", wrong)
    assert said.code == 0
    assert "sex of those shot, Hartford, 2024" in said.out
    assert {state for _, state in public(settings, wrong).values()} == {"missing"}
    # And what is published next carries the right one on.
    late = write_extracts(tmp_path / "again", date(2025, 5, 9))
    again = run("publish", late, "--accept", REASON).out.strip()
    assert table(settings, again) == RIGHT


def test_what_a_few_are_said_to_be_since_stays_as_it_was(
    run: Run, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    corrected = write_extracts(tmp_path / "right", said_otherwise=2)
    new = run("publish", corrected, *SEX_2024, "--accept", REASON).out.strip()
    assert table(settings, new) == RIGHT


def test_the_same_command_again_is_refused_and_changes_nothing(
    run: Run, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    corrected = write_extracts(tmp_path / "right")
    new = run("publish", corrected, *SEX_2024, "--accept", REASON).out.strip()
    again = run("publish", corrected, *SEX_2024, "--accept", REASON)
    assert again.code == 1
    assert "come out as they stand" in again.err
    assert Store(settings.home).read_current_id() == new


def test_a_third_version_is_refused_and_can_be_withdrawn(
    run: Run, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    other = write_extracts(tmp_path / "other", said_otherwise=12)
    run("publish", other, *SEX_2024, "--accept", "a first try")
    right = write_extracts(tmp_path / "right", date(2025, 5, 7))
    said = run("publish", right, *SEX_2024, "--accept", REASON)
    assert (said.code, said.out) == (1, "")
    assert "a third version would tell more" in said.err
    assert "--withdraw" in said.err
    gone = run("publish", right, "--withdraw", "sex", "2024", "--city", "hartford", "--accept", "x")
    assert gone.code == 0
    assert {state for _, state in public(settings, gone.out.strip()).values()} == {"missing"}
    recut = Store(settings.home).open(gone.out.strip()).manifest["recut"]
    assert [one["what"] for one in recut if one["table"] == "sex"] == ["cut again", "withdrawn"]


@pytest.mark.parametrize(
    ("words", "code", "sentences"),
    [
        (("--recut", "sex", "2024"), 2, ["for a reason, and there is none"]),
        (("--recut", "sex", "2024", "--accept", " "), 2, ["--accept needs a reason"]),
        (("--recut", "sexes", "2024", "--accept", "x"), 2, ["'sexes'", "Did you mean 'sex'?"]),
        (("--recut", "sex", "2023", "--accept", "x"), 2, ["sex of 2023", "Cut so far: 2024."]),
        (("--recut", "sex", "last", "--accept", "x"), 2, ["'last' is not a year"]),
        (("--recut", "young_black_men", "2024", "--accept", "x"), 2, ["age_band or sex"]),
        (("--recut", "sex", "2024", "--city", "hartfort", "--accept", "x"), 2, ["'hartford'?"]),
        (("--recut", "sex", "2024", "--accept", "x"), 1, ["come out as they stand"]),
        (("--city", "hartford"), 2, ["--recut or --withdraw"]),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    words: tuple[str, ...],
    code: int,
    sentences: list[str],
    run: Run,
    settings: Settings,
    tmp_path: Path,
    wrong: str,
) -> None:
    said = run("publish", tmp_path / "wrong", *words)
    assert (said.code, said.out) == (code, "")
    assert all(sentence in said.err for sentence in sentences), said.err
    assert Store(settings.home).read_current_id() == wrong


def test_people_who_are_not_found_again_are_not_guessed(
    run: Run, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    renamed = write_extracts(tmp_path / "renamed", codes="w")
    said = run("publish", renamed, *SEX_2024, "--accept", REASON)
    assert said.code == 1
    assert "73 of the 73 counted then are not counted there" in said.err


def test_without_the_release_that_counted_it_can_only_be_withdrawn(
    run: Run, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    late = write_extracts(tmp_path / "late", date(2025, 5, 1), swapped=True, late=1)
    run("publish", late)
    (settings.home / "releases" / wrong / PUBLIC_TABLES).write_bytes(b"gone")
    right = write_extracts(tmp_path / "right", date(2025, 5, 7), late=1)
    said = run("publish", right, *SEX_2024, "--accept", REASON)
    assert said.code == 1
    assert "the release that counted them is not kept" in said.err


def test_when_the_second_version_is_lost_the_first_is_not_carried_on(
    run: Run, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    corrected = write_extracts(tmp_path / "right")
    new = run("publish", corrected, *SEX_2024, "--accept", REASON).out.strip()
    (settings.home / "releases" / new / PUBLIC_TABLES).write_bytes(b"gone")
    found = table_history.read_history(Store(settings.home), "real")
    assert found.withdrawn == {("sex", "hartford", 2024)}
    later = write_extracts(tmp_path / "later", date(2025, 6, 1))
    after = run("publish", later, "--accept", REASON).out.strip()
    assert {state for _, state in public(settings, after).values()} == {"missing"}


def test_a_publish_killed_before_the_flip_serves_nothing_withdrawn_and_ends_when_run_again(
    run: Run, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    from longevity.release.table_corrections import Corrections

    def stop(step: str) -> None:
        if step == "withdrawn":
            raise KeyboardInterrupt

    corrected = write_extracts(tmp_path / "right")
    corrections = Corrections(refreeze=(("sex", 2024),), cities=("hartford",))
    with pytest.raises(KeyboardInterrupt):
        publish(corrected, settings, TODAY, REASON, after_step=stop, corrections=corrections)
    assert Store(settings.home).read_current_id() == wrong
    assert {state for _, state in public(settings, wrong).values()} == {"missing"}
    new = run("publish", corrected, "--accept", REASON).out.strip()
    assert table(settings, new) == RIGHT


def test_a_purge_takes_a_code_out_of_a_reason(
    run: Run, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    corrected = write_extracts(tmp_path / "right")
    reason = "person-00007 was a woman"
    new = run("publish", corrected, *SEX_2024, "--accept", reason).out.strip()
    purge_home.purge_person(settings, "person-00007", TODAY)
    manifest = json.loads((settings.home / "releases" / new / "manifest.json").read_text())
    assert manifest["recut"][0]["reason"] == "(destroyed) was a woman"
    assert "person-00007" not in (settings.home / "current.json").read_text()
