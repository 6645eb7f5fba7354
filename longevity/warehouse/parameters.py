"""Check the parameters given for a query against its header, and fill in those not given.

Every value may come in its own type (a date, an int) or as text, from a command line or a link.
"null", or "all" for a city, is the same as not given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from longevity.base.errors import UsageError, suggest_nearest
from longevity.facts import windows
from longevity.facts.windows import DAY, Window
from longevity.release.data_through import COUNTED_FROM
from longevity.warehouse.catalogue import Query, QueryParameter, evaluate_default

# Windows that are asked for by a word.
WINDOWS: dict[str, Callable[[date, date], list[Window]]] = {
    "years": lambda first, through: windows.list_years(first.year, through),
    "months": windows.list_months,
    "days": windows.list_days,
}
EXAMPLE_WINDOWS = "2026-01-01..2026-06-30,2025-01-01..2025-06-30"
ORDERED = (("date_from", "date_until"), ("year_from", "year_until"))


@dataclass(frozen=True)
class AllowedValues:
    """What the value of a parameter is checked against, from release and configuration.

    `cities`: all ids. `neighbourhoods`: names of areas by city. `spans`: the first and last day
    with counts, by city with data. `published_on`: taken for the last day where no city has data.
    `thresholds`: those of the configuration by name. `ended`: the cities whose source has ended.
    """

    cities: Sequence[str]
    neighbourhoods: Mapping[str, Sequence[str]]
    spans: Mapping[str, tuple[date, date]]
    published_on: date = date.max
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    ended: Collection[str] = ()

    def find_bounds(self, city: str | None) -> tuple[date, date]:
        """Return the first and last day of a city's counts, which are the defaults of periods.

        Of all cities (None): the earliest first day, and the earliest last day, up to which every
        city has data whose source goes on.
        """
        spans = {name: span for name, span in self.spans.items() if city in (None, name)}
        going_on = {name: span for name, span in spans.items() if name not in self.ended}
        last = min((end for _, end in (going_on or spans).values()), default=self.published_on)
        first = min((start for start, _ in spans.values()), default=last.replace(day=1))
        return min(first, last), last


def resolve_parameters(
    query: Query, params: Mapping[str, Any] | None, allowed: AllowedValues
) -> dict[str, Any]:
    """Return a value for every parameter of the query: the one given, or its default.

    UsageError for an invalid value, and for days of which no city asked for has counts.
    """
    given = dict(params or {})
    for name in given:
        if name not in query.parameters:
            raise UsageError(
                f"'{query.name}' has no parameter '{name}'.",
                suggest_nearest(name, query.parameters) or "It has none.",
            )
    values = {
        name: _read_value(parameter, given.get(name), allowed.cities)
        for name, parameter in query.parameters.items()
    }
    _check_neighbourhood(values, allowed)
    first, through = allowed.find_bounds(values.get("city"))
    for name, parameter in query.parameters.items():
        if values[name] is None:
            values[name] = evaluate_default(parameter.default, first, through, allowed.thresholds)
        elif parameter.kind == "windows" and isinstance(values[name], str):
            values[name] = tuple(WINDOWS[values[name]](first, through))
    for earlier, later in ORDERED:
        if earlier in values and later in values and values[earlier] >= values[later]:
            raise UsageError(
                f"'{earlier}' is {values[earlier]}, which is not before '{later}', "
                f"{values[later]}.",
                "The period runs from the first up to, not including, the second.",
            )
    # Asked for windows, a query leaves out those without data and answers the others.
    is_one_period = bool(allowed.spans) and "windows" not in values
    if is_one_period and set(find_uncovered_cities(query, values, allowed)) >= set(allowed.spans):
        starts, ends = zip(*allowed.spans.values(), strict=True)
        raise UsageError(
            "The data cover nothing of the period asked.",
            f"They run from {min(starts)} to {max(ends)}.",
        )
    return values


def find_uncovered_cities(
    query: Query, values: Mapping[str, Any], allowed: AllowedValues
) -> tuple[str, ...]:
    """List the cities whose counts cover nothing of the period these values ask for.

    Of such a city there is no row: nothing is known, which is not zero. Empty for a
    query that does not count people shot or asks for no period.
    """
    period = _find_period(values)
    if period is None or not set(COUNTED_FROM) <= set(query.reads):
        return ()
    first, until = period
    return tuple(
        city for city, (start, end) in allowed.spans.items() if start >= until or end < first
    )


def _find_period(values: Mapping[str, Any]) -> Window | None:
    """Return the half-open period that the values ask for, from its first to its last window.

    Without a `year_from` it begins in year 1; None where no period is asked for.
    """
    if "date_from" in values:
        return values["date_from"], values["date_until"]
    if "windows" in values:
        starts, ends = zip(*values["windows"], strict=True)
        return min(starts), max(ends)
    if "year_until" in values:
        return date(values.get("year_from", 1), 1, 1), date(values["year_until"], 1, 1)
    return None


def _check_neighbourhood(values: Mapping[str, Any], allowed: AllowedValues) -> None:
    """Refuse a neighbourhood without its city, and one that the city does not have."""
    name, city = values.get("neighbourhood"), values.get("city")
    if name is None:
        return
    if city is None:
        raise UsageError("The city of the neighbourhood is missing.", "Give it as 'city'.")
    names = allowed.neighbourhoods.get(city, ())
    if name not in names:
        raise UsageError(
            f"There is no neighbourhood '{name}' in '{city}'.", suggest_nearest(name, names)
        )


def _read_value(parameter: QueryParameter, value: Any, cities: Sequence[str]) -> Any:
    """Return a parameter's value in its type: date, int, text, windows; None for the default.

    Windows may also stay one of the words of WINDOWS, such as "months".
    """
    if parameter.kind == "windows" and not isinstance(value, str):
        return _check_windows(value) if value else None
    text = str(value).strip()
    empty = ("null", "all") if parameter.kind == "city" else ("null",)
    if value is None or text.lower() in empty:
        return None
    if parameter.kind == "windows":
        return text if text in WINDOWS else _split_windows(parameter, text)
    if parameter.kind == "date":
        return _read_date(parameter, text)
    if parameter.kind == "integer":
        least, most = map(int, parameter.choices)
        if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
            raise UsageError(
                f"'{parameter.name}' is '{text}'.",
                f"It must be a whole number from {least} to {most}.",
            )
        return int(text)
    known = {"city": cities, "choice": parameter.choices}.get(parameter.kind, (text,))
    if text not in known:
        raise UsageError(f"There is no {parameter.name} '{text}'.", suggest_nearest(text, known))
    return text


def _split_windows(parameter: QueryParameter, text: str) -> tuple[Window, ...]:
    """Read windows from text such as EXAMPLE_WINDOWS; a single day may be written alone."""
    pairs = [part.strip().partition("..") for part in text.split(",")]
    return _check_windows(
        (_read_date(parameter, first), _read_date(parameter, last if dots else first) + DAY)
        for first, dots, last in pairs
    )


def _check_windows(pairs: Iterable[Window]) -> tuple[Window, ...]:
    """Return the windows without repeats; UsageError where one ends before it begins."""
    found = tuple(dict.fromkeys(pairs))
    if any(first >= until for first, until in found):
        raise UsageError("A window ends before it begins.", f"Write {EXAMPLE_WINDOWS}.")
    return found


def _read_date(parameter: QueryParameter, text: str) -> date:
    """Return the day a text names; UsageError where it is none, or one of the calendar's last."""
    try:
        # A moment that is a midnight is a day.
        day = date.fromisoformat(text.removesuffix(" 00:00:00"))
        day.replace(year=day.year + 1, day=1)  # so much is counted on from it
    except ValueError as error:
        raise UsageError(f"'{parameter.name}' must be a date such as 2014-04-01.") from error
    return day


def bind_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as DuckDB takes them: windows as `[{"date_from": …, "date_until": …}]`."""
    return {
        name: [{"date_from": first, "date_until": until} for first, until in value]
        if isinstance(value, tuple)
        else value
        for name, value in values.items()
    }


def format_windows(windows: Sequence[Window]) -> str:
    """Write windows as a command takes them: 2026-01-01..2026-11-22,2025-01-01..2025-11-22."""
    return ",".join(f"{first}..{until - DAY}" for first, until in windows)
