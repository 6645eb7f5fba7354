"""The data contract: every extract, declared once.

Import, check, publish, the demonstration and `docs/data-contract.md` all read
these declarations; none of them repeats a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from longevity import age_bands, labels


class Kind(StrEnum):
    """What a column holds."""

    CODE = "code"  # an opaque id: letters, digits, - _ . : only
    CITY = "city"  # a city id of the configuration
    TEXT = "text"
    CHOICE = "choice"
    BAND = "band"  # of ages: a range of whole years, or `unknown`
    DAY = "day"
    MOMENT = "moment"  # local date and time, without a zone
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"


_TEXT = (pa.string(), "VARCHAR", "text")
# How each is held: its Arrow type, its SQL type, and in words.
_HELD = {
    **dict.fromkeys((Kind.CODE, Kind.CITY, Kind.TEXT, Kind.CHOICE, Kind.BAND), _TEXT),
    Kind.DAY: (pa.date32(), "DATE", "a date"),
    Kind.MOMENT: (pa.timestamp("us"), "TIMESTAMP", "a date and time without a zone"),
    Kind.INTEGER: (pa.int64(), "BIGINT", "whole numbers"),
    Kind.DECIMAL: (pa.float64(), "DOUBLE", "numbers"),
    Kind.BOOLEAN: (pa.bool_(), "BOOLEAN", "true or false"),
}
ARROW: dict[Kind, pa.DataType] = {kind: arrow for kind, (arrow, _, _) in _HELD.items()}
SQL_TYPES: dict[Kind, str] = {kind: sql for kind, (_, sql, _) in _HELD.items()}
WORDS: dict[Kind, str] = {kind: words for kind, (_, _, words) in _HELD.items()}

EARLIEST_YEAR = 1979
AHEAD_DAYS = 366
# A listing is reviewed within five years (28 CFR 23), so its day may lie that far ahead.
REVIEW_DAYS = 5 * 366
LONGEST_TEXT = labels.LONGEST
LONGEST_CODE = 64


@dataclass(frozen=True)
class Column:
    """One column: what it holds, whether it may be empty, what it may say."""

    name: str
    kind: Kind
    describes: str
    required: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    references: str | None = None  # "extract.column" whose values it must be among
    ahead: int = 0  # how many days it may lie in the future

    @property
    def has_unknown(self) -> bool:
        """Whether `unknown` is one of the words it may say."""
        return self.kind is Kind.BAND or age_bands.UNKNOWN in self.choices

    @property
    def parent(self) -> tuple[str, str] | None:
        """The extract and the column whose values it must be among."""
        extract, _, column = (self.references or "").partition(".")
        return (extract, column) if extract else None


@dataclass(frozen=True)
class Extract:
    """One file a city supplies: what a row is, its columns, its key."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    event: str | None  # the date that drives data-through when none is declared
    required: bool = False
    named: bool = False  # holds a group or person code
    in_order: tuple[tuple[str, str], ...] = ()  # (earlier, later) dates

    def column(self, name: str) -> Column:
        """Return the column with this name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def own_key(self) -> str | None:
        """The code that is its key and that nothing else defines, so that one can be made up."""
        key = self.column(self.key[0])
        alone = len(self.key) == 1 and key.kind is Kind.CODE and key.references is None
        return key.name if alone else None

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema every parquet file of this extract has."""
        return pa.schema([pa.field(c.name, ARROW[c.kind]) for c in self.columns])


# --- words used by more than one column -------------------------------------

PRECISIONS = ("address", "block", "intersection", "neighbourhood", "city", "unknown")
CIRCUMSTANCES = (
    "criminal",
    "accident",
    "self_inflicted",
    "self_defence",
    "police",
    "unknown",
)
COUNTED_CIRCUMSTANCES = ("criminal", "unknown")
GMI = ("confirmed", "suspected", "none", "unknown")
SEXES = ("female", "male", "other", "unknown")
RACES = (
    "black",
    "hispanic",
    "white",
    "asian",
    "american_indian",
    "other",
    "unknown",
)
NO_CONVICTION = ("dismissed", "nolle")


def _code(
    name: str, describes: str, required: bool = True, references: str | None = None
) -> Column:
    return Column(name, Kind.CODE, describes, required, references=references)


def _city() -> Column:
    return Column("city", Kind.CITY, "The city, by its id in the configuration.", True)


def _day(name: str, describes: str, required: bool = False, ahead: int = 0) -> Column:
    return Column(name, Kind.DAY, describes, required, ahead=ahead)


def _choice(name: str, choices: tuple[str, ...], describes: str, required: bool = True) -> Column:
    return Column(name, Kind.CHOICE, describes, required, choices)


def _count(name: str, describes: str, required: bool = False) -> Column:
    return Column(name, Kind.INTEGER, describes, required, least=0, most=100_000)


def _text(name: str, describes: str) -> Column:
    return Column(name, Kind.TEXT, describes)


def _money(name: str, describes: str) -> Column:
    return Column(name, Kind.DECIMAL, describes, least=0, most=1e10)


def _person(required: bool = True) -> Column:
    return _code("person_id", "A code on the program's list.", required, "people.person_id")


EXTRACTS: tuple[Extract, ...] = (
    Extract(
        "incidents",
        "an event",
        (
            _code("incident_id", "The event's code."),
            _city(),
            Column("occurred_at", Kind.MOMENT, "When it happened, local time.", True),
            _choice(
                "occurred_precision",
                ("minute", "day"),
                "`day` when the hour is not known: the time part is then ignored.",
            ),
            _day("recorded_on", "The day it was first entered."),
            Column("longitude", Kind.DECIMAL, "Degrees east, WGS 84.", least=-180, most=180),
            Column("latitude", Kind.DECIMAL, "Degrees north, WGS 84.", least=-90, most=90),
            _choice("location_precision", PRECISIONS, "How exactly the place is known."),
            Column(
                "place_confirmed",
                Kind.BOOLEAN,
                "Whether an address, a block or a crossing says that it was at this very point, so "
                "that many rows on it are one place and no middle of the city.",
            ),
            _text("neighbourhood", "The city's own area, as the source gives it."),
            _choice("circumstance", CIRCUMSTANCES, "Counts take `criminal` and `unknown`."),
            _choice("gmi", GMI, "Group-member-involved: a victim or suspect belongs to a group."),
            _day("reviewed_on", "The day the shooting review settled `gmi`."),
            _choice(
                "clearance",
                ("arrest", "exceptional", "open", "unknown"),
                "How the case stands.",
            ),
        ),
        key=("incident_id",),
        event="occurred_at",
        required=True,
        in_order=(("occurred_at", "recorded_on"), ("occurred_at", "reviewed_on")),
    ),
    Extract(
        "victims",
        "a person shot or killed in an incident",
        (
            _code("victim_id", "The victim row's code: never a record number."),
            _code("incident_id", "The event.", references="incidents.incident_id"),
            _city(),
            _choice("outcome", ("fatal", "nonfatal"), "Killed, or wounded and alive."),
            _choice(
                "weapon",
                ("firearm", "knife", "blunt", "other", "unknown"),
                "A person wounded and alive counts only when shot.",
            ),
            _day("died_on", "The day of death."),
            Column(
                "age_band",
                Kind.BAND,
                "Age at the event, as the source's own band of whole years: `0-17`, `18-30`, "
                "`65+`; `unknown` where it is not known.",
                True,
            ),
            _choice("sex", SEXES, "Sex as recorded."),
            _choice(
                "race_ethnicity", RACES, "Race and ethnicity as recorded; Hispanic of any race."
            ),
        ),
        key=("victim_id",),
        event=None,
        required=True,
    ),
    Extract(
        "incident_groups",
        "a group's part in an incident",
        (
            _code("incident_id", "The event.", references="incidents.incident_id"),
            _code("group_id", "The group.", references="groups.group_id"),
            _city(),
            _choice("role", ("victim", "suspect"), "Whose side the group was on."),
            _choice("status", ("confirmed", "suspected"), "How sure the review is."),
            _day("attributed_on", "The day it was attributed."),
        ),
        key=("incident_id", "group_id", "role"),
        event="attributed_on",
        named=True,
    ),
    Extract(
        "groups",
        "a group on an audit",
        (
            _code("group_id", "The group's code."),
            _city(),
            Column("label", Kind.TEXT, "A code name: never a person's name."),
            _day("audited_on", "The day of the audit."),
            _count("members", "Members on that audit."),
            _day("active_from", "First day it was known to be active."),
            _day("active_until", "Last day it was; empty while it is."),
            _code(
                "succeeded_by",
                "The group it became: notice, members and open episodes pass on.",
                False,
                "groups.group_id",
            ),
        ),
        key=("group_id", "audited_on"),
        event="audited_on",
        named=True,
        in_order=(("active_from", "active_until"),),
    ),
    Extract(
        "people",
        "a code on the program's list",
        (
            _code("person_id", "The person's code."),
            _city(),
            _day("listed_on", "The day it was listed.", True),
            _day("review_by", "When the listing must be reviewed (28 CFR 23).", ahead=REVIEW_DAYS),
            _day("delisted_on", "The day it was taken off."),
        ),
        key=("person_id",),
        event="listed_on",
        named=True,
        in_order=(("listed_on", "review_by"), ("listed_on", "delisted_on")),
    ),
    Extract(
        "memberships",
        "a person in a group for a time",
        (
            _person(),
            _code("group_id", "The group.", references="groups.group_id"),
            _city(),
            _day("from_on", "First day of membership.", True),
            _day("until_on", "Last day; empty while it lasts."),
        ),
        key=("person_id", "group_id", "from_on"),
        event="from_on",
        named=True,
        in_order=(("from_on", "until_on"),),
    ),
    Extract(
        "supervision_spells",
        "a person under one kind of supervision for a time",
        (
            _person(),
            _city(),
            _choice("kind", ("probation", "parole", "in_custody"), "The kind."),
            _day("from_on", "First day.", True),
            _day("until_on", "Last day; empty while it lasts."),
            _count("required_contacts_a_month", "Contacts the standard asks for."),
        ),
        key=("person_id", "kind", "from_on"),
        event="from_on",
        named=True,
        in_order=(("from_on", "until_on"),),
    ),
    Extract(
        "call_ins",
        "a call-in session",
        (
            _code("call_in_id", "The session's code."),
            _city(),
            _day("scheduled_for", "The day it was planned for.", ahead=AHEAD_DAYS),
            _day("held_on", "The day it was held; empty when it was not."),
            _count("community_speakers", "Community voices who spoke."),
            _count("family_speakers", "Family members of victims who spoke."),
            _count("law_enforcement", "Officers and prosecutors present."),
            _count("service_providers", "Service providers present."),
            _count("cases_prepared", "Cases prepared for the session."),
        ),
        key=("call_in_id",),
        event="held_on",
    ),
    Extract(
        "invitations",
        "a person asked to a session",
        (
            _code("call_in_id", "The session.", references="call_ins.call_in_id"),
            _person(),
            _city(),
            _choice("route", ("parole", "probation", "voluntary", "in_custody"), "How asked."),
            Column("reachable", Kind.BOOLEAN, "Whether the invitation reached them."),
            _choice("attended", ("attended", "absent", "excused", "unknown"), "Whether they came."),
        ),
        key=("call_in_id", "person_id"),
        event=None,
        named=True,
    ),
    Extract(
        "custom_notifications",
        "an attempt to bring the message to one person",
        (
            _code("notification_id", "The attempt's code."),
            _city(),
            _person(),
            _code("group_id", "The group it speaks to.", False, "groups.group_id"),
            _day("attempted_on", "The day of the attempt.", True),
            _choice("contact", ("direct", "collateral", "none"), "Person, family or no contact."),
            _code(
                "trigger_incident_id",
                "The incident it answers.",
                False,
                "incidents.incident_id",
            ),
        ),
        key=("notification_id",),
        event="attempted_on",
        named=True,
    ),
    Extract(
        "enforcement_actions",
        "an enforcement action",
        (
            _code("action_id", "The action's code."),
            _city(),
            _code("group_id", "The group it falls on.", False, "groups.group_id"),
            _person(False),
            _code(
                "trigger_incident_id",
                "The shooting it answers.",
                False,
                "incidents.incident_id",
            ),
            _day("acted_on", "The day of the action.", True),
            _choice(
                "kind",
                (
                    "arrest",
                    "state_charge",
                    "federal_indictment",
                    "supervision_violation",
                    "warrant",
                    "search",
                    "other",
                ),
                "What was done.",
            ),
            _text("agency", "Who did it."),
            _choice("scope", ("group", "individual"), "On the group, or on one person."),
            _day("disposed_on", "The day it was disposed of."),
            _choice(
                "disposition",
                ("convicted", "acquitted", "pending", "unknown", *NO_CONVICTION),
                "How it ended; dismissed and nolle are not shown against a person.",
                False,
            ),
        ),
        key=("action_id",),
        event="acted_on",
        named=True,
        in_order=(("acted_on", "disposed_on"),),
    ),
    Extract(
        "releases_from_custody",
        "an exit from custody of a person on the list",
        (
            _code("custody_release_id", "The exit's code."),
            _person(),
            _city(),
            _day("expected_on", "The day it was expected.", ahead=AHEAD_DAYS),
            _day("released_on", "The day it happened."),
            _text("facility", "Where from."),
            _day("greeted_on", "The day somebody met them."),
            _text("greeted_by", "The office that met them: never a name."),
        ),
        key=("custody_release_id",),
        event="released_on",
        named=True,
        in_order=(("released_on", "greeted_on"),),
    ),
    Extract(
        "supervision_contacts",
        "a supervision contact",
        (
            _code("contact_id", "The contact's code."),
            _person(),
            _city(),
            _day("contacted_on", "The day.", True),
            _choice("kind", ("office", "home", "field", "telephone", "other"), "How."),
            _choice("result", ("made", "attempted", "unknown"), "Whether it was made."),
        ),
        key=("contact_id",),
        event="contacted_on",
        named=True,
    ),
    Extract(
        "services",
        "an offer of service",
        (
            _code("service_id", "The offer's code."),
            _person(),
            _city(),
            _day("offered_on", "The day it was offered.", True),
            _day("intake_on", "The day of intake."),
            _choice(
                "kind",
                (
                    "employment",
                    "education",
                    "housing",
                    "treatment",
                    "legal",
                    "mentoring",
                    "other",
                ),
                "What was offered.",
            ),
            _day("last_contact_on", "The last contact."),
            _day("completed_on", "The day it was completed."),
        ),
        key=("service_id",),
        event="offered_on",
        named=True,
        in_order=(
            ("offered_on", "intake_on"),
            ("intake_on", "last_contact_on"),
            ("intake_on", "completed_on"),
        ),
    ),
    Extract(
        "community_events",
        "an event held with the community",
        (
            _code("event_id", "The event's code."),
            _city(),
            _day("held_on", "The day.", True),
            _choice("kind", ("vigil", "forum", "outreach", "training", "other"), "What it was."),
            _count("attendance", "People who came."),
        ),
        key=("event_id",),
        event="held_on",
    ),
    Extract(
        "community_requests",
        "something the community asked of us",
        (
            _code("request_id", "The request's code."),
            _city(),
            _day("asked_on", "The day it was asked.", True),
            _choice(
                "topic",
                ("services", "enforcement", "information", "youth", "streets", "other"),
                "What about.",
            ),
            _day("answered_on", "The day it was answered."),
        ),
        key=("request_id",),
        event="asked_on",
        in_order=(("asked_on", "answered_on"),),
    ),
    Extract(
        "shooting_reviews",
        "a weekly shooting review",
        (
            _code("review_id", "The review's code."),
            _city(),
            _day("held_on", "The day it was held.", True),
            _day("week_ending", "The last day of the week reviewed.", True),
        ),
        key=("review_id",),
        event="held_on",
        in_order=(("week_ending", "held_on"),),
    ),
    Extract(
        "budget",
        "money for a city, a fiscal year and a source",
        (
            _city(),
            Column(
                "fiscal_year", Kind.INTEGER, "The year it ends in.", True, least=1979, most=2100
            ),
            Column("source", Kind.TEXT, "Who gave it.", True),
            _money("allocated", "Dollars allocated."),
            _money("spent", "Dollars spent."),
        ),
        key=("city", "fiscal_year", "source"),
        event=None,
    ),
)

BY_NAME: dict[str, Extract] = {extract.name: extract for extract in EXTRACTS}
