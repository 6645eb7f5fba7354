"""The usual way: pandas, as a careful analyst would write it, kept small and honest.

The join of incidents and victims is made once, when the files are loaded; only the
columns needed are read, words that repeat are categories, and a question is a filter and a
`groupby`. Each question gives the rows in which something happened, and of the columns of
ours those it names. Not every question of the screens is here: QUESTIONS are those whose
rules fit in a few lines, at least one a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from longevity.release.member import member_of
from longevity.release.store import Release
from longevity.settings import Settings
from longevity.warehouse import facts

COUNTS = ["incidents", "victims", "fatal", "nonfatal", "homicides"]
COUNTED = ["criminal", "unknown"]
Asked = Mapping[str, Any]
Frame = pd.DataFrame


class Frames:
    """The files of a release in memory."""

    def __init__(self, release: Release, settings: Settings) -> None:
        self.release = release
        self.settings = settings
        self._extracts: dict[str, Frame] = {}
        located = self.read("built/located.parquet", "incident_id", "neighbourhood", "reason")
        incidents = self.read(
            member_of("incidents"),
            *("incident_id", "city", "occurred_at", "occurred_precision", "recorded_on"),
            *("circumstance", "gmi", "reviewed_on"),
        ).merge(located, on="incident_id")
        incidents["day"] = incidents["occurred_at"].dt.normalize()
        people = self.read(
            member_of("victims"),
            *("incident_id", "outcome", "weapon", "age_band", "sex", "race_ethnicity"),
        )
        shot, died = people["weapon"] == "firearm", people["outcome"] == "fatal"
        people = people.assign(victims=shot, fatal=shot & died, homicides=died)
        hurt = people.groupby("incident_id")[["victims", "fatal", "homicides"]].sum()
        self.all = incidents.merge(hurt, how="left", left_on="incident_id", right_index=True)
        self.all = self.all.fillna(dict.fromkeys(hurt.columns, 0))
        self.all["nonfatal"] = self.all["victims"] - self.all["fatal"]
        self.all["incidents"] = (self.all["victims"] > 0).astype(int)
        self.rows = self.all[self.all["circumstance"].isin(COUNTED)]
        self.hurt = people[shot].merge(self.rows[["incident_id", "city", "day"]], on="incident_id")

    def read(self, member: str, *columns: str) -> Frame:
        """These columns of one file, text that repeats as categories."""
        file = self.release.member(member)
        schema = pq.read_schema(file)
        known = [column for column in columns if column in schema.names]
        words = [c for c in known if str(schema.field(c).type) == "string" and c[-3:] != "_id"]
        frame: Frame = pq.read_table(file, columns=known, read_dictionary=words).to_pandas()
        for column in known:
            if str(schema.field(column).type) == "date32[day]":
                frame[column] = pd.to_datetime(frame[column])
        return frame

    def through(self, *extracts: str) -> dict[str, pd.Timestamp]:
        """The last day each city is complete for in all of these extracts."""
        days = {
            city: facts.find_through_day(self.release.manifest, city, extracts)
            for city in self.settings.cities
        }
        return {city: pd.Timestamp(day) for city, day in days.items() if day}

    def extract(self, name: str) -> Frame:
        """One extract of the program, whole; read once."""
        if name not in self._extracts:
            schema = pq.read_schema(self.release.member(member_of(name)))
            self._extracts[name] = self.read(member_of(name), *schema.names)
        return self._extracts[name]


def summed(rows: Frame, keys: list[str]) -> Frame:
    """The counts by these keys, where there are any."""
    counted = rows.groupby(keys, observed=True, dropna=False)[COUNTS].sum()
    return counted[counted.any(axis=1)].reset_index()


def between(frames: Frames, asked: Asked) -> Frame:
    """Incidents of the city, neighbourhood and days asked."""
    rows = frames.rows
    keep = (rows["day"] >= asked["date_from"]) & (rows["day"] < asked["date_until"])
    for key in ("city", "neighbourhood"):
        if asked.get(key):
            keep &= rows[key] == asked[key]
    return rows[keep]


def of_city(rows: Frame, asked: Asked) -> Frame:
    """The rows of the city asked, or all."""
    return rows[rows["city"] == asked["city"]] if asked.get("city") else rows


# --- people shot ---------------------------------------------------------------------


def year_to_date_by_city(frames: Frames, asked: Asked) -> Frame:
    rows, through = of_city(frames.rows, asked), asked["through"]
    month, day = rows["day"].dt.month, rows["day"].dt.day
    rows = rows[(month < through.month) | (month == through.month) & (day <= through.day)]
    return summed(rows.assign(year=rows["day"].dt.year), ["city", "year"])


def rolling_by_city(frames: Frames, asked: Asked) -> Frame:
    rows, length, found = of_city(frames.rows, asked), timedelta(asked["days"]), []
    for years in range(asked["years"] + 1):
        last = pd.Timestamp(asked["through"]) - pd.DateOffset(years=years)
        for back in range(asked["windows"]):
            until = last + timedelta(days=1) - back * length
            own = rows[(rows["day"] >= until - length) & (rows["day"] < until)]
            found.append(summed(own, ["city"]).assign(years_back=years, windows_back=back))
    return pd.concat(found, ignore_index=True)


def victims_by_day(frames: Frames, asked: Asked) -> Frame:
    return summed(between(frames, asked), ["city", "day"])


def victims_by_month(frames: Frames, asked: Asked) -> Frame:
    rows = between(frames, asked)
    month = rows["day"].dt.to_period("M").dt.start_time
    return summed(rows.assign(month=month), ["city", "month"])


def victims_by_neighbourhood(frames: Frames, asked: Asked) -> Frame:
    rows = between(frames, asked)
    return summed(rows[rows["neighbourhood"].notna()], ["city", "neighbourhood"])


def victims_by_neighbourhood_year(frames: Frames, asked: Asked) -> Frame:
    found = []
    for back in range(asked["years"] + 1):
        first = pd.Timestamp(asked["date_from"]) - pd.DateOffset(years=back)
        last = pd.Timestamp(asked["date_until"] - timedelta(days=1)) - pd.DateOffset(years=back)
        window = {**asked, "date_from": first, "date_until": last + timedelta(days=1)}
        found.append(victims_by_neighbourhood(frames, window).assign(years_back=back))
    return pd.concat(found, ignore_index=True)


def unlocated_victims_by_city(frames: Frames, asked: Asked) -> Frame:
    rows = between(frames, asked)
    return summed(rows[rows["neighbourhood"].isna()], ["city", "reason"])


def incidents_by_hour_and_weekday(frames: Frames, asked: Asked) -> Frame:
    rows = of_city(frames.rows, asked)
    if asked.get("neighbourhood"):
        rows = rows[rows["neighbourhood"] == asked["neighbourhood"]]
    ends = rows["city"].map(frames.through("incidents", "victims")).astype("datetime64[us]")
    year = rows["day"].dt.year
    keep = (year >= asked["year_from"]) & (year < asked["year_until"]) & (rows["day"] <= ends)
    rows = rows[keep & (rows["victims"] > 0)]
    at = rows["occurred_at"]
    hour = at.dt.hour.where(rows["occurred_precision"] == "minute")
    by = rows.assign(weekday=at.dt.day_of_week + 1, hour=hour).groupby(
        ["city", "weekday", "hour"], observed=True, dropna=False
    )
    return by[["incidents", "victims"]].sum().reset_index()


def victims_by_attribute(frames: Frames, asked: Asked) -> Frame:
    rows = of_city(frames.hurt, asked)
    rows = rows[(rows["day"] >= asked["date_from"]) & (rows["day"] < asked["date_until"])]
    found = []
    for attribute in ("age_band", "sex", "race_ethnicity"):
        by = rows.groupby(["city", attribute], observed=True)[["victims", "fatal"]].sum()
        own = by.reset_index().rename(columns={attribute: "value"})
        found.append(own.assign(attribute=attribute).astype({"value": str}))
    return pd.concat(found, ignore_index=True)


def incidents_by_day_recorded(frames: Frames, asked: Asked) -> Frame:
    rows = of_city(frames.rows, asked)
    through = rows["city"].map(frames.through("incidents", "victims")).astype("datetime64[us]")
    keep = (rows["day"] <= through) & (rows["day"] > through - timedelta(weeks=asked["weeks"]))
    keep &= (rows["recorded_on"] <= through) | rows["recorded_on"].isna()
    rows = rows[keep & (rows["victims"] > 0)]
    by = rows.groupby(["city", "day", "recorded_on"], observed=True, dropna=False)
    return by[["incidents", "victims"]].sum().reset_index()


def incidents_by_month_gmi(frames: Frames, asked: Asked) -> Frame:
    rows = of_city(frames.rows, asked)
    ends = rows["city"].map(frames.through("incidents", "victims")).astype("datetime64[us]")
    last = ends.clip(upper=pd.Timestamp(asked["as_of"]))
    rows, last = rows[keep := (rows["victims"] > 0) & (rows["day"] <= last)], last[keep]
    gmi = rows["gmi"].astype(str).where(~(rows["reviewed_on"] > last), "unknown")
    told = {word: gmi == word for word in ("confirmed", "suspected", "unknown")}
    told["reviewed"] = (rows["reviewed_on"] <= last) | (gmi != "unknown")
    month = rows["day"].dt.to_period("M").dt.start_time
    by = rows.assign(month=month, **told).groupby(["city", "month"], observed=True)
    return by[["incidents", *told]].sum().reset_index()


def uncounted_by_circumstance(frames: Frames, asked: Asked) -> Frame:
    rows = of_city(frames.all, asked)
    counted = rows["circumstance"].isin(COUNTED)
    nobody = counted & (rows["victims"] == 0) & (rows["homicides"] == 0)
    rows = rows[nobody | ~counted]
    why = rows["circumstance"].astype(str).where(~counted[rows.index], "no_victim")
    by = rows.assign(year=rows["day"].dt.year, circumstance=why, incidents=1).groupby(
        ["city", "year", "circumstance"], observed=True
    )
    return by[["incidents", "victims"]].sum().reset_index()


# --- the program ---------------------------------------------------------------------


def spans(frames: Frames, asked: Asked, *extracts: str) -> Frame:
    """City, first and last day: the twelve months to the day asked, or to what there is."""
    ends = frames.through(*extracts)
    days = {city: min(day, pd.Timestamp(asked["as_of"])) for city, day in ends.items()}
    frame = Frame({"city": list(days), "last_day": list(days.values())})
    frame = of_city(frame, asked)
    since = asked.get("since")
    first = frame["last_day"] - pd.DateOffset(years=1) + timedelta(days=1)
    return frame.assign(first_day=pd.Timestamp(since) if since else first)


def within(rows: Frame, day: str, span: Frame) -> Frame:
    """The rows whose day lies in their city's span, with that span."""
    rows = rows.merge(span, on="city")
    return rows[(rows[day] >= rows["first_day"]) & (rows[day] <= rows["last_day"])]


def cadence_by_city(frames: Frames, asked: Asked) -> Frame:
    rows = frames.extract("call_ins").merge(spans(frames, asked, "call_ins"), on="city")
    held = rows[rows["held_on"] <= rows["last_day"]]
    year = held["held_on"] >= held["first_day"]
    by = held.assign(year=year).groupby("city", observed=True)
    found = by.agg(sessions=("held_on", "size"), sessions_12_months=("year", "sum"))
    return found.assign(last_held_on=by["held_on"].max()).reset_index()


def attendance_by_route(frames: Frames, asked: Asked) -> Frame:
    invited = frames.extract("invitations")[["call_in_id", "route", "reachable", "attended"]]
    held = within(
        frames.extract("call_ins")[["call_in_id", "city", "held_on"]],
        *("held_on", spans(frames, asked, "call_ins", "invitations")),
    )
    rows = invited.merge(held, on="call_in_id")
    reached = rows["reachable"].fillna(value=False).astype(bool)
    told = {"invited": 1, "reachable": reached}
    told |= {word: reached & (rows["attended"] == word) for word in ("attended", "absent")}
    by = rows.assign(**told).groupby(["city", "route"], observed=True)
    return by[list(told)].sum().reset_index()


def reentry_greeting(frames: Frames, asked: Asked) -> Frame:
    names = ("releases_from_custody", "people")
    rows = within(frames.extract(names[0]), "released_on", spans(frames, asked, *names))
    listed = frames.extract("people")[["person_id", "listed_on", "delisted_on"]]
    rows = rows.merge(listed, on="person_id", how="left")
    released, greeted = rows["released_on"], rows["greeted_on"]
    gone = rows["delisted_on"] < released
    rows["off_the_list"] = ~((rows["listed_on"] <= released) & ~gone)
    days = int(np.ceil(asked["within_hours"] / 24))
    recent = released + timedelta(days=days) > rows["last_day"]
    rows["too_recent"] = ~rows["off_the_list"] & recent
    rows["exits"] = ~rows["off_the_list"] & ~recent
    after = (greeted - released).dt.days.where(greeted <= rows["last_day"])
    rows["greeted"] = rows["exits"] & (after <= days)
    rows["greeted_late"] = rows["exits"] & (after > days)
    counts = ["exits", "greeted", "greeted_late", "too_recent", "off_the_list"]
    return rows.groupby("city", observed=True)[counts].sum().reset_index()


def service_uptake(frames: Frames, asked: Asked) -> Frame:
    rows = within(frames.extract("services"), "offered_on", spans(frames, asked, "services"))
    soon = rows["offered_on"] + timedelta(days=30)
    aged = soon <= rows["last_day"]
    told = {"offers": 1, "offers_aged_30": aged, "intake_30": aged & (rows["intake_on"] <= soon)}
    told["completed"] = rows["completed_on"] <= rows["last_day"]
    by = rows.assign(**told).groupby(["city", "kind"], observed=True)
    return by[list(told)].sum().reset_index()


def budget_by_city(frames: Frames, asked: Asked) -> Frame:
    rows = of_city(frames.extract("budget"), asked)
    rows = rows[rows["city"].isin(list(frames.settings.cities))]
    return rows[["city", "fiscal_year", "source", "allocated", "spent"]].astype({"source": str})


def members_in_several_groups(frames: Frames, asked: Asked) -> Frame:
    """Members by the group that holds them on the day, a group's successor holding its own."""
    span = spans(frames, asked, "groups", "memberships").set_index("city")["last_day"]
    groups, rows = frames.extract("groups"), frames.extract("memberships")
    passed = _passed_on(groups)
    rows = rows.merge(groups.groupby("group_id")["city"].first().rename("of"), on="group_id")
    rows = rows.assign(city=rows["of"], day=pd.to_datetime(rows["of"].astype(str).map(span)))
    rows = rows[rows["day"].notna() & (rows["from_on"] <= rows["day"])]
    holder, since = rows["group_id"], pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    while True:
        after, on = holder.map(passed["after"]), holder.map(passed["passed_on"])
        moves = after.notna() & (on <= rows["day"])
        if not moves.any():
            break
        since = since.mask(moves & since.isna(), on)
        holder = holder.mask(moves, after)
    ended = rows["until_on"] + timedelta(days=1)
    went_on = (holder != rows["group_id"]) & (ended == since)
    rows = rows.assign(holder=holder)[rows["until_on"].isna() | (ended > rows["day"]) | went_on]
    own = pd.MultiIndex.from_frame(frames.extract("memberships")[["person_id", "group_id"]])
    there = pd.MultiIndex.from_frame(rows[["person_id", "holder"]]).isin(own)
    rows = rows[(rows["holder"] == rows["group_id"]) | ~there]
    many = rows.groupby(["city", "person_id"], observed=True)["holder"].nunique()
    by = many.groupby("city", observed=True)
    return by.agg(members="size", in_several=lambda n: int((n > 1).sum())).reset_index()


def _passed_on(groups: Frame) -> Frame:
    """By group that became another: what it became, and the first day of that."""
    known = groups[["group_id", "city", "active_from"]].rename(
        columns={"group_id": "after", "active_from": "begins"}
    )
    before = groups[groups["succeeded_by"].notna()].assign(after=groups["succeeded_by"].astype(str))
    pairs = before.merge(known, on=["after", "city"]).sort_values("audited_on")
    by = pairs[pairs["after"] != pairs["group_id"]].groupby("group_id", observed=True)
    on = by["active_until"].max() + timedelta(days=1)
    on = on.fillna(by["begins"].min()).fillna(by["audited_on"].min())
    return Frame({"after": by["after"].last(), "passed_on": on})


Ask = Callable[[Frames, Asked], Frame]
# Question, and the columns that name a row of its answer.
QUESTIONS: dict[str, tuple[Ask, list[str]]] = {
    "year_to_date_by_city": (year_to_date_by_city, ["city", "year"]),
    "rolling_by_city": (rolling_by_city, ["city", "years_back", "windows_back"]),
    "victims_by_day": (victims_by_day, ["city", "day"]),
    "victims_by_month": (victims_by_month, ["city", "month"]),
    "victims_by_neighbourhood": (victims_by_neighbourhood, ["city", "neighbourhood"]),
    "victims_by_neighbourhood_year": (
        victims_by_neighbourhood_year,
        ["city", "neighbourhood", "years_back"],
    ),
    "unlocated_victims_by_city": (unlocated_victims_by_city, ["city", "reason"]),
    "incidents_by_hour_and_weekday": (incidents_by_hour_and_weekday, ["city", "weekday", "hour"]),
    "victims_by_attribute": (victims_by_attribute, ["city", "attribute", "value"]),
    "incidents_by_day_recorded": (incidents_by_day_recorded, ["city", "day", "recorded_on"]),
    "incidents_by_month_gmi": (incidents_by_month_gmi, ["city", "month"]),
    "uncounted_by_circumstance": (uncounted_by_circumstance, ["city", "year", "circumstance"]),
    "cadence_by_city": (cadence_by_city, ["city"]),
    "attendance_by_route": (attendance_by_route, ["city", "route"]),
    "reentry_greeting": (reentry_greeting, ["city"]),
    "service_uptake": (service_uptake, ["city", "kind"]),
    "budget_by_city": (budget_by_city, ["city", "fiscal_year", "source"]),
    "members_in_several_groups": (members_in_several_groups, ["city"]),
}
