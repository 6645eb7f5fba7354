"""Some two hundred claims of every kind, in the names of a release's own places and years."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PROGRAM = "the program"  # of which each viewer knows something else
CHOICE = re.compile(r"\[([^]]*)\]")


def list_claims(places: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """List claims, each with its kind. `places`: cities, areas, state, year."""
    names = {
        **dict(zip(("first", "middle", "last"), places["cities"], strict=True)),
        **{"area": places["areas"][0], "other_area": places["areas"][-1], "state": places["state"]},
        **{f"year-{back}" if back else "year": places["year"] - back for back in range(10)},
    }
    kind = ""
    for line in Path(__file__).with_name("claims.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            kind = line.removeprefix("# ")
        elif line:
            parts = CHOICE.split(line)  # every second one is a choice
            ways = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
            for way in itertools.product(*ways):
                yield kind, re.sub(r"{(.+?)}", lambda found: str(names[found[1]]), "".join(way))
