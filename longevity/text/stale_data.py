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
    public_days = list_public_days(manifest)
    through = {
        name: {c: date.fromisoformat(entry["day"]) for c, entry in by_city.items() if c in cities}
        for name, by_city in public_days.items()
    }
    newest = max((day for by_city in through.values() for day in by_city.values()), default=None)
    if newest is None or (today - newest).days <= after_days:
        return ""
    ago = wording.count_noun((today - newest).days, "day")
    if manifest.get("kind") == "synthetic":
        return (
            f"This demonstration ends on {wording.format_day(newest)}, {ago} ago. With real data a "
            "newer release would be due."
        )
    incident_days = through.get("incidents", {})
    each = [
        f"{cities[c]} {wording.format_day(incident_days[c])}" for c in cities if c in incident_days
    ]
    lag = (
        f" Shootings are counted through: {wording.join_words(each)}."
        if any(day < newest for day in incident_days.values())
        else ""
    )
    return (
        f"The newest data of this release end on {wording.format_day(newest)}, {ago} ago; a newer "
        f"release is due.{lag} What happened since is in no figure here."
    )
