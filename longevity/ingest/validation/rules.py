"""The rules a row of an extract must keep, generated from the contract.

Each rule is a condition in SQL that is true of a row that breaks it, over the
typed columns of one extract; `check` counts all of them in one pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from longevity import age_bands, labels
from longevity.ingest import victim_coverage
from longevity.ingest.contract import (
    BY_NAME,
    EARLIEST_YEAR,
    LONGEST_CODE,
    LONGEST_TEXT,
    Column,
    Extract,
    Kind,
)
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.validation.findings import Severity
from longevity.ingest.validation.scratch import quote_identifier, quote_text
from longevity.settings import Settings

_MAPPED = {"outcomes": "holds", "weapons": "holds_weapons"}
HAS_POINT = (
    "(longitude IS NOT NULL AND latitude IS NOT NULL AND isfinite(longitude) "
    "AND isfinite(latitude) AND NOT (longitude = 0 AND latitude = 0))"
)


@dataclass(frozen=True)
class Rule:
    """One rule: what is true of a row that breaks it, and what to say then.

    Of rules across rows `condition` is a query of the rows that break it (`at_row`).
    """

    name: str
    column: str | None
    condition: str
    kind_of_value: str
    what: str
    do: str
    severity: Severity = "error"
    words: tuple[str, ...] = ()  # the valid ones, when the nearest should be named


_NOTHING_SPENT = Rule(
    "nothing_spent",
    "spent",
    "spent = 0 AND allocated > 0",
    "a number",
    "money is allocated, and 0 spent: screens tell that nothing was.",
    "Leave it empty where it is not known.",
    "warning",
)


def list_row_rules(
    extract: Extract, settings: Settings, declared: ExtractsFile, today: date
) -> list[Rule]:
    """Return every rule one row of an extract can break on its own."""
    rules = [rule for column in extract.columns for rule in _column_rules(column, settings, today)]
    rules += _order_rules(extract)
    rules += _data_through_rules(extract, settings, declared)
    if extract.name == "incidents":
        rules += _point_rules(settings)
    if extract.name == "victims":
        rules += _outcome_rules()
        rules += _holding_rules(declared)
    if extract.name == "budget":
        rules.append(_NOTHING_SPENT)
    return rules


def _column_rules(column: Column, settings: Settings, today: date) -> Iterator[Rule]:
    name = quote_identifier(column.name)
    if column.required:
        empty = f"{name} IS NULL"
        if column.kind is Kind.TEXT:
            empty += f" OR trim({name}) = ''"
        yield Rule(
            "empty",
            column.name,
            empty,
            "nothing",
            "there is no value, and there must be one.",
            "Fill it in, or leave the row out.",
        )
    if column.kind is Kind.CODE:
        yield from _code_rules(column.name, name)
    elif column.kind is Kind.TEXT:
        yield from _text_rules(column.name, name)
    elif column.kind is Kind.CITY:
        yield _choice_rule(column.name, name, "unknown_city", "a city", tuple(settings.cities))
    elif column.kind is Kind.CHOICE:
        yield _choice_rule(column.name, name, "unknown_word", "a word", column.choices)
    elif column.kind is Kind.BAND:
        yield _band_rule(column.name, name)
    elif column.kind in (Kind.DAY, Kind.MOMENT):
        yield from _date_rules(column, name, today)
    elif column.kind in (Kind.INTEGER, Kind.DECIMAL):
        yield from _number_rules(column, name)


def _code_rules(column: str, name: str) -> Iterator[Rule]:
    yield Rule(
        "not_a_code",
        column,
        f"{name} IS NOT NULL AND NOT regexp_full_match({name}, '[A-Za-z0-9._:-]+')",
        "text that is not a code",
        "the value is not an opaque code.",
        "Use letters, digits and - _ . : only.",
    )
    yield Rule(
        "too_long",
        column,
        f"length({name}) > {LONGEST_CODE}",
        "a long code",
        f"the code is longer than {LONGEST_CODE} characters.",
        "Use a shorter one.",
    )


def _text_rules(column: str, name: str) -> Iterator[Rule]:
    yield Rule(
        "too_long",
        column,
        f"length({name}) > {LONGEST_TEXT}",
        "a long text",
        f"the text is longer than {LONGEST_TEXT} characters.",
        "Notes do not belong in an extract; shorten it.",
    )
    yield Rule(
        "unprintable",
        column,
        f"regexp_matches({name}, '{labels.IN_DUCKDB}')",
        "text with control characters",
        "the text holds line breaks, control characters or marks that turn its direction.",
        "Take them out.",
    )


def _choice_rule(column: str, name: str, rule: str, kind: str, words: tuple[str, ...]) -> Rule:
    valid = ", ".join(quote_text(word) for word in words)
    where = "in the configuration" if rule == "unknown_city" else "one the contract knows"
    return Rule(
        rule,
        column,
        f"{name} IS NOT NULL AND {name} NOT IN ({valid})",
        kind,
        f"{kind} that is not {where}.",
        "",
        words=words,
    )


def _band_rule(column: str, name: str) -> Rule:
    first = f"TRY_CAST(regexp_extract({name}, '^[0-9]+') AS INTEGER)"
    last = f"COALESCE(TRY_CAST(regexp_extract({name}, '[0-9]+$') AS INTEGER), {first})"
    return Rule(
        "not_an_age_band",
        column,
        f"{name} IS NOT NULL AND {name} <> '{age_bands.UNKNOWN}' AND NOT ("
        f"regexp_full_match({name}, {quote_text(age_bands.PATTERN)}) "
        f"AND {first} <= {last} AND {last} <= {age_bands.OLDEST})",
        "text that is not an age band",
        "the value is not an age band; a single age is none.",
        age_bands.EXAMPLES,
    )


def _date_rules(column: Column, name: str, today: date) -> Iterator[Rule]:
    latest = today + timedelta(days=column.ahead)
    allowed = f"more than {column.ahead} days ahead" if column.ahead else "in the future"
    yield Rule(
        "future",
        column.name,
        f"{name} >= DATE '{latest + timedelta(days=1)}'",
        "a date",
        f"a date {allowed}.",
        f"No later than {latest.isoformat()} is possible today.",
    )
    yield Rule(
        "too_early",
        column.name,
        f"{name} < DATE '{EARLIEST_YEAR}-01-01'",
        "a date",
        f"a date before {EARLIEST_YEAR}.",
        "Correct it; a placeholder for an unknown date is left empty.",
    )


def _number_rules(column: Column, name: str) -> Iterator[Rule]:
    finite = "TRUE"
    if column.kind is Kind.DECIMAL:
        finite = f"isfinite({name})"
        yield Rule(
            "not_a_number",
            column.name,
            f"NOT isfinite({name})",
            "NaN or infinity",
            "not a number, or infinite.",
            "Leave the cell empty when the number is not known.",
        )
    outside = []
    if column.least is not None:
        outside.append(f"{name} < {column.least}")
    if column.most is not None:
        outside.append(f"{name} > {column.most}")
    if outside:
        yield Rule(
            "out_of_range",
            column.name,
            f"{finite} AND ({' OR '.join(outside)})",
            "a number",
            f"a number that is not between {column.least:,g} and {column.most:,g}.",
            "Check the unit and the order of the columns.",
        )


def _order_rules(extract: Extract) -> Iterator[Rule]:
    for earlier, later in extract.in_order:
        yield Rule(
            "out_of_order",
            later,
            f"CAST({quote_identifier(later)} AS DATE) < CAST({quote_identifier(earlier)} AS DATE)",
            "a date",
            f"a date before the {earlier} of its row.",
            "Correct one of the two.",
        )


def _data_through_rules(
    extract: Extract, settings: Settings, declared: ExtractsFile
) -> Iterator[Rule]:
    days = declared.data_through.get(extract.name, {})
    if extract.event is None or not days:
        return
    event = f"CAST({quote_identifier(extract.event)} AS DATE)"
    later = " OR ".join(
        f"(city = {quote_text(city)} AND {event} > DATE '{day}')"
        for city, day in sorted(days.items())
    )
    yield Rule(
        "after_data_through",
        extract.event,
        later,
        "a date",
        "a date after the day this source is said to be complete through.",
        "These days are not counted. If they are complete, move data_through in extracts.toml.",
        "warning",
    )


def _point_rules(settings: Settings) -> Iterator[Rule]:
    yield Rule(
        "half_a_point",
        "longitude",
        "(longitude IS NULL) <> (latitude IS NULL)",
        "half a coordinate",
        "only one of longitude and latitude is there.",
        "Give both, or neither.",
    )
    yield Rule(
        "zero_point",
        "longitude",
        "longitude = 0 AND latitude = 0",
        "a coordinate",
        "the point is (0, 0); it is read as no coordinates.",
        "Leave both empty when the place is not known.",
        "warning",
    )
    inside = _in_area_of_use(settings)
    if inside:
        yield Rule(
            "far_away",
            "longitude",
            f"{HAS_POINT} AND NOT {inside}",
            "a coordinate",
            f"the point is outside the area for which {settings.projected_crs} is made, so in "
            "no city of it.",
            "Are longitude and latitude exchanged, or not in degrees?",
            "warning",
        )


def _in_area_of_use(settings: Settings) -> str | None:
    """Return SQL: is the point where cities can be? None where that is unknown."""
    from pyproj import CRS

    area = CRS.from_user_input(settings.projected_crs).area_of_use
    # An area across the 180th meridian has its west east of its east: left unchecked.
    if not area or area.west >= area.east:
        return None
    return (
        f"(longitude BETWEEN {area.west} AND {area.east} "
        f"AND latitude BETWEEN {area.south} AND {area.north})"
    )


def _outcome_rules() -> Iterator[Rule]:
    weapons = BY_NAME["victims"].column("weapon").choices
    others = ", ".join(quote_text(word) for word in weapons if word not in ("firearm", "unknown"))
    yield Rule(
        "fatal_without_day",
        "died_on",
        "outcome = 'fatal' AND died_on IS NULL",
        "nothing",
        "a fatal victim without the day of death.",
        "Give it when it is known: later deaths are told by it.",
        "warning",
    )
    yield Rule(
        "wounded_and_died",
        "died_on",
        "outcome = 'nonfatal' AND died_on IS NOT NULL",
        "a date",
        "a nonfatal victim with a day of death.",
        "Make the outcome fatal, or take the day away.",
    )
    yield Rule(
        "wounded_otherwise",
        "weapon",
        f"outcome = 'nonfatal' AND weapon IN ({others})",
        "a word",
        "a victim wounded by something other than a firearm; kept, and not counted.",
        "Nothing, if that is right.",
        "warning",
    )
    yield Rule(
        "wounded_by_unknown",
        "weapon",
        "outcome = 'nonfatal' AND weapon = 'unknown'",
        "a word",
        "a wounded victim whose weapon is unknown; kept, and in no count of people shot.",
        "Map the weapon, or ask for it: some of them may have been shot.",
        "warning",
    )


def _holding_rules(declared: ExtractsFile) -> Iterator[Rule]:
    """Yield rules for rows of what `extracts.toml` says the sources of their city do not hold."""
    for key, column in victim_coverage.COLUMNS.items():
        others = [
            f"(city = {quote_text(city)} AND {column} IN ({', '.join(map(quote_text, besides))}))"
            for city, words in sorted(declared.holds[key].items())
            # That a weapon is not known does not say that it is another.
            if (besides := [w for w in victim_coverage.WORDS[key] if w not in (*words, "unknown")])
        ]
        if others:
            yield Rule(
                "not_held",
                column,
                " OR ".join(others),
                "a word",
                f"a victim whose {column} the sources of the city are said not to hold.",
                f"Take the city out of [holds.{key}] in extracts.toml (in a mapping, the key "
                f"{_MAPPED[key]} of [victims]), or the row out of the extract.",
            )
