"""From rows read to rows of extracts: keys, duplicates, one event from many rows, victims."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pyarrow as pa

from longevity.geography import stacked_points
from longevity.ingest.contract import BY_NAME, LONGEST_CODE, Extract, Kind
from longevity.ingest.importing.import_log import ImportLog
from longevity.ingest.importing.mapping import ExtractRule, Mapping, has_unknown, is_derivable
from longevity.ingest.importing.places import is_listed
from longevity.ingest.importing.rows import Frames, Terms
from longevity.ingest.importing.values import DTYPES

DAYS_OF_ONE_EVENT = pd.Timedelta(days=2)  # an event past midnight, entered a day late
LEAST_FOR_MIDNIGHTS = 20  # so many times, all of them 00:00, are no times
# More people hit in one incident than this is rarer than a mistyped count or a code used
# twice; it happens, so it is pointed out and never refused.
MANY_VICTIMS = 20
# One time of day has one in 1,440; where all are rounded to hours, one in 24, or in 12 at night.
TYPED, TIMES_THE_NEXT = 0.1, 3

KEYLESS = "No key given, kept as a row of its own with a made-up key"
APART = "More than two days after the first event of their {key}, kept as events of their own"
NEAR = "Rows of one {key} lie up to two days apart, kept as one event; the earliest day stands"
PILED = (
    "On a coordinate that stands for a whole city, location_precision set to `city`. If it is one "
    "place, name the column of its address: address = … under [incidents]"
)
MIDNIGHTS = "Every time is 00:00, so the hour is unknown and the precision is `day`"
MANY = f"More than {MANY_VICTIMS} victims in one incident (kept; a count may be mistyped)"
TYPED_MIDNIGHTS = (
    "Far more times are 00:00 than any other, so these mean that the hour is unknown: their "
    "precision is `day`. If they are midnight, set midnight_is_unknown = false"
)
SOME_MIDNIGHTS = "Times of exactly 00:00. If that means unknown, set midnight_is_unknown = true"


def make_extracts(frames: Frames, elsewhere: Frames, terms: Terms) -> Frames:
    """Return the extracts of one source, complete, a column each of the contract.

    `frames`: the rows that no column refuses; `elsewhere`: the keys that other parts of the same
    folder already hold, with `_part`. Refuses duplicates and rows that contradict an earlier one
    of their key; a key on days far apart becomes as many keys, unless the mapping has it refused.
    """
    mapping, log = terms.mapping, terms.log
    rules = [rule for rule in mapping.extracts.values() if rule.spread is None]
    _make_keys(frames, rules, log)
    for rule in rules:
        if rule.once_per_key and rule.on_conflict == "separate":
            _part_by_day(frames, rule.extract, log)
    _inherit_columns(frames, mapping)
    if "victims" in frames and mapping.spread is None:
        _make_victim_keys(frames["victims"], log)
    for rule in rules:
        frame = frames[rule.extract.name]
        _refuse_known(frame, rule.extract, elsewhere[rule.extract.name], log)
        if not rule.once_per_key:
            _refuse_repeated(frame, rule.extract, log)
    once = [rule for rule in rules if rule.once_per_key]
    for rule in once:
        _refuse_contradictions(log.drop_refused(frames[rule.extract.name]), rule, log)
    frames = {name: log.drop_refused(frame) for name, frame in frames.items()}
    for rule in once:
        name = rule.extract.name
        frames[name] = _merge_rows(frames[name], rule.extract, log)
    if "incidents" in frames:
        _mark_midnights(frames["incidents"], mapping.extracts["incidents"], log)
        _mark_piled(frames["incidents"], terms)
    if mapping.spread is not None:
        frames["victims"] = _make_victims(frames["incidents"], frames["victims"])
    if "victims" in frames:
        people = frames["victims"]["incident_id"]
        rows = people.index.to_series().groupby(people.to_numpy()).agg(["min", "size"])
        log.note(MANY, pd.Index(rows.loc[rows["size"] > MANY_VICTIMS, "min"].sort_values()))
    return {name: _complete_columns(frame, BY_NAME[name]) for name, frame in frames.items()}


# --- keys -------------------------------------------------------------------------


def _make_keys(frames: Frames, rules: list[ExtractRule], log: ImportLog) -> None:
    """Make up a key where the source has none: equal content, but never one key for two."""
    digests: pd.Series | None = None
    for extract in [rule.extract for rule in rules]:
        frame, key = frames[extract.name], extract.key[0]
        if not is_derivable(extract) or extract.name == "victims":
            continue
        if key in frame:
            log.note(KEYLESS, frame.index[frame[key].isna()])
        keys = _get_keys(frame, key)
        if keys.notna().all():
            continue
        if digests is None:
            digests = _hash_rows(frames)
        digest = digests[keys.index[keys.isna()]]
        repeat = digest.groupby(digest).cumcount()
        ending = ("-" + (repeat + 1).astype("str")).where(repeat > 0, "")
        frame[key] = keys.fillna("r" + digest + ending)


def _get_keys(frame: pd.DataFrame, key: str) -> pd.Series:
    """Return a frame's keys, NaN where it has none."""
    return frame[key] if key in frame else pd.Series(np.nan, frame.index, dtype="str")


def _hash_rows(frames: Frames) -> pd.Series:
    """Return a digest of everything a source row fills, equal for equal content."""
    columns = pd.concat(
        # No address: it could be found again by trying all of them.
        [
            frame.drop(columns="_address", errors="ignore").astype("str")
            for frame in frames.values()
        ],
        axis="columns",
    ).fillna("")
    texts = [
        hashlib.blake2b("\x1f".join(row).encode(), digest_size=8).hexdigest()
        for row in columns.itertuples(index=False)
    ]
    return pd.Series(texts, columns.index, dtype="str")


def _inherit_columns(frames: Frames, mapping: Mapping) -> None:
    """Fill columns an extract takes from another extract of the same source row."""
    for name, rule in mapping.extracts.items():
        frame = frames[name]
        for column in rule.inherited:
            if column.name in frame:
                continue
            giver, theirs = (column.references or "").partition(".")[0], "city"
            if column.kind is Kind.CITY:
                giver = next(n for n, f in frames.items() if n != name and "city" in f)
            else:
                theirs = BY_NAME[giver].key[0]
            frame[column.name] = frames[giver][theirs].reindex(frame.index)


def _make_victim_keys(frame: pd.DataFrame, log: ImportLog) -> None:
    """Number victims without a key within their incident."""
    if "victim_id" in frame:
        log.note(KEYLESS, frame.index[frame["victim_id"].isna()])
    keys = _get_keys(frame, "victim_id")
    frame["victim_id"] = keys.fillna(_number_victims(frame.loc[keys.isna(), "incident_id"]))


def _number_victims(incident: pd.Series) -> pd.Series:
    """Return `<incident>-1`, `<incident>-2`, …, never longer than a code may be."""
    keys = incident + "-" + (incident.groupby(incident).cumcount() + 1).astype("str")
    return keys.where(keys.str.len() <= LONGEST_CODE, "v" + keys.map(_hash_key))


def _hash_key(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


# --- duplicates -------------------------------------------------------------------


def _refuse_known(
    frame: pd.DataFrame, extract: Extract, known: pd.DataFrame, log: ImportLog
) -> None:
    """Refuse rows whose key another source of the same folder already brought."""
    key = list(extract.key)
    parts = frame[key].join(known.drop_duplicates(key).set_index(key), on=key)["_part"].dropna()
    sentence = f"{_name_key(extract)} was already imported from another source ({{}})."
    log.refuse(parts.index, "duplicate_key", sentence, parts)


def _refuse_repeated(frame: pd.DataFrame, extract: Extract, log: ImportLog) -> None:
    """Refuse rows whose key an earlier one has."""
    again = frame.index[frame.duplicated(list(extract.key))]
    sentence = f"{_name_key(extract)} repeats that of row {{:,}}."
    log.refuse(again, "duplicate_key", sentence, _find_first_rows(frame, extract))


def _refuse_contradictions(frame: pd.DataFrame, rule: ExtractRule, log: ImportLog) -> None:
    """Refuse rows of one key that lie in another city, or on another day where that is refused."""
    extract = rule.extract
    checked = {"city": frame["city"]}
    by_day = rule.on_conflict == "refuse" or not is_derivable(extract)
    if by_day and extract.event is not None and extract.event in frame:
        checked[extract.event] = frame[extract.event].dt.normalize()
    for name, values in checked.items():
        first = values.groupby([frame[key] for key in extract.key]).transform("first")
        wrong = values.index[values.notna() & first.notna() & (values != first)]
        sentence = f"{_name_key(extract)} is that of row {{:,}}, which has another '{name}'."
        log.refuse(wrong, "key_contradicts", sentence, _find_first_rows(frame, extract))


def _find_first_rows(frame: pd.DataFrame, extract: Extract) -> pd.Series:
    """Return for each row the first row that has its key."""
    keys = [frame[key] for key in extract.key]
    return frame.index.to_series().groupby(keys, dropna=False).transform("first")


def _name_key(extract: Extract) -> str:
    return " with ".join(f"'{name}'" for name in extract.key) + f" ({extract.name})"


# --- one event from many rows -------------------------------------------------------


def _part_by_day(frames: Frames, extract: Extract, log: ImportLog) -> None:
    """Give rows that lie days after the first event of their key a key of their own.

    A key used again for another event must not cost anybody hurt in it. What refers to such a
    row in the same source row goes along.
    """
    frame, key = frames[extract.name], extract.key[0]
    if not is_derivable(extract) or extract.event is None or extract.event not in frame:
        return
    days, keys = frame[extract.event].dt.normalize(), frame[key]
    several = days.groupby(keys).transform("nunique") > 1
    fresh = _make_keys_by_day(keys[several], days[several], set(keys.dropna()))
    if fresh.empty:
        return
    log.note(APART.format(key=key), fresh.index)
    for name, other in frames.items():
        for column in BY_NAME[name].columns:
            is_own = name == extract.name and column.name == key
            refers = column.references == f"{extract.name}.{key}" and column.name in other
            if is_own or refers:
                same = fresh.reindex(other.index).where(
                    other[column.name] == keys.reindex(other.index)
                )
                other[column.name] = same.fillna(other[column.name])


def _make_keys_by_day(keys: pd.Series, days: pd.Series, in_use: set[str]) -> pd.Series:
    """Return new keys for the rows more than two days after the first day of their key's event."""
    fresh: dict[object, str] = {}
    for key, of_key in days.dropna().groupby(keys):
        first, event, name = of_key.min(), 1, str(key)
        for row, day in of_key.sort_values(kind="stable").items():
            if day - first > DAYS_OF_ONE_EVENT:
                first, event = day, event + 1
                name = _make_unused_key(str(key), event, in_use)
            if event > 1:
                fresh[row] = name
    return pd.Series(fresh, dtype="str")


def _make_unused_key(key: str, event: int, in_use: set[str]) -> str:
    """Return a key for the event-th event of a key: `17:2`, never one that is there already."""
    name = f"{key}:{event}"
    if len(name) > LONGEST_CODE or name in in_use:
        name = "r" + _hash_key(name)
    in_use.add(name)
    return name


def _merge_rows(frame: pd.DataFrame, extract: Extract, log: ImportLog) -> pd.DataFrame:
    """Return one row a key: of each column the first value given, `unknown` giving way.

    Of a key on several days the earliest stands, of its times the first that is known.
    """
    key = list(extract.key)
    begins = ~frame.duplicated(key)
    if begins.all():
        return frame
    rows = frame.copy()
    words = {column.name: "unknown" for column in extract.columns if has_unknown(column)}
    words = {n: word for n, word in {**words, "occurred_precision": "day"}.items() if n in rows}
    for name, word in words.items():
        rows[name] = rows[name].mask(rows[name] == word)
    if extract.event in rows:
        days = rows[extract.event].dt.normalize()
        later = days > days.groupby(rows[key[0]]).transform("min")
        log.note(NEAR.format(key=key[0]), rows.index[later])
        of_event = [name for name in (extract.event, "occurred_precision") if name in rows]
        rows[of_event] = rows[of_event].mask(later)
    if "occurred_precision" in rows:
        rows["_exact"] = rows["occurred_at"].where(rows["occurred_precision"].notna())
    groups = rows.groupby(key, sort=False, dropna=False)
    for name in [column.name for column in extract.columns if column.name in rows]:
        if name not in key:
            sentence = f"Rows of one {key[0]} differ in '{name}'; the first stands"
            differ = groups[name].transform("nunique") > 1
            log.note(sentence, frame.index[begins & differ])
    merged = groups.first().reset_index().set_axis(frame.index[begins])
    for name, word in words.items():
        merged[name] = merged[name].fillna(word)
    if "_exact" in merged:
        merged["occurred_at"] = merged["_exact"].fillna(merged["occurred_at"])
    return merged[list(frame.columns)]


# --- incidents ----------------------------------------------------------------------


def _mark_midnights(frame: pd.DataFrame, rule: ExtractRule, log: ImportLog) -> None:
    """Mark columns in which every time is midnight: they hold days, not times."""
    column = rule.columns.get("occurred_at")
    if column is None or column.midnight_is_unknown is not None or column.constant is not None:
        return
    if "occurred_precision" in rule.columns:
        return
    times = frame.loc[frame["occurred_precision"] == "minute", "occurred_at"]
    midnight = times.index[times == times.dt.normalize()]
    counts = times.dt.strftime("%H:%M").value_counts()
    others = counts.drop("00:00", errors="ignore").max()
    sentence = SOME_MIDNIGHTS
    if len(midnight) >= LEAST_FOR_MIDNIGHTS:
        if len(midnight) == len(times):
            sentence = MIDNIGHTS
        elif counts["00:00"] >= max(TYPED * len(times), TIMES_THE_NEXT * others):
            sentence = TYPED_MIDNIGHTS
    if sentence != SOME_MIDNIGHTS:
        frame.loc[midnight, "occurred_precision"] = "day"
    log.note(sentence, midnight)


def _mark_piled(frame: pd.DataFrame, terms: Terms) -> None:
    """Give points that stand for a whole city the precision `city`; they keep their coordinates."""
    rule = terms.mapping.extracts["incidents"]
    if not rule.has_place:
        return
    if "_address" in frame:
        addressed = stacked_points.find_addressed(frame) | stacked_points.is_addressed(frame)
        frame["place_confirmed"] = addressed.astype("boolean").mask(~addressed)
    # At precision `neighbourhood` many rows lie on one label point, and are known by name.
    by_name = frame["location_precision"] == "neighbourhood"
    piled = stacked_points.find_piled(frame, terms.settings.thresholds) & ~by_name
    piled |= is_listed(frame, rule.piled_points)
    frame.loc[piled, "location_precision"] = "city"
    terms.log.note(PILED, frame.index[piled])


def _make_victims(incidents: pd.DataFrame, attributes: pd.DataFrame) -> pd.DataFrame:
    """Return a row a victim from the counts of each incident, the killed before the injured."""
    attributes = attributes.reindex(incidents.index).assign(incident_id=incidents["incident_id"])
    pieces = [
        attributes.loc[attributes.index.repeat(incidents[f"_{outcome}"])].assign(outcome=outcome)
        for outcome in ("fatal", "nonfatal")
    ]
    victims = pd.concat(pieces).sort_index(kind="stable")
    victims["victim_id"] = _number_victims(victims["incident_id"])
    return victims


def _complete_columns(frame: pd.DataFrame, extract: Extract) -> pd.DataFrame:
    """Return the contract's columns, in its order."""
    dtypes = {column.name: DTYPES[column.kind] for column in extract.columns}
    return frame.reindex(columns=list(dtypes)).astype(dtypes)


def to_arrow(frame: pd.DataFrame, extract: Extract) -> pa.Table:
    """Return a completed frame as a table of the contract's schema."""
    return pa.Table.from_pandas(frame, preserve_index=False).cast(extract.schema)
