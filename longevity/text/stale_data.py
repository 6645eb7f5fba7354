"""What is said where the newest data of a release are old."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from longevity.release.data_through import list_public_days
from longevity.text import wording


def describe_stale_data(
    manifest: Mapping[str, Any], today: date, after_days: int, cities: Mapping[str, str]
) -> str:
    """Say that the newest data are older than `after_days`; else return an empty string."""
    days = {
        (extract, city): date.fromisoformat(entry["day"])
        for extract, by_city in list_public_days(manifest).items()
        for city, entry in by_city.items()
        if city in cities
    }
    newest = max(days.values(), default=None)
    if newest is None or (today - newest).days <= after_days:
        return ""
    ago = wording.count_noun((today - newest).days, "day")
    if manifest.get("kind") == "synthetic":
        return (
            f"This demonstration ends on {wording.format_day(newest)}, {ago} ago. With real data a "
            "newer release would be due."
        )
    counted = {city: day for (extract, city), day in days.items() if extract == "incidents"}
    lag = ""
    if any(day < newest for day in counted.values()):
        each = [f"{cities[city]} {wording.format_day(day)}" for city, day in counted.items()]
        lag = f" Shootings are counted through: {wording.join_words(each)}."
    return (
        f"The newest data of this release end on {wording.format_day(newest)}, {ago} ago; a newer "
        f"release is due.{lag} What happened since is in no figure here."
    )
