"""A card that fails says so in its place, and the others stand."""

from __future__ import annotations

from typing import Any

from longevity.errors import DataError
from longevity.ui import page_context
from tests.drivers import screens


def test_a_card_whose_question_fails_says_so_and_the_others_stand(monkeypatch, published):
    whole = len(screens.figures(screens.visit(monkeypatch, published, "compare_cities")))
    compute = page_context.PageContext.compute

    def break_one(self: Any, function: Any, *inputs: Any) -> Any:
        if inputs and isinstance(inputs[-1], dict) and inputs[-1].get("area") == "hartford":
            raise DataError("The hours cannot be read.", "Publish again.")
        return compute(self, function, *inputs)

    monkeypatch.setattr(page_context.PageContext, "compute", break_one)
    app = screens.visit(monkeypatch, published, "compare_cities")
    assert not app.exception
    assert any("The hours cannot be read." in info.value for info in app.info)
    assert len(screens.figures(app)) == whole - 1
