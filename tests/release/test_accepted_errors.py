"""An error that was accepted is named with every verdict it may have changed, and no other."""

from __future__ import annotations

import pytest

from longevity import settings as configuration
from longevity.app.publish import publish_release as publish
from longevity.auth.viewers import PUBLIC, STATE, Viewer
from longevity.claims import render
from longevity.claims.verdict import ClaimAnswer
from longevity.release.publishing import RefusedError
from longevity.release.store import Store
from longevity.screens import claim_check
from longevity.screens.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, quiet
from tests.factories import damaged

NAMED = "An error in the incidents of New Haven (March"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A release in which three months of one city are missing, for a reason that was given."""
    folder = tmp_path_factory.mktemp("hole")
    settings: Settings = configuration.load_settings(home=folder / "home", environment={})
    damaged.write_with_a_hole(folder / "in", "new_haven", "hartford")
    with pytest.raises(RefusedError, match="New Haven has no incidents from"):
        publish(folder / "in", settings, TODAY, None, quiet)
    publish(folder / "in", settings, TODAY, "the archive has none", quiet)
    opened = Warehouse(Store(settings.home).current(), settings)
    yield opened
    opened.close()


def check(warehouse: Warehouse, text: str, viewer: Viewer = PUBLIC) -> ClaimAnswer:
    context = ReportContext(warehouse.settings, viewer, warehouse, TODAY)
    return claim_check.answer_reading(context, claim_check.read_text(context, text, None))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("At least 30 people were shot in New Haven in 2023", True),
        ("Shootings in New Haven in 2024 are up on 2023", True),  # that they are held against
        ("Shootings in New Haven in 2024 are the highest on record", True),
        ("Fewer people were shot in New Haven than in Hartford in 2023", True),
        ("At least 2 people were shot in New Haven in May 2023", True),
        ("At least 30 people were shot in New Haven in 2024", False),
        ("At least 2 people were shot in New Haven in June 2023", False),
        ("Shootings in New Haven in 2025 are up on 2024", False),
        ("At least 30 people were shot in Hartford in 2023", False),
        ("Shootings in Hartford in 2023 are the highest on record", False),
    ],
)
def test_a_hole_is_named_where_its_days_and_city_are_counted(warehouse, text, named):
    judged = check(warehouse, text)
    assert [one.startswith(NAMED) for one in judged.errors] == [True] * named
    assert (render.ACCEPTED in judged.safe) == (named and bool(judged.safe))
    assert NAMED in render.render_answer(judged, "Source.") or not named


def test_what_check_said_of_the_rows_is_for_those_who_may_read_of_them(warehouse):
    text = "At least 30 people were shot in New Haven in 2023"
    said = "incidents.parquet, column occurred_at: New Haven has no incidents from"
    (state,), (public,) = (check(warehouse, text, each).errors for each in (STATE, PUBLIC))
    assert said in state
    assert said not in public
