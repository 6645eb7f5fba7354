"""A form with its days, and what it is held against: earlier times, places, sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from longevity.absent import Count
from longevity.findings.counting import Counting
from longevity.findings.finding import TOGETHER, Against, Finding, find, find_tested
from longevity.measures import wording
from longevity.stats.dispersion import Dispersion, estimate_dispersion
from longevity.text.claims.evidence import Evidence
from longevity.text.claims.form import STATE, Base, ClaimForm, require_part
from longevity.text.claims.when import Unit
from longevity.windows import DAY, Window

FUTURE = "It speaks of the future. The data say what was counted, not what will be."
NOT_EARLIER = "It compares with a time that is not earlier."
PER_RESIDENT = "per resident"
# Days that end no longer ago than this are still being entered.
NEWEST_DAYS = 28
Baseline = Against | str  # or why there is none


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

    def find(self, against: Against) -> Finding:
        """Hold the count of its days against another time."""
        where, tested = self.form.where, find_tested(self.form.what)
        self.evidence.load(where, [self.span, *against.windows])
        return self._find(against, self.evidence.compute_dispersion(where, tested, self.span[1]))

    def find_place(self, place: str, residents: tuple[float, float] | None = None) -> Finding:
        """Hold its place against another, by count or per resident."""
        evidence, tested = self.evidence, find_tested(self.form.what)
        name, is_count = self.name_place(place), residents is None
        how = "as a count" if is_count else PER_RESIDENT
        against = Against(f"{name} {how}", name, (self.span,), is_count, residents)
        places = (self.form.where, place)
        series = [evidence.build_series(at, tested, self.span[1]) for at in places]
        return self._find(against, estimate_dispersion(series), partial(evidence.count, place))

    def _find(
        self, against: Against, swings: Dispersion | None, count_other: Counting | None = None
    ) -> Finding:
        return find(
            self.count,
            self.form.what,
            self.span,
            against,
            swings,
            place=self.form.where,
            name=self.name_place(self.form.where),
            least_base=self.evidence.least_base,
            count_other=count_other,
        )

    def find_source(self) -> str:
        """Return where the counts of the state were published; empty for the release's own."""
        is_state = self.form.where == STATE
        return self.evidence.find_main_source(self.form.what)[0] if is_state else ""

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
        first, last = (_name_years(*end(spans)) for end in (min, max))
        years_text = first if first == last else f"{first} to {last}"
        return years_text if self.is_whole_year else f"the same days of {years_text}"

    def count_unlocated(self) -> int:
        """Count those of whom it is not known whether they belong to its neighbourhood."""
        return self.evidence.count_unlocated(self.form.where, self.form.what, self.span)

    # --- earlier times -------------------------------------------------------------------

    def list_baselines(self) -> list[Against] | str:
        """Return the earlier times it is held against, or why there is none."""
        form, unit = self.form, self.form.when.unit
        usual = [(form.against.base, form.against.number)]
        if form.against.base is Base.EACH:
            last = Base.BEFORE if unit in (Unit.DAYS, Unit.WEEK, Unit.MONTHS) else Base.PROGRAM
            usual = [(Base.LAST_YEAR, 0), (Base.MEAN, 3), (Base.MEAN, 5)]
            usual += [(last, 0)] if form.where != STATE else []
        chosen = [self._check_overlap(self._choose_baseline(*base)) for base in usual]
        fit: dict[tuple[Window, ...], Against] = {}
        for base in chosen:
            if isinstance(base, Against):
                # The twelve months just before are those of the year before too.
                fit.setdefault(base.windows, base)
        # A year before must be there; the time since the launch is held against those before it.
        if isinstance(chosen[0], str) and (unit is not Unit.LAUNCH or not fit):
            return chosen[0]
        return [*fit.values()]

    def _choose_baseline(self, base: Base, number: int) -> Baseline:
        when, year = self.form.when, self.span[0].year
        if base is Base.BEFORE:
            span, days = when.find_before(self.span), (self.span[1] - self.span[0]).days
            if number and number not in (days, when.number):
                return "The time before is not as long as the one it speaks of."
            is_days = when.unit in (Unit.DAYS, Unit.WEEK)
            return self._name_span(span, f"the {days} days before" if is_days else "")
        if base is Base.WHEN:
            clock = self.evidence.make_clock(self.form.where, self.through)
            return self._name_span(require_part(self.form.against.when).resolve(clock))
        if base is Base.MEAN:
            name, why_not = f"the {number}-year average", "An average is of 2 to 20 years."
            backs = [*range(number, 0, -1)] if 2 <= number <= 20 else []
        elif base is Base.PROGRAM:
            name, backs = "the pre-program average", self._list_years_before_program()
            why_not = "There is no year before the program to compare."
        else:
            is_newest = year == self.through.year
            name = str(number) if number else "last year" if is_newest else "the year before"
            backs = [back for back in [year - number if number else 1] if back > 0]
            why_not = FUTURE if number > self.through.year else NOT_EARLIER
        spans = tuple(self.step_back(back) for back in backs)
        return Against(name, self.name_days(*spans), spans) if spans else why_not

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
        evidence, where = self.evidence, self.form.where
        cities = evidence.list_cities(where)
        launches = [day for city in cities if (day := evidence.extents[city].launched_on)]
        first = evidence.find_first_day(cities)
        if first is None or len(launches) < len(cities) or self.span[0] < max(launches):
            return []
        backs = range(self.span[0].year - first.year, 0, -1)
        spans = {back: self.step_back(back) for back in backs}
        before = {back: span for back, span in spans.items() if span[1] <= min(launches)}
        evidence.load(where, before.values())
        return [back for back, span in before.items() if isinstance(self.count(span=span), int)]

    def _check_overlap(self, baseline: Baseline) -> Baseline:
        """Refuse days that would be counted on both sides, and those that are not earlier."""
        start, until = self.span
        for first, after in () if isinstance(baseline, str) else baseline.windows:
            both = max(start, first), min(until, after)
            if both[0] < both[1]:
                shared = wording.count_noun((both[1] - both[0]).days, "day")
                return (
                    f"The two times overlap: they share {shared} ({wording.format_period(*both)}), "
                    "which would be counted on both sides. Choose times that do not."
                )
            if first >= until:
                return NOT_EARLIER
        return baseline

    # --- another place -------------------------------------------------------------------

    def list_places(self) -> list[Finding] | str:
        """Return its place against another, by count and per resident where that is known."""
        form, place = self.form, self.form.against.place
        first, second = (self.evidence.find_residents(at) for at in (form.where, place))
        cities = {form.city, place.partition("/")[0]}
        is_part = form.where == place or (len(cities) == 1 and cities & {form.where, place})
        if is_part or {TOGETHER, STATE} & {form.where, place}:
            return "One place is a part of the other."
        is_rate = form.against.base is Base.RATE
        if first and second and not form.says.size:
            rate = self.find_place(place, (float(first), float(second)))
            # By more than chance is said of the rate, on which it is tested.
            is_rate = is_rate or form.says.beyond_chance
            return [rate] if is_rate else [self.find_place(place), rate]
        if is_rate and not (first and second):
            both = wording.join_words([self.name_place(at) for at in (form.where, place)])
            return f"The data give no residents for {both}."
        return [self.find_place(place)]

    # --- what is not known ---------------------------------------------------------------

    def explain_not_covered(self, span: Window | None = None) -> str:
        """Say that the data do not hold every day, and which they do."""
        evidence, where = self.evidence, self.form.where
        start, until = span or self.span
        period = wording.format_period(start, until)
        if where == STATE:
            return (
                f"The data hold the program's cities, not all of {self.name_place(STATE)}, and no "
                f"published figure gives that of {period}. Say a whole year: “in 2015”."
            )
        cities = evidence.list_cities(where)
        places = [place for place in (where, self.form.against.place) if "/" in place]
        few = dict.fromkeys(evidence.explain_few_placed(place, start) for place in places)
        if why := evidence.explain_uncounted(cities) or " ".join(few).strip():
            return why
        text, starts = f"The data do not cover all of {period}", evidence.find_first_day(cities)
        if starts and start < starts:
            return f"{text}: they begin on {wording.format_day(starts)}."
        ends = wording.format_day(self.through)
        late = f": they end on {ends}. Say a time that is over, or “so far”"
        return f"{text}{late if self.through < until - DAY else ''}."


def _name_years(start: date, until: date) -> str:
    last = (until - DAY).year
    return str(start.year) if last == start.year else f"{start.year}–{last % 100:02}"
