"""Commands of the chart catalogue: charts."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from longevity.command_line.shared import Add, served
from longevity.settings import Settings


def charts(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the charts."""
    from longevity.press.charts import catalogue
    from longevity.press.desk import Desk
    from longevity.warehouse.viewers import PUBLIC

    desk = Desk(settings, PUBLIC, served(settings), today)
    entries: list[dict[str, Any]] = [
        {
            "name": entry.name,
            "title": entry.title,
            "parameters": {
                parameter.name: list(parameter.choices(desk)) for parameter in entry.parameters
            },
            "public": not entry.why_not_public,
        }
        for entry in catalogue.ENTRIES.values()
    ]
    if asked.format == "json":
        print(json.dumps(entries, indent=2))
        return 0
    for entry in entries:
        print(f"{entry['name']}\n    {entry['title']}")
        print(f"    --set {', '.join(entry['parameters']) or 'nothing'}")
    return 0


def register(add: Add) -> None:
    """Add these commands."""
    one = add("charts", charts)
    one.add_argument("--format", choices=("table", "json"), default="table")
