"""Dates and times as sources write them, turned into local time.

Nothing is guessed: a text that fits no format is unreadable, a time that the
clock skipped keeps its day only, and both are said.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from longevity.ingest.importing.column_rules import NUMBER_FORMATS, ColumnRule

# Year first, with dashes or slashes: both can be meant in one way only.
ISO = (
    r"^(\d{4}-\d{2}-\d{2}|\d{4}/\d{2}/\d{2})"
    r"(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?"
    r"\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?$"
)
OFFSET = r"\s*(?:Z|z|[+-]\d{2}:?\d{2}|(?<=:\d\d)[+-]\d{2})$"
OTHER_OFFSET = r":\d\d(?:[.,]\d+)?\s*[+-](?!00(?::?00)?\s*$)\d\d(?::?\d\d)?\s*$"
HOURS_ONLY = r"(:\d\d(?:\.\d+)?\s*[+-]\d\d)$"  # an offset without minutes, after a time
# A number and, from a column of its own, a time of day; or that time as a part of the day.
NUMBER_AND_CLOCK = r"^(\S+)(?:\s+(\S.*))?$"
CLOCK = r"^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d|60)(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?$"
SIXTY, MORE = r":60(?!\d)", r":6[1-9](?!\d)"  # the reader would roll them over, a year at worst
SECONDS_A_DAY = 86_400
DAY_ZERO = {"excel": "1899-12-30", "excel_1904": "1904-01-01", "unix_days": "1970-01-01"}
LARGEST_NUMBER = 1e14  # beyond any date; keeps the arithmetic from overflowing

SKIPPED = "did not exist (the clock was put forward); the day is kept, with precision `day`"
LEAP = "has a second 60; it is read as the second 59 of that minute"
TWICE = "came twice that night (the clock was put back); it is kept as written"


@dataclass
class Timestamps:
    """What a column says, an element a row.

    `values` is local time without a zone (NaT: missing or unreadable); `timed`
    whether the time of day is known. `skipped`, `twice`, `leap` and `utc_midnight`
    mark what deserves a remark; `marked` the times that say they are UTC, which
    `as_written` has as if they were local.
    """

    values: pd.Series
    timed: np.ndarray
    bad: np.ndarray
    skipped: np.ndarray
    twice: np.ndarray
    leap: np.ndarray
    utc_midnight: np.ndarray
    marked: np.ndarray
    as_written: pd.Series


@dataclass
class _Stamps:
    """One format's reading: `absolute` stamps are UTC, the others wall-clock time."""

    values: pd.Series
    timed: np.ndarray
    absolute: np.ndarray
    leap: np.ndarray


def read_timestamps(
    texts: pd.Series, rule: ColumnRule, local: ZoneInfo, native: bool
) -> Timestamps:
    """Read `texts` (NaN: missing) by the rule's formats, in their order.

    With `native` (workbooks, parquet) typed dates arrive in ISO and are read
    whatever the formats say, unless a format itself begins with the year.
    """
    formats = list(rule.formats)
    if native and "iso" not in formats and not any(f.startswith("%Y") for f in formats):
        formats.append("iso")
    present = texts.notna().to_numpy()
    stamps = pd.Series(np.full(len(texts), "NaT", dtype="datetime64[us]"))
    timed = np.zeros(len(texts), dtype=bool)
    absolute = np.zeros(len(texts), dtype=bool)
    leap = np.zeros(len(texts), dtype=bool)
    unread = present.copy()
    for pattern in formats:
        if not unread.any():
            break
        part = _read_format(texts[unread].reset_index(drop=True), pattern, rule)
        got = part.values.notna().to_numpy()
        where = np.flatnonzero(unread)[got]
        stamps.iloc[where] = part.values[got].to_numpy()
        timed[where] = part.timed[got]
        absolute[where] = part.absolute[got]
        leap[where] = part.leap[got]
        unread[where] = False
    utc_midnight = absolute & (stamps == stamps.dt.normalize()).to_numpy()
    marked = absolute & ~texts.str.contains(OTHER_OFFSET, na=False).to_numpy(dtype=bool)
    values, skipped, twice = _to_local(stamps, timed, absolute, rule.zone or local, local)
    timed &= ~skipped
    if rule.midnight_is_unknown:
        timed &= (values != values.dt.normalize()).to_numpy()
    values = values.where(timed, values.dt.normalize())
    return Timestamps(values, timed, unread, skipped, twice, leap, utc_midnight, marked, stamps)


def _read_format(texts: pd.Series, pattern: str, rule: ColumnRule) -> _Stamps:
    if pattern in NUMBER_FORMATS:
        return _read_numbers(texts, pattern, rule)
    if pattern == "iso":
        return _read_iso(texts, rule)
    return _read_pattern(texts, pattern, rule)


def _read_iso(texts: pd.Series, rule: ColumnRule) -> _Stamps:
    parts = texts.str.strip().str.extract(ISO)
    leap = (parts[2] == "60").to_numpy()
    clock = parts[1].fillna("00:00") + ":" + parts[2].fillna("00").mask(leap, "59")
    day = parts[0].str.replace("/", "-")
    stamps = pd.to_datetime(day + " " + clock, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    timed = parts[1].notna().to_numpy()
    no_offset = (parts[3].str.len() == 3).fillna(False).to_numpy() & ~timed  # 2014-03-05-05
    stamps = stamps.astype("datetime64[us]").mask(parts[2] > "60").mask(no_offset)
    absolute = parts[3].notna().to_numpy() & timed
    if rule.z_is_local or not absolute.any():
        return _Stamps(stamps, timed, np.zeros(len(texts), dtype=bool), leap)
    offset = (
        parts[3].str.replace(":", "").fillna("+0000").str.replace(r"^[Zz]$", "+0000", regex=True)
    )
    offset = offset.str.ljust(5, "0")
    minutes = offset.str[1:3].astype("int64") * 60 + offset.str[3:5].astype("int64")
    minutes = minutes.where(offset.str[0] == "+", -minutes).where(absolute, 0)
    return _Stamps(stamps - pd.to_timedelta(minutes, unit="min"), timed, absolute, leap)


def _read_pattern(texts: pd.Series, pattern: str, rule: ColumnRule) -> _Stamps:
    timed = any(part in pattern for part in ("%H", "%I", "%X", "%c"))
    zoned = "%z" in pattern
    stripped = texts.str.strip()
    if zoned and rule.z_is_local:
        stripped = stripped.str.replace(OFFSET, "", regex=True)
        pattern, zoned = pattern.replace("%z", "").rstrip(), False
    if zoned:
        stripped = stripped.str.replace(HOURS_ONLY, r"\g<1>00", regex=True)
    stamps = pd.to_datetime(stripped, format=pattern, errors="coerce", utc=zoned)
    if zoned:
        stamps = stamps.dt.tz_localize(None)
    # Minutes never go to 60, so what does after a colon is the second.
    leap = (stripped.str.contains(SIXTY) & stamps.notna()).to_numpy()
    stamps = stamps.mask(leap, stamps - pd.Timedelta(seconds=1)).mask(stripped.str.contains(MORE))
    every = np.ones(len(texts), dtype=bool)
    return _Stamps(stamps.astype("datetime64[us]"), every & timed, every & zoned, leap)


def _read_numbers(texts: pd.Series, pattern: str, rule: ColumnRule) -> _Stamps:
    parts = texts.str.strip().str.extract(NUMBER_AND_CLOCK)
    number = pd.to_numeric(parts[0].str.replace(",", "."), errors="coerce")
    number = number.astype("float64").where(lambda n: n.abs() < LARGEST_NUMBER)
    every = np.ones(len(texts), dtype=bool)
    if pattern in DAY_ZERO:
        origin, seconds = DAY_ZERO[pattern], number * SECONDS_A_DAY
        timed, absolute = (number % 1 != 0).to_numpy(), every & False
    else:
        origin = "1970-01-01"
        seconds = number / 1000 if pattern == "epoch_milliseconds" else number
        timed, absolute = every, every & (not rule.z_is_local)
    span = (seconds.round() * 1_000_000).where(seconds.abs() < 4e11)
    present = span.notna()
    stamps = pd.Series(np.full(len(texts), "NaT", dtype="datetime64[us]"))
    stamps[present] = np.datetime64(origin, "us") + span[present].astype("int64").to_numpy().astype(
        "timedelta64[us]"
    )
    has_clock = parts[1].notna().to_numpy()
    clock, leap = _read_clock(parts[1])
    # The number says the day, the column beside it the time that hung on the wall.
    stamps = stamps.mask(has_clock, (stamps.dt.normalize() + clock).astype("datetime64[us]"))
    return _Stamps(stamps, timed | has_clock, absolute & ~has_clock, leap)


def _read_clock(texts: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """Return the time of `13:20`, `1:20 PM` or 0.5556 (NaT: none), and where a second is 60."""
    parts = texts.str.strip().str.extract(CLOCK)
    hours, minutes, seconds = (pd.to_numeric(parts[at], errors="coerce") for at in range(3))
    half = parts[3].str.upper()
    of_twelve = half.notna()
    hours = hours.mask(of_twelve & ~hours.between(1, 12))
    hours = hours.mask(of_twelve, hours % 12) + 12 * (half == "P")
    leap = (seconds == 60).to_numpy()
    seconds_of_day = hours * 3600 + minutes * 60 + seconds.fillna(0).mask(leap, 59)
    share = pd.to_numeric(texts.where(parts[0].isna()), errors="coerce")
    share = share.where((share >= 0) & (share < 1))
    seconds_of_day = seconds_of_day.fillna((share * SECONDS_A_DAY).round())
    return pd.to_timedelta(seconds_of_day, unit="s"), leap


def _to_local(
    stamps: pd.Series, timed: np.ndarray, absolute: np.ndarray, zone: ZoneInfo, local: ZoneInfo
) -> tuple[pd.Series, np.ndarray, np.ndarray]:
    """Return local wall-clock time, and which times were skipped or came twice in `zone`."""
    values = stamps.copy()
    skipped = np.zeros(len(stamps), dtype=bool)
    twice = np.zeros(len(stamps), dtype=bool)
    if absolute.any():
        local_times = (
            stamps[absolute].dt.tz_localize("UTC").dt.tz_convert(local).dt.tz_localize(None)
        )
        values[absolute] = local_times.astype("datetime64[us]")
    wall = timed & ~absolute & stamps.notna().to_numpy()
    if not wall.any():
        return values, skipped, twice
    clock = stamps[wall].dt
    moved = clock.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    skipped[wall] = (moved.dt.tz_localize(None) != stamps[wall]).to_numpy()
    unsure = clock.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward")
    twice[wall] = unsure.isna().to_numpy()
    if zone.key != local.key:
        local_times = moved.dt.tz_convert(local).dt.tz_localize(None)
        values[wall] = local_times.astype("datetime64[us]")
    return values, skipped, twice
