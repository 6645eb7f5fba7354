"""A threshold of the configuration reaches what is counted and every sentence about it."""

import re
from itertools import chain

from longevity import settings as configuration
from longevity.outputs.documents import deck
from tests.drivers import briefing_reader, screens
from tests.factories import bundles, configs
from tests.factories.ascii_table import rows

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
SILENT = {"withheld_up_to", "piled_rows", "largest_jump", "largest_loss", "stale_after_days"}
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
