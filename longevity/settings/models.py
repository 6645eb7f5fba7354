"""What `longevity.toml` may hold: a pydantic model for each table, a field for each key.

The text under a field is its line in docs/configuration.md, which `make docs` writes.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from longevity.base.errors import ConfigError, suggest_nearest
from longevity.base.toml_file import (
    MISSING,
    SettingError,
    Table,
    check_text,
    label,
    one_of,
    read_zone,
    refuse,
)

if TYPE_CHECKING:
    from pyproj import CRS

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LARGEST_THRESHOLD = 100_000  # days: a longer span would end after the last date Python has
EXAMPLE_OF_PATTERN = "Put that part in parentheses, such as '^(.*) \\(\\d+\\)$'."
CITY_ID = re.compile(r"_*[a-z0-9][a-z0-9_]*")
RESERVED_CITY_IDS = ("all", "state", "public")
MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
# Scheme and host as a content policy has them, a port where there is one.
ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
# Set next to the claims by Streamlit itself, so they say nothing about a person.
NOT_CLAIMS = ("", "is_logged_in", "origin", "provider", "tokens")
LOGOS = (".png", ".jpg", ".jpeg")
LARGEST_LOGO = 2_000_000  # bytes
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def fold_name(name: str) -> str:
    """Return a name as names are compared, without regard to capitals and blanks: "old mill"."""
    return " ".join(name.split()).casefold()


def read_crs(name: str, do: str = "") -> CRS:
    """Return the coordinate system of a name such as "EPSG:2234"; SettingError for another text."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(name)
    except CRSError:
        raise SettingError(f"is '{name}', which is unknown.", do) from None


def _check_projected_crs(name: str) -> str:
    """Refuse what is no projected reference system in metres: areas and distances need one."""
    crs = read_crs(name)
    operation = crs.coordinate_operation
    # Web Mercator says metres and is up to twice as long as the ground.
    web = operation is not None and operation.method_name.endswith("Pseudo Mercator")
    metres = all(axis.unit_name == "metre" for axis in crs.axis_info)
    if not crs.is_projected or not metres or web:
        raise SettingError(
            f"is '{name}', which is not a projected system in metres.",
            "Give one made for the region, such as a UTM zone.",
        )
    return name


Stripped = Annotated[str, StringConstraints(strip_whitespace=True)]
Name = Annotated[Stripped, Field(min_length=1), label(100)]
Count = Annotated[int, Field(gt=0, le=LARGEST_THRESHOLD)]
Share = Annotated[float, Field(gt=0, le=1)]


class Program(Table):
    """`[program]`."""

    program: Name = Field(alias="name")
    """as it appears on screen"""
    state: str
    """as it appears on screen"""
    time_zone: Annotated[ZoneInfo, read_zone("America/New_York")]
    """IANA name; times in extracts are local to it"""
    projected_crs: Annotated[str, AfterValidator(_check_projected_crs)]
    """a projected reference system in metres that covers every city: areas, distances and "which
    area" are computed in it"""
    state_reference_key: str = ""
    """how `data/reference/` names the state"""
    together_reference_key: str = ""
    """how `data/reference/` names the cities taken together"""
    reference: str = "data/reference"
    """the folder of published facts, relative to the file; it may be absent"""
    address: Annotated[
        str,
        refuse(
            lambda address: address and not ORIGIN.fullmatch(address),
            "is 'VALUE'.",
            "Give one such as https://dashboard.example.",
        ),
    ] = ""
    """where visitors come to, such as `"https://dashboard.example"`, without a path. A
    request by another name gets 400: only this name, that of the sign-in's return address,
    `localhost` and `127.0.0.1` are answered. With `https://` cookies are marked `Secure`. Read when
    the server starts"""


class Thresholds(Table):
    """`[thresholds]`: choices a successor may change."""

    withheld_up_to: Count = 5
    """person counts from 1 to this many are withheld"""
    least_base_for_percentage: Count = 30
    """of a smaller base no percentage is given: it would say more about the base than the change"""
    promise_window_days: Count = 90
    """how long an episode runs"""
    greeted_within_hours: Count = 72
    """how soon a release from custody must be met"""
    notified_within_days: Count = 3
    """how soon after its shooting a group should be notified: 72 hours, as dates"""
    reviewed_within_days: Count = 7
    """how soon a shooting should be reviewed; later it needs attention"""
    piled_rows: Count = 20
    """that many rows within any six years on one coordinate are a city's centre, not a corner,
    unless an address says that it is a place: centres seen held 26 to 45 rows, true corners at
    most 7"""
    largest_jump: Share = 0.25
    """a share, at most 1: a total that moves more between two releases is refused until somebody
    says why"""
    largest_loss: Share = 0.05
    """a share, at most 1: of the people counted in the complete weeks of one year, five or more and
    a larger share gone since the last release, or new in a year long over, are refused until
    somebody says why"""
    stale_after_days: Count = 8
    """a release is expected every week; one whose newest data are older says so, with the dates, on
    every screen"""


class CityDemonstration(Table):
    """`[cities.ID.demonstration]`: how the synthetic data of one city is drawn."""

    incidents_a_month: Annotated[float, Field(gt=0)] = 8.0
    """shootings a month before the program"""
    gmi_share: Annotated[float, Field(ge=0, le=1)] = 0.6
    """the share of them that is group-member-involved"""
    effect_gmi_incidents_a_month: float = 0.0
    """the planted effect of the program: how many of those a month more, or fewer"""
    groups: Annotated[int, Field(gt=0)] = 12
    """how many groups there are"""
    members_a_group: Annotated[int, Field(gt=0)] = 8
    """how many members a group has, give or take three"""
    audited_back_to: date | None = None
    """the first of the shootings before the program that an audit has looked at again"""
    hot_areas: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """areas by their names in `neighbourhoods.csv`, most shot in first: at least half of the city's
    shootings fall in them; without it chance chooses"""


def _check_pattern(pattern: str) -> str:
    """Refuse what is no regular expression, or has no group that is the name."""
    try:
        groups = re.compile(pattern).groups
    except (re.error, OverflowError, RecursionError) as error:
        raise SettingError(f"is no regular expression: {error}.", EXAMPLE_OF_PATTERN) from None
    if pattern and not groups:
        raise SettingError("does not say which part is the name.", EXAMPLE_OF_PATTERN)
    return pattern


def _fold_names(names: dict[str, str]) -> dict[str, str]:
    """Return `boundary_names`, our names of areas by a file's names, with those names folded.

    {"OLD  MILL": "The Mill"} becomes {"old mill": "The Mill"}.
    """
    folded: dict[str, str] = {}
    for theirs, ours in names.items():
        name = _join_blanks(ours)
        if folded.setdefault(fold_name(theirs), name) != name:
            raise SettingError("is there twice, with two names.", "Keep one of them.", theirs)
    return folded


class City(Table):
    """`[cities.ID]`: one city of the program."""

    id: str = Field("", exclude=True)
    name: Name
    """as it appears on screen"""
    reference_key: str = Field(default_factory=lambda city: city["name"])
    """how `data/reference/` names it; default its name"""
    week_ends_on: Annotated[str, one_of(*WEEKDAYS)] = "sunday"
    """the day its weeks end"""
    launched_on: date | None = None
    """the program's first call-in there; leave it out where no program has begun. Then nothing is
    asked of one: no verdict on *Evidence*, no pre-program average, no "since the launch". A day in
    the future is refused"""
    ended_on: date | None = None
    """the last day of a source that has ended and brings nothing more. From then on the city is
    in no sum or comparison of several cities, and its last day is nobody else's; its own screens
    say so. A day in the future is refused"""
    boundary_name_field: str = "name"
    """which field of a boundary file holds the area's name"""
    boundary_name_pattern: Annotated[str, label(200), AfterValidator(_check_pattern)] = ""
    """a regular expression whose first group is the name: `'^(.*) \\(\\d+\\)$'` makes "Old Mill" of
    "Old Mill (3)". A name it does not match stays as it is"""
    boundary_name_prefix: Annotated[str, label(100)] = ""
    """words before each name, after the pattern: `"Police district "` makes "Police district 75" of
    "75", so that sentences can say it"""
    boundary_names: Annotated[
        dict[str, Annotated[str, label(100)]], AfterValidator(_fold_names)
    ] = Field(default_factory=dict)
    """`"their name" = "our name"`, theirs as the file writes it (capitals and blanks aside), or as
    pattern and prefix leave it. Two of theirs with one of ours are parts of one area;
    `"their name" = ""` leaves an area out"""
    demonstration: CityDemonstration = CityDemonstration()

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

        Our name for it, where `boundary_names` has one. Otherwise the prefix and the first group of
        the pattern: "Mill (82)" becomes "Mill", "75" becomes "Police district 75". Empty when the
        pattern leaves nothing, or the area is left out.
        """
        if self.renames(source_name):
            return self.boundary_names[fold_name(source_name)]
        match = self.boundary_name_pattern and re.search(self.boundary_name_pattern, source_name)
        name = " ".join(((match.group(1) or "") if match else source_name).split())
        name = " ".join(f"{self.boundary_name_prefix}{name}".split()) if name else ""
        return self.boundary_names.get(fold_name(name), name)

    def renames(self, source_name: str) -> bool:
        """Return whether `boundary_names` has a name of ours for an area, as a file writes it."""
        return fold_name(source_name) in self.boundary_names


class Demonstration(Table):
    """`[demonstration]`."""

    homicides_follow: str = "homicides"
    """which metric of `published_counts.csv` the yearly homicides follow"""
    starts_on: date = date(2008, 1, 1)
    """the first day of the synthetic data"""


def _read_month(month: Any) -> date:
    if not MONTH.fullmatch(check_text(month)):
        raise SettingError(f"is '{month}'.", "Give a month such as 2019-12, in quotes.")
    return date(int(month[:4]), int(month[5:]), 1)


class EvaluationSettings(Table):
    """`[evaluation]`; a month is its first day."""

    until: Annotated[date, BeforeValidator(_read_month)] | None = None
    """the last month of the evaluation of every city, such as `"2024-12"`; a month after the last
    on file is the last on file. Without it: December 2019 where the program came before 2017, else
    the last December that all cities compared have (docs/evidence.md says why)"""


class Access(Table):
    """`[access]`: the claim of a sign-in that is read, and which of its values is which viewer."""

    claim: Annotated[
        str,
        refuse(
            lambda claim: claim in NOT_CLAIMS or claim != claim.strip(),
            "is 'VALUE', which is no claim of a person.",
            "For example: groups.",
        ),
    ] = "groups"
    """which claim of the sign-in is read"""
    longest_hours: Annotated[int, Field(ge=1, le=24)] = 10
    """how long a sign-in counts at most, whatever its provider says, from 1 to 24"""
    viewers: dict[str, str] = Field(default_factory=dict)
    """a value of the claim, and its viewer: `state` or `city:ID`"""


ADDRESS = re.compile(r"[^@\s<>,;:\"()]+@[A-Za-z0-9.-]+")


class Mail(Table):
    """`[mail]`: to whom `weekly --all --mail` sends, by the machine's own `sendmail`."""

    sender: str = ""
    """the address it comes from, as `"longevity@state.example"`; needed with `subscriptions`"""
    subscriptions: dict[str, str] = Field(default_factory=dict)
    """an address, and what it is sent every week: `public` for the public briefing, `city:ID` for
    the week of a city, `state` for that of every city. What is not the public's is marked NOT FOR
    RELEASE in its subject and its name"""


def _find_file(name: Any, info: ValidationInfo) -> Path | None:
    """Return the path of a file named relative to `longevity.toml`; None where the name is empty.

    Refuse one that is not there, and a logo that is no PNG or JPEG or is too large.
    """
    named = check_text(name).strip()
    if not named:
        return None
    path = Path((info.context or {})["folder"] / named)
    if info.field_name == "logo" and path.suffix.lower() not in LOGOS:
        raise SettingError(f"is '{named}'.", "Give a PNG or a JPEG.")
    if not path.is_file():
        raise SettingError(f"names '{named}', which is not there.")
    if info.field_name == "logo" and path.stat().st_size > LARGEST_LOGO:
        raise SettingError(f"is larger than {LARGEST_LOGO // 1_000_000} MB.", "Shrink it.")
    return path


NamedFile = Annotated[Path | None, BeforeValidator(_find_file)]


class Branding(Table):
    """`[branding]`: what a document looks like around its figures."""

    logo: NamedFile = None
    """a PNG or JPEG, at most 2 MB, relative to the file; it is at the upper right"""
    accent: Annotated[
        str,
        refuse(
            lambda colour: not COLOUR.fullmatch(colour),
            "is 'VALUE'.",
            "Write a colour such as #0067A5.",
        ),
        AfterValidator(str.upper),
    ] = "#0067A5"
    """the colour of the rule over a title"""
    footer: Annotated[Stripped, Field(max_length=80)] = ""
    """words after the source line, at most 80 characters"""


class Signing(Table):
    """`[signing]`: the certificate and key that sign documents and press files.

    Both None: the key that is made in LONGEVITY_HOME signs. The files themselves are read by
    `release.certificates`.
    """

    certificates: NamedFile = None
    """a PEM file, relative to this one: the signing certificate, then that of who issued it, and so
    on"""
    key: NamedFile = None
    """a PEM file with the key of the first, without a password, readable by its owner only"""

    @model_validator(mode="after")
    def _check_pair(self) -> Signing:
        missing = [name for name, value in self if not value]
        if len(missing) == 1:
            raise SettingError(MISSING, "Give both: the certificates and their key.", *missing)
        return self


def _join_blanks(text: str) -> str:
    return " ".join(text.split())


def _check_ids(cities: Any) -> Any:
    """Refuse an id of a city that has other characters, or is a word that names a viewer."""
    for key in cities if isinstance(cities, dict) else ():
        if not CITY_ID.fullmatch(key) or key in RESERVED_CITY_IDS:
            what = f"has the id '{key}', which cannot be a city id."
            raise SettingError(what, "Use lower-case letters, digits and _.", key)
    return cities


def _check_cities(cities: dict[str, City]) -> dict[str, City]:
    """Return the cities by id, each with its id as a field; refuse two of one name."""
    if not cities:
        raise SettingError("holds no city.", "Add a table [cities.ID].")
    by_name: dict[str, str] = {}
    for key, city in cities.items():
        other = by_name.setdefault(city.name.casefold(), key)
        if other != key:
            raise SettingError(f"has the same name as '{other}'.", "", key)
    return {key: city.model_copy(update={"id": key}) for key, city in cities.items()}


class Configuration(Table):
    """The whole file."""

    program: Program
    thresholds: Thresholds = Thresholds()
    cities: Annotated[dict[str, City], BeforeValidator(_check_ids), AfterValidator(_check_cities)]
    demonstration: Demonstration = Demonstration()
    evaluation: EvaluationSettings = EvaluationSettings()
    access: Access = Access()
    mail: Mail = Mail()
    branding: Branding = Branding()
    signing: Signing = Signing()

    @field_validator("evaluation")
    @classmethod
    def _check_until(
        cls, evaluation: EvaluationSettings, info: ValidationInfo
    ) -> EvaluationSettings:
        """Refuse an end before the program came to any city."""
        cities = info.data.get("cities", {}).values()
        launches = [city.launched_on for city in cities if city.launched_on]
        if evaluation.until and launches and evaluation.until < min(launches):
            raise SettingError(
                f"is {evaluation.until:%Y-%m}, before the program came to any city "
                f"({min(launches)}).",
                "Give a month at least two years after the launch.",
                "until",
            )
        return evaluation

    @field_validator("mail")
    @classmethod
    def _check_mail(cls, mail: Mail, info: ValidationInfo) -> Mail:
        """Refuse an address that is none, a viewer there is not, subscriptions without a sender."""
        _check_viewers(mail.subscriptions, ["public", "state"], info, "subscriptions")
        for address in (*mail.subscriptions, *filter(None, [mail.sender])):
            if not ADDRESS.fullmatch(address):
                raise SettingError(f"has '{address}', which is no address of mail.")
        if mail.subscriptions and not mail.sender:
            raise SettingError(MISSING, "Say which address it comes from.", "sender")
        return mail

    @field_validator("access")
    @classmethod
    def _check_access(cls, access: Access, info: ValidationInfo) -> Access:
        """Refuse a viewer there is not, and a value of the claim that is empty or has blanks."""
        _check_viewers(access.viewers, ["state"], info, "viewers")
        for value in access.viewers:
            if not value or value != value.strip():
                what = "is empty or has a space at its end; values match exactly."
                raise SettingError(what, "", "viewers", value)
        return access


def _check_viewers(
    viewers: dict[str, str], valid: list[str], info: ValidationInfo, key: str
) -> None:
    """Refuse a viewer that is neither one of `valid` nor `city:ID` of a city.

    `viewers` are by what they are given to: {"chiefs-group": "city:hartford"}; `key` names the
    setting they are in.
    """
    if "cities" not in info.data:  # the cities have an error themselves, which is reported
        return
    valid = [*valid, *(f"city:{city}" for city in info.data["cities"])]
    for name, viewer in viewers.items():
        if viewer not in valid:
            what = f"is '{viewer}', which is no viewer here."
            raise SettingError(what, suggest_nearest(viewer, valid), key, name)
