"""The configuration: places, thresholds and where things are kept.

`load` reads `longevity.toml` strictly (an unknown key is an error) and returns
one frozen `Settings`. Nothing else in the library reads the environment, but for the
sign-in's secrets (`access`), which are never part of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from longevity import access_settings as access
from longevity import branding, labels, map_settings, signing_settings, strict_toml
from longevity.access_settings import Access
from longevity.branding import Branding
from longevity.errors import ConfigError, UsageError
from longevity.map_settings import Basemap
from longevity.signing_settings import Signing
from longevity.strict_toml import Table, suggest_nearest

ROOT = Path(__file__).resolve().parent.parent
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The thresholds that are parts of 1.
SHARES = ("unchanged_within", "largest_jump", "largest_loss")
LARGEST_THRESHOLD = 100_000  # of days, a span that still ends on a day
LONGEST_NAME, LONGEST_PATTERN = 100, 200
REPEATED_TWICE = re.compile(r"[*+}]\)[*+{]")  # as in (a+)+: on some names it never ends
ADDRESS = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
RESERVED_CITY_IDS = ("all", "state", "public")


def fold_name(name: str) -> str:
    """Return a name as it is compared: without regard to capitals and blanks."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True)
class CityDemonstration:
    """How the synthetic data of one city is drawn."""

    incidents_a_month: float
    gmi_share: float
    effect_gmi_incidents_a_month: float
    groups: int
    members_a_group: int
    audited_back_to: date | None
    centre: tuple[float, float] | None
    hot_areas: tuple[str, ...]  # the areas most shot in, most first; empty to leave it to chance


@dataclass(frozen=True)
class City:
    """One city of the program."""

    id: str
    name: str
    reference_key: str
    week_ends_on: str
    launched_on: date | None  # the program's first day; None where none began
    boundary_name_field: str  # the column of a file of boundaries that holds their names
    boundary_name_prefix: str
    boundary_name_pattern: str
    boundary_names: Mapping[str, str]  # ours by theirs, folded; "" for an area to leave out
    demonstration: CityDemonstration

    def require_launch(self) -> date:
        """Return the day the program began; ConfigError where none is on file."""
        if self.launched_on is None:
            raise ConfigError(
                f"No program start is on file for {self.name}.",
                f"Say when it began as `launched_on` in [cities.{self.id}].",
            )
        return self.launched_on

    @property
    def week_ends_iso(self) -> int:
        """The ISO weekday (Monday 1 … Sunday 7) on which the city's week ends."""
        return WEEKDAYS.index(self.week_ends_on) + 1

    def area_name(self, source_name: str) -> str:
        """Name an area as sentences do, given how a file writes it.

        Our name for it, where `boundary_names` has one. Else the first group of the pattern,
        where it matches, after the prefix: of "Mill (82)" "Mill", of "75" "Police district
        75". Empty when the pattern leaves nothing, or the area is left out.
        """
        if self.renames(source_name):
            return self.boundary_names[fold_name(source_name)]
        match = self.boundary_name_pattern and re.search(self.boundary_name_pattern, source_name)
        name = " ".join(((match.group(1) or "") if match else source_name).split())
        name = " ".join(f"{self.boundary_name_prefix}{name}".split()) if name else ""
        return self.boundary_names.get(fold_name(name), name)

    def renames(self, source_name: str) -> bool:
        """Return whether `boundary_names` says what an area is called that a file writes so."""
        return fold_name(source_name) in self.boundary_names


@dataclass(frozen=True)
class Thresholds:
    """Choices a successor may change; each is explained in docs/configuration.md."""

    withheld_up_to: int
    least_base_for_percentage: int
    unchanged_within: float
    promise_window_days: int
    greeted_within_hours: int
    notified_within_days: int
    reviewed_within_days: int
    piled_rows: int
    largest_jump: float
    largest_loss: float
    stale_after_days: int


@dataclass(frozen=True)
class Settings:
    """Everything configured, read once."""

    config_path: Path
    home: Path
    reference: Path
    program: str
    state: str
    time_zone: ZoneInfo
    projected_crs: str
    state_reference_key: str
    together_reference_key: str
    thresholds: Thresholds
    cities: dict[str, City]
    homicides_follow: str
    demonstration_starts_on: date
    evaluation_until: date | None  # a month by its first day; None to go by the launch
    access: Access
    branding: Branding
    signing: Signing
    basemap: Basemap | None  # what lies under maps on the screen; None for nothing
    address: str  # where visitors come to, as https://dashboard.example; "" where nobody said

    def city(self, city_id: str) -> City:
        """Return the city with this id; a UsageError that names the nearest one otherwise."""
        if city_id not in self.cities:
            raise UsageError(
                f"There is no city '{city_id}' in {self.config_path.name}.",
                suggest_nearest(city_id, self.cities),
            )
        return self.cities[city_id]

    def name_city(self, city_id: str) -> str:
        """Return a city's name; the id itself where an older release has a city that is gone."""
        return self.cities[city_id].name if city_id in self.cities else city_id


def find_config(environment: Mapping[str, str]) -> Path:
    """Return the configuration: LONGEVITY_CONFIG, else `longevity.toml` beside the application."""
    return Path(environment.get("LONGEVITY_CONFIG") or ROOT / "longevity.toml")


def load_settings(
    config_path: Path | None = None,
    home: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Read the configuration.

    `config_path` and `home` win over LONGEVITY_CONFIG and LONGEVITY_HOME, which
    win over `longevity.toml` and `data/` beside the application. Raises
    ConfigError with the file, the key and the nearest valid key.
    """
    env = os.environ if environment is None else environment
    path = config_path or find_config(env)
    home_folder = home or Path(env.get("LONGEVITY_HOME") or ROOT / "data")
    root = strict_toml.load_toml(path)
    program = root.table("program")
    demonstration = root.table("demonstration", {})
    settings = Settings(
        config_path=path,
        home=home_folder,
        reference=(path.resolve().parent / program.text("reference", "data/reference")),
        program=_read_name(program),
        state=program.text("state"),
        time_zone=program.zone("time_zone", "America/New_York"),
        projected_crs=_read_projected_crs(program),
        state_reference_key=program.text("state_reference_key", ""),
        together_reference_key=program.text("together_reference_key", ""),
        thresholds=_read_thresholds(root.table("thresholds", {})),
        cities=(cities := _read_cities(root.table("cities"))),
        homicides_follow=demonstration.text("homicides_follow", "homicides"),
        demonstration_starts_on=demonstration.day("starts_on", date(2008, 1, 1)),
        evaluation_until=_read_evaluation_until(root.table("evaluation", {}), cities),
        access=access.read_access(root.table("access", {}), root.table("cities").names()),
        branding=branding.read_branding(root.table("branding", {})),
        signing=signing_settings.read_signing(root.table("signing", {})),
        basemap=map_settings.read_basemap(root.table("map", {})),
        address=_read_address(program),
    )
    for table in (program, demonstration, root):
        table.finish()
    return settings


def refuse_later_launches(settings: Settings, today: date) -> None:
    """Raise ConfigError where a program is said to begin on a day to come."""
    for city in settings.cities.values():
        if city.launched_on is not None and city.launched_on > today:
            raise ConfigError(
                f"{settings.config_path}: 'cities.{city.id}.launched_on' is {city.launched_on}, a "
                "day to come.",
                "Leave it out until the program has begun.",
            )


def _read_name(table: Table) -> str:
    name: str = table.text("name").strip()
    if not name:
        raise table.error("name", "is empty.")
    return _read_label(table, "name", name)


def _read_address(program: Table) -> str:
    """Return the address visitors come to: scheme and host, a port where there is one."""
    address: str = program.text("address", "")
    if address and not ADDRESS.fullmatch(address):
        raise program.error(
            "address", f"is '{address}'.", "Give one such as https://dashboard.example."
        )
    return address


def _read_label(table: Table, key: str, what: str, longest: int = LONGEST_NAME) -> str:
    wrong = labels.find_label_problem(what, longest)
    if wrong:
        raise table.error(key, f"{wrong}.")
    return what


def _read_projected_crs(program: Table) -> str:
    """Return a projected reference system in metres: areas and distances need one."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    name: str = program.text("projected_crs")
    try:
        crs = CRS.from_user_input(name)
    except CRSError as error:
        raise program.error("projected_crs", f"is '{name}', which is unknown.") from error
    operation = crs.coordinate_operation
    # Web Mercator says metres and is up to twice as long as the ground.
    web = operation is not None and operation.method_name.endswith("Pseudo Mercator")
    metres = all(axis.unit_name == "metre" for axis in crs.axis_info)
    if not crs.is_projected or not metres or web:
        raise program.error(
            "projected_crs",
            f"is '{name}', which is not a projected system in metres.",
            "Give one made for the region, such as a UTM zone.",
        )
    return name


def _read_thresholds(table: Table) -> Thresholds:
    thresholds = Thresholds(
        withheld_up_to=table.integer("withheld_up_to", 5),
        least_base_for_percentage=table.integer("least_base_for_percentage", 30),
        unchanged_within=float(table.number("unchanged_within", 0.1)),
        promise_window_days=table.integer("promise_window_days", 90),
        greeted_within_hours=table.integer("greeted_within_hours", 72),
        notified_within_days=table.integer("notified_within_days", 3),
        reviewed_within_days=table.integer("reviewed_within_days", 7),
        piled_rows=table.integer("piled_rows", 20),
        largest_jump=float(table.number("largest_jump", 0.25)),
        largest_loss=float(table.number("largest_loss", 0.05)),
        stale_after_days=table.integer("stale_after_days", 8),
    )
    table.finish()
    for key in table.names():
        if getattr(thresholds, key) <= 0:
            raise table.error(key, "must be above zero.")
        if getattr(thresholds, key) > LARGEST_THRESHOLD:
            raise table.error(key, f"must be at most {LARGEST_THRESHOLD:,}.")
    for key in SHARES:
        share = getattr(thresholds, key)
        if share > 1:
            advice = f"Write {share / 100:g} for {share:g}%."
            raise table.error(key, f"is {share:g}; it is a share, at most 1.", advice)
    return thresholds


def _read_cities(table: Table) -> dict[str, City]:
    if not table.names():
        raise ConfigError(f"{table.path}: there is no city.", "Add a table [cities.ID].")
    cities = {key: _read_city(key, table.table(key)) for key in table.names()}
    names: dict[str, str] = {}
    for city in cities.values():
        if city.name.casefold() in names:
            raise ConfigError(
                f"{table.path}: '{names[city.name.casefold()]}' and '{city.id}' have the same name."
            )
        names[city.name.casefold()] = city.id
    return cities


MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")


def _read_evaluation_until(table: Table, cities: Mapping[str, City]) -> date | None:
    """Return the last month of the evaluation, by its first day; None where it is not given."""
    month = table.text("until", None)
    table.finish()
    if month is None:
        return None
    if not MONTH.fullmatch(month):
        raise table.error("until", f"is '{month}'.", "Give a month such as 2019-12, in quotes.")
    until = date(int(month[:4]), int(month[5:]), 1)
    first = min((c.launched_on for c in cities.values() if c.launched_on), default=until)
    if until < first:
        raise table.error(
            "until",
            f"is {month}, before the program came to any city ({first}).",
            "Give a month at least two years after the launch.",
        )
    return until


def _read_city(city_id: str, table: Table) -> City:
    plain = city_id.replace("_", "")
    if not (plain.isascii() and plain.isalnum()) or city_id != city_id.lower():
        raise ConfigError(
            f"{table.path}: the city id '{city_id}' is not lower-case letters, digits and _."
        )
    if city_id in RESERVED_CITY_IDS:
        raise ConfigError(f"{table.path}: '{city_id}' cannot be a city id.")
    city = City(
        id=city_id,
        name=_read_name(table),
        reference_key=table.text("reference_key", table.text("name")),
        week_ends_on=table.choice("week_ends_on", WEEKDAYS, "sunday"),
        launched_on=table.day("launched_on", None),
        boundary_name_field=table.text("boundary_name_field", "name"),
        boundary_name_prefix=_read_label(
            table, "boundary_name_prefix", table.text("boundary_name_prefix", "")
        ),
        boundary_name_pattern=_read_pattern(table),
        boundary_names=_read_boundary_names(table.table("boundary_names", {})),
        demonstration=_read_city_demonstration(table.table("demonstration", {})),
    )
    table.finish()
    return city


def _read_boundary_names(table: Table) -> dict[str, str]:
    """Return our names of areas by the names a file gives them, folded."""
    names: dict[str, str] = {}
    for theirs in table.names():
        ours = " ".join(_read_label(table, theirs, table.text(theirs)).split())
        if names.setdefault(fold_name(theirs), ours) != ours:
            raise table.error(theirs, "is there twice, with two names.", "Keep one of them.")
    return names


def _read_pattern(table: Table) -> str:
    """Return the pattern whose first group is an area's name; "" where names stand as they are."""
    pattern: str = _read_label(
        table, "boundary_name_pattern", table.text("boundary_name_pattern", ""), LONGEST_PATTERN
    )
    if REPEATED_TWICE.search(pattern):
        raise table.error("boundary_name_pattern", "repeats a part that repeats itself.")
    try:
        groups = re.compile(pattern).groups
    except (re.error, OverflowError) as error:
        raise table.error(
            "boundary_name_pattern",
            f"is no regular expression: {error}.",
            "Write it between single quotes, such as '^(.*) \\(\\d+\\)$'.",
        ) from error
    if pattern and not groups:
        raise table.error(
            "boundary_name_pattern",
            "does not say which part is the name.",
            "Put that part in parentheses, such as '^(.*) \\(\\d+\\)$'.",
        )
    return pattern


def _read_city_demonstration(table: Table) -> CityDemonstration:
    demonstration = CityDemonstration(
        incidents_a_month=float(table.number("incidents_a_month", 8.0)),
        gmi_share=float(table.number("gmi_share", 0.6)),
        effect_gmi_incidents_a_month=float(table.number("effect_gmi_incidents_a_month", 0.0)),
        groups=table.integer("groups", 12),
        members_a_group=table.integer("members_a_group", 8),
        audited_back_to=table.day("audited_back_to", None),
        centre=_read_centre(table),
        hot_areas=_read_hot_areas(table),
    )
    table.finish()
    for key in ("incidents_a_month", "groups", "members_a_group"):
        if getattr(demonstration, key) <= 0:
            raise table.error(key, "must be above zero.")
    if not 0 <= demonstration.gmi_share <= 1:
        raise table.error("gmi_share", "must be from 0 to 1.")
    return demonstration


def _read_hot_areas(table: Table) -> tuple[str, ...]:
    names = table.items("hot_areas", [])
    if not all(isinstance(name, str) and name for name in names):
        raise table.error("hot_areas", "must be a list of the names of areas.")
    if len(set(names)) < len(names):
        raise table.error("hot_areas", "names an area twice.")
    return tuple(names)


def _read_centre(table: Table) -> tuple[float, float] | None:
    """Return longitude and latitude in degrees."""
    items = table.items("centre", None)
    if items is None:
        return None
    numbers = [v for v in items if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(items) != 2 or len(numbers) != 2:
        raise table.error("centre", "must be [longitude, latitude].")
    longitude, latitude = float(numbers[0]), float(numbers[1])
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise table.error("centre", "is not a place.", "Give [longitude, latitude] in degrees.")
    return longitude, latitude
