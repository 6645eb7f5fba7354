"""What becomes of a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pandas as pd


class Verdict(StrEnum):
    """The five answers; the value is how it is said."""

    SUPPORTED = "supported"
    BY_COUNT = "true by the count, chance could explain it"
    NOT_SUPPORTED = "not supported"
    DEPENDS = "depends on the baseline"
    CANNOT = "cannot be answered from these data"


@dataclass(frozen=True)
class ClaimAnswer:
    """The answer to one claim.

    `reading` is how it was understood, empty where it was not; `why` the reason for the
    verdict, `safe` what can be said instead, `figures` the rows behind it, `remarks` what
    to know with it, `errors` what was wrong with the data and accepted, `sources` the
    addresses of the published figures that were used;
    `from_release` is false where nothing but those was, and `published_params` then what to ask
    for to see them.
    """

    verdict: Verdict
    reading: str
    why: str
    safe: str = ""
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    remarks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    from_release: bool = True
    published_params: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
