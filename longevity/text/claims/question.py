"""A form with its days, and what it is held against: earlier times, places, sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from longevity.findings.finding import TOGETHER, Against, Finding, find, find_tested
from longevity.stats.comparison import Comparison, compare, judge_by
from longevity.stats.dispersion import estimate_dispersion
from longevity.text import wording
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

    def count(self, measure: str = "", span: Window | None = None) -> int | None:
        """Count what it is about, in its days or others; None where they are not known."""
        return self.evidence.count(self.form.where, measure or self.form.what, span or self.span)

    def find(self, against: Against) -> Finding:
        """Hold the count of its days against another time."""
        evidence, where, what = self.evidence, self.form.where, self.form.what
        evidence.load(where, [self.span, *against.windows])
        swings = evidence.compute_dispersion(where, find_tested(what), self.span[1])
        name, least = self.name_place(where), evidence.least_base
        of = (self.count, what, self.span, against, swings)
        return find(*of, place=where, name=name, least_base=least)

    def find_place(self, place: str, residents: tuple[int, int] | None = None) -> Finding:
        """Hold its place against another, by count or per resident."""
        form, evidence, name = self.form, self.evidence, self.name_place(place)
        tested = self._compare(form.what, place, residents or (1, 1))
        if find_tested(form.what) != form.what:
            shootings = self._compare(find_tested(form.what), place, residents or (1, 1))
            tested = judge_by(shootings, tested)
        how = PER_RESIDENT if residents else "as a count"
        against = Against(f"{name} {how}", name, (self.span,), is_alike=not residents)
        own = self.name_place(form.where)
        of = (form.what, form.where, own, self.span, against, tested)
        return Finding(*of, evidence.least_base)

    def _compare(self, measure: str, other: str, residents: tuple[int, int]) -> Comparison:
        evidence, places = self.evidence, (self.form.where, other)
        first, second = (evidence.count(place, measure, self.span) for place in places)
        series = [evidence.build_series(place, measure, self.span[1]) for place in places]
        people, others = residents
        return compare(first, second, float(people), float(others), estimate_dispersion(series))

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
            return names.state if place == STATE else names.places[place]
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

    def list_baselines(self) -> list[Against] | str:
        """Return the earlier times it is held against, or why there is none."""
        form = self.form
        usual = [(form.against.base, form.against.number)]
        if form.against.base is Base.EACH:
            is_days = form.when.unit in (Unit.DAYS, Unit.WEEK, Unit.MONTHS)
            last = Base.BEFORE if is_days else Base.PROGRAM
            usual = [(Base.LAST_YEAR, 0), (Base.MEAN, 3), (Base.MEAN, 5)]
            usual += [(last, 0)] if form.where != STATE else []
        chosen = [self._check_overlap(self._choose_baseline(*base)) for base in usual]
        fit: dict[tuple[Window, ...], Against] = {}
        for base in chosen:
            if isinstance(base, Against):
                # The twelve months just before are those of the year before too.
                fit.setdefault(base.windows, base)
        first = chosen[0]
        # A year before must be there; the time since the launch is held against those before it.
        if isinstance(first, str) and (form.when.unit is not Unit.LAUNCH or not fit):
            return first
        return [*fit.values()]

    def _choose_baseline(self, base: Base, number: int) -> Baseline:
        year = self.span[0].year
        if base is Base.BEFORE:
            return self._choose_before(number)
        if base is Base.WHEN:
            clock = self.evidence.make_clock(self.form.where, self.through)
            span = require_part(self.form.against.when).resolve(clock)
            return self._name_span(wording.format_period(*span), span)
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

    def _choose_before(self, number: int) -> Baseline:
        """Return the time just before; `number`: how many days or months it is said to have."""
        when, span = self.form.when, self.form.when.find_before(self.span)
        days = (span[1] - span[0]).days
        if number and number not in (days, when.number):
            return "The time before is not as long as the one it speaks of."
        if when.unit in (Unit.DAYS, Unit.WEEK):
            return self._name_span("the days before", span, f"the {days} days before")
        return self._name_span(wording.format_period(*span), span)

    def _name_span(self, name: str, span: Window, days: str = "") -> Against:
        length, other = ((until - start).days for start, until in (self.span, span))
        backs = self.span[0].year - span[0].year
        is_same = backs > 0 and self.step_back(backs) == span
        plain = name if name.isdecimal() else f"the {other} days from {name}"
        days = self.name_days(span) if is_same else days or plain
        return Against(name, days, (span,), is_alike=is_same or length == other)

    def _list_years_before_program(self) -> list[int]:
        """Return how far back the years are whose days end before the program began everywhere.

        None where one of the cities has no program, or its days do not come after it.
        """
        evidence = self.evidence
        cities = evidence.list_cities(self.form.where)
        dates = [evidence.extents[city].launched_on for city in cities]
        launches = [day for day in dates if day]
        first = evidence.find_first_day(cities)
        if first is None or len(launches) < len(dates) or self.span[0] < max(launches):
            return []
        spans = {b: self.step_back(b) for b in range(self.span[0].year - first.year, 0, -1)}
        evidence.load(self.form.where, spans.values())
        return [
            back
            for back, span in spans.items()
            if span[1] <= min(launches) and self.count(span=span) is not None
        ]

    def _check_overlap(self, baseline: Baseline) -> Baseline:
        """Refuse days that would be counted on both sides, and those that are not earlier."""
        start, until = self.span
        for first, after in () if isinstance(baseline, str) else baseline.windows:
            shared = (min(until, after) - max(start, first)).days
            if shared > 0:
                both = wording.format_period(max(start, first), min(until, after))
                return (
                    f"The two times overlap: they share {wording.count_noun(shared, 'day')} "
                    f"({both}), which would be counted on both sides. Choose times that do not."
                )
            if first >= until:
                return NOT_EARLIER
        return baseline

    def list_places(self) -> list[Finding] | str:
        """Return its place against another, by count and per resident where that is known."""
        form, evidence = self.form, self.evidence
        places = (form.where, form.against.place)
        is_rate = form.against.base is Base.RATE
        residents = [evidence.find_residents(place) for place in places]
        first, second = residents
        cities = {place.partition("/")[0] for place in places}
        is_part = len({*places}) == 1 or (len(cities) == 1 and cities & {*places})
        if is_part or {TOGETHER, STATE} & {*places}:
            return "One place is a part of the other."
        if first is None or second is None:
            name = wording.join_words([self.name_place(place) for place in places])
            return (
                f"The data give no residents for {name}."
                if is_rate
                else [self.find_place(places[1])]
            )
        rate = [] if form.says.size else [self.find_place(places[1], (first, second))]
        # By more than chance is said of the rate, on which it is tested.
        is_rate = is_rate or form.says.beyond_chance
        return rate if is_rate and rate else [self.find_place(places[1]), *rate]

    def explain_not_covered(self, span: Window | None = None) -> str:
        """Say that the data do not hold every day, and which they do."""
        evidence, where = self.evidence, self.form.where
        start, until = span or self.span
        period = wording.format_period(start, until)
        if where == STATE:
            state = self.name_place(STATE)
            return (
                f"The data hold the program's cities, not all of {state}, and no published figure "
                f"gives that of {period}. Say a whole year: “in 2015”."
            )
        cities = evidence.list_cities(where)
        places: Sequence[str] = [p for p in (where, self.form.against.place) if "/" in p]
        few_placed = [evidence.explain_few_placed(place, (start, until)) for place in places]
        if why := evidence.explain_uncounted(cities) or " ".join(dict.fromkeys(few_placed)).strip():
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
