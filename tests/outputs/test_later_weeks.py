"""A press file is judged by its own day: newer days are no correction, and a corrected figure is named."""

import argparse
import json
import re
import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from longevity.auth.viewers import PUBLIC
from longevity.cli import charts
from longevity.outputs import bundle
from longevity.outputs.bundle import bundle_record
from longevity.outputs.bundle import verify as judging
from longevity.outputs.bundle.verify import FileOutcome
from longevity.release import table_withdrawals
from longevity.release.store import Store
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, load_at, quiet, write_extracts
from tests.drivers.publishing import publish
from tests.factories import bundles

FROZEN = ("victims-by-attribute", "young-black-men", "call-in-steps", "promises-by-year")
# The years of the evaluation's picture end with the last before the pandemic.
EVALUATED_TO = date(2019, 12, 31)
ACCEPTED = "The rows of the demonstration, as real data."


def read_shot(release):
    """The people shot, a row each with its day, hour and place: of a release's extracts, by the contract's rules."""
    incidents, shot = (pd.read_parquet(release.member(f"extracts/{name}.parquet")) for name in ("incidents", "victims"))
    shot = shot.merge(incidents.drop(columns="city"), on="incident_id")
    counted = shot["circumstance"].isin(["criminal", "unknown"]) & (shot["weapon"] == "firearm")
    when = shot["occurred_at"].dt
    return shot.assign(day=when.normalize(), year=when.year, weekday=when.day_of_week + 1, hour=when.hour)[counted]


def count_cells(chart, shot, ends):  # noqa: PLR0911 - each chart is made of other rows: a table of returns
    """What a picture's figures are made of, by place and time, of the rows up to each city's last day."""
    shot = shot[shot["day"] <= pd.to_datetime(shot["city"].map(ends))]
    shared = pd.Timestamp(min(ends.values()))
    if chart == "years":
        return shot.groupby(["city", "year"]).size()
    if chart in ("year-to-date", "baselines"):
        of_year = shot["day"].dt.strftime("%m-%d") <= shared.strftime("%m-%d")
        return shot[of_year & (shot["day"] <= shared)].groupby(["city", "year"]).size()
    if chart == "twelve-months":
        months = pd.period_range("2008-12", shared.to_period("M") - int(not shared.is_month_end), freq="M")
        month = shot["day"].dt.to_period("M")
        return pd.concat(
            {f"{to}-01": shot[(month <= to) & (month > to - 12)].groupby("city").size() for to in months}
        ).swaplevel()
    if chart == "rates":
        return shot[(shot["day"] <= shared) & (shot["day"] > shared - pd.Timedelta(days=365))].groupby("city").size()
    first = shot[shot["city"] == "new_haven"]
    if chart == "hours-and-weekdays":
        of_years = first[first["year"] >= date.fromisoformat(ends["new_haven"]).year - 2]
        known = of_years.assign(hour=of_years["hour"].where(of_years["occurred_precision"] == "minute"))
        return known.groupby(["city", "weekday", "hour"], dropna=False)["incident_id"].nunique()
    if chart == "area-map":
        of_year = first[first["year"] == date.fromisoformat(ends["new_haven"]).year]
        placed = of_year[of_year["longitude"].notna() | of_year["neighbourhood"].notna()]
        return placed.groupby(["neighbourhood", "longitude", "latitude"], dropna=False).size()
    assert chart == "evaluation"
    by_month = first[first["day"] <= pd.Timestamp(EVALUATED_TO)]
    return by_month.groupby(by_month["day"].dt.to_period("M"))["incident_id"].nunique()


def find_changed(chart, then, now, ends):
    """The cells whose count is another by the rows of now: {("hartford", 2019): (101, 100)}."""
    if chart in FROZEN:
        return {}
    both = pd.concat([count_cells(chart, rows, ends) for rows in (then, now)], axis=1).fillna(0).astype(int)
    return {at: (was, now) for at, was, now in both.itertuples(name=None) if was != now}


NAMES = {"new_haven": "New Haven", "hartford": "Hartford", "bridgeport": "Bridgeport"}
COLUMNS = {"years": "year", "year-to-date": "year", "twelve-months": "month"}


def draw(settings, release, name, chosen):
    with closing(Warehouse(release, settings)) as warehouse:
        return chart_list.find_entry(name).draw(ReportContext(settings, PUBLIC, warehouse, TODAY), chosen)


def sign(settings, release, *names, **chosen):
    """The picture of charts, signed, whose plot is blank, as of a release: by name."""
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        bundles.draw_nothing(patch)
        for name in names:
            files = bundle.make_bundle(draw(settings, release, name, chosen), settings, ["svg"])
            made[name] = next(data for file, data in files.items() if file.endswith("svg"))
    return made


def give_out(settings, release, name, **chosen):
    """The files of a chart that carry no signature, by how they end: json, csv, txt."""
    made = bundle.make_bundle(draw(settings, release, name, chosen), settings, ["csv"])
    return {name.rpartition(".")[2]: data for name, data in made.items()}


def find_days(release):
    through = release.manifest["data_through"]
    return {city: min(through[name][city]["day"] for name in ("incidents", "victims")) for city in NAMES}


def check_verdicts(files, settings, made):
    """A picture holds where nothing it is made of changed; else it is corrected, and each cell named with a reason."""
    now, ends = Store(settings.home).current(), find_days(made)
    rows = [read_shot(release) for release in (made, now)]
    found = {}
    for chart, data in files.items():
        verdict = judging.judge_file(data, bundles.public_desk(settings))
        changed = find_changed(chart, *rows, ends)
        found[chart] = verdict.outcome
        holds = FileOutcome.HOLDS if ends == find_days(now) else FileOutcome.NEWER
        assert verdict.outcome is (FileOutcome.CORRECTED if changed else holds), f"{chart}: {changed} {verdict}"
        if not changed:
            continue
        assert "No reason is known" not in verdict.slip
        cells = re.findall(r"(?m)^city .*, people shot: was .*$", verdict.slip)
        if chart in COLUMNS:
            named = [
                f"city {NAMES[city]}, {COLUMNS[chart]} {when}, people shot: was {was}, is {is_now}"
                for (city, when), (was, is_now) in changed.items()
            ]
            assert sorted(cells) == sorted(named)
        if chart == "rates":
            named = [f"city {NAMES[city]}, people shot: was {was}, is {now}" for city, (was, now) in changed.items()]
            assert sorted(cells) == sorted(named)
    return found


def test_a_week_later_a_picture_holds_unless_its_own_figures_changed(home_of):
    earlier, _ = map(Store(home_of.home).open, Store(home_of.home).list_ids())
    files = sign(home_of, earlier, "years", "rates", "hours-and-weekdays", "evaluation", "promises-by-year")
    found = check_verdicts(files, home_of, earlier)
    assert {*found.values()} == {FileOutcome.NEWER, FileOutcome.CORRECTED}


@pytest.mark.audit
def test_cities_that_end_on_different_days_are_each_counted_to_their_own(home_of, demonstration, tmp_path):
    store = Store(home_of.home)
    newer = store.current().id
    early = Path(shutil.copytree(demonstration, tmp_path / "early"))
    end_earlier(early, "hartford", days=40)
    publish(early, home_of, TODAY, "Hartford ends earlier.", quiet)
    made = store.current()
    files = sign(home_of, made, "years", "twelve-months", "area-map")
    store.rollback(newer)
    assert {*check_verdicts(files, home_of, made).values()} == {FileOutcome.NEWER}


def end_earlier(folder, city, days):
    """Have the counts of one city end some days before those of the others."""
    path = folder / "extracts.toml"
    said = path.read_text()
    for name in ("incidents", "victims"):
        (line,) = re.findall(rf"(?m)^{name} = .*$", said)
        (day,) = map(date.fromisoformat, re.findall(rf"{city} = ([\d-]+)", line))
        said = said.replace(line, line.replace(f"{city} = {day}", f"{city} = {day - timedelta(days=days)}"))
    path.write_text(said)


def call_real(folder):
    """Have what `demo` wrote taken for real data, which may be changed."""
    path = folder / "extracts.toml"
    path.write_text(path.read_text().replace('kind = "synthetic"', 'kind = "real"'))
    return folder


@pytest.fixture(scope="module")
def published_as_real(tmp_path_factory, demonstration):
    """A folder with the demonstration as real data, and a home that it is published in."""
    below = tmp_path_factory.mktemp("as_real")
    folder = call_real(Path(shutil.copytree(demonstration, below / "real")))
    publish(folder, load_at(below / "home"), TODAY, ACCEPTED, quiet)
    return below


@pytest.fixture
def real(tmp_path, published_as_real):
    """A home with the demonstration as real data, and a folder of its extracts; both may be changed."""
    shutil.copytree(published_as_real, tmp_path, dirs_exist_ok=True)
    return load_at(tmp_path / "home"), tmp_path / "real"


def correct(folder, settings, change):
    """Publish the extracts of a folder again with other victims or incidents; `change` takes and returns both."""
    changed = Path(tempfile.mkdtemp(dir=folder.parent)) / "changed"
    shutil.copytree(folder, changed)
    paths = [changed / f"{name}.parquet" for name in ("victims", "incidents")]
    for path, frame in zip(paths, change(*map(pd.read_parquet, paths)), strict=True):
        frame.reset_index(drop=True).to_parquet(path, index=False)
    publish(changed, settings, TODAY, ACCEPTED, quiet)


def find_victim(victims, incidents, city, year):
    """The first counted victim of a city and year: its row's index."""
    criminal = incidents["circumstance"] == "criminal"
    of_year = incidents[criminal & (incidents["city"] == city) & (incidents["occurred_at"].dt.year == year)]
    shot = victims["incident_id"].isin(of_year["incident_id"]) & (victims["weapon"] == "firearm")
    return victims.index[shot][0]


@pytest.fixture(scope="module")
def corrected(tmp_path_factory, published_as_real):
    """A home which counts a victim less of two years and cities than the files that it gave out."""
    below = shutil.copytree(published_as_real, tmp_path_factory.mktemp("corrected"), dirs_exist_ok=True)
    settings = load_at(below / "home")
    made = Store(settings.home).current()
    found = SimpleNamespace(settings=settings, made=made, files=sign(settings, made, "years", "call-in-steps"))
    found.hartford = sign(settings, made, "years", area="hartford")["years"]
    found.map_of_2015 = sign(settings, made, "area-map", city="hartford", period="2015")["area-map"]
    found.unsigned = give_out(settings, made, "years", area="hartford")
    assert {verdict.outcome for verdict in judge(found.unsigned, settings).values()} == {FileOutcome.HOLDS}

    def remove(victims, incidents):
        places = (("hartford", 2019), ("bridgeport", 2012))
        return victims.drop([find_victim(victims, incidents, *place) for place in places]), incidents

    correct(below / "real", settings, remove)
    return found


def check_command(settings, path, data, code):
    path.write_bytes(data)
    assert charts.verify_file(argparse.Namespace(file=path), settings, TODAY) == code


def test_a_correction_names_its_cells(corrected, tmp_path, capsys):
    found = check_verdicts(corrected.files, corrected.settings, corrected.made)
    assert found == {"years": FileOutcome.CORRECTED, "call-in-steps": FileOutcome.HOLDS}
    check_command(corrected.settings, tmp_path / "file.svg", corrected.files["years"], 1)
    assert "CORRECTION" in capsys.readouterr().out


def test_a_correction_names_only_the_reason_of_its_city_and_year(corrected, tmp_path):
    desk, newest = bundles.public_desk(corrected.settings), Store(corrected.settings.home).current()
    verdict = judging.judge_file(corrected.hartford, desk)
    slip = verdict.slip
    assert "unedited, but figures were corrected since" in verdict.sentence
    assert slip.startswith("CORRECTION\n100 people were shot in Hartford")
    assert slip.count(": was ") == 1
    assert slip.endswith(f"Why:\nHartford: 1 victim removed from earlier weeks. Release {newest.id}.")
    assert judging.judge_file(corrected.map_of_2015, desk).outcome is FileOutcome.HOLDS
    check_command(corrected.settings, tmp_path / "file.svg", corrected.map_of_2015, 0)


def test_a_corrected_figure_is_named_of_files_without_a_signature(corrected, tmp_path):
    files, settings = corrected.unsigned, corrected.settings
    found = judge(files, settings)
    assert found["json"].outcome is FileOutcome.CORRECTED
    (cell,) = re.findall(r"(?m)^.*: was .*$", found["json"].slip)
    was, now = map(int, re.fullmatch(r"city Hartford, year 2019, people shot: was (\d+), is (\d+)", cell).groups())
    assert was == now + 1
    for end in ("csv", "txt"):
        assert found[end].outcome is FileOutcome.DIFFERS
        assert "some of its rows are others today" in found[end].sentence
        assert judging.OTHER_ROWS in found[end].slip
    for end, data in files.items():
        check_command(settings, tmp_path / f"file.{end}", data, 1)


@pytest.mark.audit
def test_where_no_reason_is_known_it_says_so(real):
    settings, folder = real
    data = sign(settings, Store(settings.home).current(), "hours-and-weekdays", area="hartford")["hours-and-weekdays"]

    def move(victims, incidents):
        at = incidents["incident_id"] == victims.loc[find_victim(victims, incidents, "hartford", 2026), "incident_id"]
        moved = incidents["occurred_at"].mask(at, incidents["occurred_at"].dt.normalize() + pd.Timedelta(hours=4))
        return victims, incidents.assign(occurred_at=moved)

    correct(folder, settings, move)
    verdict = judging.judge_file(data, bundles.public_desk(settings))
    assert verdict.outcome is FileOutcome.CORRECTED
    assert verdict.slip.endswith(f"Why:\n{judging.NO_REASON}")
    assert "people shot: was" not in verdict.slip  # the picture shows incidents
    assert "weekday" in verdict.slip
    assert "hour 4, shooting incidents: was" in verdict.slip


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory, published, demonstration):
    """A home that withdrew a table of one city after it had given files of it out."""
    home = shutil.copytree(published.home, tmp_path_factory.mktemp("withdrawn") / "home")
    settings, chart = replace(published, home=home), "victims-by-attribute"
    made = Store(home).current()
    signed = [sign(settings, made, chart, attribute=attribute)[chart] for attribute in ("sex", "age_band")]
    found = SimpleNamespace(settings=settings, signed=signed, files=give_out(settings, made, chart, attribute="sex"))
    away = table_withdrawals.Withdrawals((("sex", 2025),), ("hartford",))
    publish(demonstration, settings, TODAY, "Two were mixed up.", quiet, withdrawals=away)
    return found


def test_a_withdrawn_table_is_the_reason_for_its_figures(withdrawn):
    desk = bundles.public_desk(withdrawn.settings)
    corrected, holds = (judging.judge_file(data, desk) for data in withdrawn.signed)
    assert holds.outcome is FileOutcome.HOLDS
    cells, why = corrected.slip.split("\nWhy:\n")
    assert "city Hartford" in cells
    assert "New Haven, " not in cells
    assert why.startswith("Sex of those shot, Hartford, 2025: withdrawn on ")
    assert why.endswith("Reason: Two were mixed up.")


def judge(files, settings):
    return {end: judging.judge_file(data, bundles.public_desk(settings)) for end, data in files.items()}


def test_a_week_later_files_without_a_signature_hold_as_pictures_do(home_of):
    earlier, _ = map(Store(home_of.home).open, Store(home_of.home).list_ids())
    for verdict in judge(give_out(home_of, earlier, "promises-by-year"), home_of).values():
        assert verdict.outcome is FileOutcome.NEWER
        assert verdict.sentence.startswith("Given out here on 20")
        assert verdict.sentence.endswith(" It was marked SYNTHETIC.")


def test_of_a_withdrawn_table_no_file_is_a_success_and_its_figures_are_in_no_list(withdrawn):
    files = withdrawn.files
    log = (withdrawn.settings.home / "signing" / "given-out.jsonl").read_text()
    assert not any(row in log for row in files["csv"].decode().splitlines()[1:])
    record = json.loads(files["json"])
    assert not any(record[name] in log for name in ("title", "measure", "in_words"))
    found = judge(files, withdrawn.settings)
    assert {end: verdict.outcome for end, verdict in found.items()} == {
        "csv": FileOutcome.DIFFERS,
        "json": FileOutcome.CORRECTED,
        "txt": FileOutcome.DIFFERS,
    }
    for verdict in found.values():
        assert "\nWhy:\nSex of those shot, Hartford, 2025: withdrawn on " in verdict.slip
    assert "city Hartford" in found["json"].slip
    assert "New Haven, " not in found["json"].slip


def test_synthetic_files_are_no_success_once_real_data_are_served(home_of, demonstration, tmp_path):
    made = Store(home_of.home).current()
    files = give_out(home_of, made, "years") | sign(home_of, made, "years")
    for data in files.values():
        check_command(home_of, tmp_path / "file", data, 0)
    publish(call_real(Path(shutil.copytree(demonstration, tmp_path / "real"))), home_of, TODAY, ACCEPTED, quiet)
    for _ in range(2):
        for data in files.values():
            check_command(home_of, tmp_path / "file", data, 1)
        for verdict in judge(files, home_of).values():
            assert verdict.outcome is FileOutcome.DIFFERS
            assert "today's" in verdict.sentence
            assert "synthetic" in verdict.sentence
        forget_notes(home_of)


def forget_notes(settings):
    """Leave in the list of files given out what an earlier version wrote: the hash and the day."""
    path = settings.home / "signing" / "given-out.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps({"sha256": line["sha256"], "on": line["on"]}) + "\n" for line in lines))


def test_of_an_earlier_versions_list_figures_are_not_compared_but_a_manifest_says_itself_what_it_is(home_of):
    files = give_out(home_of, Store(home_of.home).current(), "years")
    forget_notes(home_of)
    found = judge(files, home_of)
    assert {verdict.outcome for verdict in found.values()} == {FileOutcome.HOLDS}
    for end in ("csv", "txt"):
        assert "were not compared" in found[end].sentence
    assert "its figures hold" in found["json"].sentence
    # Given out again by this version, it is noted; the first day stays.
    give_out(home_of, Store(home_of.home).current(), "years")
    assert all("its figures hold" in verdict.sentence for verdict in judge(files, home_of).values())


@pytest.mark.parametrize("lost", [("ends",), ("ends", "data_through")])
def test_a_record_of_an_earlier_version_is_no_correction(lost, home_of, monkeypatch):
    build = bundle_record.build_record
    monkeypatch.setattr(
        bundle_record, "build_record", lambda *given: {k: v for k, v in build(*given).items() if k not in lost}
    )
    earlier, newer = map(Store(home_of.home).open, Store(home_of.home).list_ids())
    files = sign(home_of, newer, "years") | sign(home_of, earlier, "promises-by-year")
    for data in files.values():
        assert judging.judge_file(data, bundles.public_desk(home_of)).holds
    verdict = judging.judge_file(sign(home_of, earlier, "years")["years"], bundles.public_desk(home_of))
    assert verdict.outcome is FileOutcome.DIFFERS
    assert "cannot be compared" in verdict.sentence
    assert verdict.slip == ""


def test_where_todays_data_end_earlier_nothing_is_a_correction(home_of):
    store = Store(home_of.home)
    earlier, newer = store.list_ids()
    data = sign(home_of, store.open(newer), "year-to-date")["year-to-date"]
    store.rollback(earlier)
    verdict = judging.judge_file(data, bundles.public_desk(home_of))
    assert (verdict.outcome, verdict.slip) == (FileOutcome.DIFFERS, "")


@pytest.mark.audit
def test_the_twelve_press_pictures_one_four_and_ten_weeks_later(tmp_path):
    settings, start = load_at(tmp_path / "home"), date(2026, 1, 25)
    files, made = {}, None
    for week in range(11):
        day = start + timedelta(days=7 * week)
        folder = tmp_path / f"{week}"
        write_extracts(folder, day)
        publish(call_real(folder), settings, day, ACCEPTED, quiet)
        if made is None:
            made = Store(settings.home).current()
            names = [entry.name for entry in chart_list.list_entries(settings) if not entry.why_not_public]
            files = sign(settings, made, *names)
            assert len(files) == 12
        elif week in (1, 4, 10):
            found = check_verdicts(files, settings, made)
            print(week, {chart: str(outcome) for chart, outcome in found.items()})
            assert {found[chart] for chart in FROZEN} == {FileOutcome.NEWER}
    gone = ("hartford", 2019)
    correct(
        folder,
        settings,
        lambda victims, incidents: (victims.drop(find_victim(victims, incidents, *gone)), incidents),
    )
    check_verdicts(files, settings, made)
    assert "city Hartford, year 2019" in judging.judge_file(files["years"], bundles.public_desk(settings)).slip
