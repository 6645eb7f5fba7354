"""Which places lie outside the funnel chance would give, in words."""

from __future__ import annotations

import pandas as pd

from longevity.stats.funnel_plot import ABOVE, BELOW, INSIDE, NO_RATE, FunnelPlot
from longevity.text import wording

NO_RATE_HERE = "There is no rate here."


def describe_funnel(funnel: FunnelPlot) -> str:
    """Return which places lie beyond the outer limits, and how many between the two."""
    if funnel.rate is None:
        return NO_RATE_HERE
    places = funnel.places
    near = int(((places["at_95"] != INSIDE) & (places["at_998"] == INSIDE)).sum())
    text = describe_places_outside(places)
    if not near:
        return text
    return (
        f"{text} Between the two limits, where 1 in 20 lies by chance: "
        f"{wording.format_number(near)}."
    )


def describe_places_outside(places: pd.DataFrame) -> str:
    """Return which places lie beyond the outer limits. `places`: name and at_998."""
    rated = places[places["at_998"] != NO_RATE]
    parts = []
    for state in (ABOVE, BELOW):
        names = list(rated.loc[rated["at_998"] == state, "name"])
        if names:
            verb = "lies" if len(names) == 1 else "lie"
            parts.append(f"{wording.join_phrases(names)} {verb} {state} the common rate")
    whole = wording.count_noun(len(rated), "place")
    if not parts:
        return f"None of {whole} lies further from the common rate than chance would explain."
    return f"Of {whole}, {'; '.join(parts)}, further than chance would explain."
