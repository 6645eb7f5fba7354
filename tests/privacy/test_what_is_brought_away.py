"""An attacker with what leaves: files, a city's own rows next to them, and what moves with single rows."""

import io
import json
import re
from collections import Counter
from contextlib import closing
from datetime import date, timedelta

import pandas as pd
import pytest
from pptx import Presentation

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC, STATE, QueryClass
from longevity.outputs import bundle, spreadsheet_cells, table_files
from longevity.privacy import public_tables
from longevity.release.store import Store
from longevity.release.table_withdrawals import TableHistory, describe_new_rows
from longevity.screens.chart_catalogue import chart_list, program_public
from longevity.screens.chart_catalogue.definition import PEOPLE, PROGRAM
from longevity.ui import components, sign_in
from tests.drivers import crawler, screens
from tests.drivers.crawler import Codes, Crawl
from tests.factories import bundles, reach_release, tiny_release
from tests.oracles import funnel_attack, rule_attack, side_channels
from tests.oracles.funnel_attack import STEPS
from tests.oracles.lattice_attack import PROTECTED, Program

ANSWERS = ("kept_30", "kept_60", "kept_90", "not_kept")
# A day, as it is filed or as it is read; and the id of a release.
DAY = r"\d{4}-\d\d-\d\d(-\w+)?|\b[A-Z][a-z]+ \d{1,2}, \d{4}\b"
QUICK = (2012, 2013, 2024, 2025)  # the first two held years of a single session


def as_file(warehouse, name, year):
    """The CSV a screen offers of an answer to the public."""
    answer = warehouse.run(name, {"year": year}, PUBLIC)
    return table_files.write_csv(answer.frame, answer.provenance).decode("utf-8")


@pytest.mark.parametrize("years", [QUICK, pytest.param(range(2008, 2026), marks=pytest.mark.audit)])
def test_the_files_of_the_public_tables_withhold_what_the_answers_do(warehouse, years):
    files = {
        year: {name: funnel_attack.read_rows(as_file(warehouse, name, year)) for name in funnel_attack.TABLES}
        for year in years
    }
    for year, answers in files.items():
        for name, visible in answers.items():
            frame = warehouse.run(name, {"year": year}, PUBLIC).frame
            assert list(visible[0]) == [*frame.columns, "source", "kind"], name
            for column in frame.columns[frame.columns.str.endswith("_state")]:
                hidden = [row for row in visible if row[column] in ("withheld", "missing")]
                assert not any(row[column.removesuffix("_state")] for row in hidden), name
            # The source line says days and a release, and no count next to them.
            (source,) = {row["source"] for row in visible}
            about = warehouse.run(name, {"year": year}, PUBLIC).provenance
            assert source == about.source
            assert not re.findall(r"\b\d+\b", re.sub(DAY, "", source))
    for found in funnel_attack.attack_files(files.values()):
        assert min(found.shown, found.withheld) > 0
        assert found.broken == 0
        assert found.narrowest >= PROTECTED
    if years != QUICK:  # one who knows the rule takes long
        knowing = rule_attack.found()
        for answers in files.values():
            knowing.attack(funnel_attack.read_victims(*(answers[name] for name in funnel_attack.TABLES[:2])))
        assert min(knowing.shown, knowing.withheld) > 0
        assert (knowing.broken, knowing.exact) == (0, 0)


TABLE_OF_CHART = {
    "victims-by-attribute": "public_victims",
    "young-black-men": "public_young_black_men",
    "call-in-steps": "public_funnel",
    "promises-by-year": "public_promises",
}


def of_bundles(name, published):
    """A chart of a public table with each of its choices, and the files of its bundle by suffix."""
    context = bundles.public_desk(published)
    entry = chart_list.find_entry(name)
    choices = [{p.name: value} for p in entry.parameters for value in p.offer(context)] or [{}]
    for chosen in choices:
        drawn = entry.draw(context, chosen)
        files = bundle.make_bundle(drawn, published, ["pptx", "csv"])
        yield drawn, {file.rsplit(".", 1)[1]: data for file, data in files.items()}


def on_slide(deck):
    """The values of a slide's chart, and every word on it and in its notes."""
    (slide,) = Presentation(io.BytesIO(deck)).slides
    values = []
    words = [slide.notes_slide.notes_text_frame.text]
    for shape in slide.shapes:
        if getattr(shape, "has_chart", False):
            plot = shape.chart.plots[0]
            values += [v for series in plot.series for v in series.values if v is not None]
            words += [str(name) for name in plot.categories]
        elif shape.has_text_frame:
            words.append(shape.text_frame.text)
    return values, "\n".join(words)


def counts_in(words):
    """The counts of people a text tells: no day, age, share of a hundred, or number of cells."""
    of_no_people = (DAY, r"\([^)]*%[^)]*\)", r"\d+%", r"\b\d+[–-]\d+\b", r"\d+ (more rows|figures? withheld)")
    bare = re.sub("|".join(of_no_people), "", words)
    return {int(found.replace(",", "")) for found in re.findall(r"\b\d[\d,]*\b", bare)}


# Of no count: under 30, 55 and over, within 30, 60 and 90 days, after the 31st and the 61st.
SAID_ANYWAY = {30, 31, 55, 60, 61, 90}


def test_the_charts_of_the_public_tables_bring_away_no_more_than_its_answers(warehouse, published, monkeypatch):
    bundles.draw_nothing(monkeypatch)
    about_people = {PEOPLE, PROGRAM}
    assert set(TABLE_OF_CHART) == {
        entry.name
        for entry in chart_list.ENTRIES.values()
        if entry.about.subject in about_people and not entry.why_not_public
    }
    visible: dict[str, funnel_attack.Rows] = {name: [] for name in funnel_attack.TABLES}
    for name, query in TABLE_OF_CHART.items():
        public = warehouse.run(query, {}, PUBLIC).frame
        named = public.rename(columns=program_public.IN_FILE) if query == "public_promises" else public
        anybodys = funnel_attack.read_rows(spreadsheet_cells.disarm_table(named).to_csv(index=False))
        known = {int(n) for n in public.select_dtypes("number").stack().dropna()}
        if query == "public_promises":
            kept = public[["kept_30", "kept_60", "kept_90"]].sum(axis=1)
            known |= {int(n) for n in kept.dropna()}
        for drawn, files in of_bundles(name, published):
            assert {a.provenance.query for a in drawn.answers} == {query}
            rows = funnel_attack.read_rows(files["csv"].decode("utf-8"))
            visible.setdefault(query, []).extend(rows)
            shown = [{k: v for k, v in row.items() if k not in ("source", "kind")} for row in rows]
            same = [{k: row[k] for k in shown[0]} for row in anybodys]
            assert all(row in same for row in shown), name
            manifest = json.loads(files["json"])
            assert funnel_attack.read_rows(manifest["rows"]) == shown
            values, words = on_slide(files["pptx"])
            # The rows are in the notes as they are in the file.
            assert "pptx" not in files or manifest["rows"].strip() in words
            words = words.replace(manifest["rows"].strip(), "")
            counts = [[int(cell) for cell in row.values() if cell.isdecimal()] for row in shown]
            # A bar of a share is one count of a row over another.
            shares_of = {round(a / b, 9) for row in counts for a in row for b in row if b}
            assert {round(value, 9) for value in values} <= {
                float(count) for row in counts for count in row
            } | shares_of
            words += "\n".join(manifest[key] for key in ("title", "measure", "in_words"))
            assert counts_in(words) <= known | SAID_ANYWAY, name
    people, program = funnel_attack.attack_files([visible])
    assert min(people.shown, people.withheld, program.shown) > 0
    for found in (people, program):
        assert found.broken == 0
        assert found.narrowest >= PROTECTED


@pytest.mark.parametrize("page", ["call_ins", "follow_up"])
def test_a_screen_offers_the_public_no_file_but_of_public_answers(page, published, warehouse, monkeypatch):
    offered: list[tuple[str, str]] = []
    made = table_files.write_csv

    def keep(table, about):
        file = made(table, about)
        offered.append((about.query, file.decode("utf-8")))
        assert (about.viewer, about.not_for_release) == ("public", False)
        return file

    monkeypatch.setattr(table_files, "write_csv", keep)
    files = screens.files(monkeypatch)
    app = screens.visit(monkeypatch, published, page)
    files.clear()  # of the page as the state sees it
    app.sidebar.selectbox(key=sign_in.VIEWER).set_value("public").run()
    assert not app.exception
    for make in files.values():
        make()
    assert len(offered) == len(files) > 0
    for name, file in offered:
        assert warehouse.find_query(name).query_class is QueryClass.PUBLIC_TABLE
        numbers = {int(n) for n in re.findall(r"(?<=,)\d+(?=[,\n])", file)}
        frame = warehouse.run(name, {}, PUBLIC).frame
        counts = frame.select_dtypes("Int64").stack().dropna()
        assert numbers <= set(counts.astype(int)), name


def test_a_city_that_subtracts_its_own_promises_is_left_with_two_others(warehouse, published):
    visible = warehouse.run("public_promises", {}, PUBLIC).frame.set_index("year")
    begun = {
        city: Counter(
            row.violated_on.year
            for row in warehouse.run("episodes", {}, viewers.parse_viewer(f"city:{city}", published)).frame.itertuples()
        )
        for city in published.cities
    }
    # Each city that knows its own is left with more than a few of two others, or with nothing.
    is_shown = {year: sum(years[year] > PROTECTED for years in begun.values()) >= 3 for year in visible.index}
    assert (visible["episodes_state"] == "shown").to_dict() == is_shown
    assert set(visible.loc[[y for y in visible.index if not is_shown[y]], "episodes_state"]) == {"withheld"}
    visible = visible[visible["episodes"].notna()]
    assert len(visible) > 2
    for own in published.cities:
        viewer = viewers.parse_viewer(f"city:{own}", published)
        mine = Counter(
            (row.violated_on.year, answered(row)) for row in warehouse.run("episodes", {}, viewer).frame.itertuples()
        )
        others = [city for city in published.cities if city != own]
        for year in visible.index:
            for name in ANSWERS:
                rest = int(visible.loc[year, name]) - mine[year, name]
                assert rest >= 0
                program = Program({(city, name): None for city in others}, rest)
                program.know({(city, name): 1.0 for city in others}, rest, rest)
                # Each of the others may have had all of them, or none.
                assert set(program.ways().values()) == {(0.0, float(rest))}


def answered(row):
    """How soon an episode was answered, from its two dates."""
    first, violated = row.first_action_on, row.violated_on
    if pd.isna(first) or first - violated > timedelta(days=90):
        return "not_kept"
    days = (first - violated).days
    return "kept_30" if days <= 30 else "kept_60" if days <= 60 else "kept_90"


def test_of_two_cities_promises_are_not_shown_for_one_would_have_the_others(tmp_path, monkeypatch):
    world = reach_release.draw_world(11)
    settings = tiny_release.settings(tmp_path / "config")
    assert len(settings.cities) == 2

    def states(name, **given):
        release = reach_release.write(tmp_path / name, world.rows, world.through, **given)
        public_tables.freeze(release, settings, TableHistory(), tmp_path / "lattice.parquet")
        return set(pd.read_parquet(tmp_path / "lattice.parquet").query("table_name == 'promises'")["state"])

    assert not states("two")
    monkeypatch.setattr(public_tables, "FEWEST_CITIES", 2)
    assert states("enough")  # so it is the number of cities, and nothing that is missing
    # Of enforcement that ends before the year, without a stated day, nothing is zero.
    for row in world.rows["enforcement_actions"]:
        row["acted_on"] = date(2021, 6, 1)
    assert "missing" not in states("stated")
    assert "missing" in states("derived", derived=("enforcement_actions",))
    said = " ".join(describe_new_rows(None, tmp_path / "lattice.parquet", settings))
    assert "as missing for good: 2022" in said


def test_no_other_answer_about_people_adds_up_over_cities(warehouse, published):
    queries = [q for q in warehouse.queries.values() if q.query_class is QueryClass.PUBLIC_TABLE]
    apart = {q.name for q in queries if "city" in q.grain}
    assert {q.name for q in queries} - apart == {"public_promises"}
    for name in apart:
        assert set(warehouse.run(name, {}, PUBLIC).frame["city"]) == set(published.cities)
    assert set(STEPS) == set(warehouse.run("public_funnel", {}, PUBLIC).frame["step"])


# What moves in what anybody may read when one person, session or invitation more comes in
MORE = (
    "one person",
    "one session",
    "one invitation",
    "one service in a hole",
    "one destroyed code",
    "one incident reclassified",
    "one self-inflicted wound",
    "one row in doubt",
)


def read(monkeypatch, made, is_whole):
    """What the public and a city looking on read of the release served, and the state's rows."""
    with closing(side_channels.opened(made.settings)) as warehouse:
        found = side_channels.answers(warehouse, PUBLIC, *[side_channels.WEST] * is_whole)
        found |= side_channels.claims(warehouse, made.settings)
        found["correction slip"] = side_channels.list_reasons(warehouse, made.settings)
        rows = warehouse.run("rows_by_extract", {}, STATE).frame.to_csv()
        if is_whole:
            found |= side_channels.documents(warehouse, made.settings)
    for groups in (None, "dash-west"):
        found |= side_channels.pages(monkeypatch, made.settings, screens.pages() if is_whole else ("sources",), groups)
    screens.forget()
    if is_whole:
        with pytest.MonkeyPatch.context() as patch:
            found |= side_channels.edition(patch, made.settings, made.folder)
    return found, rows


# In the audit each row comes with a release of its own, and at the end every screen, document and page is read.
@pytest.mark.parametrize("more", [MORE, pytest.param((*side_channels.SINGLES,), marks=pytest.mark.audit)])
def test_nothing_anybody_reads_moves_with_single_rows(tmp_path, monkeypatch, more):
    is_audit = more != MORE
    made = side_channels.world(tmp_path)
    made.publish()
    side_channels.SINGLES["one person"](made, side_channels.BEFORE)
    made.publish()  # both that are compared have one before them
    before, rows = read(monkeypatch, made, is_audit)
    moved = []
    for at, name in enumerate(more, start=1):
        side_channels.SINGLES[name](made, side_channels.BEFORE + timedelta(days=at))
        is_last = name == more[-1]
        if is_audit or is_last:
            made.publish()
            after, rows_after = read(monkeypatch, made, is_audit and is_last)
            moved += [(name, *text) for text in side_channels.moved({where: before[where] for where in after}, after)]
    assert before.keys() == after.keys()
    assert rows != rows_after  # there was something to notice
    release = Store(made.settings.home).current()
    assert release.manifest["accepted"]  # nor that one of them brought an objection
    errors = release.manifest["accepted_errors"]
    holes = [error["days"] for error in errors if error["extract"] == "services" and error["days"]]
    begins = side_channels.HOLE + timedelta(days=2 + more.index("one service in a hole"))
    assert holes == [[[begins.isoformat(), "2025-01-02"]]]
    assert moved == []


# The public, and a city, walk through everything: no code that is another's is handed out
# Fewer would mean that the walk no longer is the whole of it.
LEAST_CODES = {"public": 34_000, "bridgeport": 24_000}
LEAST_VISITS, LEAST_TEXTS, LEAST_FILES = 350, 80_000, 1_500
KINDS = {"csv", "pdf", "pptx", "png", "svg", "zip"}


def begun(settings, own, monkeypatch):
    release = Store(settings.home).current()
    mine = crawler.codes(release, [own])
    others = crawler.codes(release, settings.cities) - mine
    viewer = f"city:{own}" if own in settings.cities else own
    return Crawl(settings, viewer, Codes(others), Codes(mine), monkeypatch)


@pytest.mark.audit
@pytest.mark.parametrize("viewer", [*LEAST_CODES])
def test_nobody_is_handed_a_code_that_is_anothers(home_of, viewer, monkeypatch):
    crawl = begun(home_of, viewer, monkeypatch)
    for page in screens.pages():
        if page == crawler.PRESS:
            crawl.press()
        else:
            crawl.walk(page)
    assert crawl.found == set()
    assert len(crawl.secret.all) >= LEAST_CODES[viewer]
    assert crawl.visits >= LEAST_VISITS
    assert crawl.texts >= LEAST_TEXTS
    assert sum(crawl.files.values()) >= LEAST_FILES
    assert set(crawl.files) == KINDS
    if viewer != "public":
        # Its own it does read, on screens, in tables and on paper: the search finds what is there.
        assert all(crawl.own_read[kind] for kind in (crawler.TEXT, "csv", "pdf"))


@pytest.mark.audit
def test_a_code_on_a_page_and_in_its_file_is_found(home_of, monkeypatch):
    crawl = begun(home_of, "public", monkeypatch)
    said, filed = sorted(crawl.secret.all)[:2]
    opening, csv = components.write_answer, table_files.write_csv

    def with_a_code(table, about):
        return csv(table, about) + filed.encode()

    monkeypatch.setattr(components, "write_answer", lambda text: opening(f"{text} {said}."))
    monkeypatch.setattr(table_files, "write_csv", with_a_code)
    crawl.walk("evidence")
    assert {code for code, _ in crawl.found} == {said, filed}
