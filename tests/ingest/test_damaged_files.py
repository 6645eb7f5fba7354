"""Damaged files: what import sees in the rows, and what each comes to over an empty home and a sound one."""

import shutil
from functools import cache

import pytest

from longevity import cli
from longevity.checks.check import check_extracts
from tests.conftest import GOLDEN, TODAY
from tests.factories import damaged_rows
from tests.factories.damaged_files import DAMAGES, KINDS, commands, find_config, make_damaged, write
from tools.golden import library
from tools.golden.record import read_record

# What stops a publish; the others are published as they are: nothing is missing that a count needs.
STOPPED = {
    "files": set(DAMAGES) - {"none", "an age in no row", "key on two days"},
    "rows": {"400 rows pasted", "half of the homicides called Murder", "a year that grew", "a year that doubled"},
    "places": {"local times marked UTC", "points 1.6 km east", "sexes swapped", "a quiet beginning"},
}
PASTED = "400 rows pasted"  # which is seen without a release before it
# What the first publish cannot know.
UNKNOWABLE = {"the same, no day stated", "a year that grew", "points 1.6 km east", "sexes swapped"}


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """A home that serves the sound file of a kind, made once."""

    @cache
    def make_home(kind):
        folder = tmp_path_factory.mktemp(kind)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LONGEVITY_CONFIG", str(find_config(kind, folder)))
            patch.setenv("LONGEVITY_HOME", str(folder / "served"))
            write(folder, make_damaged(kind, "none"))
            assert [cli.main(words, TODAY) for words in commands(folder)[:3]] == [0, 0, 0]
        return folder / "served"

    return make_home


WRITTEN = read_record(GOLDEN)


def is_tried(at, damage, home):
    """Every second one; the audit tries all, and `homes` publishes the sound ones.

    Where nothing was published before, only what cannot be known then is judged otherwise.
    """
    return damage in {*UNKNOWABLE, PASTED} if home == "first" else at % 2 == 0 and damage != "none"


TRIED = [
    pytest.param(kind, damage, home, marks=() if is_tried(at, damage, home) else pytest.mark.audit)
    for kind, damages in KINDS.items()
    for at, damage in enumerate(damages)
    for home in ("next", "first")
]


@pytest.mark.parametrize(("kind", "damage", "home"), TRIED)
def test_nothing_false_is_published_or_supported(homes, tmp_path, monkeypatch, kind, damage, home):
    if home == "next":
        shutil.copytree(homes(kind), tmp_path / "home")
    monkeypatch.setenv("LONGEVITY_CONFIG", str(find_config(kind, tmp_path)))
    monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "home"))
    write(tmp_path, make_damaged(kind, damage))
    said = {words[0]: library.run_command(words, tmp_path) for words in commands(tmp_path)}
    published = damage not in STOPPED[kind] or (damage in UNKNOWABLE and home == "first")
    for words in ("check", "publish"):
        assert (said[words][-1] == "exit 0") == published, said
    claimed = "\n".join(said["claim"])
    if kind == "files":
        # Where something is served, somebody was shot in its last week.
        assert said["claim"][-1] == "exit 1"
        assert ("NOT SUPPORTED" in claimed) == (published or home == "next")
    if damage == "some points far away":
        far = "farther from every area than the city is wide"
        assert any(far in line for line in said["publish"])
    if home == "next":
        recorded = library.record_damaged_file(kind, damage, said)
        assert recorded == {place: WRITTEN.get(place) for place in recorded}


# What import sees in a source and `check` says of the extracts: copies, refused people

RULES = ("copied_rows", "short_outcome")
MAPPING = damaged_rows.MAPPING.replace('city = "city"', 'city = { constant = "{c0}" }')


def find_doubts(bench):
    """What `check` says of them; each is an error that a reason passes."""
    found = [finding for finding in check_extracts(bench.out, bench.settings, TODAY) if finding.rule in RULES]
    assert all(finding.severity == "error" and finding.acceptable for finding in found)
    return found


@pytest.mark.parametrize("alike", [0.3, 0.9])
@pytest.mark.parametrize("seed", range(2))
def test_people_alike_in_one_incident_are_no_copies(bench, seed, alike):
    bench.run(damaged_rows.to_csv(damaged_rows.make_sound(seed, alike)), MAPPING)
    assert find_doubts(bench) == []


@pytest.mark.parametrize(("many", "findings"), [(19, 0), (20, 1)])
def test_from_twenty_rows_of_a_year_on(bench, many, findings):
    """Where no two are alike otherwise."""
    rows = [
        [f"{year}-{1 + at % 12:02}-01", "x", f"{at} block", "Assault", "20", "M", "B"]
        for year in (2023, 2024, 2025)
        for at in range(100)
    ]
    bench.run(damaged_rows.to_csv(rows + rows[100 : 100 + many]), MAPPING)
    found = find_doubts(bench)
    assert [finding.count for finding in found] == [many] * findings
    assert all(f"{many} of {100 + many} rows of 2024 " in finding.sentence for finding in found)


def test_rows_that_differ_in_a_column_not_mapped_are_no_copies(bench):
    rows = damaged_rows.paste(damaged_rows.make_sound())
    numbered = [[*row, f"r{at}"] for at, row in enumerate(rows)]
    bench.run(damaged_rows.to_csv(numbered, f"{damaged_rows.HEAD},record"), MAPPING)
    assert find_doubts(bench) == []


def test_a_copy_refused_by_its_key_is_counted_nowhere(bench):
    """A hundred incidents by key, all of them sent again: many refused, and none counted twice."""
    lines = [f"k{at},{{c0}},2024-{1 + at % 12:02}-01,,,0,1" for at in range(100)]
    report = bench.run("id,city,date,lon,lat,killed,injured\n" + "\n".join(lines * 2) + "\n")
    assert report.quarantined == 100
    assert find_doubts(bench) == []


def test_a_word_that_is_not_read_may_cost_either_outcome_and_is_never_named(bench):
    rows = damaged_rows.call_murder(damaged_rows.make_sound())
    many = sum(row[3] == "Murder" for row in rows)
    report = bench.run(damaged_rows.to_csv(rows), MAPPING, "shot.csv")
    (refused,) = [said for said in report.remarks if said.startswith("Refused: ")]
    assert "'kind' is not a word known for 'outcome' (fatal, nonfatal)" in refused
    assert f": {many:,} rows (" in refused.replace(str(many), f"{many:,}")
    # Of those rows it is not known whether they are of the killed or the wounded.
    found = find_doubts(bench)
    assert [(finding.rule, finding.count) for finding in found] == [("short_outcome", many)] * 2
    assert ["wounded" in finding.sentence for finding in found] == [True, False]
    assert not any("murder" in said.casefold() for said in [refused, *(finding.line for finding in found)])
    # A source put right takes its doubts away.
    bench.run(damaged_rows.to_csv(damaged_rows.make_sound()), MAPPING, "shot.csv")
    assert find_doubts(bench) == []


@pytest.mark.parametrize(("lost", "findings"), [(5, 0), (6, 1)])
def test_an_outcome_short_by_a_tenth_though_few_rows_are_refused(bench, lost, findings):
    """Sixty killed of a thousand; each refused row has a date of its own that is none."""
    rows = [
        [f"{2020 + at % 5}-01-{1 + at % 28:02}", "x", f"{at}", kind, "20", "M", "B"]
        for kind, many in (("Homicide", 60), ("Assault", 940))
        for at in range(many)
    ]
    damaged = damaged_rows.change(rows, "date", {at: f"no day {at}" for at in range(lost)})
    bench.run(damaged_rows.to_csv(damaged), MAPPING)
    found = find_doubts(bench)
    assert [(finding.rule, finding.count) for finding in found] == [("short_outcome", lost)] * findings
    assert all(f"{lost} of 60 people who were killed" in finding.sentence for finding in found)
