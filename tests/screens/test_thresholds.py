"""A threshold of the configuration reaches what is counted and every sentence about it."""

import re
from dataclasses import replace
from itertools import chain

import pytest

from longevity import settings as configuration
from longevity.outputs.documents import deck
from longevity.screens import claim_check
from tests.drivers import briefing_reader, screens
from tests.factories import bundles, configs
from tests.factories.ascii_table import rows
from tests.oracles import demonstration_counts

# Changed to what, where it is said, and how.
SAID = rows("""
name                      | value | page           | sentence
greeted_within_hours      | 24    | support        | within 24 hours
notified_within_days      | 2     | briefing       | warned within 48 hours
notified_within_days      | 2     | this_week      | within 48 hours
reviewed_within_days      | 9     | briefing       | reviewed after 9 days
promise_window_days       | 120   | follow_up      | day 120 belongs to
least_base_for_percentage | 99    | compare_cities | base of 99 or more
""")
# What is let in, withheld or judged changes with these; the figure itself is in no sentence here.
SILENT = {"withheld_up_to", "unchanged_within", "piled_rows", "largest_jump", "largest_loss", "stale_after_days"}
# How they are said as they ship. Cases are counted by 30, 60 and 90 days whatever the window is.
WAS = re.compile(
    r"72 hours|within (?:3|three) days|the 90 days before|day 90 belongs|of 90\b|after 7 days|base of 30\b"
)


def test_screens_and_slides_say_each_threshold_that_is_configured_and_none_that_was(monkeypatch, published, tmp_path):
    assert {row["name"] for row in SAID} | SILENT == set(published.thresholds.model_dump())
    path = configs.copy_of(published, tmp_path).config_path
    text = path.read_text(encoding="utf-8")
    for name, value in {row["name"]: row["value"] for row in SAID}.items():
        text, found = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        assert found == 1
    path.write_text(text, encoding="utf-8")
    changed = configuration.load_settings(path, home=published.home, environment={})
    bundles.draw_nothing(monkeypatch)
    said = {}
    for page in {row["page"] for row in SAID}:
        app = screens.visit(monkeypatch, changed, page)
        assert not app.exception
        said[page] = " ".join(str(element.proto) for element in screens.list_elements(app))
    for row in SAID:
        assert row["sentence"] in said[row["page"]], row["name"]
    slides = briefing_reader.slides(deck.build_deck(briefing_reader.briefing(changed, "state")))
    said["slides"] = " ".join(chain.from_iterable(map(briefing_reader.words, slides)))
    found = {
        where: [text[max(hit.start() - 60, 0) : hit.end()] for hit in WAS.finditer(text)]
        for where, text in said.items()
    }
    assert {where: hits for where, hits in found.items() if hits} == {}


@pytest.mark.parametrize(("hours", "days"), [(24, "one day"), (48, "two days"), (72, "three days")])
def test_a_claim_of_who_was_met_is_of_the_hours_configured_and_of_no_others(published, demonstration, hours, days):
    thresholds = published.thresholds.model_copy(update={"greeted_within_hours": hours})
    context = briefing_reader.context(replace(published, thresholds=thresholds), "state")
    city = next(iter(published.cities.values()))
    # Counted a second way, from the rows of the extracts: who was on the list that day.
    listed = {row["person_id"]: row for row in demonstration_counts.read(demonstration, "people")}
    days_waited = [
        (row["greeted_on"] - row["released_on"]).days if row["greeted_on"] else None
        for row in demonstration_counts.read(demonstration, "releases_from_custody")
        if row["city"] == city.id
        and row["released_on"]
        and row["released_on"].year == 2025
        and (person := listed.get(row["person_id"]))
        and person["listed_on"] <= row["released_on"]
        and (person["delisted_on"] is None or row["released_on"] <= person["delisted_on"])
    ]
    count = sum(waited is not None and waited <= hours / 24 for waited in days_waited)

    def check(within):
        text = f"At least {count} people coming home were met{within} in {city.name} in 2025"
        judged = claim_check.answer_reading(context, claim_check.read_text(context, text, None))
        return judged.verdict.value, f"{judged.reading} {judged.why}"

    verdict, said = check(f" within {days}")
    assert verdict == "supported", said
    assert f"{count} of" in said
    assert f"were met within {hours} hours" in said
    assert check(" in time") == (verdict, said)
    for other in ("within 24 hours", "within two days", "within 72 hours", "within three days"):
        if other not in (f"within {hours} hours", f"within {days}"):
            assert check(f" {other}")[0].startswith("cannot")
