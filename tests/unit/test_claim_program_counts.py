"""What a claim about the program is held against, where it is not known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from longevity.reports import claim_check
from longevity.reports.context import ReportContext
from longevity.text.claims.program import Tally


def test_cases_of_which_nobody_knows_whether_enforcement_followed_are_no_share() -> None:
    known = {"window_days": 30, "episodes": 70, "unknown": 0, "elapsed": 70, "elapsed_kept": 35}
    unknown = known | {"unknown": 70, "elapsed": 0, "elapsed_kept": 0}
    rows = {"east": pd.DataFrame([known]), "west": pd.DataFrame([unknown])}

    def ask(_: str, city: str) -> Any:
        return SimpleNamespace(frame=rows[city])

    context = cast(ReportContext, SimpleNamespace(ask=ask, cities={"east": "East", "west": "West"}))
    tally = claim_check._count_so_far(context, "follow_up_30", ["east"])
    assert tally == Tally(35, 70, 0, "so far")
    answer = claim_check._count_so_far(context, "follow_up_30", ["east", "west"])
    assert answer == "Whether enforcement followed is not known of 70 of 70 cases in West."
