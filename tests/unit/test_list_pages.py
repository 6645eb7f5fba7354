"""Lists on the screen: codes without their city's id."""

from __future__ import annotations

import pandas as pd
import pytest

from longevity.text import list_pages


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("east-p12", "p12"),
        ("2 of 3: east-p1, north_west-p2; none else", "2 of 3: p1, p2; none else"),
        ("north-east-side", "north-east-side"),  # a place, no code
        ("East-West Street", "East-West Street"),
        ("east", "east"),
    ],
)
def test_a_code_loses_its_citys_id_and_nothing_else_does(cell: str, shown: str) -> None:
    table = pd.DataFrame({"what": [cell], "count": [1]})
    short = list_pages.shorten_codes(table, ["east", "north_west"])
    assert short["what"].tolist() == [shown]
    assert short["count"].tolist() == [1]
