"""What becomes of a claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from longevity.findings.finding import Finding
from longevity.text.claims.change_fit import Fit


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
    `from_release` is false where nothing but those was.
    """

    verdict: Verdict
    reading: str
    why: str
    safe: str = ""
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    remarks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    from_release: bool = True
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tally:
    """How many, or how many of how many, by one source; of `unknown` more it is not known.

    `days` says which time it is of, as the words of a sentence; `is_public` whether anybody may
    know it; `hours` within how many it had to be, where the configuration says that; `address`
    where it was published, empty for the release.
    """

    part: int
    whole: int | None = None
    unknown: int = 0
    days: str = ""
    is_public: bool = False
    hours: int | None = None
    address: str = ""

    @property
    def source(self) -> str:
        """Return by whom it is."""
        return "a published figure" if self.address else "this release"


@dataclass(frozen=True)
class Held:
    """A finding, and how the claim fares against it."""

    finding: Finding
    fit: Fit

    @property
    def name(self) -> str:
        """Return what it is held against."""
        return self.finding.against.name

    @property
    def is_known(self) -> bool:
        """Return whether there is anything to compare."""
        return self.fit is not Fit.MISSING


@dataclass(frozen=True)
class Rival:
    """What a claim of a rank is held against: another year, month or place, and its count.

    `is_arguable`: it may or may not be meant, as the first year of "since 2019".
    """

    name: str
    count: int
    finding: Finding | None
    is_arguable: bool = False
