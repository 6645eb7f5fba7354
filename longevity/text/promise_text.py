"""Sentences and tables of follow-up: promises kept on both sides.

Groups are counted, people are "members on the list". A promise unanswered is
said as plainly as an action on a group that was quiet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from longevity.dates import format_short
from longevity.stats import survival
from longevity.text import availability, frames, wording

WINDOWS = (30, 60, 90)
RESPONSES = {"kept": "on time", "late": "late"}
NOT_SUPPLIED = availability.state_not_supplied("enforcement")
NOT_ON_FILE = "enforcement of that time is not on file"


def write_answer(promises: pd.DataFrame, waiting: pd.DataFrame, window: int = 30) -> str:
    """Write the sentence the screen opens on.

    `promises`: city, window_days, episodes, elapsed, elapsed_kept. `waiting`:
    `open_promises_by_city`.
    """
    if promises.empty:
        absent = availability.state_not_supplied("what that takes")
        return f"Whether enforcement followed is not known: {absent} for any city asked about."
    rows = promises[promises["window_days"] == window]
    episodes, old_enough, answered = frames.sum_columns(rows, "episodes", "elapsed", "elapsed_kept")
    if not episodes:
        return "No group with notice on file has shot: there is nothing to follow up."
    if int(rows["unknown"].sum()) == episodes:
        cases = wording.count_noun(episodes, "case")
        return f"Whether enforcement followed is not known of any of {cases}: {NOT_ON_FILE}."
    verb = "has" if old_enough == 1 else "have"
    sentence = (
        f"{wording.format_number(old_enough)} of {wording.count_noun(episodes, 'case')} {verb} "
        f"{window} days behind them; enforcement followed within {window} in "
        f"{wording.format_number(answered)}"
    )
    return f"{sentence}; {_describe_open(waiting)}{_describe_unknown(rows)}."


def _describe_open(waiting: pd.DataFrame) -> str:
    still = int(waiting["open"].sum())
    if not still:
        return "none is known to be open"
    oldest = wording.count_noun(int(waiting["longest_open"].max()), "day")
    verb, each = ("is", "") if still == 1 else ("are", "the oldest ")
    return f"{wording.format_number(still)} {verb} open, {each}for {oldest}"


def explain_none_open(promises: pd.DataFrame) -> str:
    """Say why no case is listed as open. `promises`: city, window_days, unknown."""
    unknown = int(promises.loc[promises["window_days"] == WINDOWS[0], "unknown"].sum())
    if unknown:
        cases = wording.count_noun(unknown, "case")
        return f"No follow-up is known to be open; of {cases} it is unknown, as {NOT_ON_FILE}."
    return "No follow-up is known to be open."


def _describe_unknown(rows: pd.DataFrame) -> str:
    """Say of how many episodes nobody knows, as enforcement was not supplied."""
    unknown = int(rows["unknown"].sum())
    if not unknown:
        return ""
    return f"; of {wording.format_number(unknown)} it is unknown, as {NOT_ON_FILE}"


def describe_restraint(
    frame: pd.DataFrame, stopped: pd.DataFrame, cities: Mapping[str, str], days: int
) -> str:
    """Describe restraint, as `restraint` and `groups_that_stopped` answer.

    `days`: so long without a shooting, and a group is to be left alone.
    """
    if stopped.empty:
        return ""
    broke, actions, unjudged = frames.sum_columns(frame, "broke_restraint", "actions", "unjudged")
    of_groups = _describe_quiet_groups(stopped)
    if frame.empty:
        return (
            f"{of_groups}. {wording.start_sentence(NOT_SUPPLIED)}, so whether they were left "
            "alone is unknown."
        )
    if not actions + unjudged:
        return f"{of_groups}; there was no enforcement on a group with notice."
    return (
        f"{of_groups}. {wording.format_number(broke)} of {wording.count_noun(actions, 'action')} "
        f"{'was' if broke == 1 else 'were'} on a group that had not shot in the {days} days before"
        f"{f' (unknown for {wording.format_number(unjudged)} more)' if unjudged else ''}"
        f"{_name_cities_left_out(frame, stopped, cities)}."
    )


def _describe_quiet_groups(stopped: pd.DataFrame) -> str:
    """Return how many groups have no confirmed shooting, and for which of them that says less."""
    quiet, with_notice, gone, suspected = frames.sum_columns(
        stopped, "stopped", "with_notice", "stopped_no_longer_active", "stopped_suspected"
    )
    doubts = [f"{wording.format_number(gone)} no longer active"] if gone else []
    doubts += [f"{wording.format_number(suspected)} suspected of one"] if suspected else []
    aside = f" ({', '.join(doubts)})" if doubts else ""
    return (
        f"{wording.format_number(quiet)} of {wording.count_noun(with_notice, 'group')} with notice "
        f"have no confirmed shooting in 12 months{aside}"
    )


def _name_cities_left_out(
    frame: pd.DataFrame, stopped: pd.DataFrame, cities: Mapping[str, str]
) -> str:
    """Say of which cities one of the two is not known."""
    unseen = [cities[city] for city in stopped["city"] if city not in {*frame["city"]}]
    unjudged = [cities[city] for city in frame["city"] if city not in {*stopped["city"]}]
    said = f"; {NOT_SUPPLIED} for {wording.join_words(unseen)}" if unseen else ""
    if unjudged:
        said += f"; who shot is not known 12 months back in {wording.join_words(unjudged)}"
    return said


def add_group_status(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `two_sided_ledger` with `name` (code name, else code) and `today`, a word or two.

    A group that stopped stands at that, whatever became of its episodes before.
    """
    return frame.assign(
        name=[_name_group(row) for row in frame.itertuples()],
        today=[_describe_today(row) for row in frame.itertuples()],
    )


def _name_group(row: Any) -> str:
    """Return a group's code name, else its code without the id of its city."""
    code = str(row.group_id).removeprefix(f"{row.city}-")
    return str(row.label) if pd.notna(row.label) else code


def add_episode_state(episodes: pd.DataFrame) -> pd.DataFrame:
    """Return `episodes` with `state`, what each is drawn as."""
    return episodes.assign(state=episodes["state_90"])


def select_open(episodes: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `episodes` that wait for enforcement."""
    return episodes[episodes["state"] == "open"]


def _describe_today(row: Any) -> str:
    if row.response == "open":
        return f"waits {int(row.days)} d"
    if pd.isna(row.stopped) and row.response == "none":
        return "unknown"
    if pd.notna(row.stopped) and row.stopped:
        return "stopped"
    if row.response == "broken":
        return "unanswered"
    return "unknown" if row.response == "unknown" else "answered"


def build_ledger_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return the ledger in words, one line a group: what both sides promised, side by side.

    `frame`: as `two_sided_ledger` answers.
    """
    return pd.DataFrame(
        [
            {
                "Group": _name_group(row),
                "City": cities.get(row.city, row.city),
                "Shot last": _find_day(row.last_violated_on),
                "Cases": int(row.episodes),
                "Stopped": _describe_group(row),
                "Enforcement": _describe_enforcement(row),
                "Acted on though quiet": _describe_group_restraint(row),
                "Members offered help": _describe_group_help(row),
                "Notice": row.notice_on.date(),
                "Code": row.group_id,
            }
            for row in frame.itertuples()
        ],
        columns=[
            *("Group", "City", "Shot last", "Cases", "Stopped", "Enforcement"),
            *("Acted on though quiet", "Members offered help", "Notice", "Code"),
        ],
    )


def write_ledger_headline(frame: pd.DataFrame) -> str:
    """Say how many groups shot after notice, and what followed the last time.

    `frame`: as `two_sided_ledger` answers.
    """
    groups = wording.count_noun(len(frame), "group")
    shot = frame[frame["response"] != "none"]
    if shot.empty:
        return f"Of {groups} with notice none is known to have shot since."
    ended = {**RESPONSES, "broken": "missed", "open": "open", "unknown": "unknown"}
    parts = [
        f"{words} for {wording.format_number(many)}"
        for response, words in ended.items()
        if (many := int((shot["response"] == response).sum()))
    ]
    return (
        f"Of {groups} with notice {wording.format_number(len(shot))} shot since; the last time "
        f"enforcement was {wording.join_words(parts)}."
    )


def _find_day(value: Any) -> date | None:
    return None if pd.isna(value) else value.date()


def _describe_group(row: Any) -> str:
    text = "unknown" if pd.isna(row.stopped) else "yes" if row.stopped else "no"
    return f"{text}; no longer active" if pd.notna(row.active_until) else text


def _describe_enforcement(row: Any) -> str:
    """Say what became of the group's last episode."""
    if row.response == "none":
        return "unknown" if pd.isna(row.stopped) else "nothing to answer"
    if row.response in ("kept", "late"):
        return f"{RESPONSES[row.response]}, {wording.count_noun(int(row.days), 'day')}"
    if row.response == "open":
        return f"open, {wording.count_noun(int(row.days), 'day')}"
    if row.response == "broken":
        return f"missed, since {format_short(row.response_to.date())}"
    return "unknown"


def _describe_group_restraint(row: Any) -> str:
    if pd.isna(row.broke_restraint):
        return "unknown"
    if not row.broke_restraint:
        return "never"
    last = format_short(row.last_broke_restraint_on.date())
    return f"{wording.format_number(row.broke_restraint)}, last {last}"


def _describe_group_help(row: Any) -> str:
    if pd.isna(row.services_offered):
        return "unknown"
    if not row.services_offered:
        return "none"
    return wording.format_number(row.members_offered)


def describe_help(frame: pd.DataFrame) -> str:
    """Say how many groups with notice were offered help at all. `frame`: `two_sided_ledger`."""
    if frame.empty:
        return ""
    groups = int(frame["services_offered"].count())
    groups_offered = int((frame["services_offered"] > 0).sum())
    if not groups:
        return "Whether help was offered is unknown: services of that time are not on file."
    return (
        f"Members of {wording.format_number(groups_offered)} of "
        f"{wording.count_noun(groups, 'group')} with notice were offered help."
    )


def describe_before_after(rates: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Compare shootings before and after notice by city. `rates`: `rate_ratio.compared`."""
    return [
        _describe_city_before_after(row, cities.get(row.city, row.city))
        for row in rates.itertuples()
    ]


def _describe_city_before_after(row: Any, name: str) -> str:
    left_out_text = ""
    if row.left_out:
        more = wording.count_noun(int(row.left_out), "group was", "groups were")
        verb = "is" if row.left_out == 1 else "are"
        left_out_text = f" {more} not seen both before and after, and {verb} left out."
    if not row.groups:
        return f"{name}: no group was seen both before and after notice.{left_out_text}"
    counts = (
        f"{wording.count_noun(int(row.incidents_before), 'shooting')} in "
        f"{wording.format_number(row.weeks_before)} group-weeks before, "
        f"{wording.format_number(row.incidents_after)} in "
        f"{wording.format_number(row.weeks_after)} after"
    )
    if pd.isna(row.ratio):
        return f"{name}: {counts}; none before, so no ratio.{left_out_text}"
    high = f"{row.high:.2f}" if pd.notna(row.high) else "no upper end"
    text = f"{row.ratio:.2f} times as often as before ({row.low:.2f} to {high}; {counts})"
    is_clear = pd.notna(row.high) and not row.low <= 1 <= row.high
    chance = "" if is_clear else ", which chance alone could explain"
    return f"{name}: {text}{chance}.{left_out_text}"


def describe_odd_actions(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Say what the source should look at again, a sentence a city.

    `frame`: city, dated_before_trigger, group_unknown, as `restraint` answers.
    """
    sentences = []
    for row in frame.itertuples():
        name = cities.get(row.city, row.city)
        if row.dated_before_trigger:
            count = wording.count_noun(int(row.dated_before_trigger), "action is", "actions are")
            sentences.append(
                f"{name}: {count} dated before the shooting named as the trigger, and judged as "
                "if none were named."
            )
        if row.group_unknown:
            count = wording.count_noun(int(row.group_unknown), "action", "actions")
            sentences.append(
                f"{name}: {count} on a group without saying on which: counted nowhere here."
            )
    return sentences


def describe_unsure_notice(frame: pd.DataFrame) -> str:
    """Say whose notice may be older than shown. `frame`: `notices`."""
    doubtful = int((frame["earlier_attendance_unknown"] > 0).sum())
    if not doubtful:
        return ""
    return (
        f"{wording.count_noun(doubtful, 'group')} of {wording.format_number(len(frame))} may have "
        "had notice earlier: whether a member came to an earlier call-in is unknown, and unknown "
        "gives no notice."
    )


def write_follow_up_title(frame: pd.DataFrame) -> str:
    """Say in how many cases enforcement followed in the first window. `frame`: promises."""
    first = frame[frame["window_days"] == min(WINDOWS)]
    on_time, elapsed, unknown = frames.sum_columns(first, "elapsed_kept", "elapsed", "unknown")
    if not elapsed:
        if unknown:
            cases = wording.count_noun(unknown, "case")
            return f"Whether enforcement followed is not known of any of {cases}"
        return f"No case is {min(WINDOWS)} days old"
    more = f"; unknown for {wording.format_number(unknown)} more" if unknown else ""
    return (
        f"In all years enforcement followed within {min(WINDOWS)} days in "
        f"{wording.format_number(on_time)} of {wording.count_noun(elapsed, 'case')}{more}"
    )


def build_curves(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the answered share by day and city, from day 0.

    `frame`: city, days, answered, episodes.
    """
    parts = []
    for city, rows in frame.groupby("city", sort=False):
        steps = survival.estimate_curve(rows).steps
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


def describe_medians(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """List the median days to enforcement, a city at a time, with its interval."""
    parts = []
    for city, rows in frame.groupby("city", sort=False):
        curve = survival.estimate_curve(rows)
        name = cities.get(str(city), str(city))
        if curve.median.days is None:
            parts.append(f"{name}: under half of {curve.episodes} answered so far")
            continue
        low, high = curve.median.low, curve.median.high
        low_words = "no lower end" if low is None else str(low)
        high_words = "no upper end" if high is None else str(high)
        parts.append(
            f"{name}: {wording.count_noun(curve.median.days, 'day')} "
            f"({low_words} to {high_words}; {curve.answered} of {curve.episodes} answered)"
        )
    return "; ".join(parts) + "." if parts else ""


def build_open_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return the open follow-ups as a table, days counted to the last that enforcement is known to.

    `frame`: `episodes`, those that are open.
    """
    return pd.DataFrame(
        [
            {
                "City": cities.get(row.city, row.city),
                "Group": _name_group(row),
                "Shot on": row.violated_on.date(),
                "Day": f"{row.days_unanswered} of {(row.window_ends_on - row.violated_on).days}",
                "Members with an action": f"{row.members_acted_on} of {row.members_known}",
                "Window ends": row.window_ends_on.date(),
                "Notice": row.notice_on.date(),
                "Code": row.group_id,
            }
            for row in frame.itertuples()
        ],
        columns=[
            *("City", "Group", "Shot on", "Day", "Members with an action", "Window ends"),
            *("Notice", "Code"),
        ],
    )


def select_broken(actions: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `restraint_actions` that broke restraint."""
    return actions[actions["broke_restraint"].fillna(False)]


def build_broken_restraint_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return actions that broke restraint as a table. `frame`: `restraint_actions`."""
    frame = select_broken(frame)
    return pd.DataFrame(
        {
            "Acted on": frame["acted_on"],
            "Group": [_name_group(row) for row in frame.itertuples()],
            "City": frame["city"].map(cities).fillna(frame["city"]),
            "Action": frame["kind"].str.replace("_", " "),
            "By": frame["agency"],
            "Shot last": frame["last_violated_on"],
            "Days without a shooting": frame["quiet_days"],
            "Notice": frame["notice_on"],
            "Dated before its trigger": frame["dated_before_trigger"],
            "Code": frame["action_id"],
        }
    )


def describe_members_covered(frame: pd.DataFrame) -> str:
    """Say how many known members met enforcement. `frame`: window_days, members_*, per city."""
    rows = frame[frame["window_days"] == max(WINDOWS)]
    members, with_action = frames.sum_columns(rows, "members_known", "members_acted_on")
    if not members:
        return "No member on the list is known for these groups."
    return (
        f"{wording.format_number(with_action)} of {wording.format_number(members)} members on the "
        "list of these groups, counted once an episode, had an action of their own within 90 "
        "days. Actions dismissed or nolle are not counted against a person."
    )
