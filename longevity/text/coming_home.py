"""Coming home in words and tables: who was met, supervision against its standard, services.

People are members on the list. Who was not met is said beside who was, what
nobody noted is said as such, and an exit of the last days is too recent to tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from longevity.text import availability, frames, wording

QUARTERS = 12
OUTCOMES = ("greeted", "greeted_late", "not_greeted", "greeted_unknown", "too_recent")
STANDS = ("completed", "active", "active_unknown", "ended", "not_begun")


def format_as_of(frame: pd.DataFrame) -> str:
    """Return the last day, or the days, of an answer. `frame`: last_day."""
    days = sorted(set(frame["last_day"].dropna()))
    if len(days) > 1:
        return f"{wording.format_day(days[0])} (the last city: {wording.format_day(days[-1])})"
    return wording.format_day(days[0])


def write_answer(frame: pd.DataFrame, hours: int) -> str:
    """Write the sentence the screen opens on.

    `frame`: `reentry_greeting`, a row a city. `hours`: within which one is met in time.
    """
    if frame.empty:
        absent = availability.state_nobody_supplied("who came home from custody")
        return f"{wording.start_sentence(absent)}, so nothing can be said of it."
    older, recent = frames.sum_columns(frame, "exits", "too_recent")
    met, gate, late, nobody, unknown = frames.sum_columns(
        frame, "greeted", "at_the_gate", "greeted_late", "not_greeted", "greeted_unknown"
    )
    exits = older + recent
    when = f"in the twelve months to {format_as_of(frame)}"
    if not exits:
        return f"No member on the list is known to have come home from custody {when}."
    not_met = late + nobody
    parts = [
        f"{wording.format_number(met)} {_choose_was_or_were(met)} met at the gate "
        f"({wording.format_number(gate)}) or within {hours} hours",
        f"{wording.format_number(not_met)} {_choose_was_or_were(not_met)} not "
        f"({wording.format_number(late)} met later, "
        f"{wording.format_number(nobody)} with no meeting noted)",
        f"{wording.format_number(unknown)} {'is' if unknown == 1 else 'are'} unknown",
        f"{wording.format_number(recent)} {'is' if recent == 1 else 'are'} too recent to tell",
    ]
    people = wording.count_noun(exits, "member on the list who", "members on the list who")
    return f"Of {people} came home from custody {when}, {wording.join_phrases(parts)}."


def _choose_was_or_were(count: int) -> str:
    return "was" if count == 1 else "were"


def find_first_quarter(through: date) -> date:
    """Return the first day of the quarter eleven before that of `through`."""
    quarter = through.year * 4 + (through.month - 1) // 3 - (QUARTERS - 1)
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def count_by_quarter(exits: pd.DataFrame, cities: pd.DataFrame, first: date) -> pd.DataFrame:
    """Count exits by city and quarter, a column an outcome; a quarter without any is zero.

    `exits`: `exits_by_quarter`; what came before `first`, the first day of a quarter, is left
    out. `cities`: city and last_day, a row each city that handed exits over. Columns: city, quarter
    (its first day), OUTCOMES, complete: whether the quarter is over.
    """
    keys = zip(exits["city"], exits["quarter"].dt.date, exits["outcome"], strict=True)
    by_key = dict(zip(keys, exits["exits"].tolist(), strict=True))
    rows = []
    for city, last in zip(cities["city"], cities["last_day"].dt.date, strict=True):
        start = first
        while start <= last:
            counts = {name: int(by_key.get((city, start, name), 0)) for name in OUTCOMES}
            following = date(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1)
            over = following - timedelta(days=1) <= last
            rows.append({"city": city, "quarter": start, **counts, "complete": over})
            start = following
    table = pd.DataFrame(rows, columns=["city", "quarter", *OUTCOMES, "complete"])
    return table.assign(quarter=pd.to_datetime(table["quarter"]))


def write_greetings_title(frame: pd.DataFrame) -> str:
    """Write the finding of the picture of greetings. `frame`: `count_by_quarter`."""
    met, late, nobody, unknown, recent = frames.sum_columns(frame, *OUTCOMES)
    whole = met + late + nobody + unknown
    start = frame["quarter"].min()
    if not whole:
        return f"Nobody on the list is on file as home from custody since {start:%B %Y}"
    who = (
        f"{wording.format_number(met)} of {wording.format_number(whole)} who came home since "
        f"{start:%B %Y}"
    )
    unknown_text = f"unknown for {wording.format_number(unknown)}" if unknown else "known for all"
    young = f", {wording.format_number(recent)} more too recent to tell" if recent else ""
    return f"{who} {_choose_was_or_were(met)} met in time; {unknown_text}{young}"


def describe_exits_left_out(frame: pd.DataFrame) -> str:
    """Say how many exits are in no figure. `frame`: `reentry_greeting`."""
    (off,) = frames.sum_columns(frame, "off_the_list")
    if not off:
        return "Every exit of the twelve months on file is of a member on the list at the time."
    exits = wording.count_noun(off, "exit", "exits")
    return f"Left out: {exits} of people who were not on the list when they came home."


def describe_who_met(exits: pd.DataFrame, months: str) -> str:
    """Say which offices met those who were met, in time or later. `exits`: `exits_met_by`."""
    by_office: Counter[str] = Counter()
    missing = 0
    for office, count in zip(exits["greeted_by"], exits["exits"].tolist(), strict=True):
        if pd.isna(office):
            missing += count
        else:
            by_office[office] += count
    if not by_office and not missing:
        return f"Nobody is noted to have been met {months}."
    offices = sorted(by_office.items(), key=lambda pair: (-pair[1], pair[0]))
    parts = [f"{office} {wording.format_number(count)}" for office, count in offices]
    parts += [f"an office nobody noted {wording.format_number(missing)}"] if missing else []
    return f"Who met them {months}, in time or later: {wording.join_words(parts)}."


def describe_next_home(frame: pd.DataFrame, weeks: int) -> str:
    """Say whom to be at the gate for. `frame`: `coming_home_by_city`."""
    ahead, past = frames.sum_columns(frame, "expected", "overdue")
    if not ahead:
        text = f"Nobody on the list is expected home in the next {weeks} weeks."
    else:
        people = wording.count_noun(ahead, "member on the list is", "members on the list are")
        days = wording.count_noun(int(frame["first_days_ahead"].min()), "day")
        first = wording.format_day(frame["first_expected_on"].min())
        when = f"{'the first ' if ahead > 1 else ''}on {first}"
        text = (
            f"{people} expected home in the next {weeks} weeks; {when}, {days} after the last day "
            "on file."
        )
    if past:
        text += (
            f" {wording.format_number(past)} {_choose_was_or_were(past)} expected by now, with no "
            "release noted: ask the facility."
        )
    return text


def build_expected_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return `coming_home` as a list to act on: when, whom and where first."""
    table = frames.build_list_table(frame, cities).assign(
        groups=frame["groups"].fillna("no group noted"),
        status=frame["status"].map({"expected": "expected", "overdue": "no release noted"}),
    )
    first = ["expected_on", "city", "person_id", "facility", "days_ahead", "status"]
    return table[[*first, "groups", "group_ids", "custody_release_id"]]


MET = {
    "greeted": "met in time",
    "greeted_late": "met late",
    "greeted_unknown": "met, day not noted",
    "not_greeted": "not met",
    "too_recent": "too recent to tell",
}


def build_exits_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return `exits_from_custody` as a list: when, whom and from where, and who met them."""
    table = frames.build_list_table(frame, cities, "first_day", "last_day")
    table = table.assign(outcome=table["outcome"].map(MET)).rename(
        columns={"outcome": "met", "greeted_on": "met_on", "greeted_by": "met_by"}
    )
    first = ["released_on", "city", "person_id", "facility", "met", "met_on", "met_by", "days"]
    return table[[*first, "custody_release_id"]]


def compute_supervision_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Return contacts toward the standard as shares, a row a city and kind with a standard.

    Adds share: made toward ÷ required, and unsure: what contacts of unknown result
    could add to it, never past the standard.
    """
    rows = frame[frame["required"].astype(int) > 0].copy()
    required = rows["required"].astype(float)
    rows["share"] = rows["made_toward"].astype(float) / required
    most = (rows["made_toward"] + rows["result_unknown"]).astype(float) / required
    rows["unsure"] = most.clip(upper=1.0) - rows["share"]
    return rows


def write_supervision_title(frame: pd.DataFrame, least_base: int) -> str:
    """Write the finding. `frame`: `supervision_contacts`."""
    contacts, required = frames.sum_columns(frame, "made_toward", "required")
    if not required:
        return "No supervision contact was asked for in whole months"
    text = (
        f"{wording.format_number(contacts)} of {wording.format_number(required)} contacts the "
        "standard asks for"
    )
    percent = wording.format_share(contacts, required, least_base) if required >= least_base else ""
    return f"{text} were made{f': {percent}' if percent else ''}"


def write_supervision_notes(frame: pd.DataFrame) -> str:
    """Say what the shares leave out or do not know. `frame`: `supervision_contacts`."""
    attempted, unknown, standard, months, met = frames.sum_columns(
        frame, "attempted", "result_unknown", "standard_unknown", "person_months", "months_met"
    )
    left_out_text = (
        f"{wording.count_noun(standard, 'month has', 'months have')} no standard noted and "
        f"{'is' if standard == 1 else 'are'} left out."
        if standard
        else "A standard is noted for every month."
    )
    return (
        f"In {wording.format_number(met)} of {wording.format_number(months)} months under "
        "supervision the standard was met in full. "
        f"{wording.count_noun(attempted, 'contact was', 'contacts were')} tried without success; "
        f"the result of {wording.format_number(unknown)} is unknown, drawn as the most it could "
        f"add. {left_out_text}"
    )


def sum_services_by_kind(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum offers by kind over the cities, and where each stands; kinds never offered left out.

    Columns: kind, offers, offers_aged_30, intake_30, STANDS, most offered first.
    """
    names = ["offers", "offers_aged_30", "intake_30", "intake", *STANDS[:-1]]
    sums = frames.sum_by(frame, "kind", names)
    sums["not_begun"] = sums["offers"] - sums["intake"]
    offers_by_kind = sums[sums["offers"] > 0].drop(columns="intake")
    return offers_by_kind.sort_values(
        ["offers", "kind"], ascending=[False, True], ignore_index=True
    )


def write_services_title(frame: pd.DataFrame, least_base: int) -> str:
    """Write the finding. `frame`: `service_uptake`."""
    begins, old_enough = frames.sum_columns(frame, "intake_30", "offers_aged_30")
    if not old_enough:
        return "No offer of a service has 30 days behind it"
    percent = (
        f" ({wording.format_share(begins, old_enough, least_base)})"
        if old_enough >= least_base
        else ""
    )
    return (
        f"{wording.format_number(begins)} of {wording.format_number(old_enough)} offers led to a "
        f"service begun within 30 days{percent}"
    )


def describe_service_losses(frame: pd.DataFrame) -> list[str]:
    """Say what each step from offer to active lost. `frame`: `service_uptake`."""
    offers, old_enough, soon, begins, active, completed, ended, unknown = frames.sum_columns(
        frame, "offers", "offers_aged_30", "intake_30", "intake", *("active", "completed"),
        "ended", "active_unknown",
    )  # fmt: skip
    young = offers - old_enough
    first = (
        f"Offered to begun: {wording.format_number(old_enough - soon)} of "
        f"{wording.format_number(old_enough)} offers with "
        "30 days behind them were not begun within 30 days"
    )
    if young:
        first += (
            f"; {wording.format_number(young)} more {_choose_was_or_were(young)} offered too "
            "recently to tell"
        )
    second = (
        f"Begun to active: of {wording.format_number(begins)} begun by now, "
        f"{wording.format_number(active)} had a contact in the last 30 days, "
        f"{wording.format_number(completed)} were completed, {wording.format_number(ended)} had no "
        f"contact for 30 days, and for {wording.format_number(unknown)} no contact is noted"
    )
    return [f"{first}.", f"{second}."]
