"""A file of victims without a key, sound and damaged: rows pasted, called otherwise, or left out.

About 300 people a year of East, from 2019 on; who is shot in one incident may be alike in every
column, as one in twelve rows is. Of those killed the source says "Homicide".
"""

import random
from collections.abc import Callable
from datetime import date, timedelta

Row = list[str]  # as in HEAD
HEAD = "date,city,block,kind,age,sex,race"
LAST = date(2026, 11, 22)
MAPPING = """
[source]
data_through = 2026-11-22
[incidents.columns]
city = "city"
occurred_at = "date"
neighbourhood = "block"
[victims.columns]
outcome = { from = "kind", values = { Homicide = "fatal", Assault = "nonfatal" } }
weapon = { constant = "firearm" }
age_band = { from = "age", ages = true }
sex = { from = "sex", values = { M = "male", F = "female" } }
race_ethnicity = { from = "race", values = { B = "black", H = "hispanic", W = "white" } }
"""


def make_sound(seed: int = 5, alike: float = 0.6) -> list[Row]:
    """Return the file as it was meant; `alike`: the share of those shot together who are."""
    draw = random.Random(seed)
    rows: list[Row] = []
    day = date(2019, 1, 2)
    while day <= LAST - timedelta(days=2):
        sizes, weights = (1, 2, 3, 5), (80, 13, 5, 2)
        first = _draw_person(draw)
        block = f"{draw.randrange(100)} block of {draw.choice(['Elm', 'Oak', 'Ash'])}"
        for at in range(draw.choices(sizes, weights)[0]):
            who = first if at == 0 or draw.random() < alike else _draw_person(draw)
            rows.append([day.isoformat(), "East", block, *who])
        day += timedelta(days=round(draw.expovariate(1 / 1.6)))
    return [*rows, ["2026-11-20", "East", "9 block of Elm", "Assault", "31", "M", "B"]]


def _draw_person(draw: random.Random) -> Row:
    kind = "Homicide" if draw.random() < 0.2 else "Assault"
    sex = draw.choices("MF", (87, 13))[0]
    return [kind, str(draw.randint(15, 50)), sex, draw.choices("BHW", (60, 25, 15))[0]]


def paste(rows: list[Row], many: int = 400) -> list[Row]:
    """Rows of 2023 and 2024 are there a second time."""
    first = next(at for at, row in enumerate(rows) if row[0] >= "2023-06-01")
    return [*rows, *rows[first : first + many]]


def call_murder(rows: list[Row]) -> list[Row]:
    """Every second homicide is called otherwise, as a second clerk does."""
    killed = [at for at, row in enumerate(rows) if row[3] == "Homicide"]
    return change(rows, "kind", dict.fromkeys(killed[::2], "Murder"))


def leave_out_hispanic(rows: list[Row]) -> list[Row]:
    """Race without ethnicity: who is Hispanic is black, or white."""
    swapped = {at: "W" if at % 3 else "B" for at, row in enumerate(rows) if row[6] == "H"}
    return change(rows, "race", swapped)


def grow(rows: list[Row], year: str = "2022", share: float = 0.1) -> list[Row]:
    """Of a year long over there is one in ten more, on other blocks: another list of the same."""
    of_year = [row for row in rows if row[0].startswith(year)]
    more = of_year[: round(share * len(of_year))]
    return [*rows, *([row[0], row[1], f"{row[2]} N", *row[3:]] for row in more)]


def double(rows: list[Row]) -> list[Row]:
    """The same of all rows of the year, and of half of them once more."""
    return grow(grow(rows, share=1), share=0.25)


def change(rows: list[Row], column: str, values: dict[int, str]) -> list[Row]:
    """Write other values into a column, by row."""
    at = HEAD.split(",").index(column)
    return [[*row[:at], values.get(number, row[at]), *row[at + 1 :]] for number, row in enumerate(rows)]


def to_csv(rows: list[Row], head: str = HEAD) -> str:
    return "\n".join([head, *(",".join(row) for row in rows)]) + "\n"


DAMAGES: dict[str, Callable[[list[Row]], list[Row]]] = {
    "400 rows pasted": paste,
    "half of the homicides called Murder": call_murder,
    "race without Hispanic": leave_out_hispanic,
    "a year that grew": grow,
    "a year that doubled": double,
}
