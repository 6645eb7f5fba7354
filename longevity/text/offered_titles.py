"""The titles a chart offers besides its finding, each naming its subject."""

from __future__ import annotations

FINDING, TOPIC, LAST_YEAR, RANKING = "finding", "topic", "last-year", "ranking"
KINDS = (FINDING, TOPIC, LAST_YEAR, RANKING)  # in order
