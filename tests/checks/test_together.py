"""Check: what the rows of a folder say together, a table a subject.

Each case names the check that is asked, the rows, what extracts.toml says, how many findings there
are and of how many rows (`[]`: the near miss, which is none), and a part of what is said.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pandas as pd
import pytest

from longevity.base.scratch import open_scratch
from longevity.checks.sql_checks import run_checks
from longevity.checks.sql_files import PLACES
from longevity.ingest.contract import BY_NAME
from tests.conftest import TODAY
from tests.drivers.checking import ask
from tests.factories import extracts

EAST, WEST = "new_haven", "hartford"
START = date(2025, 1, 6)
WEEKS = [START + timedelta(weeks=n) for n in range(98)]  # to November 16, 2026
ENDINGS = (
    ("memberships", "from_on", "until_on"),
    ("people", "listed_on", "delisted_on"),
    ("supervision_spells", "from_on", "until_on"),
)


def shot(days, nonfatal=1, fatal=0, city=EAST):
    """An incident a day, with its victims."""
    return world([(day, nonfatal, fatal) for day in days], city)


def world(events, city=EAST):
    """The incidents and victims of (day, nonfatal, fatal)."""
    incidents, victims = extracts.incidents_and_victims({city: events})
    return {"incidents": incidents, "victims": victims}


def change(rows, extract, where=lambda at: True, **cells):
    """The same with other cells in the rows of an extract whose place, from 0, is chosen."""
    changed = [row | (cells if where(at) else {}) for at, row in enumerate(rows[extract])]
    return rows | {extract: changed}


def add(extract, rows):
    """Incidents in every week and these rows of another extract."""
    return shot(WEEKS) | {extract: rows}


def program_row(extract, number):
    """A row of the incident, or of the call-in, of this number of `shot` and `held_for`."""
    row = extracts.row(extract, number, EAST)
    if extract == "incident_groups":
        row["incident_id"] = f"{EAST}-{number + 1:05d}"
    return row


def held_for(extract, days):
    """The call-ins that invitations are for, one a day; none where it is of others."""
    if extract != "invitations":
        return {}
    return {"call_ins": [extracts.row("call_ins", n, EAST, held_on=d) for n, d in enumerate(days)]}


# What says no, and what says yes, in a row of each.
NO_AND_YES = {
    "incident_groups": ({"role": "victim"}, {"role": "suspect"}),
    "enforcement_actions": ({"scope": "individual", "group_id": None}, {"scope": "group", "group_id": "g1"}),
    "services": ({"intake_on": None}, {"intake_on": WEEKS[-1]}),
    "community_requests": ({"answered_on": None}, {"answered_on": WEEKS[-1]}),
    "invitations": ({"attended": "absent"}, {"attended": "attended"}),
    "custom_notifications": ({"contact": "none"}, {"contact": "direct"}),
    "supervision_contacts": ({"result": "attempted"}, {"result": "made"}),
    "releases_from_custody": ({"released_on": WEEKS[0], "greeted_on": None}, {"greeted_on": WEEKS[-1]}),
}


def weekly(extract, yes):
    """A row of this extract a week, in a city with incidents: whether it says yes."""
    event = BY_NAME[extract].event
    dated = event not in (None, "attributed_on")
    rows = [
        program_row(extract, n) | ({event: WEEKS[n]} if dated else {}) | NO_AND_YES[extract][said]
        for n, said in enumerate(yes)
    ]
    counted = change(shot(WEEKS), "incidents", gmi="confirmed", reviewed_on=TODAY)
    return counted | held_for(extract, WEEKS) | {extract: rows}


def lasting(extract, begun, ended, days):
    """A row of this extract for each day it began and ended."""
    return add(extract, [extracts.row(extract, n, EAST) | {begun: a, ended: b} for n, (a, b) in enumerate(days)])


def timed(count_first, first, then):
    """Incidents in every week: the first so many in these hours, one after another, then those."""
    rows = shot(WEEKS)
    for at, incident in enumerate(rows["incidents"]):
        hours = first if at < count_first else then(at)
        incident["occurred_at"] = datetime.combine(incident["occurred_at"], time(hours[at % len(hours)], at % 60))
    return rows


def through(day, *names):
    """extracts.toml that says through which day."""
    return {"data_through": {name: {EAST: day} for name in names or ("incidents", "victims")}}


def begins(day, name="incidents"):
    return {"data_from": {name: {EAST: day}}}


def of(check, *cases, severity="error"):
    """Cases of one check: rows, of how many rows each finding is, words of it, extracts.toml."""
    filled = (case + (None, None, "", {})[len(case) :] for case in cases)
    return [(check, severity, *case) for case in filled]


def only_west_has_victims(incidents):
    east, west = shot(WEEKS[:incidents]), shot(WEEKS[:1], city=WEST)
    return {"incidents": east["incidents"] + west["incidents"], "victims": west["victims"]}


def known_weapons(known, days=(*WEEKS[:10], *WEEKS[60:])):
    """Of the ten victims of 2025 so many whose weapon is known; all of 2026, where there are."""
    return change(shot(days), "victims", lambda at: known <= at < 10, weapon="unknown")


THREE_YEARS = [date(2023, 1, 2) + timedelta(weeks=n) for n in range(156)]


def grown(count, years=(2024,), until=156):
    """One shot a week for three years, and two days later again in the first weeks of some."""
    weeks = THREE_YEARS[:until]
    return shot([*weeks, *[d + timedelta(days=2) for d in weeks if d.year in years][:count]])


def sexes(first, last=98, word="male"):
    """A woman in every second incident, but for the weeks from one to before another."""
    rows = change(shot(WEEKS), "victims", lambda at: at % 2 == 1 and at not in range(first, last), sex="female")
    return change(rows, "victims", lambda at: at % 2 == 0 or at in range(first, last), sex=word)


MONTHS = [date(2024 + at // 12, 1 + at % 12, 1) for at in range(30) for _ in range(5)]
DAILY = [date(2024, 1, 1) + timedelta(days=n) for n in range(730)]


def swapped(many):
    """Incidents on every day of two years; the day and the month of the first so many swapped, of those that can."""
    can_be = [day for day in DAILY if day.day <= 12 and day.day != day.month]
    others = {day: date(day.year, day.day, day.month) for day in can_be[:many]}
    return shot([others.get(day, day) for day in DAILY])


def lost(kept):
    """The same, of 2025 without its days from the 13th on but for so many."""
    late = [day for day in DAILY if day.year == 2025 and day.day > 12]
    return shot([day for day in DAILY if day not in late[kept:]])


KILLED_ONLY = {"outcomes": {EAST: ("fatal",)}, "weapons": {}}
VICTIMS = [
    *of(
        "no_victims",
        (only_west_has_victims(5), [5], "none of 5 incidents of New Haven has"),
        (only_west_has_victims(4), []),
    ),
    *of(
        "outcome_missing",
        (shot(WEEKS[:2], 0, 1), [2], "no one was wounded by a firearm from"),
        (shot(WEEKS[:1], 0, 1), []),
        (shot(WEEKS[:3], 0, 1), [], "", {"holds": KILLED_ONLY}),
        (shot(WEEKS[:3], 0, 1), [], "", {"kind": "synthetic"}),
        # The list of the wounded begins late, lacks a part, ends early; so with that of the killed.
        (world([(day, int(at > 20), 1) for at, day in enumerate(WEEKS)]), [21], "no one was wounded"),
        (world([(day, int(not 30 < at < 45), 1) for at, day in enumerate(WEEKS)]), [14], "no one was wounded"),
        (world([(day, int(at < 80), 1) for at, day in enumerate(WEEKS)]), [18], "no one was wounded"),
        (world([(day, 1, int(at < 80)) for at, day in enumerate(WEEKS)]), [18], "no one was killed"),
        (shot(WEEKS[:60]), [60], "no one was killed"),
        (shot(WEEKS[:49]), []),
        (world([(day, int(at % 8 == 0), 1) for at, day in enumerate(WEEKS)]), []),
    ),
    *of(
        "no_weapon",
        (known_weapons(0), [10], "the weapon of 10 of 10 victims of New Haven in 2025"),
        (known_weapons(0, WEEKS[:10]), [10], "victims of New Haven is unknown, so"),
    ),
    *of(
        "grown_year",
        # 52 in 2023 and 51 in 2025; 2024, with 53 and so many more, has 1.6 times that.
        (grown(31), [84], "84 people were shot in 2024, far more than in the"),
        (grown(30), []),
        # A mass shooting is one row: 51 people in it are not a part of the year pasted twice.
        (world([*((day, 1, 0) for day in THREE_YEARS), (date(2024, 6, 12), 100, 3)]), []),
        # Of 2025 there are the first three months only, at the pace of 2024.
        (grown(200, (2024, 2025), until=118), []),
        # From half a year on, what there is of it stands for the whole: 27 in 187 days for 52.7.
        (grown(32, until=132), [85]),
        (grown(31, until=132), []),
        (grown(32, until=131), []),
    ),
    *of(
        "more_killed",
        (world([(day, int(at < 18), int(at >= 18)) for at, day in enumerate(WEEKS[:60])]), [42], "42 were shot and"),
        (world([(day, int(at < 18), int(at >= 18)) for at, day in enumerate(WEEKS[:59])]), []),
        (world([(day, int(at < 5), 1) for at, day in enumerate(WEEKS)]), [], "", {"holds": KILLED_ONLY}),
        (shot(WEEKS, 0, 1), []),
    ),
    *of(
        "word_gone",
        # Half are female, and none in the last weeks: twenty would be.
        (sexes(58), [40], "to November 16, 2026 no victim of 40 incidents of New Haven has a word of sex"),
        (sexes(60), []),
        # In the middle, in a column that is known of some alone.
        (sexes(20, 60, "unknown"), [41], "that those of 51% have at other times"),
        (sexes(20, 59, "unknown"), []),
        # A mass shooting is one incident.
        (change(world([*((day, 1, 0) for day in WEEKS), (TODAY, 200, 0)]), "victims", (0).__ne__, sex="male"), []),
    ),
    *of(
        "swapped_days",
        # In the order of the file, half of those that can be swapped. Eleven have no certain day before them.
        (swapped(77), [66], "66 of 132 incidents of 2024 fit the rows before them only"),
        (swapped(76), []),
        # 132 are of the 2nd to the 12th.
        (lost(118), [132], "132 of 250 incidents of 2025 are from the 2nd to the 12th of a month"),
        (lost(119), []),
        (shot(MONTHS), []),
    ),
]


def without(first, last):
    """Incidents every week but for the weeks from one to before another."""
    return shot([day for week, day in enumerate(WEEKS) if week not in range(first, last)])


def busy(quiet, a_day=2):
    """So many incidents a day for two years, but for some days in the middle of them."""
    days = [START + timedelta(days=at) for at in range(7 * len(WEEKS)) if not 300 <= at < 300 + quiet]
    rows = shot([day for day in days for _ in range(a_day)])
    for at, incident in enumerate(rows["incidents"]):
        incident["occurred_at"] += timedelta(minutes=at)  # or two of a day would be copies
    return rows


def rested(quiet, every, a_day, backward=False):
    """Forty weeks, some quiet days, then ten days so far apart with so many each; or all of it backward."""
    again = WEEKS[39] + timedelta(days=quiet)
    days = [*WEEKS[:40], *(again + timedelta(days=every * at) for at in range(10) for _ in range(a_day))]
    rows = shot([END - (day - START) for day in days] if backward else days)
    for at, incident in enumerate(rows["incidents"]):
        incident["occurred_at"] += timedelta(minutes=at)  # or those of a day would be copies
    return rows


def mistyped(count, quiet_until=90):
    """Sixty weeks, and so many days long after them."""
    again = WEEKS[59] + timedelta(days=quiet_until)
    return shot([*WEEKS[:60], *(again + timedelta(n) for n in range(count))])


def victims_without(first, last):
    rows = shot(WEEKS)
    return rows | {"victims": rows["victims"][:first] + rows["victims"][last:]}


def missed(rows):
    """The same, and from 2026 on shots that hit no one, three times as many."""
    more = [
        row | {"incident_id": f"{row['incident_id']}-{how}", "clearance": how}
        for row in rows["incidents"][52:]
        for how in ("open", "exceptional", "unknown")
    ]
    return rows | {"incidents": rows["incidents"] + more}


END = WEEKS[-1]
AT_END = through(END)
SLOW = [date(2020, 1, 1) + timedelta(days=100 * n) for n in range(20)]
OLD = [date(2015, 1, 1) + timedelta(weeks=n) for n in range(10)]
EARLY = shot([date(2024, 6, 3), *WEEKS])
LATE = shot([*WEEKS[:50], date(2026, 11, 20), *WEEKS[50:80]])
FROM_7_TO_1 = "from October 7, 2025 to March 1, 2026. Each of these days would be counted as without"


def after(days):
    """extracts.toml: complete through so many days after the sixtieth week."""
    return through(WEEKS[59] + timedelta(days=days))


DAYS = [
    *of(
        "ends_early",
        # One a week: longer than ten times that is longer than a silence gets.
        (shot(WEEKS[:-11]), [1], "is of August 31, 2026, 77 days before", AT_END),
        (shot(WEEKS[:-10]), [], "", AT_END),
        (shot(WEEKS[:-11]), []),
        (victims_without(87, 98), [1], "the newest victim of New Haven is of", AT_END),
        (missed(shot(WEEKS)), [], "", AT_END),
        # A hole of long ago does not hide one of today.
        (shot(OLD + WEEKS[:60]), [1], "71 days before", after(71)),
        # A silence as long as one before, and one that is longer.
        (shot(WEEKS[:30] + WEEKS[41:-12]), [], "", AT_END),
        (shot(WEEKS[:30] + WEEKS[40:-12]), [1], "84 days before", AT_END),
        # Twice as many events on the same days: half as long is enough.
        (shot(WEEKS[:60] * 2), [1], "36 days before", after(36)),
        # With fewer than six days there is no rhythm to judge by.
        (shot(WEEKS[:6]), [1], "", AT_END),
        (shot(WEEKS[:5]), [], "", AT_END),
    ),
    *of(
        "gap_before_newest",
        (LATE, [1], "nothing for 130 days before November 20, 2026, and only 1 row"),
        (LATE, [1], "so that it looks complete to the end", through(date(2026, 11, 22))),
        # It is found while only a few days with events follow.
        (mistyped(3), [3], "only 3 rows from then on"),
        (mistyped(4), []),
    ),
    *of(
        "gap_after_oldest",
        (EARLY, [1], "on 1 day up to June 3, 2024, and then none for 217 days"),
        (EARLY, [1], "Say data_from = 2025-01-06 or the day it does."),
        (EARLY, [], "", begins(WEEKS[0])),
        (shot(WEEKS), []),
    ),
    *of(
        "hole",
        # One a week: a hole is longer than twenty times that.
        (without(40, 60), [1], f"New Haven has no incidents {FROM_7_TO_1}", AT_END),
        (without(40, 59), [], "", AT_END),
        (without(40, 60), [], "", begins(WEEKS[60])),
        (victims_without(40, 60), [1], f"New Haven has no victims {FROM_7_TO_1}"),
        (missed(shot(WEEKS)), []),
        # Two a day: nine days without one are twenty times their mean time; eight are not. A week is the least.
        (busy(9), [1], "New Haven has no incidents from", AT_END),
        (busy(8), [], "", AT_END),
        (busy(7, a_day=4), [1], "New Haven has no incidents from", AT_END),
        (busy(6, a_day=4), [], "", AT_END),
        # What is wrong with all days of a city is found once: it ends early, or is there twice.
        (shot(WEEKS[:40] + WEEKS[60:76]), [], "", AT_END),
        (shot((WEEKS[:40] + WEEKS[60:]) * 2), []),
        # Years with few shootings are none, nor are months where only months are known.
        (shot([*SLOW, *WEEKS[35:]]), []),
        # Nor are days that one side explains, whichever: it is slow, or much falls on each of few days.
        *((rested(310, 100, 1, backward), []) for backward in (False, True)),
        *((rested(145, 49, 20, backward), []) for backward in (False, True)),
        (rested(145, 7, 1), [1], "New Haven has no incidents from"),
        # Six days with events on either side are enough to judge by.
        (without(6, 26), [1]),
        (without(5, 25), []),
        (shot(WEEKS[:40] + WEEKS[60:66]), [1]),
        (shot(WEEKS[:40] + WEEKS[60:65]), []),
        (shot(MONTHS), []),
    ),
]


def worked(*weeks):
    """An action of enforcement in each of these weeks, in a city with incidents."""
    rows = [extracts.row("enforcement_actions", at, EAST) | {"acted_on": day} for at, day in enumerate(weeks)]
    return add("enforcement_actions", rows)


WORK = [
    # Work that ends early, or has a hole, would be reported as not done.
    *of("ends_early", (worked(*WEEKS[:-11]), [1], "", through(END, "enforcement_actions"))),
    # Where no day is stated of it, it is held against the city's counts.
    *of("ends_early", (worked(*WEEKS[:-11]), [1], "77 days before November 16, 2026"), (worked(*WEEKS[:-10]), [])),
    *of(
        "hole",
        (worked(*WEEKS[:40], *WEEKS[60:87]), [1], "enforcement actions from October 7, 2025 to March 1, 2026."),
        (worked(*WEEKS[:40], *WEEKS[60:87]), [], "", begins(WEEKS[60], "enforcement_actions")),
        (worked(*WEEKS[:87]), []),
    ),
]


def strayed(rows, strays):
    """So many incidents of a city, and so many in another."""
    return {"incidents": [extracts.row("incidents", n, WEST if n < strays else EAST) for n in range(rows + strays)]}


def pasted_year(count, per_incident=False):
    """Rows every fourth day of three years; of 2025 so many, twice, or twice their victims."""
    days = [date(2024, 1, 1) + timedelta(days=4 * n) for n in range(260)]
    year = [day for day in days if day.year == 2025][:count]
    rest = [day for day in days if day.year != 2025]
    if per_incident:
        return world([(day, 1 + (day in year), 0) for day in sorted([*rest, *year])])
    return shot(sorted([*rest, *year, *year]))


def enforced_twice():
    rows = [
        extracts.row("enforcement_actions", n, EAST) | {"acted_on": WEEKS[n % 40], "group_id": "g1"} for n in range(80)
    ]
    return add("enforcement_actions", rows)


def piled(count):
    """So many incidents on one point, and five more there that are of the whole city."""
    rows = [extracts.row("incidents", at, EAST, longitude=-72.9, latitude=41.3) for at in range(count + 5)]
    return change(
        {"incidents": rows}, "incidents", lambda at: at >= count, location_precision="city", place_confirmed=True
    )


def placed(count):
    """So many of the 52 of 2025 in a neighbourhood, and all of 2026."""
    rows = change(shot(WEEKS), "incidents", neighbourhood=None, longitude=None, latitude=None)
    return change(rows, "incidents", lambda at: at < count or at >= 52, neighbourhood="Hill")


AFTERNOON = lambda at: [13, 14, 15, 16, 17]  # noqa: E731
ELSE = lambda at: [0, 1, 2, 3, 4] if at < 50 else [20]  # noqa: E731
WHOLE = [
    *of("stray_rows", (strayed(100, 1), [1], "Hartford has 1 of the 101 rows, and would be"), (strayed(300, 3), [1])),
    *of("stray_rows", (strayed(99, 1), []), (strayed(400, 4), [])),
    *of(
        "shifted_hours",
        (timed(50, [5, 6, 7, 8, 9], AFTERNOON), [1], "in the morning (50) than"),
        (timed(49, [5, 6, 7, 8, 9], AFTERNOON), []),
        (timed(50, [5, 6, 7, 8, 10], AFTERNOON), []),  # ten o'clock is past the morning
        # Fewer after midnight than around noon, by more than chance: 33 and 17, not 32 and 18.
        (timed(33, [10, 11, 12, 13, 14], ELSE), [1], "(33) than from midnight to 5 (17)."),
        (timed(32, [10, 11, 12, 13, 14], ELSE), []),
    ),
    *of(
        "there_twice",
        (shot(WEEKS[:12] * 2), [24], "24 rows of New Haven are there twice"),
        (shot(WEEKS[:4] * 2), []),
        (shot(WEEKS[:12], 2), [24], "victims.parquet, column victim_id: 24 rows"),
        # Where incidents are there twice, so are their victims: it is found once.
        (shot(WEEKS[:12] * 2, 2), [24], "incidents.parquet"),
        # Of thirty that follow one another 28; also under new codes, and at the end of the file.
        (pasted_year(28), [56], "56 rows of New Haven in 2025 are there twice"),
        (pasted_year(27), []),
        (pasted_year(28, per_incident=True), [56], "victims.parquet"),
        (shot(sorted(THREE_YEARS + THREE_YEARS[-28:])), [56], "in 2025 are there twice"),
        (shot(sorted(THREE_YEARS + THREE_YEARS[-28:] * 2)), [84], "in 2025 are there three times"),
        # People alike in one incident are no copies.
        (world([(day, 4 if at % 10 == 0 else 1, 0) for at, day in enumerate(THREE_YEARS)]), []),
        (enforced_twice(), [80], "enforcement_actions.parquet"),
        # Days with one, two and three incidents of which nothing else is known.
        (shot([d for at, d in enumerate(WEEKS[:20]) for _ in range(1 + at % 3)]), []),
    ),
    *of(
        "many_refused",
        (shot(WEEKS), [5], "5 rows sent were refused", {"quarantined": {"incidents": 5}}),
        (shot(WEEKS), [], "", {"quarantined": {"incidents": 4}}),
        (shot(WEEKS * 12), [6], "", {"quarantined": {"incidents": 6}}),  # one of two hundred
        (shot(WEEKS * 12), [], "", {"quarantined": {"incidents": 5}}),
    ),
]


PLACED = [
    # Points of rows that say they are of the whole city are no pile.
    *of("piled_points", (piled(20), [20]), (piled(19), []), (piled(25), [25]), severity="warning"),
    *of(
        "few_placed",
        (placed(44), [1], "other than the city in 2025 (44 of 52): of a year"),
        (placed(45), []),
        severity="warning",
    ),
]


def silent(extract, no, yes=None, count=20):
    """So many rows that say no, the first of them yes."""
    rows = [program_row(extract, at) | no | (yes or {} if at == 0 else {}) for at in range(count)]
    return add(extract, rows) | held_for(extract, WEEKS[:count])


def reviewed(from_week):
    """Incidents reviewed from a week on, of a city that held a review."""
    rows = change(shot(WEEKS), "incidents", lambda at: at >= from_week, reviewed_on=TODAY)
    return rows | {"shooting_reviews": [extracts.row("shooting_reviews", 1, EAST)]}


def never_ended(names, old):
    """So many begun five years before the newest, and others then; none ended."""
    days = [(date(2021, 11, 2) if n < old else date(2026, 11, 2), None) for n in range(25)]
    return lasting(*names, days)


# By extract: what says no in all rows, and what says yes.
SAYS = [
    *NO_AND_YES.items(),
    ("enforcement_actions", ({"group_id": None}, {"group_id": "g1"})),
    ("incident_groups", ({"status": "suspected", "role": "suspect"}, {"status": "confirmed"})),
    ("call_ins", ({"held_on": None}, {"held_on": WEEKS[0]})),
    ("releases_from_custody", ({"released_on": WEEKS[0], "greeted_on": None}, {"greeted_by": "office"})),
    ("invitations", ({"reachable": False, "attended": "unknown"}, {"reachable": True})),
]
UNANSWERED, _ = NO_AND_YES["community_requests"]
NEVER = [
    *of(
        "never_filled",
        (silent("community_requests", UNANSWERED), [20], "no row of New Haven gives answered_on, so that scr"),
        (silent("community_requests", UNANSWERED, count=19), []),
        *((silent(extract, no), [20]) for extract, (no, _) in SAYS),
        *((silent(extract, no, yes), []) for extract, (no, yes) in SAYS),
        # No one came home; it is not known who came.
        (silent("releases_from_custody", {"released_on": None}), []),
        (silent("invitations", {"attended": "unknown"}), []),
        # Reviews matter only to a city that hands over its own.
        (reviewed(98), [98]),
        (shot(WEEKS), []),
        *((never_ended(names, 20), [20]) for names in ENDINGS),
        *((never_ended(names, 19), []) for names in ENDINGS),
    )
]


def sessions(silent_sessions, held=True):
    """Thirty call-ins with invitations, and some without."""
    rows = weekly("invitations", [n % 2 == 0 for n in range(30)])
    rows["call_ins"] = rows["call_ins"][: 30 + silent_sessions]
    planned = {"held_on": None, "scheduled_for": WEEKS[0]}
    return rows if held else change(rows, "call_ins", lambda at: at >= 30, **planned)


def enforced_from(days, notified=False):
    """A first call-in, or notification, and twenty actions from so many days later."""
    way = ("custom_notifications", "attempted_on") if notified else ("call_ins", "held_on")
    first = WEEKS[0] + timedelta(days=days)
    rows = [extracts.row("enforcement_actions", n, EAST) | {"acted_on": first + timedelta(days=n)} for n in range(20)]
    spoken = [extracts.row(way[0], 1, EAST) | {way[1]: WEEKS[0]}]
    return add("enforcement_actions", rows) | {way[0]: spoken}


def invited_from(week):
    """A notification, and long after it a first call-in with its invitations: none came late."""
    calls = held_for("invitations", [WEEKS[week]] * 20)
    rows = [program_row("invitations", n) for n in range(20)]
    notified = [extracts.row("custom_notifications", 1, EAST) | {"attempted_on": WEEKS[0]}]
    return add("invitations", rows) | calls | {"custom_notifications": notified}


ALL_YES = [True] * 98
SUCCESSES = [
    *of(
        "only_yes",
        *((weekly(name, ALL_YES), [98]) for name in ("services", "invitations", "custom_notifications")),
        *(
            (weekly(name, [False, *ALL_YES[1:]]), [])
            for name in ("services", "invitations", "custom_notifications", "community_requests")
        ),
        (weekly("services", ALL_YES[:20]), [20], "each of the 20 rows of New Haven gives i"),
        (weekly("services", ALL_YES[:19]), []),
        (change(weekly("invitations", ALL_YES), "invitations", (50).__eq__, attended="unknown"), []),
    ),
    *of(
        "none_invited",
        (sessions(2), [2], "2 of the call-ins held by New Haven have no row"),
        (sessions(1), []),
        (sessions(2), [], "", through(WEEKS[29], "invitations")),
        (sessions(2), [2], "", through(WEEKS[31], "invitations")),  # the second on the last day of the file
        (sessions(2, held=False), []),
    ),
    *of(
        "begins_late",
        (enforced_from(366), [1], "the first of New Haven is of January 7, 2026, and"),
        (enforced_from(366, notified=True), [1]),
        (enforced_from(365), []),
        (invited_from(60), []),
        (enforced_from(366), [], "", begins(WEEKS[52], "enforcement_actions")),
    ),
]


def unreviewed(reviewed_incidents):
    rows = change(shot(WEEKS), "incidents", gmi="none")
    return change(rows, "incidents", lambda at: at < reviewed_incidents, reviewed_on=TODAY)


WARNED = [
    *of(
        "only_yes",
        *((weekly(name, ALL_YES), [98]) for name in ("community_requests", "releases_from_custody")),
        (weekly("releases_from_custody", [False, *ALL_YES[1:]]), []),
        severity="warning",
    ),
    *of("unreviewed_none", (unreviewed(0), [98]), severity="warning"),
    *of("unreviewed_none", (unreviewed(1), [97], "97 of 98 incidents of New Haven that no")),
]


@pytest.mark.parametrize(
    ("check", "severity", "rows", "counts", "words", "said"),
    [*VICTIMS, *DAYS, *WORK, *WHOLE, *PLACED, *NEVER, *SUCCESSES, *WARNED],
)
def test_what_rows_say_together(settings, check, severity, rows, counts, words, said):
    found = ask(rows, [check], settings, **said)
    assert [finding.count for finding in found] == counts
    for finding in found:
        assert words in f"{finding.sentence} {finding.do}"
        assert (finding.rule, finding.severity) == (check.partition("-")[0], severity)
        assert finding.acceptable == ("--accept" in finding.do) == (severity == "error")


@pytest.mark.parametrize(("ended_on", "counts"), [(WEEKS[-1], []), (WEEKS[-2], [1]), (None, [])])
def test_rows_after_the_day_a_source_ended(settings, ended_on, counts):
    ended = settings.cities[EAST].model_copy(update={"ended_on": ended_on})
    found = ask(shot(WEEKS), ["after_the_end"], replace(settings, cities=settings.cities | {EAST: ended}))
    assert [finding.count for finding in found] == counts


def test_a_sound_file_has_none(settings):
    found = ask(shot(WEEKS, 2, 1), None, settings, **AT_END)
    assert [finding.rule for finding in found if finding.severity == "error"] == []


# Places, which are asked once each incident was placed
@pytest.mark.parametrize(
    ("outside", "of", "found"), [(10, 20, []), (11, 20, [("error", 11)]), (10, 19, [("warning", 10)]), (9, 18, [])]
)
@pytest.mark.parametrize("where", [{"reason": "outside"}, {"far": True}])
def test_a_city_most_of_whose_points_lie_elsewhere(settings, outside, of, found, where):
    inside = {"city": EAST, "longitude": -72.9, "latitude": 41.3, "reason": None, "far": False}
    inside |= {"located_by": "point", "given_area": None, "neighbourhood": "Hill", "given_unknown": False}
    rows = [inside | (where if at < outside else {}) for at in range(of)]
    rows += [inside | where | {"longitude": None}] * 9  # without a point
    cities = pd.DataFrame({"city": [EAST], "name": ["New Haven"]})
    with open_scratch(settings.home / "spill") as connection:
        connection.register("placed", pd.DataFrame(rows))
        connection.register("cities", cities)
        asked = list(run_checks(connection, PLACES, {}))
    mostly = [finding for finding in asked if finding.rule == "mostly_outside"]
    assert [(finding.severity, finding.count) for finding in mostly] == found
