"""The viewers of tools/load on the home that is measured: one line of the design is theirs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.bench.timing import percentile

VIEWERS, SECONDS, EVERY = 50, 60.0, 5.0


@dataclass
class ViewerLoad:
    """What the viewers waited for an answer, in seconds; what was wrong; memory in bytes."""

    p50: float = math.nan
    p95: float = math.nan
    wrong: int = 0
    errors: int = 0
    began: int = 0
    most: int = 0


def measure(
    home: Path, say: Callable[[str], None], viewers: int = VIEWERS, seconds: float = SECONDS
) -> ViewerLoad:
    """Fifty viewers acting every five seconds for a minute, on a copy of this home."""
    from tools.load import report, run

    plan = run.Plan(viewers=viewers, seconds=seconds, every=EVERY, home=home)
    outcome = run.run(plan, say)
    waited = [one.seconds for one in report.acting(outcome.notes.seen)]
    memory = outcome.memory or [0]
    return ViewerLoad(
        percentile(waited, 0.50),
        percentile(waited, 0.95),
        len(outcome.wrong),
        len(outcome.errors),
        memory[0],
        max(memory),
    )
