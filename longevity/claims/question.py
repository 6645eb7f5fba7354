"""A form with its days: what it counts and finds there, and how its place and days are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from longevity.absent import Absent, Count
from longevity.claims.evidence import Evidence
from longevity.claims.form import NOUNS, STATE, ClaimForm
from longevity.claims.verdict import NoAnswerError
from longevity.findings.finding import TOGETHER, Against, Finding, find, find_tested
from longevity.measures import wording
from longevity.measures.say import say
from longevity.windows import DAY, Window


@dataclass(frozen=True, kw_only=True)
class Question(ClaimForm):
    """A form, the days it is about, [start, until), and the last day of the data there."""

    evidence: Evidence
    span: Window
    through: date

    def count(self, span: Window | None = None) -> Count:
        """Count what it is about, in its days or others."""
        return self.evidence.count(self.where, self.what, span or self.span)

    def count_known(self) -> int:
        """Count what it is about in its days; NoAnswerError where that is not known."""
        count = self.count()
        if isinstance(count, Absent):
            raise NoAnswerError(self.explain_not_covered())
        return count

    @property
    def unplaced(self) -> int:
        """Return of how many it is not known whether they belong to its neighbourhood."""
        return self.evidence.count_unlocated(self.where, self.what, self.span)

    @property
    def more(self) -> str:
        """Say how many more there were of whom the neighbourhood is not known, or nothing."""
        city, n = self.evidence.names.cities.get(self.city), self.unplaced
        return say("claim.unplaced", n=n, place=city) if n else ""

    def find(self, against: Against, other: str = "") -> Finding:
        """Hold the count of its days against another time, or against another place."""
        evidence, what, where = self.evidence, self.what, self.where
        places = [where, *filter(None, [other])]
        return find(
            partial(evidence.count, where),
            what,
            self.span,
            against,
            evidence.estimate_dispersion(places, find_tested(what), self.span[1]),
            place=where,
            name=self.name_place(where),
            least_base=evidence.least_base,
            count_other=partial(evidence.count, places[-1]),
        )

    def list_published(self, place: str) -> list[tuple[str, int]]:
        """Return what others published of it in a place, where it is about a whole year."""
        year = self.year if self.is_whole_year else None
        return self.evidence.list_published(place, self.what, year)

    @property
    def year(self) -> int:
        """Return the year of its first day."""
        return self.span[0].year

    def step_back(self, years: int) -> Window:
        """Return the same days so many years before."""
        return self.when.step_back(self.span, years)

    @property
    def is_whole_year(self) -> bool:
        """Return whether it is about one calendar year."""
        return wording.format_period(*self.span).isdecimal()

    # --- in words ------------------------------------------------------------------------

    def say(self, sentence: str, /, **facts: Any) -> str:
        """Say a sentence of `measures/claims.toml` with its measure, place and days; `n` of them
        are what happened there.
        """
        what, place = self.what, self.name_place(self.where)
        usual = {"noun": NOUNS[what], "place": place, "during": wording.format_during(*self.span)}
        if "n" in facts:
            usual["clause"] = say(f"{what}.clause", n=facts["n"])
        return say(f"claim.{sentence}", usual, **facts)

    def name_place(self, place: str) -> str:
        """Name a place: a city, a neighbourhood, the cities together, the state."""
        names = self.evidence.names
        if place != TOGETHER:
            return names.places[place]
        together = " together" if len(names.cities) > 1 else ""
        return f"{wording.join_words([*names.cities.values()])}{together}"

    def name_days(self, *spans: Window) -> str:
        """Name days of other years: "the same days of 2023 to 2025", "2024"; days that go on into
        the next year "the same days of 2024–25".
        """
        ends = [(start.year, (until - DAY).year) for start, until in (min(spans), max(spans))]
        named = [f"{year}–{last % 100:02}" if last > year else str(year) for year, last in ends]
        years = " to ".join(dict.fromkeys(named))
        return years if self.is_whole_year else f"the same days of {years}"

    def explain_not_covered(self, span: Window | None = None) -> str:
        """Say that the data do not hold every day, and which they do."""
        evidence = self.evidence
        start, until = span or self.span
        if self.where == STATE:
            return self.say("not_of_state")
        cities = evidence.list_cities(self.where)
        few = [evidence.explain_few_placed(at, start) for at in (self.where, self.against.place)]
        if why := evidence.explain_uncounted(cities) or " ".join(filter(None, dict.fromkeys(few))):
            return why
        begins, _ = evidence.find_span(cities) or (start, until)
        return self.say(
            "not_covered",
            days=wording.format_period(start, until),
            begins=begins if start < begins else None,
            ends=self.through if self.through < until - DAY else None,
        )
