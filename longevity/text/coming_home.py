"""Coming home in words and tables: who was met, supervision against its standard, services.

People are members on the list. Who was not met is said beside who was, what
nobody noted is said as such, and an exit of the last days is too recent to tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from longevity.text import list_pages, wording

QUARTERS_SHOWN = 12
OUTCOMES = ("greeted", "greeted_late", "not_greeted", "greeted_unknown", "too_recent")
STANDS = ("completed", "active", "active_unknown", "ended", "not_begun")


def total(frame: pd.DataFrame, *names: str) -> list[int]:
    """The sum of each column."""
    return [int(frame[name].sum()) for name in names]


def as_of(frame: pd.DataFrame) -> str:
    """The day, or the days, an answer is told as of. `frame`: last_day."""
    days = sorted(set(frame["last_day"].dropna()))
    if len(days) > 1:
        return f"{wording.day(days[0])} (the last city: {wording.day(days[-1])})"
    return wording.day(days[0])


def answer(frame: pd.DataFrame, hours: int) -> str:
    """The sentence the screen opens on.

    `frame`: `reentry_greeting`, a row a city. `hours`: within which one is met in time.
    """
    if frame.empty:
        return "Nobody handed over who came home from custody, so nothing can be said of it."
    settled, recent = total(frame, "exits", "too_recent")
    met, gate, late, nobody, unknown = total(
        frame, "greeted", "at_the_gate", "greeted_late", "not_greeted", "greeted_unknown"
    )
    came = settled + recent
    when = f"in the twelve months to {as_of(frame)}"
    if not came:
        return f"No member on the list is known to have come home from custody {when}."
    missed = late + nobody
    said = [
        f"{wording.number(met)} {_were(met)} met at the gate ({wording.number(gate)}) or within "
        f"{hours} hours",
        f"{wording.number(missed)} {_were(missed)} not ({wording.number(late)} met later, "
        f"{wording.number(nobody)} with no meeting noted)",
        f"{wording.number(unknown)} {'is' if unknown == 1 else 'are'} unknown",
        f"{wording.number(recent)} {'is' if recent == 1 else 'are'} too recent to tell",
    ]
    people = wording.counted(came, "member on the list who", "members on the list who")
    return f"Of {people} came home from custody {when}, {wording.listed_long(said)}."


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def since(through: date) -> date:
    """The first day of the quarter eleven before that of `through`."""
    quarter = through.year * 4 + (through.month - 1) // 3 - (QUARTERS_SHOWN - 1)
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def by_quarter(exits: pd.DataFrame, told: pd.DataFrame, first: date) -> pd.DataFrame:
    """Exits by city and quarter, a column an outcome; a quarter without any is zero.

    `exits`: `exits_by_quarter`; what came before `first`, the first day of a quarter, is left
    out. `told`: city and last_day, a row each city that handed exits over. Columns: city, quarter
    (its first day), OUTCOMES, complete: whether the quarter is over.
    """
    keys = zip(exits["city"], exits["quarter"].dt.date, exits["outcome"], strict=True)
    known = dict(zip(keys, exits["exits"].tolist(), strict=True))
    rows = []
    for city, last in zip(told["city"], told["last_day"].dt.date, strict=True):
        start = first
        while start <= last:
            counts = {name: int(known.get((city, start, name), 0)) for name in OUTCOMES}
            following = date(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1)
            over = following - timedelta(days=1) <= last
            rows.append({"city": city, "quarter": start, **counts, "complete": over})
            start = following
    made = pd.DataFrame(rows, columns=["city", "quarter", *OUTCOMES, "complete"])
    return made.assign(quarter=pd.to_datetime(made["quarter"]))


def met_title(frame: pd.DataFrame) -> str:
    """The finding of the picture of greetings. `frame`: `by_quarter`."""
    met, late, nobody, unknown, recent = total(frame, *OUTCOMES)
    whole = met + late + nobody + unknown
    began = frame["quarter"].min()
    if not whole:
        return f"Nobody on the list is on file as home from custody since {began:%B %Y}"
    who = f"{wording.number(met)} of {wording.number(whole)} who came home since {began:%B %Y}"
    known = f"unknown for {wording.number(unknown)}" if unknown else "known for all"
    young = f", {wording.number(recent)} more too recent to tell" if recent else ""
    return f"{who} {_were(met)} met in time; {known}{young}"


def left_out(frame: pd.DataFrame) -> str:
    """Exits that are in no figure. `frame`: `reentry_greeting`."""
    (off,) = total(frame, "off_the_list")
    if not off:
        return "Every exit of the twelve months on file is of a member on the list at the time."
    exits = wording.counted(off, "exit", "exits")
    return f"Left out: {exits} of people who were not on the list when they came home."


def who_met(exits: pd.DataFrame, months: str) -> str:
    """Which offices met those who were met, in time or later. `exits`: `exits_met_by`."""
    by: Counter[str] = Counter()
    missing = 0
    for office, count in zip(exits["greeted_by"], exits["exits"].tolist(), strict=True):
        if pd.isna(office):
            missing += count
        else:
            by[office] += count
    if not by and not missing:
        return f"Nobody is noted to have been met {months}."
    offices = sorted(by.items(), key=lambda pair: (-pair[1], pair[0]))
    said = [f"{office} {wording.number(count)}" for office, count in offices]
    said += [f"an office nobody noted {wording.number(missing)}"] if missing else []
    return f"Who met them {months}, in time or later: {wording.listed(said)}."


def next_home(frame: pd.DataFrame, weeks: int) -> str:
    """Whom to be at the gate for. `frame`: `coming_home_by_city`."""
    ahead, past = total(frame, "expected", "overdue")
    if not ahead:
        said = f"Nobody on the list is expected home in the next {weeks} weeks."
    else:
        people = wording.counted(ahead, "member on the list is", "members on the list are")
        days = wording.counted(int(frame["first_days_ahead"].min()), "day")
        first = wording.day(frame["first_expected_on"].min())
        when = f"{'the first ' if ahead > 1 else ''}on {first}"
        said = (
            f"{people} expected home in the next {weeks} weeks; {when}, {days} after the last day "
            "on file."
        )
    if past:
        said += (
            f" {wording.number(past)} {_were(past)} expected by now, with no release noted: "
            "ask the facility."
        )
    return said


def expected(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """`coming_home` as a list to act on: when, whom and where first."""
    named = list_pages.told(frame, cities).assign(
        group_ids=frame["group_ids"].fillna("no group noted"),
        status=frame["status"].map({"expected": "expected", "overdue": "no release noted"}),
    )
    first = ["expected_on", "city", "person_id", "facility", "days_ahead", "status"]
    return named[[*first, "group_ids", "custody_release_id"]]


def supervision(frame: pd.DataFrame) -> pd.DataFrame:
    """Contacts toward the standard as shares, a row a city and kind that was asked for any.

    Adds share: made toward ÷ required, and unsure: what contacts of unknown result
    could add to it, never past the standard.
    """
    asked = frame[frame["required"].astype(int) > 0].copy()
    required = asked["required"].astype(float)
    asked["share"] = asked["made_toward"].astype(float) / required
    most = (asked["made_toward"] + asked["result_unknown"]).astype(float) / required
    asked["unsure"] = most.clip(upper=1.0) - asked["share"]
    return asked


def supervision_title(frame: pd.DataFrame, least_base: int) -> str:
    """The finding. `frame`: `supervision_contacts`."""
    made, required = total(frame, "made_toward", "required")
    if not required:
        return "No supervision contact was asked for in whole months"
    said = f"{wording.number(made)} of {wording.number(required)} contacts the standard asks for"
    percent = wording.share(made, required, least_base) if required >= least_base else ""
    return f"{said} were made{f': {percent}' if percent else ''}"


def supervision_notes(frame: pd.DataFrame) -> str:
    """What the shares leave out or do not know. `frame`: `supervision_contacts`."""
    attempted, unknown, standard, months, met = total(
        frame, "attempted", "result_unknown", "standard_unknown", "person_months", "months_met"
    )
    left = (
        f"{wording.counted(standard, 'month has', 'months have')} no standard noted and "
        f"{'is' if standard == 1 else 'are'} left out."
        if standard
        else "A standard is noted for every month."
    )
    return (
        f"In {wording.number(met)} of {wording.number(months)} months under supervision the "
        f"standard was met in full. {wording.counted(attempted, 'contact was', 'contacts were')} "
        f"tried without success; the result of {wording.number(unknown)} is unknown, drawn as the "
        f"most it could add. {left}"
    )


def services(frame: pd.DataFrame) -> pd.DataFrame:
    """Offers by kind over the cities given, and where each stands; kinds never offered left out.

    Columns: kind, offers, offers_aged_30, intake_30, STANDS, most offered first.
    """
    names = ["offers", "offers_aged_30", "intake_30", "intake", *STANDS[:-1]]
    summed = list_pages.summed(frame, "kind", names)
    summed["not_begun"] = summed["offers"] - summed["intake"]
    offered = summed[summed["offers"] > 0].drop(columns="intake")
    return offered.sort_values(["offers", "kind"], ascending=[False, True], ignore_index=True)


def services_title(frame: pd.DataFrame, least_base: int) -> str:
    """The finding. `frame`: `service_uptake`."""
    begun, aged = total(frame, "intake_30", "offers_aged_30")
    if not aged:
        return "No offer of a service has 30 days behind it"
    percent = f" ({wording.share(begun, aged, least_base)})" if aged >= least_base else ""
    return (
        f"{wording.number(begun)} of {wording.number(aged)} offers led to a service "
        f"begun within 30 days{percent}"
    )


def service_losses(frame: pd.DataFrame) -> list[str]:
    """From offer to active, what each step lost, in words. `frame`: `service_uptake`."""
    offers, aged, soon, begun, active, completed, ended, unknown = total(
        frame, "offers", "offers_aged_30", "intake_30", "intake", *("active", "completed"),
        "ended", "active_unknown",
    )  # fmt: skip
    young = offers - aged
    first = (
        f"Offered to begun: {wording.number(aged - soon)} of {wording.number(aged)} offers with "
        "30 days behind them were not begun within 30 days"
    )
    if young:
        first += f"; {wording.number(young)} more {_were(young)} offered too recently to tell"
    second = (
        f"Begun to active: of {wording.number(begun)} begun by now, {wording.number(active)} had "
        f"a contact in the last 30 days, {wording.number(completed)} were completed, "
        f"{wording.number(ended)} had no contact for 30 days, and for {wording.number(unknown)} "
        "no contact is noted"
    )
    return [f"{first}.", f"{second}."]


def by_city(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each city there are any of, in the order of `cities`."""
    parts: list[tuple[str, Any]] = [(city, frame[frame["city"] == city]) for city in cities]
    return [(city, own) for city, own in parts if len(own)]
