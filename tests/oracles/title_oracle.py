"""Every title a chart offers, read back and counted again by plain loops.

It shares no code with what words them: a title is taken apart by its own pattern, and each number,
name, order and direction in it is computed anew, of counts from the extracts as handed over and,
where only a release has them (frozen tables, places, a model), of the rows of the chart's CSV.
"""

from __future__ import annotations

import io
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
from scipy import stats

from longevity.outputs.bundle import rows
from longevity.reports.chart_catalogue.definition import Drawn
from longevity.settings import ROOT
from tests.oracles.demonstration_counts import naive_victims

NOUNS = {
    "people shot": "victims",
    "shooting incidents": "incidents",
    "people shot and killed": "fatal",
    "people shot and wounded": "nonfatal",
    "homicides by any weapon": "homicides",
    "people were shot": "victims",
    "person was shot": "victims",
}
NUMBER = r"[\d,]+(?:\.\d+)?"
MONTHS = [f"{date(2024, month, 1):%B}" for month in range(1, 13)]
SHARES = re.compile(r"([^\d,;(]+?) (\d+) of (\d+)(?: \((\d+) of (\d+)\))?(?:, | and |$)")
Row = dict[str, Any]
Ints = dict[str, int]


@dataclass
class Truth:
    """Counts of the extracts, and of one chart its rows as they leave."""

    counted: list[tuple[str, date, Row]]
    cities: Mapping[str, str]  # name by id
    through: date
    drawn: Drawn
    verdicts: list[Row]  # of the chart of all baselines, as it leaves

    @property
    def table(self) -> list[Row]:
        read = pd.read_csv(io.StringIO(rows.write_figures(self.drawn.chart.table)))
        return [
            {key: None if pd.isna(value) else value for key, value in row.items()}
            for row in read.to_dict("records")
        ]

    @property
    def noun(self) -> str:
        """What a title of this chart has to name."""
        name, measure = self.drawn.entry.name, self.drawn.values.get("measure", "victims")
        if measure == "victims" and name in ("years", "area-map"):
            return "shot"  # "people shot", or "82 people were shot"
        if name == "hours-and-weekdays":
            return next(n for n, m in NOUNS.items() if m == self.drawn.values["measure"])
        return SUBJECTS.get(name) or next(n for n, m in NOUNS.items() if m == measure)

    def count(self, city: str, measure: str, first: date, last: date) -> int:
        """Count from the first day to the last, both counted."""
        people, incidents = 0, set()
        for where, day, row in self.counted:
            if where != city or not first <= day <= last:
                continue
            gun, fatal = row["weapon"] == "firearm", row["outcome"] == "fatal"
            if gun:
                incidents.add(row["incident_id"])
            people += {
                "victims": gun,
                "fatal": gun and fatal,
                "nonfatal": gun and not fatal,
                "homicides": fatal,
                "incidents": False,
            }[measure]
        return len(incidents) if measure == "incidents" else people

    def same_days(self, city: str, measure: str, year: int) -> int:
        return self.count(city, measure, date(year, 1, 1), self.through.replace(year=year))

    def year(self, city: str, measure: str, year: int) -> int:
        return self.count(city, measure, date(year, 1, 1), date(year, 12, 31))

    def id_of(self, name: str) -> str:
        (found,) = (city for city, called in self.cities.items() if called == name)
        return found


def gather(folder: Path) -> list[tuple[str, date, Row]]:
    """Return city, day and row of each victim that counts, of extracts."""
    return list(naive_victims(folder))


def check(kind: str, title: str, truth: Truth) -> None:
    """Assert that a title is true; one that cannot be read is not."""
    name = truth.drawn.entry.name
    assert truth.noun in title.lower(), f"{title!r} does not name its subject"
    check_when(title, truth)
    checks = CHECKS.get((name, kind)) or CHECKS.get(("", kind))
    assert checks, f"nothing checks {kind} of {name}"
    checks(title, truth)


def check_when(title: str, truth: Truth) -> None:
    """Assert that every day, year and length of time a title names is the one of its figures."""
    name, through = truth.drawn.entry.name, truth.through
    day = f"{MONTHS[through.month - 1]} {through.day}"
    for first, last in re.findall(r"January (\d+) to ([A-Z][a-z]+ \d+)\b(?!\d)", title):
        if len(first) < 4:
            assert (first, last) == ("1", day), title
    for year in re.findall(r"(\d{4}) so far|[A-Z][a-z]+ \d{1,2}, (\d{4})", title):
        assert int("".join(year)) == through.year, title
    for length, last in re.findall(r"(\d+) days(?: to ([A-Z][a-z]+ \d+),)?(?! or)", title):
        assert length == {"call-in-steps": "30", "promises-by-year": "90"}.get(name, "365"), title
        assert last in ("", day), title
    assert all(level == "95" for level in re.findall(r"(\d+)% interval", title)), title
    for first, last in re.findall(r"whole years (\d{4}) to (\d{4})", title):
        whole = [row["year"] for row in truth.table if row["complete"]]
        assert [int(first), int(last)] == [min(whole), max(whole)], title
    if name in ONE_YEAR:
        assert {int(row["year"]) for row in truth.table} >= years_of(title), title
    for word, month, year in re.findall(r"(until|before) ([A-Z][a-z]+) (\d{4})", title):
        at = CONFIGURED["cities"][truth.drawn.values["city"]]["launched_on"]
        if word == "until":
            at = date(2019, 12, 1)  # docs/evaluation.md: these programs came before 2017
        elif at.day > 1:  # the first whole month of the program
            at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
        assert (month, int(year)) == (MONTHS[at.month - 1], at.year), title


def years_of(title: str) -> set[int]:
    return {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", title)}


def parse(pattern: str, title: str) -> re.Match[str]:
    found = re.fullmatch(pattern, title)
    assert found, f"not read: {title!r}"
    return found


def number(text: str) -> float:
    return float(text.replace(",", ""))


def named_numbers(text: str) -> dict[str, list[float]]:
    """Return the numbers after each name: "East 3 (4), West 5 (6) and North 7 (8)"."""
    parts = re.split(r", | and (?=[A-Z])", text)
    found = {}
    for part in parts:
        read = parse(rf"(.+?) ({NUMBER})(?: \(({NUMBER})\))?", part)
        found[read[1]] = [number(one) for one in read.groups()[1:] if one]
    return found


def span_of(words: str, truth: Truth) -> Callable[[int], tuple[date, date]]:
    """Return the days of "2026 so far", "2025", "October 2026" or "to October 2026", back years."""
    month = re.fullmatch(
        r"(?:(twelve months )?to |(twelve months) to )?([A-Z][a-z]+) (\d{4})", words
    )
    if month:
        at, year = MONTHS.index(month[3]) + 1, int(month[4])
        until = date(year + at // 12, at % 12 + 1, 1)
        first = until.replace(year=until.year - 1) if "to " in words else date(year, at, 1)
        last = until - timedelta(days=1)

        def days(back: int) -> tuple[date, date]:
            end = (last + timedelta(days=1)).replace(year=last.year + (last.month == 12) - back)
            return first.replace(year=first.year - back), end - timedelta(days=1)

        return days
    if words.endswith(" so far"):
        year = int(words[:4])
        assert year == truth.through.year
        return lambda back: (date(year - back, 1, 1), truth.through.replace(year=year - back))
    year = int(words)
    assert date(year, 12, 31) <= truth.through
    return lambda back: (date(year - back, 1, 1), date(year - back, 12, 31))


def measured(title: str) -> str:
    """Return what a title counts: the longest noun it begins with."""
    return NOUNS[max((n for n in NOUNS if title.lower().startswith(n)), key=len)]


def check_counts(title: str, truth: Truth) -> None:
    """Check "People shot, 2026 so far: East 3 and West 2" and "People shot in 2025: …"."""
    read = parse(
        r"(.+?)(?:, | in )((?:twelve months to )?(?:[A-Z][a-z]+ )?\d{4}(?: so far)?): (.+)", title
    )
    first, last = span_of(read[2], truth)(0)
    found = named_numbers(read[3])
    assert set(found) == set(truth.cities.values())
    for name, (value,) in found.items():
        assert truth.count(truth.id_of(name), measured(title), first, last) == value, name
    values = [value for (value,) in found.values()]
    assert values == sorted(values, reverse=True)


def check_beside(title: str, truth: Truth) -> None:
    """Check "People shot, 2025 (2024): East 3 (4)", and an average in the brackets."""
    read = parse(r"(.+?), ([^():]+) \(([^():]+)\): (.+)", title)
    days = span_of(read[2], truth)
    years = re.fullmatch(r"average of (\d{4}) to (\d{4})", read[3])
    if not years:
        assert re.sub(r"\d{4}", "", read[3]) in re.sub(r"\d{4}", "", read[2])
        assert int(read[3][-4:]) == days(0)[1].year - 1
    found = named_numbers(read[4])
    place = truth.drawn.values.get("area", "all")
    assert set(found) == set(truth.cities.values()) or [*found] == [truth.cities.get(place)]
    for name, (now, then) in found.items():
        city, what = truth.id_of(name), measured(title)
        assert truth.count(city, what, *days(0)) == now
        if years:
            each = [truth.year(city, what, y) for y in range(int(years[1]), int(years[2]) + 1)]
            assert int(years[2]) == days(0)[1].year - 1
            assert len(each) == 5
            assert abs(sum(each) / 5 - then) <= 0.05 + 1e-9
        else:
            assert truth.count(city, what, *days(1)) == then


def check_ranking(title: str, truth: Truth) -> None:
    read = parse(r"(.+?), ([^:]+): most in (.+)", title)
    days = span_of(read[2], truth)(0)
    names = read[3].split(", then ")
    values = [truth.count(truth.id_of(name), measured(title), *days) for name in names]
    assert set(names) == set(truth.cities.values())
    assert all(more > fewer for more, fewer in pairwise(values))


def check_changes(title: str, truth: Truth) -> None:
    """Check the verdict of each city by the interval that leaves, and the counts beside it."""
    read = parse(
        r"(.+?), (\d{4} so far) against (the average of )?the same days of (\d{4})(?: to (\d{4}))?"
        r": (.+)",
        title,
    )
    what, years = measured(title), range(int(read[4]), int(read[5] or read[4]) + 1)
    assert len(years) == (5 if read[3] else 1)
    assert years[-1] == truth.through.year - 1
    told = {}
    for part in re.split(r", (?=clearly|no clear)", read[6]):
        verdict, names = parse(r"(clearly down|clearly up|no clear change) in (.+)", part).groups()
        for name in re.split(r", | and ", names):
            one = parse(rf"(.+?)(?: \(({NUMBER}) from ({NUMBER})\))?", name)
            told[one[1]] = verdict, one[2], one[3]
    assert set(told) == set(truth.cities.values())
    for name, (verdict, now, then) in told.items():
        city = truth.id_of(name)
        current = truth.same_days(city, what, truth.through.year)
        base = sum(truth.same_days(city, what, year) for year in years) / len(years)
        if now:
            assert number(now) == current
            assert abs(number(then) - base) <= 0.05 + 1e-9
        against = "the 5-year average" if read[3] else "last year"
        (row,) = (
            row for row in truth.verdicts if row["City"] == name and row["Against"] == against
        )
        low, high = (
            float(end)
            for end in parse(
                r"([\d.]+) to ([\d.]+) times as many(?: shooting incidents)?", row["Interval"]
            ).groups()
        )
        clear = "clearly down" if high < 1 else "clearly up" if low > 1 else ""
        agrees = (current < base) if clear == "clearly down" else (current > base)
        assert verdict == (clear if clear and agrees else "no clear change")


def check_whole_years(title: str, truth: Truth) -> None:
    read = parse(
        r"([\d,]+) (people were shot) in (.+?) in (\d{4}) so far; between ([\d,]+) and ([\d,]+) "
        r"a year in the whole years (\d{4}) to (\d{4})",
        title,
    )
    city = truth.id_of(read[3])
    assert truth.same_days(city, "victims", int(read[4])) == number(read[1])
    each = [truth.year(city, "victims", y) for y in range(int(read[7]), int(read[8]) + 1)]
    assert (min(each), max(each)) == (number(read[5]), number(read[6]))


def check_years(title: str, truth: Truth) -> None:
    """Check the years finding, of cities or of one place."""
    (check_counts if re.search(r" in 20\d\d: ", title) else check_whole_years)(title, truth)


def check_years_ranking(title: str, truth: Truth) -> None:
    read = re.fullmatch(
        r"(.+?) in (.+?), whole years (\d{4}) to (\d{4}): most in (\d{4}) \((.+?)\), "
        r"fewest in (\d{4}) \((.+?)\)",
        title,
    )
    if not read:
        check_ranking(title, truth)
        return
    city, what = truth.id_of(read[2]), measured(title)
    each = {y: truth.year(city, what, y) for y in range(int(read[3]), int(read[4]) + 1)}
    for year, value, end in ((read[5], read[6], max), (read[7], read[8], min)):
        assert each.get(int(year)) == number(value) == end(each.values())
        assert list(each.values()).count(each[int(year)]) == 1


def check_gun_share(title: str, truth: Truth) -> None:
    read = parse(
        r"Homicides by firearm among all homicides, (\d{4})( so far| \(\d{4}\)): (.+)", title
    )
    year = int(read[1])
    assert "far" in read[2] or read[2] == f" ({year - 1})"
    seen = 0
    for name, guns, whole, guns_before, whole_before in SHARES.findall(read[3]):
        city = truth.id_of(name)
        days = span_of(f"{year} so far" if "far" in read[2] else str(year), truth)
        assert truth.count(city, "fatal", *days(0)) == int(guns)
        assert truth.count(city, "homicides", *days(0)) == int(whole)
        if guns_before:
            assert truth.count(city, "fatal", *days(1)) == int(guns_before)
            assert truth.count(city, "homicides", *days(1)) == int(whole_before)
        seen += 1
    assert seen == len(truth.cities)


def check_published(title: str, truth: Truth) -> None:
    years = [row["year"] for row in truth.table]
    assert title == f"Published homicides, {min(years)} to {max(years)}"


def check_map(title: str, truth: Truth) -> None:
    read = parse(
        r"([\d,]+) people were shot in (.+?) from January 1 to (.+?), (\d{4}), "
        r"(?:of those placed )?most in (.+)",
        title,
    )
    assert truth.same_days(truth.id_of(read[2]), "victims", int(read[4])) == number(read[1])
    top = re.findall(r"(?:^|, | and )(.+?) \((\d+)\)", read[5])
    values = {row["neighbourhood"]: row["value"] for row in truth.table}
    assert [values[name] for name, _ in top] == [int(count) for _, count in top]
    assert min(int(count) for _, count in top) >= max(
        value for name, value in values.items() if name not in dict(top)
    )
    check_those_placed(title, values, [name for name, _ in top], number(read[1]))


def check_those_placed(title: str, values: dict[str, int], names: list[str], whole: int) -> None:
    """Check that a rank which holds of those placed only says so: each area is given the rest."""
    rest = whole - sum(values.values())
    changed = False
    for area, placed in values.items():
        found = values | {area: placed + rest}
        others = [n for name, n in found.items() if name not in names]
        in_order = [*(found[name] for name in names), max(others)]
        changed |= any(more <= fewer for more, fewer in pairwise(in_order))
    assert (changed and rest > 0) == ("of those placed" in title)


def check_map_ranking(title: str, truth: Truth) -> None:
    read = parse(
        r"People shot in (.+), from January 1 to .+, (\d{4})(?:, of those placed)?: most in (.+)",
        title,
    )
    names = read[3].split(", then ")
    values = {row["neighbourhood"]: row["value"] for row in truth.table}
    whole = truth.same_days(truth.id_of(read[1]), "victims", int(read[2]))
    check_those_placed(title, values, names, whole)
    ranked = sorted(truth.table, key=lambda row: -row["value"])
    assert [row["neighbourhood"] for row in ranked[:3]] == names
    assert len({row["value"] for row in ranked[:4]}) == 4


def check_hours(title: str, truth: Truth) -> None:
    blocks: dict[tuple[int, int], int] = defaultdict(int)
    for row in truth.table:
        if row["hour"] is not None:
            blocks[int(row["weekday"]), int(row["hour"]) // 3] += int(row[measured(title)])
    most, whole = max(blocks.values()), sum(blocks.values())
    tops = [block for block, count in blocks.items() if count == most]
    if len(tops) > 1:
        read = parse(
            r".+: at most (\d+) in any three hours of the week, of ([\d,]+) with .+", title
        )
    else:
        read = parse(r".+: most on \w+, hours \d+ to \d+: (\d+) of ([\d,]+) with .+", title)
        days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        weekday, block = tops[0]
        assert f"on {days[weekday - 1]}, hours {block * 3:02d} to {block * 3 + 3:02d}" in title
    assert [most, whole] == [number(one) for one in read.groups()]


def check_baselines(title: str, truth: Truth) -> None:
    """Each city's verdicts are those of the table, last year's first, and no other is left out."""
    verdicts: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    lacking = {row["City"] for row in truth.table if "not known" in row["Change"]}
    for row in truth.table:
        if row["City"] in truth.cities.values() and "not known" not in row["Change"]:
            size = row["In percent"].strip("+−")
            if not size.endswith("%"):
                size = f"by {row['Difference'].split()[0]}"
            verdict = row["Change"].split(" ", 1)[1].removeprefix("clearly ")
            verdicts[row["City"]][row["Against"]] = (verdict, size)
    for part in parse(r".+, by baseline: (.+)", title)[1].split("; "):
        names, text = parse(r"(.+?) ((?:up|down|no clear|none).+)", part).groups()
        for name in re.split(r", | and ", names):
            by_baseline = verdicts.pop(name)
            outcomes = {verdict for verdict, _ in by_baseline.values()}
            every, either = (
                (" against every known one", "no clear change against any known one")
                if name in lacking
                else (" against every one", "no clear change against any")
            )
            if text == either:
                assert not outcomes & {"up", "down"}
            elif text.endswith(every):
                assert outcomes == {text.removesuffix(every)}
            else:
                assert {
                    _check_since(one, by_baseline, truth) for one in text.split(", ")
                } == outcomes
    assert not verdicts


def _check_since(text: str, by_baseline: Mapping[str, tuple[str, str]], truth: Truth) -> str:
    """Return the verdict of "down 48% since before the program", checked against the table."""
    against = {"since before the program": "the pre-program average"}
    against |= {f"against the {n}-year average": f"the {n}-year average" for n in (3, 5)}
    for words, name in against.items():
        if text.endswith(words):
            said, (verdict, size) = text.removesuffix(words).strip(), by_baseline[name]
            break
    else:
        said, (verdict, size) = text, by_baseline["last year"]
        assert said.endswith(f" since {truth.through.year - 1}")
        said = said.rpartition(" since ")[0]
    assert said == (f"{verdict} {size}" if verdict in ("up", "down") else verdict)
    return verdict


def check_rates(title: str, truth: Truth) -> None:
    ends = {truth.cities[row["city"]]: (row["rate_low"], row["rate_high"]) for row in truth.table}
    apart = {(a, b) for a in ends for b in ends if ends[a][0] > ends[b][1]}
    assert (
        set(re.findall(r"([A-Z]\w+(?: [A-Z]\w+)?) above ([A-Z]\w+(?: [A-Z]\w+)?)", title)) == apart
    )
    assert ("too close to rank" in title) == (not apart)


def check_rate_figures(title: str, truth: Truth) -> None:
    read = parse(r"(.+) per 100,000 residents a year, 365 days to .+?: (.+)", title)
    found = named_numbers(read[2])
    assert set(found) == set(truth.cities.values())
    for row in truth.table:
        first = truth.through - timedelta(days=364)
        shot = truth.count(row["city"], measured(title), first, truth.through)
        (told,) = found[truth.cities[row["city"]]]
        a_year = shot / row["population"] * 100_000 * 365.25 / 365
        assert abs(a_year - told) <= 0.05 + 1e-9


def check_funnel(title: str, truth: Truth) -> None:
    rated = [row for row in truth.table if row["rate"] is not None]
    far = [row["name"] for row in rated if row["at_998"] in ("above", "below")]
    assert f"{len(rated)} places" in title
    if len(far) <= 4:
        assert all(name in title for name in far)
        assert bool(far) != ("none of" in title)
    for state in ("above", "below"):
        assert (f"{state} the common rate" in title) == any(r["at_998"] == state for r in rated)


def check_safety_gap(title: str, truth: Truth) -> None:
    """Set the two fifths of the three years beside each other, each year's own areas."""
    read = parse(r"People shot in the most .+ fifth, (\d{4}) to (\d{4}): (.+)", title)
    areas = truth.drawn.answers[1].frame
    people = {
        (row.city, row.neighbourhood): int(row.population)
        for row in areas.itertuples()
        if pd.notna(row.population)
    }
    told = re.findall(r"(?:^|; )(.+?) ([\d.]+) times the rate \(([\d.]+) to ([\d.]+)\)", read[3])
    assert len(told) == len(truth.cities)
    for name, ratio, low, high in told:
        city, rates = truth.id_of(name), {}
        own = [r for r in truth.table if r["city"] == city and int(read[1]) <= r["year"]]
        assert [r["year"] for r in own] == list(range(int(read[1]), int(read[2]) + 1))
        for side in ("most", "least"):
            residents = sum(
                people[city, area] * (366 if row["year"] % 4 == 0 else 365)
                for row in own
                for area in row[f"{side}_areas"].split("; ")
            )
            rates[side] = sum(row[f"{side}_victims"] for row in own) / residents
        found = rates["most"] / rates["least"]
        assert abs(found - float(ratio)) <= (0.05 if "." in ratio else 0.5) + 1e-9, name
        assert float(low) <= float(ratio) <= float(high)


def check_attribute(title: str, truth: Truth) -> None:
    read = parse(r"People shot by .+?, (\d{4}), largest known group: (.+)", title)
    for part in read[2].split("; "):
        name = next(one for one in truth.cities.values() if part.startswith(one))
        own = [row for row in truth.table if row["city"] == truth.id_of(name)]
        assert all(int(row["year"]) == int(read[1]) for row in own)
        shown = {r["value"]: int(r["victims"]) for r in own if r["victims"] is not None}
        told = re.fullmatch(rf"{name} (of those shown )?(.+?) \((\d+) of (\d+)(?: each)?\)", part)
        assert told, part
        known = {value: count for value, count in shown.items() if value != "unknown"}
        assert max(known.values()) == int(told[3])
        assert all(int(row["whole"]) == int(told[4]) for row in own)
        label = told[2].replace("–", "-").replace(" and over", "+").lower()
        assert (
            label in {value.lower() for value, n in known.items() if n == int(told[3])}
            or " and " in label
        )
        if not told[1]:  # no withheld figure can be larger
            assert int(told[4]) - sum(shown.values()) < int(told[3])


def check_young(title: str, truth: Truth) -> None:
    told = parse(r"Known to be Black men under 30, of the people shot: (.+)", title)[1]
    found = {name: (int(part), int(whole)) for name, part, whole, *_ in SHARES.findall(told)}
    assert found == {
        truth.cities[r["city"]]: (int(r["young_black_men"]), int(r["victims"])) for r in truth.table
    }


def effect_of(truth: Truth) -> float:
    after = [row for row in truth.table if row["after"] and row["used"]]
    return float(sum(row["fitted"] - row["without"] for row in after) / len(after))


def check_evaluation(title: str, truth: Truth) -> None:
    effect = effect_of(truth)
    read = re.search(r": ([\d.]+) (fewer|more) a month than expected$", title)
    if read:
        assert abs(abs(effect) - float(read[1])) <= 0.05 + 1e-9
        assert (effect < 0) == (read[2] == "fewer")
    else:
        why = (
            r"a fall of under [\d.]+ a month would usually be missed|changes are found where|"
            "high months follow|the trend before the launch speaks|there are too few months"
        )
        assert re.search(f": these data cannot tell of a change; (?:{why})", title), title


def check_direction(title: str, truth: Truth) -> None:
    assert title.endswith(
        ": fewer than expected" if effect_of(truth) < 0 else ": more than expected"
    )


def outside_nought(truth: Truth) -> int:
    return sum(row["low"] > 0 or row["high"] < 0 for row in truth.table)


def check_starts(title: str, truth: Truth) -> None:
    values = [row["value"] for row in truth.table]
    if min(values) < 0 < max(values):
        assert "the direction of the estimate hangs on the month" in title
        return
    read = re.search(
        r"estimate is ([\d.]+) (\w+) to ([\d.]+) (\w+) a month; (\d+) of (\d+) exclude no change",
        title,
    )
    assert read, title
    for end, amount, word in (
        (min(values), *read.groups()[:2]),
        (max(values), *read.groups()[2:4]),
    ):
        assert abs(abs(end) - float(amount)) <= 0.05 + 1e-9
        assert (end < 0) == (word == "fewer")
    assert (outside_nought(truth), len(values)) == (int(read[5]), int(read[6]))


def check_share_of_rows(title: str, truth: Truth) -> None:
    read = re.search(r"(\d+) of (\d+) (?:dates|estimates)", title)
    assert read, title
    assert (outside_nought(truth), len(truth.table)) == (int(read[1]), int(read[2]))


def check_residuals(title: str, truth: Truth) -> None:
    """Ljung and Box over twelve months, by a loop."""
    series = [row["residual"] for row in truth.table]
    many, mean = len(series), sum(series) / len(series)
    apart = [one - mean for one in series]
    q = 0.0
    for lag in range(1, 13):
        r = sum(a * b for a, b in zip(apart[lag:], apart, strict=False)) / sum(a * a for a in apart)
        q += many * (many + 2) * r * r / (many - lag)
    in_runs = stats.chi2.sf(q, 12) < 0.05
    assert ("comes in runs" if in_runs else "looks like chance") in title


def check_steps(title: str, truth: Truth) -> None:
    told = parse(r"Call-ins of (\d{4}), (.+?): (.+)", title)
    steps = {row["step"]: row for row in truth.table}
    assert {int(row["year"]) for row in truth.table} == {int(told[1])}
    assert {row["city"] for row in truth.table} == {truth.id_of(told[2])}
    words = {"invited": "invited", "reached": "reachable", "came": "attended"}
    for part in told[3].split(", "):
        withheld = re.fullmatch(r"(.+): (withheld|missing)", part)
        count, word = (withheld[2], withheld[1]) if withheld else part.split(" ", 1)
        row = steps[words.get(word, "intake_30")]
        shown = row["members_state"] if withheld else str(int(row["members"] or 0))
        assert shown == count, part


def check_follow_up(title: str, truth: Truth) -> None:
    years = {int(row["year"]): row for row in truth.table if row["episodes"] is not None}
    row = years[max(years)]
    in_time = row["within_30_days"] + row["in_31_to_60_days"] + row["in_61_to_90_days"]
    said = [
        row["episodes"],
        max(years),
        in_time,
        90,
        row["within_30_days"],
        30,
        row["not_within_90_days"],
    ]
    assert [int(one) for one in re.findall(r"\d+", title)] == [int(one) for one in said]


def check_follow_up_beside(title: str, truth: Truth) -> None:
    years = {int(row["year"]): row for row in truth.table if row["episodes"] is not None}
    said = [90, max(years), max(years) - 1]
    for year in said[1:]:
        row = years[year]
        in_time = row["within_30_days"] + row["in_31_to_60_days"] + row["in_61_to_90_days"]
        said += [in_time, row["episodes"]]
    assert [int(one) for one in re.findall(r"\d+", title)] == [int(one) for one in said]


def check_topic(title: str, truth: Truth) -> None:
    """A topic gives no figure: nothing but days, years and lengths, which `check_when` checks."""
    found, name = years_of(title), truth.drawn.entry.name
    if name in ("years", "gun-share", "promises-by-year"):
        held = [row["year"] for row in truth.table if row.get("episodes", 0) is not None]
        assert found == {min(held), max(held)}, title
    if name == "hours-and-weekdays":
        assert found == {truth.through.year - 2, truth.through.year}, title
    when = r"\b\d{4}\b|\b95%|\b100,000 residents|\b365 days|[A-Z][a-z]+ \d{1,2}\b"
    assert not re.search(r"\d", re.sub(when, "", title)), title


SUBJECTS: Mapping[str, str] = {
    "gun-share": "homicides by firearm",
    "published-homicides": "published homicides",
    "young-black-men": "shot",
    "call-in-steps": "call-ins",
    "promises-by-year": "cases",
    "evaluation": "shooting incidents",
    "evaluation-start-dates": "shooting incidents",
    "evaluation-placebo-dates": "shooting incidents",
    "evaluation-residuals": "shooting incidents",
    "evaluation-other-means": "shooting incidents",
}
ONE_YEAR = ("victims-by-attribute", "young-black-men", "call-in-steps")  # of a closed year
CONFIGURED = tomllib.loads((ROOT / "longevity.toml").read_text(encoding="utf-8"))
Check = Callable[[str, Truth], None]
CHECKS: Mapping[tuple[str, str], Check] = {
    ("", "topic"): check_topic,
    ("", "last-year-short"): check_changes,
    ("year-to-date", "finding"): check_counts,
    ("year-to-date", "last-year"): check_changes,
    ("year-to-date", "average"): check_changes,
    ("year-to-date", "ranking"): check_ranking,
    ("years", "finding"): check_years,
    ("years", "last-year"): check_beside,
    ("years", "average"): check_beside,
    ("years", "ranking"): check_years_ranking,
    ("twelve-months", "finding"): check_counts,
    ("twelve-months", "last-year"): check_beside,
    ("twelve-months", "ranking"): check_ranking,
    ("gun-share", "finding"): check_gun_share,
    ("gun-share", "last-year"): check_gun_share,
    ("published-homicides", "finding"): check_published,
    ("area-map", "finding"): check_map,
    ("area-map", "ranking"): check_map_ranking,
    ("hours-and-weekdays", "finding"): check_hours,
    ("baselines", "finding"): check_baselines,
    ("baselines", "last-year"): check_changes,
    ("baselines", "average"): check_changes,
    ("baselines", "ranking"): check_ranking,
    ("rates", "finding"): check_rates,
    ("rates", "figures"): check_rate_figures,
    ("funnel", "finding"): check_funnel,
    ("safety-gap", "finding"): check_safety_gap,
    ("victims-by-attribute", "finding"): check_attribute,
    ("young-black-men", "finding"): check_young,
    ("evaluation", "finding"): check_evaluation,
    ("evaluation", "short"): check_direction,
    ("evaluation-start-dates", "finding"): check_starts,
    ("evaluation-placebo-dates", "finding"): check_share_of_rows,
    ("evaluation-other-means", "finding"): check_share_of_rows,
    ("evaluation-residuals", "finding"): check_residuals,
    ("call-in-steps", "finding"): check_steps,
    ("promises-by-year", "finding"): check_follow_up,
    ("promises-by-year", "last-year"): check_follow_up_beside,
}
