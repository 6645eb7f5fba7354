"""From rows read to rows of extracts: keys, duplicates, one event from many rows, victims."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pyarrow as pa

from longevity.geography import stacked_points
from longevity.ingest.contract import BY_NAME, LONGEST_CODE, Extract, Kind
from longevity.ingest.importing import coordinates
from longevity.ingest.importing.mapping import ExtractRule, Mapping, has_unknown, is_derivable
from longevity.ingest.importing.notes import Notes
from longevity.ingest.importing.rows import DTYPES, Refusals
from longevity.settings import Settings

Frames = dict[str, pd.DataFrame]
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


def deduplicate(
    source_frames: Frames,
    mapping: Mapping,
    elsewhere: Frames,
    settings: Settings,
    refusals: Refusals,
    notes: Notes,
) -> Frames:
    """Return the extracts of one source, complete, a column each of the contract, and `_row`.

    `source_frames` are the frames of the row reader, all chunks together; `elsewhere`
    the keys that other parts of the same folder already hold, with `_part`.
    Refuses duplicates and rows that contradict an earlier one of their key; a key on days
    far apart becomes as many keys, unless the mapping has it refused.
    """
    frames = {name: source_frames[name] for name in mapping.extracts}
    for name, rule in mapping.extracts.items():
        if not (name == "victims" and mapping.spread is not None):
            _make_keys(frames, rule, notes)
    _part_by_day(frames, mapping, notes)
    _inherit_columns(frames, mapping)
    _make_victim_keys(frames, mapping, notes)
    for name, rule in mapping.extracts.items():
        if name != "victims" or mapping.spread is None:
            _refuse_known(frames[name], rule.extract, elsewhere.get(name), refusals)
            if not rule.once_per_key:
                _refuse_repeated(frames[name], rule.extract, refusals)
    for rule in mapping.extracts.values():
        if rule.once_per_key:
            frame = _drop_refused(frames[rule.extract.name], refusals)
            _refuse_contradictions(frame, rule, refusals)
    frames = {name: _drop_refused(frame, refusals) for name, frame in frames.items()}
    for name, rule in mapping.extracts.items():
        if rule.once_per_key:
            frames[name] = _merge_rows(frames[name], rule.extract, notes)
    if "incidents" in frames:
        _mark_midnights(frames["incidents"], mapping, notes)
        frames["incidents"] = _mark_piled(
            frames["incidents"], mapping.extracts["incidents"], settings, notes
        )
    notes.add(MANY, _find_many_victims(frames, spread=mapping.spread is not None))
    if mapping.spread is not None:
        frames["victims"] = _make_victims(frames["incidents"], frames["victims"])
    return {
        name: _complete_columns(frame, mapping.extracts[name].extract)
        for name, frame in frames.items()
    }


def _drop_refused(frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    refused = refusals.find_refused(frame["_row"].to_numpy())
    return frame[~refused].reset_index(drop=True) if refused.any() else frame


# --- keys -------------------------------------------------------------------------


def _make_keys(frames: Frames, rule: ExtractRule, notes: Notes) -> None:
    """Make up a key where the source has none: equal content, but never one key for two."""
    extract = rule.extract
    frame = frames[extract.name]
    key = extract.key[0]
    if not is_derivable(extract) or extract.name == "victims":
        return
    if key in frame:
        empty = frame[key].isna()
        if not empty.any():
            return
        notes.add(KEYLESS, frame.loc[empty, "_row"])
    else:
        empty = pd.Series(True, index=frame.index)
        frame[key] = pd.Series(np.nan, index=frame.index, dtype="str")
    digest = frame.loc[empty, "_hash"]
    repeat = digest.groupby(digest).cumcount()
    ending = ("-" + (repeat + 1).astype("str")).where(repeat > 0, "")
    frame.loc[empty, key] = "r" + digest + ending


def _inherit_columns(frames: Frames, mapping: Mapping) -> None:
    """Fill columns an extract takes from another extract of the same source row."""
    for name, rule in mapping.extracts.items():
        frame = frames[name]
        for column in rule.inherited:
            if column.name in frame:
                continue
            giver = (column.references or "").partition(".")[0]
            if column.kind is Kind.CITY:
                giver = next(n for n, f in frames.items() if n != name and "city" in f)
            values = frames[giver].set_index("_row")[
                column.name if column.kind is Kind.CITY else mapping.extracts[giver].extract.key[0]
            ]
            frame[column.name] = values.reindex(frame["_row"]).to_numpy()


def _make_victim_keys(frames: Frames, mapping: Mapping, notes: Notes) -> None:
    """Number victims without a key within their incident."""
    if "victims" not in frames or mapping.spread is not None:
        return
    frame = frames["victims"]
    if "victim_id" in frame:
        empty = frame["victim_id"].isna()
        notes.add(KEYLESS, frame.loc[empty, "_row"])
    else:
        empty = pd.Series(True, index=frame.index)
        frame["victim_id"] = pd.Series(np.nan, index=frame.index, dtype="str")
    if empty.any():
        incident = frame.loc[empty, "incident_id"]
        frame.loc[empty, "victim_id"] = _number_victims(
            incident, incident.groupby(incident).cumcount()
        )


def _number_victims(incident: pd.Series, ordinal: pd.Series) -> pd.Series:
    """Return `<incident>-1`, `<incident>-2`, …, never longer than a code may be."""
    keys = incident + "-" + (ordinal + 1).astype("str")
    long = keys.str.len() > LONGEST_CODE
    if long.any():
        keys[long] = [
            "v" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in keys[long]
        ]
    return keys


# --- duplicates -------------------------------------------------------------------


def _refuse_known(
    frame: pd.DataFrame, extract: Extract, other_keys: pd.DataFrame | None, refusals: Refusals
) -> None:
    """Refuse rows whose key another source of the same folder already brought."""
    if other_keys is None or other_keys.empty or frame.empty:
        return
    key = list(extract.key)
    repeats = frame[["_row", *key]].merge(other_keys.drop_duplicates(key), on=key, how="inner")
    for part, rows in repeats.groupby("_part")["_row"]:
        sentence = f"{_name_extract(extract)} was already imported from another source ({part})."
        refusals.add(rows.to_numpy(), "duplicate_key", sentence)


def _refuse_repeated(frame: pd.DataFrame, extract: Extract, refusals: Refusals) -> None:
    key = list(extract.key)
    is_repeat = frame.duplicated(key)
    if not is_repeat.any():
        return
    groups = frame[frame.duplicated(key, keep=False)].groupby(key, sort=False)["_row"]
    first = groups.transform("first")[is_repeat[is_repeat].index]
    for row, earlier in zip(frame.loc[is_repeat, "_row"], first, strict=True):
        sentence = f"{_name_extract(extract)} repeats that of row {earlier:,}."
        refusals.add(np.array([row]), "duplicate_key", sentence)


def _name_extract(extract: Extract) -> str:
    return " with ".join(f"'{name}'" for name in extract.key) + f" ({extract.name})"


# --- one event from many rows -------------------------------------------------------


def _part_by_day(frames: Frames, mapping: Mapping, notes: Notes) -> None:
    """Give rows that lie days after the first event of their key a key of their own.

    A key used again for another event must not cost anybody hurt in it.
    """
    for rule in mapping.extracts.values():
        if rule.once_per_key and rule.on_conflict == "separate":
            _part_one_by_day(frames, rule.extract, notes)


def _part_one_by_day(frames: Frames, extract: Extract, notes: Notes) -> None:
    """Do the same for one extract; what refers to such a row in the same source row goes along."""
    frame = frames[extract.name]
    if not is_derivable(extract) or extract.event is None or extract.event not in frame:
        return
    key, days = extract.key[0], frame[extract.event].dt.normalize()
    several = days.groupby(frame[key]).transform("nunique") > 1
    fresh = _keys_by_day(frame.loc[several, key], days[several], set(frame[key].dropna()))
    if fresh.empty:
        return
    notes.add(APART.format(key=key), frame.loc[fresh.index, "_row"])
    old = frame.loc[fresh.index, key]
    by_row = dict(zip(frame.loc[fresh.index, "_row"], zip(old, fresh, strict=True), strict=True))
    frame.loc[fresh.index, key] = fresh
    for name, other in frames.items():
        for column in BY_NAME[name].columns if name != extract.name else ():
            if column.references == f"{extract.name}.{key}" and column.name in other:
                pairs = [by_row.get(row, ("", "")) for row in other["_row"]]
                moved = [
                    pair[0] == code for pair, code in zip(pairs, other[column.name], strict=True)
                ]
                other.loc[moved, column.name] = [
                    pair[1] for pair, yes in zip(pairs, moved, strict=True) if yes
                ]


def _keys_by_day(keys: pd.Series, days: pd.Series, in_use: set[str]) -> pd.Series:
    """Return new keys for the rows more than two days after the first day of their key's event."""
    fresh: dict[object, str] = {}
    for key, of_key in days.dropna().groupby(keys):
        first, event, name = of_key.min(), 1, str(key)
        for at, day in of_key.sort_values(kind="stable").items():
            if day - first > DAYS_OF_ONE_EVENT:
                first, event = day, event + 1
                name = _make_unused_key(str(key), event, in_use)
            if event > 1:
                fresh[at] = name
    return pd.Series(fresh, dtype="str")


def _make_unused_key(key: str, event: int, in_use: set[str]) -> str:
    """Return a key for the event-th event of a key: `17:2`, never one that is there already."""
    name = f"{key}:{event}"
    if len(name) > LONGEST_CODE or name in in_use:
        name = "r" + hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
    in_use.add(name)
    return name


def _refuse_contradictions(frame: pd.DataFrame, rule: ExtractRule, refusals: Refusals) -> None:
    """Refuse rows of one key that lie in another city, or on another day where that is refused."""
    extract = rule.extract
    key = list(extract.key)
    groups = frame.groupby(key, sort=False)
    checked = {"city": frame["city"]}
    by_day = rule.on_conflict == "refuse" or not is_derivable(extract)
    if by_day and extract.event is not None and extract.event in frame:
        checked[extract.event] = frame[extract.event].dt.normalize()
    for name, values in checked.items():
        first = values.groupby([frame[k] for k in key], sort=False).transform("first")
        wrong = values.notna() & first.notna() & (values != first)
        if wrong.any():
            earlier = groups["_row"].transform("first")[wrong]
            for row, other in zip(frame.loc[wrong, "_row"], earlier, strict=True):
                same = f"{_name_extract(extract)} is that of row {other:,}"
                sentence = f"{same}, which has another '{name}'."
                refusals.add(np.array([row]), "key_contradicts", sentence)


def _merge_rows(frame: pd.DataFrame, extract: Extract, notes: Notes) -> pd.DataFrame:
    """Return one row a key: of each column the first value given, `unknown` giving way."""
    key = list(extract.key)
    if not frame.duplicated(key).any():
        return frame
    result = frame.copy()
    for column in extract.columns:
        if column.name in result and has_unknown(column):
            result[column.name] = result[column.name].mask(result[column.name] == "unknown")
    if "occurred_precision" in result:
        exact = result["occurred_precision"] == "minute"
        result["occurred_precision"] = result["occurred_precision"].where(exact)
        result["_exact"] = result["occurred_at"].where(exact)
    _keep_the_earliest(result, extract, notes)
    groups = result.groupby(key, sort=False, dropna=False)
    several = frame.duplicated(key, keep=False)
    for column in extract.columns:
        if column.name in result and column.name not in key:
            differ = groups[column.name].transform("nunique") > 1
            first = several & differ & ~frame.duplicated(key)
            notes.add(
                f"Rows of one {extract.key[0]} differ in '{column.name}'; the first stands",
                frame.loc[first, "_row"],
            )
    merged = groups.first().reset_index()
    for column in extract.columns:
        if column.name in merged and has_unknown(column):
            unknown = "day" if column.name == "occurred_precision" else "unknown"
            merged[column.name] = merged[column.name].fillna(unknown)
    if "_exact" in merged:
        merged["occurred_at"] = merged["_exact"].fillna(merged["occurred_at"])
        merged["occurred_precision"] = merged["occurred_precision"].fillna("day")
        merged = merged.drop(columns="_exact")
    return merged[list(frame.columns)]


def _keep_the_earliest(rows: pd.DataFrame, extract: Extract, notes: Notes) -> None:
    """Empty the event of rows that are not of the earliest day of their key."""
    if extract.event is None or extract.event not in rows:
        return
    days = rows[extract.event].dt.normalize()
    key = extract.key[0]
    later = days > days.groupby(rows[key]).transform("min")
    notes.add(NEAR.format(key=key), rows.loc[later, "_row"])
    rows.loc[later, extract.event] = pd.NaT
    if "_exact" in rows:
        rows.loc[later, "_exact"] = pd.NaT
        rows.loc[later, "occurred_precision"] = None


# --- incidents ----------------------------------------------------------------------


def _mark_midnights(frame: pd.DataFrame, mapping: Mapping, notes: Notes) -> None:
    """Mark columns in which every time is midnight: they hold days, not times."""
    rule = mapping.extracts["incidents"].columns.get("occurred_at")
    if rule is None or rule.midnight_is_unknown is not None or rule.constant is not None:
        return
    if "occurred_precision" in mapping.extracts["incidents"].columns:
        return
    timed = frame["occurred_precision"] == "minute"
    midnight = timed & (frame["occurred_at"] == frame["occurred_at"].dt.normalize())
    if timed.sum() >= LEAST_FOR_MIDNIGHTS and midnight.sum() == timed.sum():
        frame["occurred_precision"] = "day"
        notes.add(MIDNIGHTS, frame.loc[midnight, "_row"])
    elif midnight.sum() >= LEAST_FOR_MIDNIGHTS and _is_typed(frame.loc[timed, "occurred_at"]):
        frame.loc[midnight, "occurred_precision"] = "day"
        notes.add(TYPED_MIDNIGHTS, frame.loc[midnight, "_row"])
    else:
        notes.add(SOME_MIDNIGHTS, frame.loc[midnight, "_row"])


def _is_typed(moments: pd.Series) -> bool:
    """Return whether so many times are 00:00, and so few any other, that they were typed."""
    counts = moments.dt.strftime("%H:%M").value_counts()
    midnights, others = counts["00:00"], counts.drop("00:00")
    return bool(midnights >= max(TYPED * len(moments), TIMES_THE_NEXT * others.max()))


def _mark_piled(
    frame: pd.DataFrame, rule: ExtractRule, settings: Settings, notes: Notes
) -> pd.DataFrame:
    """Give points that stand for a whole city the precision `city`; they keep their coordinates."""
    if not rule.has_place or frame.empty:
        return frame
    if "_address" in frame:
        addressed = stacked_points.find_addressed(frame) | stacked_points.is_addressed(frame)
        frame["place_confirmed"] = addressed.astype("boolean").mask(~addressed)
    on = coordinates.is_listed(frame["longitude"], frame["latitude"], rule.piled_points)
    # At precision `neighbourhood` many rows lie on one label point, and are known by name.
    by_name = (frame["location_precision"] == "neighbourhood").to_numpy()
    on |= stacked_points.find_piled(frame, settings.thresholds).to_numpy() & ~by_name
    frame.loc[on, "location_precision"] = "city"
    notes.add(PILED, frame.loc[on, "_row"])
    return frame


def _make_victims(incidents: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Return a row a victim from the counts of each incident, the killed before the injured."""
    sizes = (incidents["_fatal"] + incidents["_nonfatal"]).to_numpy()
    at = np.repeat(np.arange(len(incidents)), sizes)
    ordinal = np.arange(len(at)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    fatal = ordinal < incidents["_fatal"].to_numpy()[at]
    attributes = counts.set_index("_row").reindex(incidents["_row"].to_numpy()[at])
    victims = attributes.reset_index(drop=True)
    victims["_row"] = incidents["_row"].to_numpy()[at]
    victims["incident_id"] = incidents["incident_id"].to_numpy()[at]
    if "city" not in counts:
        victims["city"] = incidents["city"].to_numpy()[at]
    victims["victim_id"] = _number_victims(
        victims["incident_id"].astype("str"), pd.Series(ordinal, index=victims.index)
    )
    victims["outcome"] = np.where(fatal, "fatal", "nonfatal")
    return victims


def _find_many_victims(frames: Frames, spread: bool) -> pd.Series:
    """Return the source rows of incidents with many victims; of several, the first."""
    if spread:
        incidents = frames["incidents"]
        return incidents.loc[incidents["_fatal"] + incidents["_nonfatal"] > MANY_VICTIMS, "_row"]
    if "victims" not in frames:
        return pd.Series(dtype="int64")
    victims = frames["victims"]
    of_incident = victims.groupby("incident_id")["_row"]
    return of_incident.min()[of_incident.size() > MANY_VICTIMS]


def _complete_columns(frame: pd.DataFrame, extract: Extract) -> pd.DataFrame:
    """Return the contract's columns, in its order, and `_row`, the row of the source."""
    columns = {"_row": frame["_row"]}
    for column in extract.columns:
        if column.name in frame:
            columns[column.name] = frame[column.name].astype(DTYPES[column.kind])
        else:
            columns[column.name] = pd.Series(pd.NA, index=frame.index, dtype="object")
    return pd.DataFrame(columns)


def to_arrow(frame: pd.DataFrame, extract: Extract) -> pa.Table:
    """Return a completed frame as a table of the contract's schema."""
    schema = extract.schema
    columns = []
    for field in schema:
        values = frame[field.name]
        if values.dtype == object:
            columns.append(pa.nulls(len(frame), field.type))
        elif pa.types.is_date32(field.type):
            columns.append(
                pa.array(values, type=pa.timestamp("us"), from_pandas=True).cast(field.type)
            )
        else:
            columns.append(pa.array(values, type=field.type, from_pandas=True))
    return pa.Table.from_arrays(columns, schema=schema)
