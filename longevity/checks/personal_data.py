"""What looks like a person's data: names of columns, and values, that give one away.

An extract holds opaque codes. Here is how a name, address, birth date, telephone
number, e-mail address, social security number or record number is recognised, as
regular expressions DuckDB runs over any number of rows. It errs towards refusing: a
code that could be a social security number is not an opaque code.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from longevity.checks.findings import ROWS_NAMED, CheckFinding, make_finding
from longevity.ingest.contract import Column, Kind
from longevity.scratch import quote_identifier, quote_text

if TYPE_CHECKING:
    from longevity.checks.folder import ExtractFile

# Codes of persons: what a date or a bare number in them may be is a person's.
OF_PERSONS = ("person_id", "victim_id")
# Texts in which somebody may have written a name.
MAY_NAME = ("label", "greeted_by", "agency", "facility")

_START, _END = r"(?:^|[^0-9A-Za-z])", r"(?:$|[^0-9A-Za-z])"
_MONTH, _DAY, _YEAR = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])", r"(?:19|20)\d\d"
_MM, _DD = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_MONTH_WORDS = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_STREETS = (
    "street|st|avenue|ave|av|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd|place|pl|"
    "terrace|ter|circle|cir|highway|hwy|parkway|pkwy|turnpike|tpke"
)
# Common given names that are not also common words or names of places.
_GIVEN = (
    "james|robert|john|michael|david|william|richard|joseph|thomas|christopher|charles|daniel|"
    "matthew|anthony|donald|steven|andrew|kenneth|joshua|kevin|brian|george|timothy|ronald|"
    "jason|edward|jeffrey|ryan|jacob|nicholas|gary|eric|jonathan|stephen|larry|scott|brandon|"
    "benjamin|samuel|gregory|alexander|patrick|raymond|dennis|jerry|tyler|aaron|jose|adam|"
    "nathan|henry|douglas|zachary|peter|kyle|ethan|jeremy|keith|juan|carlos|luis|jorge|miguel|"
    "jesus|angelo|terrence|darnell|tyrone|jamal|malik|darius|marcus|andre|antonio|mary|patricia|"
    "jennifer|linda|elizabeth|barbara|susan|jessica|sarah|karen|lisa|nancy|betty|sandra|"
    "margaret|ashley|kimberly|emily|donna|michelle|carol|amanda|melissa|deborah|stephanie|"
    "rebecca|sharon|laura|cynthia|dorothy|amy|kathleen|angela|shirley|brenda|emma|anna|pamela|"
    "nicole|samantha|katherine|christine|helen|debra|rachel|carolyn|janet|maria|catherine|"
    "heather|diane|olivia|julie|joyce|victoria|ruth|lauren|kelly|christina|joan|evelyn|judith|"
    "andrea|hannah|cheryl|jacqueline|martha|teresa|gloria|sara|janice|tiffany|latoya|keisha|"
    "carmen|rosa|ana|luz|yolanda"
)
_BODIES = (
    "cent(?:er|re)|house|home|office|unit|hospital|clinic|school|church|police|department|"
    "street|avenue|program|services?|court|ministry|ministries|foundation|institute|team|crew|"
    "gang|boys|posse|agency|council|county|city|state|prison|jail|facility|university|college|"
    "coalition|group|probation|parole|reentry|re-entry|project|society|mission|academy"
)
_BODY = rf"\b(?:{_BODIES})\b"
_RECORD_WORDS = (
    "case|docket|inmate|badge|mrn|ssn|dob|licen[cs]e|record|booking|file|account|passport|sid|fbi"
)


@dataclass(frozen=True)
class Look:
    """One kind of personal data and what it looks like.

    `majority` is for looks a harmless number has by chance: it takes half of a
    column's values. `unless_running` is for those a running number has: values
    close together, twenty or more, are one. `unless`: what else a harmless text says.
    """

    kind: str
    pattern: str
    majority: bool = False
    unless_running: bool = False

    unless: str = ""

    def condition(self, value: str) -> str:
        """Return SQL that is true where the text `value` has this look."""
        looks = f"regexp_matches({value}, {quote_text(self.pattern)})"
        other = f" AND NOT regexp_matches({value}, {quote_text(self.unless)})"
        return f"({looks}{other if self.unless else ''})"


_SOCIAL = r"(?:00[1-9]|0[1-9]\d|[1-578]\d\d|6[0-57-9]\d|66[0-57-9])"
EMAIL = Look("an e-mail address", r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
SOCIAL_SECURITY = Look("a social security number", rf"{_START}\d{{3}}[- ]\d{{2}}[- ]\d{{4}}{_END}")
TELEPHONE = Look(
    "a telephone number",
    rf"(?:{_START}|\+1 ?)\(?[2-9]\d\d(?:\) ?|[-. ])\d{{3}}[-. ]\d{{4}}{_END}",
)
DOCKET = Look("a record number", rf"(?i){_START}(?:[A-Z]+\d*[A-Z]?-)?CR-?\d{{2}}-?\d{{5,}}")
ADDRESS = Look(
    "an address",
    rf"(?i)(?:^|\s)\d+[a-z]?(?: ?- ?\d+)?\s+(?:[a-z0-9.'-]+\s+){{1,4}}(?:{_STREETS})\b|"
    r"\bp\.? ?o\.? box\b|\b(?:apt|apartment)\b\.? ?#?\w*\d",
)
WRITTEN_DATE = Look(
    "a date, which may be of birth",
    rf"(?i){_START}(?:{_MONTH}[/.-]{_DAY}[/.-](?:{_YEAR}|\d\d)|{_YEAR}[-/.]{_MM}[-/.]{_DD}|"
    rf"{_MONTH_WORDS}\.? {_DAY},? {_YEAR}){_END}",
)
LABELLED = Look(
    "a record number",
    rf"(?i)\b(?:{_RECORD_WORDS})\b[ .:#]*(?:no|number|num|id)?[ .:#]*[a-z]*-?\d{{3,}}",
)
TITLED = Look("a name", r"\b(?:Mr|Mrs|Ms|Dr|Rev|Det|Sgt|Lt|Ofc|Officer|Detective)\.? [A-Z][a-z]+")
INVERTED = Look("a name", r"^[A-Z][A-Za-z'-]+, ?[A-Z][A-Za-z'-]+(?: [A-Z]\.?)?$")
# A text that begins like a name may go on like an institution's.
GIVEN = Look(
    "a name", rf"(?i)^(?:{_GIVEN})(?: [a-z]\.?)?(?: [a-z'-]+){{1,2}}$", unless=rf"(?i){_BODY}"
)
CODED_NAME = Look(
    "a name",
    rf"(?i)^(?:(?:{_GIVEN})(?:[-_.:][a-z]+)+|[a-z]+[-_.:](?:{_GIVEN}))$",
)
INITIALS_AND_BIRTH = Look(
    "initials and a birth date",
    rf"^[A-Za-z]{{2,3}}[-_.]?(?:{_YEAR}{_MM}{_DD}|{_MM}{_DD}{_YEAR})$",
    majority=True,
)
BARE_SOCIAL = Look("a social security number", rf"^{_SOCIAL}\d{{6}}$", unless_running=True)
BARE_TELEPHONE = Look("a telephone number", r"^[2-9]\d\d[2-9]\d{6}$", unless_running=True)
BARE_DATE = Look(
    "a date, which may be of birth",
    rf"^(?:{_YEAR}{_MM}{_DD}|{_MM}{_DD}{_YEAR})$",
    majority=True,
    unless_running=True,
)

# A code that is mostly one long number: eight digits, or six behind letters as cases have them.
RECORD_NUMBER = r"(?:^|[^0-9A-Za-z])[A-Za-z]{1,4}\d{6,}|[1-9]\d{7,}"
RUN_OF_A_CODE = 0.4
RECORD_SHARE = 0.9
LEAST_RECORDS = 5
RUNNING_FROM = 20

_IN_ANY = (EMAIL, SOCIAL_SECURITY, TELEPHONE, DOCKET)
_IN_TEXT = (
    *_IN_ANY,
    ADDRESS,
    WRITTEN_DATE,
    LABELLED,
    TITLED,
    INVERTED,
    BARE_SOCIAL,
    BARE_TELEPHONE,
)
_OF_A_PERSON = (WRITTEN_DATE, INITIALS_AND_BIRTH, BARE_SOCIAL, BARE_TELEPHONE, BARE_DATE)


def select_looks(column: Column | None) -> tuple[Look, ...]:
    """Return what to look for in a column's text; None is a column the contract does not know."""
    if column is None:
        return (*_IN_TEXT, GIVEN, BARE_DATE)
    if column.kind is Kind.CODE:
        return (*_IN_ANY, CODED_NAME, *(_OF_A_PERSON if column.name in OF_PERSONS else ()))
    if column.kind is Kind.TEXT:
        return (*_IN_TEXT, GIVEN) if column.name in MAY_NAME else _IN_TEXT
    return ()  # a word among the choices is none; one that is not is refused already


def find_values(connection: duckdb.DuckDBPyConnection, file: ExtractFile) -> list[CheckFinding]:
    """Return findings on values of the view `given` that look like a person's data."""
    columns = [column for column in file.extract.columns if column.name not in file.unread]
    searched = [(one.name, quote_identifier(one.name), select_looks(one)) for one in columns]
    searched += [(name, value, select_looks(None)) for name, value in file.extra_texts.items()]
    searched = [(name, value, looks) for name, value, looks in searched if looks]
    # One pass finds that there is none.
    together = ["count(*)"]
    together += [
        f"count(*) FILTER (WHERE regexp_matches({value}, {quote_text(_join_patterns(looks))}))"
        for _, value, looks in searched
    ]
    _, *hits = connection.execute(f"SELECT {', '.join(together)} FROM given").fetchall()[0]
    findings = [
        finding
        for (name, value, looks), count in zip(searched, hits, strict=True)
        if count
        for finding in _find_looks(connection, file.file, name, value, looks)
    ]
    reported = {finding.column for finding in findings}
    for column in columns:
        is_key = column.kind is Kind.CODE and not column.references
        if is_key and column.name not in reported:
            findings += _find_record_numbers(connection, file.file, column.name)
    return findings


def _join_patterns(looks: tuple[Look, ...]) -> str:
    patterns = [look.pattern for look in looks]
    return "|".join(
        f"(?i:{pattern[4:]})" if pattern.startswith("(?i)") else f"(?:{pattern})"
        for pattern in patterns
    )


def _find_looks(
    connection: duckdb.DuckDBPyConnection,
    file: str,
    column: str,
    value: str,
    looks: tuple[Look, ...],
) -> Iterator[CheckFinding]:
    by_kind: dict[str, list[str]] = {}
    for look in looks:
        condition = look.condition(value)
        if not _is_by_chance(connection, look, condition, value):
            by_kind.setdefault(look.kind, []).append(condition)
    for kind, conditions in by_kind.items():
        count, rows = _find_rows(connection, " OR ".join(conditions))
        if count:
            yield make_finding(
                file,
                "personal_data",
                f"the value looks like {kind}.",
                "Replace it by an opaque code, for instance a letter and a running number; no "
                "extract may hold it.",
                column=column,
                kind_of_value=kind,
                rows=rows,
                count=count,
            )


def _find_rows(connection: duckdb.DuckDBPyConnection, condition: str) -> tuple[int, list[int]]:
    ((count, rows),) = connection.execute(
        f"SELECT count(*), min(at_row, {ROWS_NAMED}) FROM given WHERE {condition}"
    ).fetchall()
    return count, rows or []


def _is_by_chance(
    connection: duckdb.DuckDBPyConnection, look: Look, condition: str, value: str
) -> bool:
    """Return whether a column of harmless numbers has a look: too few have it, or they run."""
    if not (look.majority or look.unless_running):
        return False
    all_values, alike, distinct, span = _measure_numbers(connection, value, condition, value)
    if look.majority and alike * 2 < all_values:
        return True
    runs = distinct >= RUNNING_FROM and span is not None and span < 4 * distinct
    return look.unless_running and runs


def _measure_numbers(
    connection: duckdb.DuckDBPyConnection, value: str, condition: str, number: str
) -> tuple[int, int, int, int | None]:
    """Return how many values there are and meet a condition, how many numbers, and their span."""
    ((values, alike, distinct, span),) = connection.execute(
        f"""
        SELECT count({value}), count(*) FILTER (WHERE {condition}),
            count(DISTINCT {number}) FILTER (WHERE {condition}),
            max(TRY_CAST({number} AS BIGINT)) FILTER (WHERE {condition})
                - min(TRY_CAST({number} AS BIGINT)) FILTER (WHERE {condition})
        FROM given
        """
    ).fetchall()
    return values, alike, distinct, span


def _find_record_numbers(
    connection: duckdb.DuckDBPyConnection, file: str, column: str
) -> Iterator[CheckFinding]:
    """Find a column of codes nearly all of which are long numbers, and not running ones."""
    value = quote_identifier(column)
    looks_like = quote_text(RECORD_NUMBER)
    run = f"regexp_extract(regexp_extract({value}, {looks_like}), '\\d+')"
    long = f"length({run}) >= {RUN_OF_A_CODE} * length({value}) AND {run} <> ''"
    codes, numbers, distinct, span = _measure_numbers(
        connection, value, long, f"TRY_CAST({run} AS BIGINT)"
    )
    running = span is not None and span < 4 * distinct
    if numbers < LEAST_RECORDS or running or numbers < RECORD_SHARE * codes:
        return
    yield make_finding(
        file,
        "personal_data",
        f"{numbers} of {codes} codes hold a long number, as records are numbered; it leads back "
        "to the record, and to the people in it.",
        f'Write {column} = {{ from = "…", coded = true }} in the mapping (docs/import.md), or '
        "replace it by an opaque code.",
        column=column,
        kind_of_value="a record number",
        rows=_find_rows(connection, long)[1],
        count=numbers,
    )


_NAMES_OF_COLUMNS = {
    "a name": "name|firstname|lastname|fullname|surname|forename|alias|nickname|moniker",
    "a birth date": "dob|birth|birthdate|birthday|dateofbirth|born",
    "a social security number": "ssn|social|socialsecurity",
    "a telephone number": "phone|telephone|mobile|cell|fax",
    "an e-mail address": "email|mail",
    "an address": "address|addr|street|apartment|apt|residence",
    "a record number": (
        "record|docket|mrn|licence|license|inmate|booking|badge|passport|casenumber|caseno|sid"
    ),
}


def kind_of_column(name: str) -> str | None:
    """Return the kind of personal data a column's name promises; None when it promises none."""
    plain = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    words = re.sub(r"[^a-z0-9]+", " ", plain.lower()).split()
    joined = {first + second for first, second in itertools.pairwise(words)}
    for kind, names in _NAMES_OF_COLUMNS.items():
        if (set(words) | joined) & set(names.split("|")):
            return kind
    return None
