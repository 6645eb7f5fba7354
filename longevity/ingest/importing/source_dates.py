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
    r"(\d{4})([-/])(\d\d)\2(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?)?"
    r"\s*(Z|z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
OFFSET = re.compile(r"\s*(?:Z|z|[+-]\d{2}:?\d{2}|(?<=:\d\d)[+-]\d{2})$", re.ASCII)
OTHER_OFFSET = re.compile(
    r":\d\d(?:[.,]\d+)?\s*[+-](?!00(?::?00)?\s*$)\d\d(?::?\d\d)?\s*$", re.ASCII
)
HOURS_ONLY = re.compile(r"(:\d\d(?:\.\d+)?\s*[+-]\d\d)$", re.ASCII)  # an offset after a time
TOO_FINE = re.compile(r"(\.\d{6})\d+", re.ASCII)  # Python's %f takes microseconds
# Without signs between them numbers can be cut apart in two ways, unless all are written in full.
UNPARTED = re.compile("%[YymdHIMS]%[YymdHIMS]")
CLOCK = re.compile(
    r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?", re.ASCII
)
SECONDS_A_DAY = 86_400
EPOCH = datetime(1970, 1, 1)
DAY_ZERO = {
    "excel": datetime(1899, 12, 30),
    "excel_1904": datetime(1904, 1, 1),
    "unix_days": EPOCH,
}

SKIPPED = (
    "the time did not exist (the clock was put forward); the day is kept, with precision `day`"
)
TWICE = "the time came twice that night (the clock was put back); it is kept as written"
UTC_MIDNIGHT = (
    "exactly midnight UTC, turned into local time. "
    "If the `Z` is really local, set z_is_local = true"
)


class Moment(NamedTuple):
    """What a text says: local time without a zone, at midnight where the time is not known.

    `odd`: what is to be said of it. `marked`: of a time that says it is UTC, that time as it is
    written.
    """

    at: datetime
    timed: bool
    odd: tuple[str, ...] = ()
    marked: datetime | None = None


class _Stamp(NamedTuple):
    """One format's reading: `absolute` stamps are UTC, the others wall-clock time."""

    at: datetime
    timed: bool
    absolute: bool = False


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
                stamp = _read_format(text.strip(), pattern, rule)
                if stamp is None:
                    continue
                moment = _to_local(stamp, rule, local)
            except (ValueError, OverflowError):
                continue
            if not (moment.at.year >= EARLIEST_YEAR and moment.at.date() <= latest):
                sentence = f"{where} is not between {EARLIEST_YEAR} and {latest.isoformat()}."
                raise RefusedValueError("date_out_of_range", sentence)
            if stamp.absolute and not OTHER_OFFSET.search(text):
                moment = moment._replace(marked=stamp.at)
            return moment
        raise RefusedValueError(
            "unreadable_date",
            f"{where} is not a date written {' or '.join(rule.formats)}. "
            f"See 'format' of '{rule.column.name}'.",
        )

    return read_date


def _read_format(text: str, pattern: str, rule: ColumnRule) -> _Stamp | None:
    if pattern in NUMBER_FORMATS:
        return _read_number(text, pattern, rule)
    if pattern == "iso":
        return _read_iso(text, rule)
    return _read_pattern(text, pattern, rule)


def _read_iso(text: str, rule: ColumnRule) -> _Stamp | None:
    match = ISO.fullmatch(text)
    if match is None:
        return None
    year, _, month, day, hour, minute, second, offset = match.groups()
    clock = time(int(hour or 0), int(minute or 0), int(second or 0))
    at = datetime.combine(date(int(year), int(month), int(day)), clock)
    if hour is None:
        # What hangs on a day without a time, as in 2014-03-05-05, is no offset.
        return None if offset and len(offset) == 3 else _Stamp(at, timed=False)
    if offset is None or rule.z_is_local:
        return _Stamp(at, timed=True)
    if offset not in "Zz":
        digits = offset[1:].replace(":", "").ljust(4, "0")
        ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        at -= ahead if offset[0] == "+" else -ahead
    return _Stamp(at, timed=True, absolute=True)


def _read_pattern(text: str, pattern: str, rule: ColumnRule) -> _Stamp | None:
    timed = any(part in pattern for part in ("%H", "%I", "%X", "%c"))
    zoned = "%z" in pattern
    if zoned and rule.z_is_local:
        text, pattern, zoned = OFFSET.sub("", text), pattern.replace("%z", "").rstrip(), False
    if zoned:
        text = HOURS_ONLY.sub(r"\g<1>00", text)
    if "%f" in pattern:
        text = TOO_FINE.sub(r"\1", text)
    at = datetime.strptime(text, pattern)
    if UNPARTED.search(pattern) and len(at.strftime(pattern)) != len(text):
        return None
    if at.tzinfo is not None:
        at = at.astimezone(UTC).replace(tzinfo=None)
    return _Stamp(at, timed, absolute=zoned)


def _read_number(text: str, pattern: str, rule: ColumnRule) -> _Stamp | None:
    """Read a number and, from a column of its own, a time of day."""
    number_text, *clock = text.split(maxsplit=1)
    number = read_number(number_text.replace(",", "."))
    if number is None:
        return None
    if pattern in DAY_ZERO:
        seconds, timed = number * SECONDS_A_DAY, number % 1 != 0
    else:
        seconds, timed = number / (1000 if pattern == "epoch_milliseconds" else 1), True
    at = DAY_ZERO.get(pattern, EPOCH) + timedelta(seconds=round(seconds))
    if not clock:
        return _Stamp(at, timed, absolute=pattern not in DAY_ZERO and not rule.z_is_local)
    # The number says the day, the column beside it the time that hung on the wall.
    of_day = _read_clock(clock[0])
    return None if of_day is None else _Stamp(datetime.combine(at, time()) + of_day, timed=True)


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


def _to_local(stamp: _Stamp, rule: ColumnRule, local: ZoneInfo) -> Moment:
    at, timed, odd = stamp.at, stamp.timed, []
    zone = rule.zone or local
    if stamp.absolute:
        if at.time() == time():
            odd.append(UTC_MIDNIGHT)
        at = at.replace(tzinfo=UTC).astimezone(local)
    elif timed:
        at = at.replace(tzinfo=zone)
        if at.utcoffset() != at.replace(fold=1).utcoffset():
            there = at.astimezone(UTC).astimezone(zone)
            odd.append(TWICE if there.time() == at.time() else SKIPPED)
        timed = SKIPPED not in odd
        at = at.astimezone(local) if zone.key != local.key else at
    if rule.midnight_is_unknown:
        timed = timed and at.time() != time()
    at = at.replace(tzinfo=None, fold=0)
    return Moment(at if timed else datetime.combine(at, time()), timed, tuple(odd))
