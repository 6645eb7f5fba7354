"""Screens where a release is missing, damaged, withdrawn or purged, or the configuration broken."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from longevity import settings as configuration
from longevity.base.errors import AccessError
from longevity.release import purge
from longevity.release.store import Store
from longevity.release.table_withdrawals import Withdrawals
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import EVALUATED
from longevity.ui import page_context, visitor
from tests.conftest import TODAY, UNTIL
from tests.drivers import briefing_reader, screens
from tests.drivers.disk import flip
from tests.drivers.publishing import publish
from tests.factories import configs, odd_release
from tests.factories.violence_release import write_sexes


@pytest.mark.parametrize("page", screens.pages())
def test_without_any_release_a_screen_says_how_to_make_one(monkeypatch, tmp_path, page):
    path = configs.write(tmp_path)
    settings = configuration.load_settings(path, home=tmp_path / "home", environment={})
    app = screens.visit(monkeypatch, settings, page)
    assert "No release has been published yet" in app.info[0].value
    assert "longevity publish" in screens.read(app)


def test_a_configuration_broken_under_a_running_app_leaves_the_last_good_one(monkeypatch, tmp_path, published, caplog):
    settings, broken = configs.copy_of(published, tmp_path), "[program]\nname = 3\n"
    app = screens.visit(monkeypatch, settings, "claim_check", viewer="state")
    before = screens.sentence(app)
    settings.config_path.write_text(broken, encoding="utf-8")
    screens.forget()
    app.run()
    assert not app.exception
    assert not app.error
    assert screens.sentence(app) == before
    assert f"{settings.config_path}: 'cities' is missing." in caplog.text
    # One that never held is a sentence without a path.
    path = tmp_path / "never good.toml"
    path.write_text(broken, encoding="utf-8")
    monkeypatch.setenv("LONGEVITY_CONFIG", str(path))
    screens.forget()
    app.run()
    assert app.info[0].value == page_context.NOT_NOW
    assert str(tmp_path) not in screens.read(app)
    assert str(path) in caplog.text


def test_old_data_are_said_to_be_old(monkeypatch, published):
    for age, is_old in ((8, False), (9, True)):
        app = screens.visit(monkeypatch, published, "sources", today=UNTIL + timedelta(days=age))
        assert (f"This demonstration ends on November 22, 2026, {age} days ago" in screens.read(app)) is is_old


def test_an_open_screen_shows_the_release_without_the_person(tmp_path, monkeypatch):
    settings = odd_release.publish_release(tmp_path)
    app = screens.visit(monkeypatch, settings, "support", "state")

    def list_cells():
        return {cell for frame in screens.tables(app) for column in frame.columns for cell in frame[column]}

    assert {"p4", "p5"} <= list_cells()
    assert not app.error
    purge.destroy_person(settings, "p5", TODAY)
    app.run()
    assert not app.exception
    assert {"p4", "p5"} & list_cells() == {"p4"}
    assert [screens.as_read(error.value) for error in app.error] == [visitor.CHANGED]


def test_of_a_release_that_was_withdrawn_no_file_is_made(tmp_path, monkeypatch):
    settings = odd_release.publish_release(tmp_path)
    store = Store(settings.home)
    good = store.current()
    # As if this release had been published after one that is served again now.
    before = replace(good, id=f"{good.id}-before", manifest=good.manifest | {"sequence": 0})
    files = screens.files(monkeypatch)
    app = screens.visit(monkeypatch, settings, "support", "state")
    make = next(iter(files.values()))
    assert make()
    assert not app.error
    store.point_to(before)
    with pytest.raises(AccessError, match=visitor.CHANGED):
        make()


def test_a_damaged_release_is_refused_and_the_one_before_serves_with_a_notice(monkeypatch, home_of):
    newer = Store(home_of.home).current()
    member = newer.path / "built" / "daily.parquet"
    member.chmod(0o644)
    member.write_bytes(flip(member.read_bytes()))
    app = screens.visit(monkeypatch, home_of, "sources")
    assert str(newer.manifest["previous"]) in screens.read(app)
    (notice,) = [error.value for error in app.error]
    assert newer.id in notice


def test_a_withdrawn_table_is_named_on_sources_and_where_it_was_shown_also_after_a_rollback(
    monkeypatch, settings, tmp_path
):
    extracts = write_sexes(tmp_path / "wrong", swapped=True)
    wrong = publish(extracts, settings, TODAY).release_id
    withdrawals = Withdrawals((("sex", 2024),), ("hartford",))
    publish(extracts, settings, TODAY, "men were taken for [women]", withdrawals=withdrawals)
    Store(settings.home).rollback(wrong)
    said = (
        "Sex of those shot, Hartford, 2024: withdrawn on November 23, 2026, and not replaced. "
        "Reason: men were taken for [women]."
    )
    for page, tab in (("sources", "Changes"), ("compare_cities", "Victims")):
        assert said in screens.read(screens.visit(monkeypatch, settings, page, tab=tab))


# The evaluation as each viewer may see it, and where there can be none
def test_what_reviews_found_is_for_the_state_and_the_city_itself(monkeypatch, published):
    own, other, *_ = published.cities
    app = screens.visit(monkeypatch, published, "evidence", city=own)
    # In one session, so that nothing that is kept crosses from viewer to viewer.
    for viewer in ("state", f"city:{other}", f"city:{own}", "public"):
        app.sidebar.selectbox(key="guard.viewer").set_value(viewer).run()
        words = screens.read(app)
        may_see = viewer in ("state", f"city:{own}")
        for sign in ("Share reviewed", "With group members", "NOT FOR RELEASE"):
            assert (sign in words) is may_see, (viewer, sign)
        assert may_see or "what the reviews found is not shown here" in words


def test_with_under_two_years_after_the_launch_nothing_looks_like_an_estimate(monkeypatch, published, tmp_path, world):
    path = configs.copy_of(published, tmp_path).config_path
    city, *_ = published.cities.values()
    launched = f"launched_on = {city.launched_on}"
    path.write_text(path.read_text("utf-8").replace(launched, "launched_on = 2025-06-01", 1), encoding="utf-8")
    settings = configuration.load_settings(path, home=published.home, environment={})
    app = screens.visit(monkeypatch, settings, "evidence", city=city.id)
    assert screens.sentence(app) == f"{city.name}: these data cannot tell."
    why = "only 7 months after the launch, to December 2025, can be used"
    words = screens.read(app)
    assert why in words
    assert "takes 24 whole months" in words
    assert screens.figures(app) == []
    assert not re.search(r"95.%|expected|until [A-Z]", words)
    for entry in (entry for entry in chart_list.list_entries(settings) if entry.about.subject == EVALUATED):
        app = screens.visit(monkeypatch, settings, "press_desk", chart=entry.name, city=city.id)
        assert why in screens.read(app)
        assert "Download everything (ZIP)" not in [button.label for button in app.download_button]
    asked, not_asked = (
        {entry.about.subject for entry in chart_list.list_entries(world(name))} for name in ("counts", "no launch")
    )
    assert asked - not_asked == {EVALUATED}


def test_charts_of_a_city_that_begins_this_year_say_from_when(world):
    context = briefing_reader.context(world("late west"))
    years, hours = (
        chart_list.find_entry(name).draw(context, {"area": "west"}) for name in ("years", "hours-and-weekdays")
    )
    assert years.title == "4 people were shot in West from May 1 to June 30, 2026"
    assert ", 2024 to 2026, known from May 1, 2026" in hours.subtitle
