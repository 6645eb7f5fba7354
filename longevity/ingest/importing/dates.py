"""Dates and times as sources write them, turned into local time.

Nothing is guessed: a text that fits no format is unreadable, a time that the
clock skipped keeps its day only, and both are said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from longevity.ingest.contract import EARLIEST_YEAR
from longevity.ingest.importing.column_rules import NUMBER_FORMATS, ColumnRule
from longevity.ingest.importing.values import RefusedValueError, read_number

# Year first, with dashes or slashes: both can be meant in one way only.
ISO = re.compile(
    r"\d{4}([-/])\d\d\1\d\d"
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:\s*(?:Z|[+-]\d\d(?::?\d\d)?))?)?",
    re.ASCII,
)
BEFORE_OFFSET = re.compile(r"\s+(?=[Z+-])")
HOURS_ONLY = re.compile(r"(:\d\d(?:\.\d+)?\s*[+-]\d\d)$", re.ASCII)  # an offset after a time
TOO_FINE = re.compile(r"(\.\d{6})\d+", re.ASCII)  # Python's %f takes microseconds
# Without signs between them numbers can be cut apart in two ways, unless all are written in full.
UNPARTED = re.compile("%[YymdHIMS]%[YymdHIMS]")
CLOCK = re.compile(
    r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?", re.ASCII
)
SECONDS_A_DAY = 86_400
EPOCH = datetime(1970, 1, 1)
# By format the day zero, how many seconds its number counts, and whether it is an instant in UTC.
COUNTED = {
    "excel": (datetime(1899, 12, 30), SECONDS_A_DAY, False),
    "excel_1904": (datetime(1904, 1, 1), SECONDS_A_DAY, False),
    "unix_days": (EPOCH, SECONDS_A_DAY, False),
    "epoch_seconds": (EPOCH, 1, True),
    "epoch_milliseconds": (EPOCH, 0.001, True),
}

SKIPPED = (
    "the time did not exist (the clock was put forward); the day is kept, with precision `day`"
)
TWICE = "the time came twice that night (the clock was put back); it is kept as written"
MARKED = (
    "marked Z or +00, or counted in UTC, and turned from UTC into local time. Many databases mark "
    "local times so: ask the sender, and set z_is_local = true if these are, z_is_local = false if "
    "they are UTC"
)


class Moment(NamedTuple):
    """What a text says: local time without a zone, at midnight where the time is not known.

    `odd`: what is to be said of it.
    """

    at: datetime
    timed: bool
    odd: tuple[str, ...] = ()


Stamp = tuple[datetime, bool]  # with a zone if it is an instant; whether it has a time


def build_date_reader(
    rule: ColumnRule, local: ZoneInfo, native: bool, today: date
) -> Callable[[str], Moment]:
    """Return what reads a text by the rule's formats in their order, or raises RefusedError.

    With `native` (workbooks, parquet) typed dates arrive in ISO and are read
    whatever the formats say, unless a format itself begins with the year.
    """
    formats = list(rule.formats)
    if native and "iso" not in formats and not any(f.startswith("%Y") for f in formats):
        formats.append("iso")
    where = " and ".join(f"'{name}'" for name in rule.sources)
    latest = today + timedelta(days=rule.column.ahead)

    def read_date(text: str) -> Moment:
        for pattern in formats:
            try:
                stamp = _read_format(text.strip(), pattern)
                if stamp is None:
                    continue
                moment = _to_local(*stamp, rule, local)
            except (ValueError, OverflowError):
                continue
            if not (moment.at.year >= EARLIEST_YEAR and moment.at.date() <= latest):
                sentence = f"{where} is not between {EARLIEST_YEAR} and {latest.isoformat()}."
                raise RefusedValueError("date_out_of_range", sentence)
            return moment
        raise RefusedValueError(
            "unreadable_date",
            f"{where} is not a date written {' or '.join(rule.formats)}. "
            f"See 'format' of '{rule.column.name}'.",
        )

    return read_date


def _read_format(text: str, pattern: str) -> Stamp | None:
    if pattern in NUMBER_FORMATS:
        return _read_number(text, pattern)
    if pattern == "iso":
        text = BEFORE_OFFSET.sub("", text.upper())
        if ISO.fullmatch(text) is None:
            return None
        at = datetime.fromisoformat(text.replace("/", "-"))
        return at.replace(microsecond=0), ":" in text
    if "%z" in pattern:
        text = HOURS_ONLY.sub(r"\g<1>00", text)
    if "%f" in pattern:
        text = TOO_FINE.sub(r"\1", text)
    at = datetime.strptime(text, pattern)
    if UNPARTED.search(pattern) and len(at.strftime(pattern)) != len(text):
        return None
    return at, any(part in pattern for part in ("%H", "%I", "%X", "%c"))


def _read_number(text: str, pattern: str) -> Stamp | None:
    """Read a number and, from a column of its own, a time of day."""
    number_text, *clock = text.split(maxsplit=1)
    number = read_number(number_text.replace(",", "."))
    if number is None:
        return None
    zero, unit, is_instant = COUNTED[pattern]
    at = zero + timedelta(seconds=round(number * unit))
    if not clock:
        return at.replace(tzinfo=UTC) if is_instant else at, is_instant or number % 1 != 0
    # The number says the day, the column next to it the time that hung on the wall.
    of_day = _read_clock(clock[0])
    return None if of_day is None else (datetime.combine(at, time()) + of_day, True)


def _read_clock(text: str) -> timedelta | None:
    """Return the time of `13:20`, `1:20 PM` or 0.5556; None where it is none."""
    match = CLOCK.fullmatch(text)
    if match is None:
        share = read_number(text)
        if share is None or not 0 <= share < 1:
            return None
        return timedelta(seconds=round(share * SECONDS_A_DAY))
    hour, minute, second = (int(part or 0) for part in match.groups()[:3])
    half = (match[4] or "").upper()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "P") if half else hour
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _to_local(at: datetime, timed: bool, rule: ColumnRule, local: ZoneInfo) -> Moment:
    odd: tuple[str, ...] = ()
    if rule.z_is_local:
        at = at.replace(tzinfo=None)
    if at.tzinfo is not None:
        if rule.z_is_local is None and not at.utcoffset():
            odd = (MARKED,)
        at = at.astimezone(local)
    elif timed:
        zone = rule.zone or local
        at = at.replace(tzinfo=zone)
        if at.utcoffset() != at.replace(fold=1).utcoffset():
            there = at.astimezone(UTC).astimezone(zone)
            odd = (TWICE,) if there.time() == at.time() else (SKIPPED,)
        timed = odd != (SKIPPED,)
        at = at.astimezone(local) if zone.key != local.key else at
    if rule.midnight_is_unknown:
        timed = timed and at.time() != time()
    at = at.replace(tzinfo=None, fold=0)
    return Moment(at if timed else datetime.combine(at, time()), timed, odd)
