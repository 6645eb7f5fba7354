"""A form with its days, and what it is held against: earlier times and other places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from longevity.absent import Absent, Count
from longevity.claims.evidence import Evidence
from longevity.claims.form import STATE, Base, ClaimForm, require_part
from longevity.claims.verdict import NoAnswerError
from longevity.claims.when import LAUNCH
from longevity.findings.finding import TOGETHER, Against, Finding, find, find_tested
from longevity.measures import wording
from longevity.measures.say import say
from longevity.windows import DAY, Window

NOT_EARLIER = "It compares with a time that is not earlier."
# Days that end no longer ago than this are still being entered.
NEWEST_DAYS = 28


@dataclass(frozen=True)
class Question:
    """A form, the days it is about, [start, until), and the last day of the data there."""

    form: ClaimForm
    evidence: Evidence
    span: Window
    through: date

    def count(self, measure: str = "", span: Window | None = None) -> Count:
        """Count what it is about, in its days or others."""
        return self.evidence.count(self.form.where, measure or self.form.what, span or self.span)

    def count_known(self) -> int:
        """Count what it is about in its days; NoAnswerError where that is not known."""
        count = self.count()
        if isinstance(count, Absent):
            raise NoAnswerError(self.explain_not_covered())
        return count

    def count_unlocated(self) -> int:
        """Count those of whom it is not known whether they belong to its neighbourhood."""
        return self.evidence.count_unlocated(self.form.where, self.form.what, self.span)

    def list_published(self, place: str) -> list[tuple[str, int]]:
        """Return what others published of it in a place, where it is about a whole year."""
        if not self.is_whole_year:
            return []
        return self.evidence.list_published(place, self.form.what, self.span[0].year)

    def find(self, against: Against, other: str = "") -> Finding:
        """Hold the count of its days against another time, or against another place."""
        evidence, what, where = self.evidence, self.form.what, self.form.where
        places = [where, *filter(None, [other])]
        evidence.load(where, [self.span, *against.windows])
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

    def find_place(self, place: str, residents: tuple[float, float] | None = None) -> Finding:
        """Hold its place against another, by count or per resident."""
        name, how = self.name_place(place), "per resident" if residents else "as a count"
        return self.find(
            Against(f"{name} {how}", name, (self.span,), not residents, residents), place
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
        years = " to ".join(dict.fromkeys(_name_years(*end(spans)) for end in (min, max)))
        return years if self.is_whole_year else f"the same days of {years}"

    # --- earlier times -------------------------------------------------------------------

    def list_baselines(self) -> list[Against]:
        """Return the earlier times it is held against; NoAnswerError where there is none."""
        against, when = self.form.against, self.form.when
        usual = [(against.base, against.number)]
        if against.base is Base.EACH:
            last = Base.BEFORE if when.is_newest else Base.PROGRAM
            usual = [(Base.LAST_YEAR, 0), (Base.MEAN, 3), (Base.MEAN, 5), (last, 0)]
        fit: dict[tuple[Window, ...], Against] = {}
        for base, number in usual:
            try:
                found = self._choose_baseline(base, number)
                self._check_overlap(found)
                # The twelve months just before are those of the year before too.
                fit.setdefault(found.windows, found)
            except NoAnswerError:
                # A year before must be there; the time since the launch may have those before it.
                if not fit and (when.code != LAUNCH or base is usual[-1][0]):
                    raise
        return [*fit.values()]

    def _choose_baseline(self, base: Base, number: int) -> Against:
        when, year = self.form.when, self.span[0].year
        if base is Base.BEFORE:
            days = (self.span[1] - self.span[0]).days
            if number and number not in (days, when.count_months(self.span)):
                raise NoAnswerError("The time before is not as long as the one it speaks of.")
            name = f"the {days} days before" if when.is_days else ""
            return self._name_span(when.find_before(self.span), name)
        if base is Base.WHEN:
            clock = self.evidence.make_clock(self.form.where, self.through)
            return self._name_span(require_part(self.form.against.when).resolve(clock))
        back = year - number if base is Base.YEAR else 1
        name = "last year" if year == self.through.year else "the year before"
        name, backs = str(number or name), [back] if back > 0 else []
        if base is Base.MEAN:
            name, backs = f"the {number}-year average", [*range(number, 0, -1)]
        elif base is Base.PROGRAM:
            name, backs = "the pre-program average", self._list_years_before_program()
        if not backs:
            none = "There is no year before the program to compare."
            raise NoAnswerError(none if base is Base.PROGRAM else NOT_EARLIER)
        spans = tuple(map(self.step_back, backs))
        return Against(name, self.name_days(*spans), spans)

    def _name_span(self, span: Window, name: str = "") -> Against:
        """Name another time: by its dates, and where it is the same days by their year."""
        length, other = ((until - start).days for start, until in (self.span, span))
        backs = self.span[0].year - span[0].year
        is_same = backs > 0 and self.step_back(backs) == span
        period = wording.format_period(*span)
        days = period if period.isdecimal() else f"the {other} days from {period}"
        days = self.name_days(span) if is_same else name or days
        return Against(name or period, days, (span,), is_same or length == other)

    def _list_years_before_program(self) -> list[int]:
        """Return how far back the years are whose days end before the program began everywhere.

        None where one of the cities has no program, or its days do not come after it.
        """
        evidence = self.evidence
        cities = evidence.list_cities(self.form.where)
        launches = [day for city in cities if (day := evidence.extents[city].launched_on)]
        known = evidence.find_span(cities)
        if not known or len(launches) < len(cities) or self.span[0] < max(launches):
            return []
        backs = range(self.span[0].year - known[0].year, 0, -1)
        spans = {back: self.step_back(back) for back in backs}
        return [
            back
            for back, (start, until) in spans.items()
            if known[0] <= start and until <= min(launches)
        ]

    def _check_overlap(self, baseline: Against) -> None:
        """Refuse days that would be counted on both sides, and those that are not earlier."""
        start, until = self.span
        for first, after in baseline.windows:
            both = max(start, first), min(until, after)
            if both[0] < both[1]:
                shared = wording.count_noun((both[1] - both[0]).days, "day")
                raise NoAnswerError(
                    f"The two times overlap: they share {shared} ({wording.format_period(*both)}), "
                    "which would be counted on both sides. Choose times that do not."
                )
            if first >= until:
                raise NoAnswerError(NOT_EARLIER)

    # --- another place -------------------------------------------------------------------

    def list_places(self) -> list[Finding]:
        """Return its place against another, by count and per resident where that is known."""
        form, place = self.form, self.form.against.place
        first, second = (self.evidence.residents.get(at, 0) for at in (form.where, place))
        cities = {form.city, place.partition("/")[0]}
        is_part = form.where == place or (len(cities) == 1 and cities & {form.where, place})
        if is_part or {TOGETHER, STATE} & {form.where, place}:
            raise NoAnswerError("One place is a part of the other.")
        is_rate, is_known = form.against.base is Base.RATE, bool(first and second)
        if is_rate and not is_known:
            both = wording.join_words([self.name_place(at) for at in (form.where, place)])
            raise NoAnswerError(f"The data give no residents for {both}.")
        has_rate = is_known and not form.says.size
        rates = [self.find_place(place, (float(first), float(second)))] if has_rate else []
        return rates if is_rate else [self.find_place(place), *rates]

    # --- what is not known ---------------------------------------------------------------

    def explain_not_covered(self, span: Window | None = None) -> str:
        """Say that the data do not hold every day, and which they do."""
        evidence, form = self.evidence, self.form
        start, until = span or self.span
        if form.where == STATE:
            return say("claim.not_of_state", place=self.name_place(STATE))
        cities = evidence.list_cities(form.where)
        places = [place for place in (form.where, form.against.place) if "/" in place]
        few = dict.fromkeys(evidence.explain_few_placed(place, start) for place in places)
        if why := evidence.explain_uncounted(cities) or " ".join(few).strip():
            return why
        begins, _ = evidence.find_span(cities) or (start, until)
        return say(
            "claim.not_covered",
            days=wording.format_period(start, until),
            begins=begins if start < begins else None,
            ends=self.through if self.through < until - DAY else None,
        )


def _name_years(start: date, until: date) -> str:
    last = (until - DAY).year
    return str(start.year) if last == start.year else f"{start.year}–{last % 100:02}"
