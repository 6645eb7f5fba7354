"""A form with its days: what all kinds of claims need to be held against the counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from longevity.findings.finding import Against, Finding, find, find_tested
from longevity.measures.say import say
from longevity.stats.comparison import Comparison
from longevity.text import availability, wording
from longevity.text.claims import evidence as records
from longevity.text.claims.evidence import Evidence
from longevity.text.claims.form import NOUNS, STATE, TOGETHER, ClaimForm, Names
from longevity.text.claims.when import Span

# Days that end no longer ago than this are still being entered.
NEWEST_DAYS = 28
PROVISIONAL = (
    "The newest weeks are still being entered and usually grow; the count is of what was recorded."
)
MAY_DIE = (
    "Some of those wounded in these days may still die; of earlier years most deaths are recorded."
)
NOT_COUNTED = "Accidents, suicides, self-defence and shootings by police are not counted."


@dataclass(frozen=True)
class Question:
    """A form, the days it is about, [start, until), and the last day of the data there."""

    form: ClaimForm
    evidence: Evidence
    span: Span
    through: date

    def count(self, span: Span | None = None, measure: str = "") -> int | None:
        """Count what it is about, in its days or others; None where they are not known."""
        what = measure or self.form.what
        return self.evidence.count(self.form.where, what, span or self.span)

    def find(self, against: Against) -> Finding:
        """Hold the count of its days against an earlier time."""
        evidence, where = self.evidence, self.form.where
        tested = find_tested(self.form.what)
        return find(
            lambda measure, span: self.count(span, measure),
            self.form.what,
            self.span,
            against,
            evidence.compute_dispersion(where, tested, self.span[1]),
            place=where,
            name=self.place_name,
            least_base=evidence.least_base,
        )

    def make_finding(self, against: Against, tested: Comparison) -> Finding:
        """Return what others counted of its days, held against an earlier time."""
        what, where, least = self.form.what, self.form.where, self.evidence.least_base
        return Finding(what, where, self.place_name, self.span, against, tested, least)

    def step_back(self, years: int) -> Span:
        """Return the same days so many years before."""
        return self.form.when.step_back(self.span, years)

    @property
    def is_whole_year(self) -> bool:
        """Return whether it is about one calendar year."""
        year = self.span[0].year
        return self.span == (date(year, 1, 1), date(year + 1, 1, 1))

    @property
    def is_provisional(self) -> bool:
        """Return whether late records can still be expected for the newest of its days."""
        return (self.through - self.span[1]).days < NEWEST_DAYS

    @property
    def place_name(self) -> str:
        """Return what the place is called."""
        return name_place(self.form.where, self.evidence.names)

    def describe_subject(self) -> str:
        """Return "people shot in A, January 1 to November 21, 2026"."""
        return f"{NOUNS[self.form.what]} in {self.place_name}, {wording.format_period(*self.span)}"

    def describe_count(self, count: int) -> str:
        """Return "36 people were shot in A from January 1 to November 21, 2026"."""
        clause = say(f"{self.form.what}.clause", n=count)
        return f"{clause} in {self.place_name} {wording.format_during(*self.span)}"

    def name_days(self, spans: tuple[Span, ...]) -> str:
        """Name days of other years: "the same days of 2023 to 2025", "2024"; days that go on into
        the next year "the same days of 2024–25".
        """
        by_year = {start.year: _name_years(start, until) for start, until in sorted(spans)}
        years_text = " to ".join(dict.fromkeys((by_year[min(by_year)], by_year[max(by_year)])))
        if self.is_whole_year:
            return years_text
        return f"the same days of {years_text}"

    def list_remarks(self) -> list[str]:
        """Say what to know with any answer about these counts."""
        remarks = [PROVISIONAL] if self.is_provisional else []
        if self.is_provisional and self.form.what in ("fatal", "homicides"):
            remarks.append(MAY_DIE)
        if self.form.what != "incidents":
            remarks.append(NOT_COUNTED)
        if unlocated := self.describe_unlocated():
            remarks.append(unlocated)
        return remarks

    def describe_unlocated(self) -> str:
        """Say how many more there were of whom nobody knows the neighbourhood, or nothing."""
        unlocated = self.count_unlocated()
        if not unlocated:
            return ""
        return (
            f"{wording.format_number(unlocated)} more in "
            f"{self.evidence.names.cities[self.form.city]} could not be placed in any "
            "neighbourhood."
        )

    def count_unlocated(self) -> int:
        """Count those of whom nobody knows whether they belong to its neighbourhood."""
        return self.evidence.count_unlocated(self.form.where, self.form.what, self.span)

    def explain_not_covered(self, span: Span | None = None) -> str:
        """Say that the data do not hold every day, and which they do."""
        span = span or self.span
        cities = self.evidence.list_cities(self.form.where)
        if uncounted := self.evidence.explain_uncounted(cities):
            return uncounted
        if few_placed := self.evidence.explain_few_placed(self.form.where, span):
            return few_placed
        starts = self.evidence.find_first_day(cities)
        text = f"The data do not cover all of {wording.format_period(*span)}"
        if starts and span[0] < starts:
            return f"{text}: they begin on {wording.format_day(starts)}."
        if self.through < span[1]:
            return (
                f"{text}: they end on {wording.format_day(self.through)}. Say a time that is over, "
                "or “so far”."
            )
        return f"{text}."

    def explain_not_held(self) -> str:
        """Say why a count is not known where the sources of a city do not hold it, and what is."""
        cities = self.evidence.list_cities(self.form.where)
        if self.form.against.place:
            cities += self.evidence.list_cities(self.form.against.place)
        names = {city: self.evidence.names.cities[city] for city in dict.fromkeys(cities)}
        noun = NOUNS[self.form.what]
        why = availability.explain_missing(self.evidence.holds, self.form.what, noun, names)
        every = records.list_measures_held(self.evidence, names) if why else []
        offer = f" Say {' or '.join(NOUNS[m] for m in every)} instead." if every else ""
        return f"{why}{offer}"


def _name_years(start: date, until: date) -> str:
    last = (until - timedelta(days=1)).year
    return str(start.year) if last == start.year else f"{start.year}–{last % 100:02}"


def name_place(place: str, names: Names) -> str:
    """Name a place: a city, a neighbourhood, the cities together, the state."""
    if place == TOGETHER:
        cities = list(names.cities.values())
        return f"{wording.join_words(cities)} together" if len(cities) > 1 else cities[0]
    return names.state if place == STATE else names.places[place]
