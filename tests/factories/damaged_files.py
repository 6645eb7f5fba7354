"""A city's file as its police would send it, and what may happen to it on the way.

`DAMAGES` makes each damage of the sound rows: other rows, or a file and its mapping, to be imported,
checked and published. Somebody was shot in the file's last week.
"""

import csv
import io
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from longevity import settings as configuration
from longevity.geography import reference_neighbourhoods

CITY = "new_haven"
CLAIM = "no one was shot in New Haven from November 8 to November 14, 2026"
GONE_FAR = 60
# Degrees east that are 1.6 km there, and so many that they are in another part of the state.
EAST, FAR_EAST = 0.0191, 0.8
# Shootings by hour from midnight, as many as in a hundred; the fewest early in the morning.
BY_HOUR = [6, 5.5, 5, 4, 2.5, 1.5, 1, 1, 1, 1.2, 1.5, 2, 2.3, 2.6, 3, 3.5, 4, 4.3, 4.7, 5, 5.5]
BY_HOUR += [6, 6.5, 6.5]
STATED = "[source]\ndata_through = 2026-11-22\n"
COLUMNS = """
[incidents]
address = "address"
[incidents.columns]
incident_id = "case"
city = { constant = "new_haven" }
occurred_at = "at"
longitude = "lon"
latitude = "lat"
location_precision = { constant = "block" }
neighbourhood = "area"
[victims.columns]
outcome = "outcome"
sex = "sex"
weapon = "weapon"
age_band = { from = "age", ages = true }
[victims.columns.race_ethnicity]
from = "race"
values = { Black = "black", White = "white", Latino = "hispanic" }
otherwise = "unknown"
"""
Row = dict[str, str]


class Damaged(NamedTuple):
    """A file and its mapping."""

    content: bytes
    mapping: str = STATED + COLUMNS


def make_sound() -> list[Row]:
    """Victims of almost four years, about 200 a year, each within 100 metres of an area's middle.

    The last week holds one, wounded.
    """
    draw = random.Random(33)
    areas = reference_neighbourhoods.list_neighbourhoods(configuration.load_settings(environment={}), CITY)
    rows, day = [], datetime(2023, 1, 2)
    while day < datetime(2026, 11, 15):
        area = draw.choice(areas)
        at = day + timedelta(hours=draw.choices(range(24), BY_HOUR)[0], minutes=draw.randrange(60))
        rows.append(
            {
                "case": f"case-{len(rows)}",
                "at": f"{at:%Y-%m-%d %H:%M}",
                "lon": f"{area.longitude + draw.uniform(-0.001, 0.001):.5f}",
                "lat": f"{area.latitude + draw.uniform(-0.001, 0.001):.5f}",
                "address": f"{draw.randrange(1, 900)} Elm St",
                "area": area.name,
                "outcome": "fatal" if draw.random() < 0.2 and day < datetime(2026, 11, 9) else "nonfatal",
                "sex": "male" if draw.random() < 0.8 else "female",
                "weapon": "firearm",
                "age": f"{18 + len(rows) * 7 % 30}",
                "race": "Black" if len(rows) % 5 < 3 else "White" if len(rows) % 5 == 3 else "Latino",
            }
        )
        day += timedelta(days=round(draw.expovariate(1 / 1.4)))
    return [*rows, rows[0] | {"case": "last", "at": "2026-11-18 21:10", "outcome": "nonfatal"}]


def write_text(rows: list[Row]) -> bytes:
    """Write rows as a CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _change(rows: list[Row], column: str, change: Callable[[str], str], count: int | None = None) -> list[Row]:
    """Other cells in a column of all rows, or of so many of them evenly through the years."""
    step = 1 if count is None else len(rows) // count
    changed = {row["case"] for row in rows[::step][:count]}
    return [row | {column: change(row[column])} if row["case"] in changed else row for row in rows]


def _cut(rows: list[Row]) -> bytes:
    whole = write_text(rows)
    return whole[: len(whole) * 8 // 10]


def _mistype(rows: list[Row]) -> list[Row]:
    """A file of September, in which one day of 2025 was typed as one of this November."""
    old = [row for row in rows if row["at"] < "2026-10-01"]
    return [*old[:-200], old[-200] | {"at": "2026-11-20 10:00"}, *old[-199:]]


def _begin_early(rows: list[Row]) -> list[Row]:
    return [rows[0] | {"case": "first", "at": "2022-09-01 21:10"}, *rows]


def _shift_east(degrees: float) -> Callable[[str], str]:
    return lambda longitude: f"{float(longitude) + degrees:.5f}"


Change = Callable[[list[Row]], list[Row]]
Damage = Callable[[list[Row]], list[Row] | Damaged]


def _year(row: Row) -> int:
    return int(row["at"][:4])


def _in(year: int, column: str, change: Callable[[str], str], to: int = 9999) -> Change:
    """A column changed from one year on, to another."""
    return lambda rows: [row | {column: change(row[column])} if year <= _year(row) <= to else row for row in rows]


def _all(column: str, change: Callable[[str], str], count: int | None = None) -> Change:
    """A column changed in all rows, or in so many of them."""
    return lambda rows: _change(rows, column, change, count)


def _keep(chosen: Callable[[int, Row], bool]) -> Change:
    """The rows that are chosen by place and content alone."""
    return lambda rows: [row for at, row in enumerate(rows) if chosen(at, row)]


def _paste(first: int, last: int | None = None, **cells: str) -> Change:
    """Rows from one place to another again at the end, each under a key of its own unless `cells` says so."""
    return lambda rows: [*rows, *(row | {"case": f"{row['case']}-again"} | cells for row in rows[first:last])]


def _edit(change: Callable[[bytes], bytes], mapping: str = STATED + COLUMNS) -> Damage:
    return lambda rows: Damaged(change(write_text(rows)), mapping)


def _swap_days(at: str) -> str:
    year, month, day = at[:10].split("-")
    return f"{year}-{day}-{month}{at[10:]}" if int(day) <= 12 else at


def _shorten(at: str) -> str:
    """A time of twelve hours that lost its AM or PM."""
    return f"{at[:11]}{int(at[11:13]) % 12:02}{at[13:]}"


def _add_hours(hours: int) -> Callable[[str], str]:
    return lambda at: f"{datetime.fromisoformat(at) + timedelta(hours=hours):%Y-%m-%d %H:%M}"


def _take_another_year(rows: list[Row]) -> list[Row]:
    """Every eighth row of 2024 as one of the year before."""
    moved = {row["case"] for at, row in enumerate(rows) if _year(row) == 2024 and at % 8 == 0}
    earlier = {row["case"]: f"2023{row['at'][4:]}".replace("02-29", "02-28") for row in rows}
    return [row | {"at": earlier[row["case"]]} if row["case"] in moved else row for row in rows]


OTHER_SEX = {"male": "female", "female": "male"}
OTHER_OUTCOME = {"fatal": "nonfatal", "nonfatal": "fatal"}
NORTH = 0.018  # degrees that are two kilometres
DAMAGES: dict[str, Damage] = {
    "none": lambda rows: rows,
    # rows again
    "pasted twice": lambda rows: [*rows, *rows],
    "pasted twice, with new keys": _paste(0),
    "the newest 60 rows again, new codes": _paste(-60),
    "a month of 2024 again, new codes": _paste(300, 340),
    "the newest 60 rows again, without codes": _paste(-60, case=""),
    "the newest 20 rows again, new codes": _paste(-20),
    "the newest 60 rows again, new codes and minutes": lambda rows: [
        *rows,
        *(row | {"case": f"b{row['case']}", "at": f"{row['at'][:-2]}00"} for row in rows[-60:]),
    ],
    # rows lost
    "cut at 80% of its bytes": lambda rows: Damaged(_cut(rows)),
    "the same, no day stated": lambda rows: Damaged(_cut(rows), COLUMNS),
    "newest row weeks old": _keep(lambda _, row: row["at"] < "2026-10-20"),
    "half a month missing": _keep(lambda _, row: not "2025-05-01" <= row["at"] < "2025-05-16"),
    "two months missing": _keep(lambda _, row: not "2025-05-01" <= row["at"] < "2025-07-01"),
    "a year missing": _keep(lambda _, row: _year(row) != 2024),
    "every third row of a year missing": _keep(lambda at, row: _year(row) != 2024 or at % 3 != 0),
    "half of the city missing in a year": _keep(lambda _, row: _year(row) != 2024 or float(row["lon"]) < -72.93),
    "the killed missing from 2025 on": _keep(lambda _, row: _year(row) < 2025 or row["outcome"] != "fatal"),
    "the wounded missing from 2025 on": _keep(lambda _, row: _year(row) < 2025 or row["outcome"] == "fatal"),
    "fatal only": _keep(lambda _, row: row["outcome"] == "fatal"),
    "wounded only": _keep(lambda _, row: row["outcome"] != "fatal"),
    # days and times
    "one mistyped date": lambda rows: Damaged(write_text(_mistype(rows)), COLUMNS),
    "the same, a day stated": _mistype,
    "a quiet beginning": _begin_early,
    "a quiet beginning, data_from stated": lambda rows: Damaged(
        write_text(_begin_early(rows)), f"{STATED}data_from = 2022-09-01\n{COLUMNS}"
    ),
    # The key of an event of long ago on the one row of last week.
    "key on two days": lambda rows: [*rows[:-1], rows[-1] | {"case": rows[500]["case"]}],
    "day and month swapped in a year": _in(2024, "at", _swap_days, 2024),
    "day and month swapped in a year, sorted again": lambda rows: sorted(
        _in(2024, "at", _swap_days, 2024)(rows), key=lambda row: row["at"]
    ),
    "days from the 13th on lost in a year": _keep(lambda _, row: _year(row) != 2024 or int(row["at"][8:10]) <= 12),
    "every eighth row of a year with another year": _take_another_year,
    "times without AM and PM": _all("at", _shorten),
    "times in UTC": _all("at", _add_hours(4)),
    "local times marked UTC": _all("at", lambda at: f"{at}:00+00"),
    "days as midnight of UTC": _all("at", lambda at: f"{at[:10]} 00:00:00+00"),
    # words and numbers
    "an age in no row": _all("age", lambda _: ""),
    "the column of ages renamed": _edit(lambda text: text.replace(b",age,", b",years,", 1)),
    "weapon unknown": _all("weapon", lambda _: "unknown"),
    "weapon unknown in a year": _in(2024, "weapon", lambda _: "unknown", 2024),
    "sexes swapped": _all("sex", OTHER_SEX.__getitem__),
    "killed and wounded swapped": _all("outcome", OTHER_OUTCOME.__getitem__),
    "race words B, W, L from a year on": _in(2025, "race", lambda word: word[0]),
    "race words B, W, L in one year": _in(2024, "race", lambda word: word[0], 2024),
    "a word of the outcome renamed from a year on": _in(
        2025, "outcome", {"fatal": "murder", "nonfatal": "nonfatal"}.__getitem__
    ),
    "outcome blank in one of twelve": lambda rows: _change(rows, "outcome", lambda _: "", len(rows) // 12),
    "ages ten years too high": _all("age", lambda age: str(int(age) + 10)),
    "a letter of the case number lost": _all("case", lambda case: case.replace("-1", "-", 1)),
    # places
    "points 1.6 km east": _all("lon", _shift_east(EAST)),
    "points 2 km north from a year on": _in(2025, "lat", _shift_east(NORTH)),
    "some points far away": _all("lon", _shift_east(FAR_EAST), GONE_FAR),
    "another city's points": _all("lon", _shift_east(FAR_EAST)),
    "longitude and latitude swapped": lambda rows: [row | {"lon": row["lat"], "lat": row["lon"]} for row in rows],
    "coordinates with a decimal comma": lambda rows: [
        row | {column: row[column].replace(".", ",") for column in ("lon", "lat")} for row in rows
    ],
    "all points on one": lambda rows: [row | {"lon": "-72.92900", "lat": "41.30800"} for row in rows],
    # the file
    "UTF-16": _edit(lambda text: text.decode().encode("utf-16")),
    "Windows line ends, blank lines between": _edit(lambda text: text.replace(b"\r\n", b"\r\n\r\n")),
    "the header again in the middle": _edit(
        lambda text: text.replace(b"\r\ncase-500,", b"\r\n" + text.split(b"\r\n")[0] + b"\r\ncase-500,")
    ),
    "a row of totals": _edit(lambda text: text + b"Total,,,,,,,,,,\r\n"),
    "a quote that is not closed": _edit(lambda text: text.replace(b"\r\ncase-500,", b'\r\n"case-500,', 1)),
    "a column of the file moved by one": _edit(lambda text: text.replace(b"case,at,", b"at,case,", 1)),
    "semicolons": _edit(lambda text: text.replace(b",", b";")),
    "half of the rows under another city": lambda rows: Damaged(
        write_text([row | {"town": "new_haven" if at % 2 else "hartford"} for at, row in enumerate(rows)]),
        STATED + COLUMNS.replace('{ constant = "new_haven" }', '"town"'),
    ),
}


def write(folder: Path, damage: str) -> None:
    """Write the file and its mapping with this damage."""
    made = DAMAGES[damage](make_sound())
    content, mapping = made if isinstance(made, Damaged) else Damaged(write_text(made))
    (folder / "file.csv").write_bytes(content)
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")


def list_commands(folder: Path) -> list[list[str]]:
    """List what is typed to import, check, publish and hold the claim against them."""
    file, mapping, out = (str(folder / name) for name in ("file.csv", "mapping.toml", "out"))
    return [
        ["import", file, "--mapping", mapping, "--out", out],
        ["check", out],
        ["publish", "--no-pictures", out],
        ["claim", CLAIM],
    ]
