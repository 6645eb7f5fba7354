"""Read dates and times as city files write them, and turn them into local time.

Nothing is guessed: a text that fits no format is refused, and a time that does not exist, as the
clock was put forward, keeps only its day. The import reports both.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from longevity.ingest.contract import EARLIEST_YEAR
from longevity.ingest.importing.column_rules import ColumnRule
from longevity.ingest.importing.values import RefusedValueError

# Year first, with dashes or slashes: both can be meant in one way only.
ISO = re.compile(
    r"\d{4}([-/])\d\d\1\d\d"
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
BEFORE_OFFSET = re.compile(r"\s+(?=[Z+-])")
# A format with two numbers and nothing between them: %m%d reads "111" as January 11 or November 1.
UNPARTED = re.compile("%[YymdHIMS]%[YymdHIMS]")

SKIPPED = (
    "the time did not exist (the clock was put forward); the day is kept, with precision `day`"
)
TWICE = "the time came twice that night (the clock was put back); it is kept as written"
MARKED = (
    "marked Z or +00, and turned from UTC into local time. Many databases mark "
    "local times so: ask the sender, and set z_is_local = true if these are, z_is_local = false if "
    "they are UTC"
)


class Moment(NamedTuple):
    """A date or time that was read: local, without a zone.

    `timed`: whether the time of day is known; else `at` is midnight. `odd`: sentences to report
    about it, such as SKIPPED.
    """

    at: datetime
    timed: bool
    odd: tuple[str, ...] = ()


def read_date(text: str, rule: ColumnRule, local: ZoneInfo, today: date) -> Moment:
    """Read a text by the first of the rule's formats that fits.

    `local`: the program's time zone. RefusedValueError where none fits, or the date is before
    EARLIEST_YEAR or in the future.
    """
    where = rule.where
    for pattern in rule.formats:
        try:
            at, timed = _read_format(text.strip(), pattern)
            moment = _to_local(at, timed, rule, local)
        except (ValueError, OverflowError):
            continue
        latest = today + timedelta(days=rule.column.ahead)
        if not (moment.at.year >= EARLIEST_YEAR and moment.at.date() <= latest):
            sentence = f"{where} is not between {EARLIEST_YEAR} and {latest.isoformat()}."
            raise RefusedValueError("date_out_of_range", sentence)
        return moment
    offset = " %z reads +00:00 and not +00, which is read without any format."
    raise RefusedValueError(
        "unreadable_date",
        f"{where} is not a date written {' or '.join(rule.formats)}. "
        f"See 'format' of '{rule.column.name}'."
        + (offset if any("%z" in pattern for pattern in rule.formats) else ""),
    )


def _read_format(text: str, pattern: str) -> tuple[datetime, bool]:
    """Return the time in a text, with a zone if one is written, and whether it has a time of day.

    ValueError where the text does not fit the pattern.
    """
    if pattern == "iso":
        text = BEFORE_OFFSET.sub("", text.upper())
        if ISO.fullmatch(text) is None:
            raise ValueError("not written so")
        return datetime.fromisoformat(text.replace("/", "-")).replace(microsecond=0), ":" in text
    at = datetime.strptime(text, pattern)
    if UNPARTED.search(pattern) and len(at.strftime(pattern)) != len(text):
        raise ValueError("numbers that can be cut apart in two ways")
    return at, any(part in pattern for part in ("%H", "%I", "%X", "%c"))


def _to_local(at: datetime, timed: bool, rule: ColumnRule, local: ZoneInfo) -> Moment:
    """Turn a time into local time by the rule's keys about zones, and note what is odd about it."""
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
