"""A form with its days: what all kinds of claims need to be held against the counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from longevity.findings.finding import TOGETHER, Against, Finding, find, find_tested
from longevity.text import counts, wording
from longevity.text.claims.evidence import Evidence
from longevity.text.claims.form import NOUNS, STATE, ClaimForm
from longevity.windows import DAY, Window

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
    span: Window
    through: date

    def count(self, measure: str = "", span: Window | None = None) -> int | None:
        """Count what it is about, in its days or others; None where they are not known."""
        what = measure or self.form.what
        return self.evidence.count(self.form.where, what, span or self.span)

    def find(self, against: Against) -> Finding:
        """Hold the count of its days against another time."""
        evidence, where = self.evidence, self.form.where
        evidence.load(where, [self.span, *against.windows])
        return find(
            self.count,
            self.form.what,
            self.span,
            against,
            evidence.compute_dispersion(where, find_tested(self.form.what), self.span[1]),
            place=where,
            name=self.place_name,
            least_base=evidence.least_base,
        )

    def step_back(self, years: int) -> Window:
        """Return the same days so many years before."""
        return self.form.when.step_back(self.span, years)

    @property
    def is_whole_year(self) -> bool:
        """Return whether it is about one calendar year."""
        return wording.format_period(*self.span).isdecimal()

    @property
    def is_provisional(self) -> bool:
        """Return whether late records can still be expected for the newest of its days."""
        return (self.through - self.span[1]).days < NEWEST_DAYS

    @property
    def place_name(self) -> str:
        """Return what the place is called."""
        return self.name_place(self.form.where)

    def name_place(self, place: str) -> str:
        """Name a place: a city, a neighbourhood, the cities together, the state."""
        names = self.evidence.names
        if place != TOGETHER:
            return names.state if place == STATE else names.places[place]
        together = " together" if len(names.cities) > 1 else ""
        return f"{wording.join_words([*names.cities.values()])}{together}"

    def describe_subject(self) -> str:
        """Return "people shot in A, January 1 to November 21, 2026"."""
        return f"{NOUNS[self.form.what]} in {self.place_name}, {wording.format_period(*self.span)}"

    def describe_count(self, count: int) -> str:
        """Return "36 people were shot in A from January 1 to November 21, 2026"."""
        clause = counts.describe_count(self.form.what, count)
        return f"{clause} in {self.place_name} {wording.format_during(*self.span)}"

    def name_days(self, *spans: Window) -> str:
        """Name days of other years: "the same days of 2023 to 2025", "2024"; days that go on into
        the next year "the same days of 2024–25".
        """
        first, last = (_name_years(*end(spans)) for end in (min, max))
        years_text = first if first == last else f"{first} to {last}"
        return years_text if self.is_whole_year else f"the same days of {years_text}"

    def list_remarks(self) -> list[str]:
        """Say what to know with any answer about these counts."""
        if self.form.where == STATE:
            return []
        remarks = [PROVISIONAL] if self.is_provisional else []
        if self.is_provisional and self.form.what in ("fatal", "homicides"):
            remarks.append(MAY_DIE)
        if self.form.what != "incidents":
            remarks.append(NOT_COUNTED)
        return [*remarks, *filter(None, [self.describe_unlocated()])]

    def count_unlocated(self) -> int:
        """Count those of whom it is not known whether they belong to its neighbourhood."""
        return self.evidence.count_unlocated(self.form.where, self.form.what, self.span)

    def describe_unlocated(self) -> str:
        """Say how many more there were of whom the neighbourhood is not known, or nothing."""
        unlocated = self.count_unlocated()
        if not unlocated:
            return ""
        city = self.evidence.names.cities[self.form.city]
        number = wording.format_number(unlocated)
        return f"{number} more in {city} could not be placed in any neighbourhood."

    def explain_not_covered(self, span: Window | None = None) -> str:
        """Say that the data do not hold every day, and which they do."""
        span = span or self.span
        if self.form.where == STATE:
            subject, period = NOUNS[self.form.what], wording.format_period(*span)
            return (
                f"The data hold the program's cities, not {self.place_name}, and no published "
                f"figure here gives {subject} for {period}."
            )
        cities = self.evidence.list_cities(self.form.where)
        places = filter(None, [self.form.where, self.form.against.place])
        few_placed = [self.evidence.explain_few_placed(p, span) for p in places if "/" in p]
        if why := self.evidence.explain_uncounted(cities) or " ".join(dict.fromkeys(few_placed)):
            return why.strip()
        starts = self.evidence.find_first_day(cities)
        text = f"The data do not cover all of {wording.format_period(*span)}"
        if starts and span[0] < starts:
            return f"{text}: they begin on {wording.format_day(starts)}."
        if self.through < span[1] - DAY:
            ends = wording.format_day(self.through)
            return f"{text}: they end on {ends}. Say a time that is over, or “so far”."
        return f"{text}."


def _name_years(start: date, until: date) -> str:
    last = (until - DAY).year
    return str(start.year) if last == start.year else f"{start.year}–{last % 100:02}"
