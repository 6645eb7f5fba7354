"""A year of weekly releases, and all that was ever cut of the demonstration, attacked."""

import time
from collections import Counter
from datetime import date, timedelta
from itertools import cycle

import pytest

from longevity.auth.viewers import PUBLIC
from longevity.outputs import table_files
from longevity.release.store import Store
from longevity.ui import components
from tests.drivers import crawler, screens
from tests.drivers.crawler import Codes, Crawl
from tests.oracles import funnel_attack, rule_attack, side_channels
from tests.oracles.lattice_attack import OWN, PROTECTED, VALUES, Found, Published, people
from tests.oracles.side_channels import Moved

pytestmark = pytest.mark.audit

YEAR = [date(2024, 3, 25) + timedelta(days=7 * week) for week in range(56)]


@pytest.mark.parametrize(("seed", "values"), [(1, VALUES), (2, VALUES), (1, OWN)])
def test_a_year_of_weekly_releases_is_not_broken(seed, values, tmp_path):
    published, found, knowing = Published(people(seed, values=values), tmp_path), Found(), rule_attack.found()
    for week in YEAR:
        told = published.week(week)
        found.attack(told)
        knowing.attack(told)
    assert (found.broken, found.late_read) == (0, 0)
    assert found.narrowest >= PROTECTED
    assert (knowing.broken, knowing.exact) == (0, 0)


@pytest.fixture(scope="module")
def files(warehouse):
    """The public tables of the demonstration, a year each, as their downloads give them."""
    found = []
    for year in range(2008, 2026):
        answers = {name: warehouse.run(name, {"year": year}, PUBLIC) for name in funnel_attack.TABLES}
        texts = {n: table_files.write_csv(a.frame, a.provenance) for n, a in answers.items()}
        found.append({name: funnel_attack.read_rows(text.decode("utf-8")) for name, text in texts.items()})
    return found


def test_no_withheld_cell_of_the_demonstration_is_read_by_one_who_knows_the_rule(files):
    knowing = rule_attack.found()
    for year in files:
        knowing.attack(funnel_attack.read_victims(*(year[name] for name in funnel_attack.TABLES[:2])))
    assert min(knowing.shown, knowing.withheld) > 0
    assert (knowing.broken, knowing.exact) == (0, 0)


@pytest.mark.parametrize(("seed", "a_session"), [(1, 25), (2, 12), (3, 6)])
def test_a_year_of_weekly_releases_of_call_ins_is_not_broken(seed, a_session, tmp_path):
    published = funnel_attack.Published(funnel_attack.asked(seed, a_session=a_session), tmp_path)
    found, knowing = Found(funnel_attack.ways, funnel_attack.steps_read), Found(rule_attack.ways_of_funnel)
    for week in YEAR:
        told = published.week(week)
        found.attack(told)
        knowing.attack(told)
    assert (found.broken, found.late_read) == (0, 0)
    assert found.narrowest >= PROTECTED
    assert (knowing.broken, knowing.exact) == (0, 0)


def test_all_that_was_ever_cut_is_attacked_as_files(files):
    people, program = funnel_attack.attack_files(files)
    for found in (people, program):
        assert min(found.shown, found.withheld) > 0
        assert found.broken == 0
        assert found.narrowest >= PROTECTED


# A year of weekly releases in which the program alone grows, a row a week: nobody sees it

WEEKS = 52
WHOLE = 6  # weeks between readings of every screen and document
SECONDS = 600  # of the processor


def _answers(made):
    warehouse = side_channels.opened(made.settings)
    found = side_channels.answers(warehouse, PUBLIC, side_channels.WEST)
    warehouse.close()
    return found


def _all_else(monkeypatch, made):
    warehouse = side_channels.opened(made.settings)
    found = side_channels.documents(warehouse, made.settings)
    warehouse.close()
    for groups in (None, "dash-west"):
        found |= side_channels.pages(monkeypatch, made.settings, screens.pages(), groups)
    screens.forget()
    with pytest.MonkeyPatch.context() as patch:
        found |= side_channels.edition(patch, made.settings, made.folder)
    return found


def test_a_year_of_single_rows(tmp_path, monkeypatch):
    began = time.process_time()
    made = side_channels.world(tmp_path)
    made.publish()
    side_channels.SINGLES["one contact"](made, side_channels.BEFORE)
    made.publish()
    answers, others = _answers(made), _all_else(monkeypatch, made)
    texts = len(answers) + len(others)
    found: list[tuple[str, Moved]] = []
    kinds = cycle(side_channels.SINGLES.items())
    for week in range(1, WEEKS + 1):
        name, more = next(kinds)
        more(made, side_channels.BEFORE + timedelta(days=2 * week))
        made.publish()
        now = _answers(made)
        found += [(name, text) for text in side_channels.moved(answers, now)]
        answers = now
        if week % WHOLE == 0 or week == WEEKS:
            now = _all_else(monkeypatch, made)
            found += [(name, text) for text in side_channels.moved(others, now)]
            others = now
    seconds = time.process_time() - began
    moved = len({one.where for _, one in found})
    print(f"\n{WEEKS} releases, {texts} texts, {moved} moved, in {seconds:,.0f} s")
    assert not found, (Counter(one.where for _, one in found), found[:3])
    assert seconds < SECONDS


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


@pytest.mark.parametrize("viewer", [*LEAST_CODES])
def test_nobody_is_handed_a_code_that_is_anothers(home_of, viewer, monkeypatch, capsys):
    crawl = begun(home_of, viewer, monkeypatch)
    for page in screens.pages():
        if page == crawler.PRESS:
            crawl.press()
        else:
            crawl.walk(page)
    with capsys.disabled():
        print(f"\n{crawl.line()}")
    assert crawl.found == set()
    assert len(crawl.secret.all) >= LEAST_CODES[viewer]
    assert crawl.visits >= LEAST_VISITS
    assert crawl.texts >= LEAST_TEXTS
    assert sum(crawl.files.values()) >= LEAST_FILES
    assert set(crawl.files) == KINDS
    if viewer != "public":
        # Its own it does read, on screens, in tables and on paper: the search finds what is there.
        assert all(crawl.own_read[kind] for kind in (crawler.TEXT, "csv", "pdf"))


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
