"""What an import sees in a source and no extract shows: rows pasted, people in refused rows.

A tenth of a file may be refused and every count be nearly right, or one row in a hundred, and
half of those killed be missing. No value is kept or named: a log outlives the file.

Two rows alike in every column may be two people hurt in one incident, where the source gives
no key; so it is years with far more of them than the others that were pasted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from longevity.ingest.contract import BY_NAME, LONGEST_CODE
from longevity.ingest.importing.column_rules import ETHNICITY
from longevity.ingest.importing.import_log import ROWS_NAMED, ImportLog
from longevity.ingest.importing.mapping import Mapping, is_derivable
from longevity.ingest.importing.rows import Frames
from longevity.settings import Settings

LEAST_COPIES = 20
TIMES_THE_OTHERS = 3
# Of files without a key a tenth of the rows may be alike, as several are hurt in one incident: it
# is taken for the share of other years where there is none.
ALIKE_BY_NATURE = 0.1
LEAST_ROWS = 20  # of fewer, any column may be different in each
# As keys are written; a time of day or a number with decimals is none.
KEY = rf"(?!-?\d+\.\d*[1-9]\d*$)[\w./ -]{{1,{LONGEST_CODE}}}"
KEYS_NAMED = 3
LEAST_REFUSED = 5  # rows of a value, or people of an outcome
SHORT = 0.1
OUTCOMES = {"fatal": "killed", "nonfatal": "wounded"}


# --- rows pasted ------------------------------------------------------------------------


def find_copied_rows(rows: pd.DataFrame, frames: Frames, key: str) -> Iterator[dict[str, Any]]:
    """Find the years in which rows of a source were pasted again.

    `rows`: all of its columns; `frames`: what was taken of them; `key`: what may be its key.
    """
    years = _find_years(frames)
    rows = rows.loc[years.index]
    again = rows.duplicated()
    counts = pd.DataFrame({"copies": again.groupby(years).sum(), "rows": years.value_counts()})
    pasted = counts[[_are_pasted(year, counts) for year in counts.index]]
    if pasted.empty:
        return
    of_years = ", ".join(
        f"{copies:,} of {of:,} rows" + (f" of {year}" if year else "")
        for year, copies, of in pasted.itertuples(name=None)
    )
    copied = rows.index[again & years.isin(pasted.index)]
    yield {
        "rule": "copied_rows",
        "count": len(copied),
        "sentence": f"{of_years} are copies of another row, alike in every column of the source: "
        "three times the share that its other years have, or that people alike in one "
        "incident explain.",
        "do": "Was a part of the file pasted twice? Take the copies out of it and import again."
        f" {key}".rstrip(),
        # What was pasted is mostly the end of the file, and no people alike are there.
        "rows": tuple(copied[-ROWS_NAMED:]),
    }


def _find_years(frames: Frames) -> pd.Series:
    """Return by source row the year it tells of; 0 where no column of it says so."""
    for name, frame in frames.items():
        event = BY_NAME[name].event
        if event in frame:
            return frame[event].dt.year.fillna(0).astype("int64")
    return pd.Series(0, next(iter(frames.values())).index)


def _are_pasted(year: int, counts: pd.DataFrame) -> bool:
    copies, rows = counts.loc[year]
    usual = _measure_usual_share(counts.drop(year))
    return bool(copies >= LEAST_COPIES and copies >= TIMES_THE_OTHERS * usual * rows)


def _measure_usual_share(others: pd.DataFrame) -> float:
    """Measure the share of rows alike in the half of the other years that has fewest.

    The half, so that what was pasted over several years does not hide itself.
    """
    if others.empty:
        return ALIKE_BY_NATURE
    shares = others["copies"] / others["rows"]
    sums = others.loc[shares.sort_values(kind="stable").index].cumsum()
    half = sums[2 * sums["rows"] >= sums["rows"].iloc[-1]].iloc[0]
    return float(half["copies"] / half["rows"])


def suggest_key(rows: pd.DataFrame, mapping: Mapping) -> str:
    """Return a sentence on a column that tells every row apart and is not mapped, if there is.

    Rows alike in every column count once: they are what such a column would have shown.
    """
    rule = mapping.extracts[mapping.primary]
    key = rule.extract.key[0]
    distinct = rows.drop_duplicates()
    if not is_derivable(rule.extract) or key in rule.columns or len(distinct) < LEAST_ROWS:
        return ""
    names = [n for n in rows if n not in mapping.sources and _is_key(distinct[n].str.strip())]
    if not names:
        return ""
    whose = "the victim's" if mapping.primary == "victims" else "the row's"
    listed = " or ".join(f"'{name}'" for name in names[:KEYS_NAMED])
    return (
        f"{listed} is different in every row and not mapped, and so probably {whose} key: map it, "
        f'{key} = {{ from = "{names[0]}", coded = true }}, and a row that is sent twice is refused.'
    )


def _is_key(texts: pd.Series) -> bool:
    return texts.is_unique and bool(texts.str.fullmatch(KEY).fillna(False).all())


# --- refused people -----------------------------------------------------------------------


def find_refused_values(log: ImportLog, mapping: Mapping) -> Iterator[dict[str, Any]]:
    """Find the values that cost all of their rows."""
    for (extract, column), unread in log.unread.items():
        texts = pd.concat(unread.texts).dropna().str.strip().str.casefold()
        texts = texts[texts.groupby(texts).transform("size") >= LEAST_REFUSED]
        if texts.empty:
            continue
        first = texts[~texts.duplicated()].index.sort_values()
        where = " and ".join(f"'{name}'" for name in unread.sources)
        several = f"one of {len(first)} values" if len(first) > 1 else "one value"
        yield {
            "rule": "refused_value",
            "extract": extract,
            "count": len(texts),
            "sentence": f"{len(texts):,} rows were refused when it was imported, all that have "
            f"{several} which the mapping does not read: whatever is called so is counted "
            "nowhere.",
            "do": f"The source has it in {where}; quarantine/ beside it holds the rows. "
            f" {_suggest_reading(mapping, extract, column)}",
            "column": column,
            "rows": tuple(first[:ROWS_NAMED]),
        }


def _suggest_reading(mapping: Mapping, extract: str, name: str) -> str:
    """Suggest what the mapping may say of values that it does not read."""
    if name == ETHNICITY.name:
        return f"Say under 'values' of '{name}' which is Hispanic: true or false."
    column = BY_NAME[extract].column(name)
    if column.name == "outcome" and mapping.spread is not None:
        return "Have the counts written in digits."
    if column.choices:
        words = ", ".join(column.choices)
        return f"Say under 'values' of '{name}' which of these it is: {words}."
    return f"Say under 'values', 'missing' or 'format' of '{name}' how it is to be read."


def find_short_outcomes(
    frames: Frames, log: ImportLog, settings: Settings
) -> Iterator[dict[str, Any]]:
    """Find the outcomes of a city that are short of people. `frames`: with the rows refused."""
    if "victims" not in frames:
        return
    if "outcome" in frames["victims"]:
        outcomes = frames["victims"]["outcome"]
        people = pd.DataFrame({word: outcomes == word for word in OUTCOMES}).astype("Int64")
        unread = outcomes.isna()
    else:
        people = frames["incidents"][["_fatal", "_nonfatal"]].set_axis([*OUTCOMES], axis="columns")
        unread = people.isna().any(axis="columns")
    people = people.mask(unread, 1)  # who is in a row whose outcome cannot be read may be either
    cities = next(frame["city"] for frame in frames.values() if "city" in frame)
    refused = people.index.isin([*log.reasons])
    for city in sorted(settings.cities):
        of_city = (cities == city).reindex(people.index, fill_value=False)
        lost, whole = people[of_city & refused].sum(), people[of_city].sum()
        for outcome, were in OUTCOMES.items():
            if lost[outcome] >= max(LEAST_REFUSED, SHORT * whole[outcome]):
                yield {
                    "rule": "short_outcome",
                    "extract": "victims",
                    "count": int(lost[outcome]),
                    "sentence": f"of {settings.name_city(city)}, {lost[outcome]:,} of "
                    f"{whole[outcome]:,} people who were {were}, or may have been, are in rows "
                    "that were refused when it was imported: too few are counted.",
                    "do": "Read the reasons in quarantine/ beside it, put the mapping or the file "
                    "right, and import again.",
                    "column": "outcome",
                }
