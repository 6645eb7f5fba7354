"""The first sentence of a screen of the program, short enough to say aloud."""

from __future__ import annotations

from datetime import date

import pandas as pd

from longevity.text import frames, wording

FIRST_WINDOW = 30  # days


def follow_up_headline(
    promises: pd.DataFrame,
    waiting: pd.DataFrame,
    window: int,
    recent: pd.DataFrame | None = None,
    through: date | None = None,
) -> str:
    """Return how often enforcement followed in 30 days, and what is open; "" without an episode.

    `promises`: city, window_days, elapsed, elapsed_kept, unknown, of all years; `recent`: the same
    of cases begun in the twelve months to `through`, None where not all of those are known;
    `waiting`: open_promises_by_city; `window`: days after which an episode is closed.
    """
    in_all, elapsed = _describe_followed(promises)
    if not elapsed:
        return ""
    followed = f"In all years enforcement followed within {FIRST_WINDOW} days in {in_all}"
    if recent is not None and through is not None:
        newest, known = _describe_followed(recent)
        begun = f"begun in the twelve months to {wording.format_day(through)}"
        followed = (
            f"Of cases {begun} enforcement followed within {FIRST_WINDOW} days in {newest}; "
            f"in all years in {in_all}"
            if known
            else f"Of no case {begun} {FIRST_WINDOW} days are known to be over; in all years "
            f"enforcement followed within them in {in_all}"
        )
    still = int(waiting["open"].sum())
    oldest = int(waiting["longest_open"].max()) if still else 0
    verb, each = ("is", "") if still == 1 else ("are", "the oldest ")
    open_now = (
        f"{wording.format_number(still)} {verb} open, {each}at day {oldest} of {window}"
        if still
        else "none is known to be open"
    )
    return f"{followed}; {open_now}."


def _describe_followed(promises: pd.DataFrame) -> tuple[str, int]:
    """Return "6 of 10 (unknown for 2 more)", of cases whose 30 days are over, and how many are."""
    first_window = promises[promises["window_days"] == FIRST_WINDOW]
    elapsed, on_time, unknown = (
        int(first_window[name].sum()) for name in ("elapsed", "elapsed_kept", "unknown")
    )
    note = f" (unknown for {wording.format_number(unknown)} more)" if unknown else ""
    return f"{wording.format_number(on_time)} of {wording.format_number(elapsed)}{note}", elapsed


def attendance_headline(funnel: pd.DataFrame) -> str:
    """Return how many invitations were followed; "" where none reached a member.

    Invitations, not people: who is called in twice in the twelve months counts twice.
    `funnel`: call_in_funnel, a row a city and route.
    """
    free = funnel[funnel["route"] != "in_custody"]
    reached, came, unknown = frames.sum_columns(free, "reachable", "attended", "attended_unknown")
    if not reached:
        return ""
    return (
        f"{wording.format_number(came)} of {wording.count_noun(reached, 'invitation')} that "
        f"reached a member were attended in twelve months{_not_known(unknown)}."
    )


def _not_known(unknown: int) -> str:
    return f" (unknown for {wording.format_number(unknown)})" if unknown else ""
