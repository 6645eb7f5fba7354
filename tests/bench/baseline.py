"""The usual ways to answer the same questions, kept small and honest.

Two of them. `ScannedFiles` asks DuckDB over the parquet files of the release, as one
would without tables built beforehand. `Frames` is what a careful analyst does in
pandas: the join of incidents and victims is made once, when the files are loaded,
only the columns needed are read, words that repeat are categories, and each question
is one filter and one `groupby`. Both give the rows in which something happened, with
the columns of COUNTS.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

COUNTS = ["incidents", "victims", "fatal", "nonfatal", "homicides"]
COUNTED = ["criminal", "unknown"]

# Question to the columns that name a row of its answer.
QUESTIONS = {
    "victims_by_year": ["city", "year"],
    "victims_by_month": ["city", "month"],
    "victims_by_neighbourhood": ["city", "neighbourhood"],
    "year_to_date_by_city": ["city", "year"],
}

_BY = {
    "year": "CAST(year(day) AS BIGINT) AS year",
    "month": "CAST(date_trunc('month', day) AS DATE) AS month",
    "city": "city",
    "neighbourhood": "neighbourhood",
}

_ROWS = """
    SELECT incidents.city, CAST(incidents.occurred_at AS DATE) AS day, victims.incident_id,
        victims.weapon = 'firearm' AS shot, victims.outcome = 'fatal' AS died
    FROM read_parquet('{victims}') AS victims
    JOIN read_parquet('{incidents}') AS incidents USING (incident_id)
    WHERE incidents.circumstance IN ('criminal', 'unknown')
"""

_PLACED = """
    SELECT rows.*, located.neighbourhood
    FROM ({rows}) AS rows JOIN read_parquet('{located}') AS located USING (incident_id)
    WHERE located.neighbourhood IS NOT NULL
"""

_COUNT = """
    SELECT {by},
        count(DISTINCT incident_id) FILTER (shot) AS incidents,
        count(*) FILTER (shot) AS victims,
        count(*) FILTER (shot AND died) AS fatal,
        count(*) FILTER (shot AND NOT died) AS nonfatal,
        count(*) FILTER (died) AS homicides
    FROM ({rows}) AS rows
    WHERE {condition}
    GROUP BY ALL ORDER BY ALL
"""


class ScannedFiles:
    """DuckDB over the parquet files, nothing built beforehand but where an incident lies."""

    def __init__(self, folder: Path) -> None:
        self._rows = _ROWS.format(
            victims=folder / "extracts/victims.parquet",
            incidents=folder / "extracts/incidents.parquet",
        )
        self._placed = _PLACED.format(rows=self._rows, located=folder / "built/located.parquet")
        self._connection = duckdb.connect(":memory:")

    def ask(self, question: str, through: date) -> pd.DataFrame:
        """The rows of a question in which something happened."""
        keys = QUESTIONS[question]
        to_date = question == "year_to_date_by_city"
        sql = _COUNT.format(
            by=", ".join(_BY[key] for key in keys),
            rows=self._placed if "neighbourhood" in keys else self._rows,
            condition=f"strftime(day, '%m%d') <= '{through:%m%d}'" if to_date else "TRUE",
        )
        return self._connection.execute(sql).df()

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()


class Frames:
    """pandas, with the join made once when the files are loaded."""

    def __init__(self, folder: Path) -> None:
        located = pd.read_parquet(
            folder / "built/located.parquet", columns=["incident_id", "neighbourhood"]
        )
        incidents = pd.read_parquet(
            folder / "extracts/incidents.parquet",
            columns=["incident_id", "city", "occurred_at", "circumstance"],
        )
        incidents = incidents[incidents["circumstance"].isin(COUNTED)]
        incidents = incidents.merge(located, on="incident_id")
        victims = pd.read_parquet(
            folder / "extracts/victims.parquet", columns=["incident_id", "outcome", "weapon"]
        )
        victims = victims.assign(
            victims=victims["weapon"] == "firearm",
            fatal=(victims["weapon"] == "firearm") & (victims["outcome"] == "fatal"),
            homicides=victims["outcome"] == "fatal",
        )
        counts = victims.groupby("incident_id")[["victims", "fatal", "homicides"]].sum()
        rows = incidents.merge(counts, left_on="incident_id", right_index=True)
        rows["nonfatal"] = rows["victims"] - rows["fatal"]
        rows["incidents"] = (rows["victims"] > 0).astype(int)
        day = rows["occurred_at"].dt.normalize()
        self._rows = rows[["city", "neighbourhood", *COUNTS]].assign(day=day)
        self._rows = self._rows.astype({"city": "category", "neighbourhood": "category"})

    def ask(self, question: str, through: date) -> pd.DataFrame:
        """The rows of a question in which something happened."""
        keys, rows = QUESTIONS[question], self._rows
        if question == "year_to_date_by_city":
            month, day = rows["day"].dt.month, rows["day"].dt.day
            rows = rows[(month < through.month) | (month == through.month) & (day <= through.day)]
        if "year" in keys:
            rows = rows.assign(year=rows["day"].dt.year)
        if "month" in keys:
            rows = rows.assign(month=rows["day"].dt.to_period("M").dt.start_time)
        counted = rows.groupby(keys, observed=True)[COUNTS].sum()
        return counted[counted.any(axis=1)].reset_index()
