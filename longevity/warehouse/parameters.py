"""Check what was asked against the header, and fill in what was not.

Every value may come as itself or as the text of it, as a command line or a
link has it. `null` (and, for a city, `all`) asks for the default that is null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from typing import Any

from longevity import windows
from longevity.errors import ConfigError, UsageError, suggest_nearest
from longevity.warehouse.catalogue import Parameter, Query
from longevity.warehouse.facts import COUNTED_FROM
from longevity.windows import Window

Windows = tuple[Window, ...]
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
    """What a value is checked against, from the release and the configuration.

    `cities` are the ids; `neighbourhoods` maps a city to its areas' names;
    `bounds(city)` gives the first day and the data-through of one city, or of
    all for None: the earliest and the *least*. `thresholds` are those of the
    configuration by name. `spans` maps each city with data to the first and the
    last day it has counts for.
    """

    cities: Sequence[str]
    neighbourhoods: Mapping[str, Sequence[str]]
    bounds: Callable[[str | None], tuple[date, date]]
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    spans: Mapping[str, tuple[date, date]] = field(default_factory=dict)


def resolve_parameters(
    query: Query, params: Mapping[str, Any] | None, allowed: AllowedValues
) -> dict[str, Any]:
    """Check every parameter of the query, by name; UsageError with a sentence otherwise."""
    values = read_parameters(query, params, allowed.cities)
    _check_neighbourhood(query, values, allowed)
    first, through = allowed.bounds(values.get("city"))
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
    # Of windows those that are not covered have no row; the others are answered.
    is_one_period = bool(allowed.spans) and "windows" not in values
    if is_one_period and set(find_uncovered_cities(query, values, allowed)) >= set(allowed.spans):
        first = min(start for start, _ in allowed.spans.values())
        last = max(end for _, end in allowed.spans.values())
        raise UsageError(
            "The data cover nothing of the period asked.", f"They run from {first} to {last}."
        )
    return values


def read_parameters(
    query: Query, params: Mapping[str, Any] | None, cities: Sequence[str]
) -> dict[str, Any]:
    """Read every parameter, None where a default is to be taken: what needs no release."""
    values = dict(params or {})
    for name in values:
        if name not in query.parameters:
            raise UsageError(
                f"'{query.name}' has no parameter '{name}'.",
                suggest_nearest(name, query.parameters) or "It has none.",
            )
    return {
        name: _read_value(parameter, values.get(name), cities)
        for name, parameter in query.parameters.items()
    }


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


def _find_period(values: Mapping[str, Any]) -> tuple[date, date] | None:
    """Return the half-open period asked for; up to a day when only its last is asked."""
    if "date_from" in values:
        return values["date_from"], values["date_until"]
    if "windows" in values:
        starts, ends = zip(*values["windows"], strict=True)
        return min(starts), max(ends)
    first = date.min
    if "year_from" in values:
        first = _begin_year(values["year_from"])
    if "year_until" in values:
        return first, _begin_year(values["year_until"])
    return None


def _begin_year(year: int) -> date:
    """Return January 1 of a year, or of the nearest there is."""
    return date(max(min(year, MAXYEAR), MINYEAR), 1, 1)


def evaluate_default(
    expression: str, first: date, through: date, thresholds: Mapping[str, Any] | None = None
) -> Any:
    """Evaluate a default as a header writes it; ConfigError for a threshold there is not."""
    if expression in ("null", "all days"):
        return None if expression == "null" else ((first, through + timedelta(days=1)),)
    if expression.startswith("threshold "):
        return _find_threshold(expression.removeprefix("threshold "), thresholds or {})
    if expression.startswith("'"):
        return expression.strip("'")
    if re.fullmatch(r"-?\d+", expression):
        return int(expression)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", expression):
        return date.fromisoformat(expression)
    return _evaluate_relative(expression, first, through)


def _find_threshold(name: str, thresholds: Mapping[str, Any]) -> Any:
    if name not in thresholds:
        raise ConfigError(f"There is no threshold '{name}'.", suggest_nearest(name, thresholds))
    return thresholds[name]


def _evaluate_relative(expression: str, first: date, through: date) -> Any:
    match = re.fullmatch(r"([a-z_ ]+?)(?: ([+-]) (\d+)(?: days?)?)?", expression)
    assert match is not None, expression  # noqa: S101 - the catalogue has checked it
    start: dict[str, Any] = {
        "start of data": first,
        "start of year": through.replace(month=1, day=1),
        "data_through": through,
        "year of data_through": through.year,
        "year of start of data": first.year,
    }
    value = start[match[1]]
    if match[2] is None:
        return value
    step = int(match[3]) * (1 if match[2] == "+" else -1)
    return value + (timedelta(days=step) if isinstance(value, date) else step)


def _check_neighbourhood(query: Query, values: dict[str, Any], allowed: AllowedValues) -> None:
    """Refuse a neighbourhood that is unknown, or in more than one city."""
    name = values.get("neighbourhood")
    if name is None:
        return
    city = values.get("city")
    among = [city] if city else list(allowed.cities)
    cities = [each for each in among if name in allowed.neighbourhoods.get(each, ())]
    if not cities:
        names = {area for each in among for area in allowed.neighbourhoods.get(each, ())}
        where = f" in '{city}'" if city else ""
        raise UsageError(
            f"There is no neighbourhood '{name}'{where}.", suggest_nearest(name, names)
        )
    if len(cities) > 1:
        raise UsageError(
            f"More than one city has a neighbourhood '{name}': {', '.join(cities)}.",
            "Say which with 'city'.",
        )
    if "city" in query.parameters:
        values["city"] = cities[0]


def _read_value(parameter: Parameter, value: Any, cities: Sequence[str]) -> Any:
    """Read one value as itself, or None where the default is to be taken."""
    if parameter.kind == "windows" and not isinstance(value, str):
        return _read_windows(parameter, value or None)
    if isinstance(value, (list, tuple, set, frozenset)):
        value = _take_only(parameter, list(value))
    if value is None or (
        isinstance(value, str) and value.strip().lower() in _list_empty_words(parameter)
    ):
        return None
    return _READERS[parameter.kind](parameter, value, cities)


def _list_empty_words(parameter: Parameter) -> tuple[str, ...]:
    return ("null", "all") if parameter.kind == "city" else ("null",)


def _take_only(parameter: Parameter, values: list[Any]) -> Any:
    if not values:
        raise UsageError(
            f"Nothing is selected for '{parameter.name}'.", "Select one, or leave it out."
        )
    if len(values) > 1:
        raise UsageError(f"'{parameter.name}' takes one value, not {len(values)}.")
    return values[0]


def _make_error(parameter: Parameter, noun: str) -> UsageError:
    return UsageError(f"'{parameter.name}' must be {noun}.")


def _read_city(parameter: Parameter, value: Any, cities: Sequence[str]) -> str:
    if not isinstance(value, str):
        raise _make_error(parameter, "a city's id")
    word = value.strip()
    if word not in cities:
        raise UsageError(f"There is no city '{word}'.", suggest_nearest(word, cities))
    return word


def _read_windows(parameter: Parameter, value: Any, _: Sequence[str] = ()) -> Windows | str | None:
    """Read windows: pairs of the first day and the day after the last, their text or a word."""
    if isinstance(value, str) and value.strip() in WINDOWS:
        return value.strip()
    if isinstance(value, str):
        days = [_split_window(parameter, text) for text in value.split(",")]
        value = [(first, last + timedelta(days=1)) for first, last in days]
    if value is not None and any(first >= until for first, until in value):
        raise UsageError("A window ends before it begins.", f"Write {EXAMPLE_WINDOWS}.")
    return value if value is None else tuple(dict.fromkeys(value))


def _split_window(parameter: Parameter, text: str) -> tuple[date, date]:
    first, _, last = text.strip().partition("..")
    return _read_date(parameter, first, ()), _read_date(parameter, last or first, ())


def bind_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the database takes them: windows as a list of structs."""
    return {
        name: [{"date_from": first, "date_until": until} for first, until in value]
        if isinstance(value, tuple)
        else value
        for name, value in values.items()
    }


def format_windows(windows: Windows) -> str:
    """Write windows as a command takes them: 2026-01-01..2026-11-22,2025-01-01..2025-11-22."""
    return ",".join(f"{first}..{until - timedelta(days=1)}" for first, until in windows)


def _read_text(parameter: Parameter, value: Any, _: Sequence[str]) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _make_error(parameter, "text")
    return value.strip()


def _read_choice(parameter: Parameter, value: Any, _: Sequence[str]) -> str:
    word = str(value).strip()
    if word not in parameter.choices:
        raise UsageError(
            f"'{parameter.name}' is '{word}'.", suggest_nearest(word, parameter.choices)
        )
    return word


def _read_integer(parameter: Parameter, value: Any, _: Sequence[str]) -> int:
    if isinstance(value, bool):
        raise _make_error(parameter, "a whole number")
    if not re.fullmatch(r"-?\d{1,9}", str(value).strip()):
        raise _make_error(parameter, "a whole number")
    number = int(str(value).strip())
    if (parameter.least is not None and number < parameter.least) or (
        parameter.most is not None and number > parameter.most
    ):
        raise UsageError(
            f"'{parameter.name}' is {number}.",
            f"It must be from {parameter.least} to {parameter.most}.",
        )
    return number


def _read_date(parameter: Parameter, value: Any, _: Sequence[str]) -> date:
    if isinstance(value, datetime):
        if value.time() != datetime.min.time():
            raise _make_error(parameter, "a date without a time")
        return value.date()
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
            return date.fromisoformat(value.strip())
    except ValueError:
        pass  # a day that no month has: the sentence below says what to write
    raise _make_error(parameter, "a date such as 2014-04-01")


_READERS: dict[str, Callable[[Parameter, Any, Sequence[str]], Any]] = {
    "city": _read_city,
    "neighbourhood": _read_text,
    "date": _read_date,
    "integer": _read_integer,
    "text": _read_text,
    "choice": _read_choice,
    "windows": _read_windows,
}
