"""Sentences and tables of the bargain: promises kept on both sides.

Groups are counted, people are "members on the list". A promise unanswered is
said as plainly as an action on a group that had stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.stats import survival
from longevity.text import list_pages, wording

WINDOWS = (30, 60, 90)


def answer(promises: pd.DataFrame, waiting: pd.DataFrame, window: int = 30) -> str:
    """The sentence the screen opens on.

    `promises`: city, window_days, episodes, elapsed, elapsed_kept. `waiting`:
    `open_promises_by_city`.
    """
    if promises.empty:
        return (
            "Whether promises were kept is not known: what that takes was not handed over for any "
            "city asked about."
        )
    own = promises[promises["window_days"] == window]
    episodes, elapsed = int(own["episodes"].sum()), int(own["elapsed"].sum())
    if not episodes:
        return "No group with notice has shot: there is no promise to answer."
    kept = int(own["elapsed_kept"].sum())
    verb = "has" if elapsed == 1 else "have"
    sentence = (
        f"{wording.number(elapsed)} of {wording.counted(episodes, 'episode')} {verb} {window} days "
        f"behind them; {wording.number(kept)} met enforcement in {window}"
    )
    return f"{sentence}; {_open(waiting)}{_unknown(own)}."


def _open(waiting: pd.DataFrame) -> str:
    still = int(waiting["open"].sum())
    if not still:
        return "none is known to be open"
    oldest = wording.counted(int(waiting["longest_open"].max()), "day")
    verb, each = ("is", "") if still == 1 else ("are", "the oldest ")
    return f"{wording.number(still)} {verb} open, {each}for {oldest}"


def _unknown(own: pd.DataFrame) -> str:
    """What nobody knows of: enforcement of these was not supplied."""
    unknown = int(own["unknown"].sum())
    if not unknown:
        return ""
    return f"; of {wording.number(unknown)} it is unknown, as enforcement was not handed over"


def restraint(frame: pd.DataFrame, stopped: pd.DataFrame) -> str:
    """The other half. `frame`: broke_restraint, actions; `stopped`: stopped, with_notice."""
    if stopped.empty:
        return ""
    broke, actions = int(frame["broke_restraint"].sum()), int(frame["actions"].sum())
    quiet, noticed = int(stopped["stopped"].sum()), int(stopped["with_notice"].sum())
    of_groups = (
        f"{wording.number(quiet)} of {wording.counted(noticed, 'group')} with notice "
        "have not shot for 12 months"
    )
    if frame.empty:
        return (
            f"{of_groups}. Enforcement was not handed over, so whether they were left alone is "
            "unknown."
        )
    if not actions:
        return f"{of_groups}; there was no enforcement on a group with notice."
    return (
        f"{of_groups}. Of {wording.counted(actions, 'action')} on groups with notice, "
        f"{wording.number(broke)} came without a shooting in the 90 days before."
    )


def standing(frame: pd.DataFrame) -> pd.DataFrame:
    """`two_sided_ledger` with `name` (code name, else code) and `today`, a word or two.

    A group that stopped stands at that, whatever became of its episodes before.
    """
    return frame.assign(
        name=frame["label"].fillna(frame["group_id"]),
        today=[_today(row) for row in frame.itertuples()],
    )


def drawn(episodes: pd.DataFrame) -> pd.DataFrame:
    """`ledger_episodes` with `state`, what each is drawn as."""
    state = episodes["state_90"].map(stated)
    return episodes.drop(columns="lines_of_all").assign(state=state)


def _today(row: Any) -> str:
    if row.response == "open":
        return f"waits {int(row.days)} d"
    if row.stopped:
        return "stopped"
    if row.response == "broken":
        return "unanswered"
    return "unknown" if row.response == "unknown" else "answered"


def lines(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """The ledger in words, one line a group: both halves of the bargain side by side.

    `frame`: as `two_sided_ledger` answers.
    """
    return pd.DataFrame(
        [
            {
                "City": cities.get(row.city, row.city),
                "Group": row.label if pd.notna(row.label) else row.group_id,
                "Notice": row.notice_on.date(),
                "The group": _their_half(row),
                "Enforcement": _our_answer(row),
                "Restraint": _our_restraint(row),
                "Help offered": _help(row),
                "Code": row.group_id,
            }
            for row in frame.itertuples()
        ],
        columns=[
            *("City", "Group", "Notice", "The group", "Enforcement", "Restraint"),
            *("Help offered", "Code"),
        ],
    )


def _their_half(row: Any) -> str:
    if pd.isna(row.last_violated_on):
        said = "has not shot since notice"
    else:
        last = wording.day(row.last_violated_on.date())
        shot = wording.counted(int(row.episodes), "episode")
        said = f"stopped; last shot {last}" if row.stopped else f"shot {last}; {shot}"
    return f"{said}; no longer active" if pd.notna(row.active_until) else said


def _our_answer(row: Any) -> str:
    """What became of the group's last episode."""
    if row.response == "none":
        return "nothing to answer"
    if row.response in ("kept", "late"):
        return f"{row.response}, after {wording.counted(int(row.days), 'day')}"
    if row.response == "open":
        return f"open for {wording.counted(int(row.days), 'day')}"
    if row.response == "broken":
        return f"broken: none since {wording.day(row.response_to.date())}"
    return "unknown: enforcement was not handed over"


def _our_restraint(row: Any) -> str:
    if pd.isna(row.broke_restraint):
        return "unknown: enforcement was not handed over"
    if not row.broke_restraint:
        return "kept"
    times = {1: "once", 2: "twice"}.get(int(row.broke_restraint))
    times = times or f"{wording.number(row.broke_restraint)} times"
    return f"broken {times}, last {wording.day(row.last_broke_restraint_on.date())}"


def _help(row: Any) -> str:
    if pd.isna(row.services_offered):
        return "unknown: services were not handed over"
    if not row.services_offered:
        return "none"
    offers = wording.counted(int(row.services_offered), "offer")
    return f"{offers} to {wording.counted(int(row.members_offered), 'member')}"


def help_offered(frame: pd.DataFrame) -> str:
    """How many groups with notice were offered help at all. `frame`: `help_offered_by_city`."""
    if frame.empty:
        return ""
    known, offered = int(frame["known"].sum()), int(frame["offered"].sum())
    if not known:
        return "Whether help was offered is unknown: services were not handed over."
    return (
        f"Members of {wording.number(offered)} of "
        f"{wording.counted(known, 'group')} with notice were offered help."
    )


def waiting(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """The promises that wait, oldest first, a sentence each. `frame`: `open_promises_page`."""
    return [
        f"{cities.get(row.city, row.city)}, "
        f"{row.group_id if pd.isna(row.label) else row.label}: shot on "
        f"{wording.day(row.violated_on.date())}, "
        f"{wording.counted(int(row.days_unanswered), 'day')} unanswered, "
        f"{wording.counted(int(row.days_left), 'day')} left; "
        f"{int(row.members_acted_on)} of "
        f"{wording.counted(int(row.members_known), 'member')} on the list had an action."
        for row in frame[frame["state"] == "open"].itertuples()
    ]


def before_after_sentences(rates: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Shootings before and after notice, a sentence a city. `rates`: `before_after.compared`."""
    return [_before_after(row, cities.get(row.city, row.city)) for row in rates.itertuples()]


def _before_after(row: Any, name: str) -> str:
    left_out = ""
    if row.left_out:
        more = wording.counted(int(row.left_out), "group was", "groups were")
        left_out = f" {more} not seen both before and after, and {_is(row.left_out)} left out."
    if not row.groups:
        return f"{name}: no group was seen both before and after notice.{left_out}"
    counts = (
        f"{wording.counted(int(row.incidents_before), 'shooting')} in "
        f"{wording.number(row.weeks_before)} group-weeks before, "
        f"{wording.number(row.incidents_after)} in {wording.number(row.weeks_after)} after"
    )
    if pd.isna(row.ratio):
        return f"{name}: {counts}; none before, so no ratio.{left_out}"
    high = f"{row.high:.2f}" if pd.notna(row.high) else "no upper end"
    said = f"{row.ratio:.2f} times as often as before ({row.low:.2f} to {high}; {counts})"
    chance = "" if pd.notna(row.high) and not row.low <= 1 <= row.high else _COULD_BE_CHANCE
    return f"{name}: {said}{chance}.{left_out}"


_COULD_BE_CHANCE = ", which chance alone could explain"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def odd_actions(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """What the source should look at again, a sentence a city.

    `frame`: city, dated_before_trigger, group_unknown, as `restraint` answers.
    """
    sentences = []
    for row in frame.itertuples():
        name = cities.get(row.city, row.city)
        if row.dated_before_trigger:
            count = wording.counted(int(row.dated_before_trigger), "action is", "actions are")
            sentences.append(
                f"{name}: {count} dated before the shooting named as the trigger, and judged as "
                "if none were named."
            )
        if row.group_unknown:
            count = wording.counted(int(row.group_unknown), "action", "actions")
            sentences.append(
                f"{name}: {count} on a group without saying on which: counted nowhere here."
            )
    return sentences


def unsure_notice(frame: pd.DataFrame) -> str:
    """Whose notice may be older than told. `frame`: `notices_by_city`."""
    unsure, noticed = int(frame["unsure"].sum()), int(frame["with_notice"].sum())
    if not unsure:
        return ""
    return (
        f"{wording.counted(unsure, 'group')} of {wording.number(noticed)} may have had notice "
        "earlier: whether a member came to an earlier call-in is unknown, and unknown gives no "
        "notice."
    )


def by_window(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Promises as a table, a row a city and window, in words."""
    rows = []
    for row in frame.itertuples():
        rows.append(
            {
                "City": cities.get(row.city, row.city),
                "Answered within": f"{row.window_days} days",
                "Episodes": row.episodes,
                "Kept": row.kept,
                "Late": row.late,
                "Open": row.open,
                "Broken": row.broken,
                "Unknown": row.unknown,
                "Kept, of those that old": f"{row.elapsed_kept} of {row.elapsed}",
                "Members with an action": f"{row.members_acted_on} of {row.members_known}",
            }
        )
    return pd.DataFrame(rows)


def curves(frame: pd.DataFrame) -> pd.DataFrame:
    """The answered share by day and city, from day 0. `frame`: city, days, answered, episodes."""
    parts = []
    for city, own in frame.groupby("city", sort=False):
        steps = survival.estimate_curve(own).steps
        start = pd.DataFrame({"day": [0], "answered": [0.0], "low": [0.0], "high": [0.0]})
        part = pd.DataFrame(
            {
                "day": steps["days"],
                "answered": 1 - steps["waiting"],
                "low": (1 - steps["high"]).fillna(1 - steps["waiting"]),
                "high": (1 - steps["low"]).fillna(1 - steps["waiting"]),
            }
        )
        parts.append(pd.concat([start, part]).assign(city=city))
    if not parts:
        return pd.DataFrame(columns=["city", "day", "answered", "low", "high"])
    return pd.concat(parts)[["city", "day", "answered", "low", "high"]].reset_index(drop=True)


def medians(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """The median days to enforcement, a city at a time, with its interval."""
    said = []
    for city, own in frame.groupby("city", sort=False):
        found = survival.estimate_curve(own)
        name = cities.get(str(city), str(city))
        if found.median.days is None:
            said.append(f"{name}: under half of {found.episodes} answered so far")
            continue
        low, high = found.median.low, found.median.high
        low_words = "no lower end" if low is None else str(low)
        high_words = "no upper end" if high is None else str(high)
        said.append(
            f"{name}: {wording.counted(found.median.days, 'day')} "
            f"({low_words} to {high_words}; {found.answered} of {found.episodes} answered)"
        )
    return "; ".join(said) + "." if said else ""


LEDGER_ORDER = "those that have not stopped first, and of them those that shot last"


def open_list(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """The promises that wait, as a table. `frame`: `open_promises`, or a page of it."""
    return list_pages.told(frame, cities, "label")


def broken(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Actions that broke restraint, as a table. `frame`: `restraint_actions`, or a page of it."""
    return list_pages.told(frame, cities, "answers_violation_on")


def covered(frame: pd.DataFrame) -> str:
    """How many known members met enforcement. `frame`: window_days, members_*, per city."""
    own = frame[frame["window_days"] == max(WINDOWS)]
    known, acted = int(own["members_known"].sum()), int(own["members_acted_on"].sum())
    if not known:
        return "No member on the list is known for these groups."
    return (
        f"{wording.number(acted)} of {wording.number(known)} members on the list of these groups, "
        "counted once an episode, had an action of their own within 90 days. Actions dismissed or "
        "nolle are not counted against a person."
    )


def stated(state: str) -> str:
    """What became of an episode at day 90, drawn as open while nobody knows."""
    return "open" if state == "unknown" else state
