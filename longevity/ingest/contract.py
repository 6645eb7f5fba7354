"""The data contract: the extracts (tables that a city supplies), declared in `contract.toml`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel

from longevity.base import labels
from longevity.base.toml_file import read_toml
from longevity.facts import age_bands


class Kind(StrEnum):
    """The kind of values that a column of an extract holds."""

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
# The types of each kind of column: in Arrow, in SQL, and in words.
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
LONGEST_TEXT = labels.LONGEST
LONGEST_CODE = 64


class Column(BaseModel):
    """One column: what it holds, whether it may be empty, which values it may have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Kind
    describes: str = Field(alias="says")
    required: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    references: str | None = None  # a foreign key: "incidents.incident_id"
    ahead: int = 0  # how many days it may lie in the future

    @property
    def has_unknown(self) -> bool:
        """Whether `unknown` is one of its values."""
        return self.kind is Kind.BAND or age_bands.UNKNOWN in self.choices

    @property
    def parent(self) -> tuple[str, str] | None:
        """The extract and column that it is a foreign key to: ("incidents", "incident_id")."""
        extract, _, column = (self.references or "").partition(".")
        return (extract, column) if extract else None


def _name_each(tables: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return tables, each with its name in the file as a field."""
    return {name: table | {"name": name} for name, table in tables.items()}


class Extract(BaseModel):
    """One file a city supplies: what a row is, its columns, its key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    row: str
    columns: Annotated[
        tuple[Column, ...], BeforeValidator(lambda tables: [*_name_each(tables).values()])
    ]
    key: tuple[str, ...]
    event: str | None = None  # the date whose newest value is the data's last day if none is stated
    required: bool = False
    named: bool = False  # holds a group or person code
    in_order: tuple[tuple[str, str], ...] = ()  # pairs of dates of which the first is not later

    def column(self, name: str) -> Column:
        """Return the column with this name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def own_key(self) -> str | None:
        """The column that is its key and no foreign key, so that import may make up codes for it.

        None where the key has several columns, or its codes come from another extract.
        """
        key = self.column(self.key[0])
        alone = len(self.key) == 1 and key.kind is Kind.CODE and key.references is None
        return key.name if alone else None

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema every parquet file of this extract has."""
        return pa.schema([pa.field(c.name, ARROW[c.kind]) for c in self.columns])


class _File(RootModel[Annotated[dict[str, Extract], BeforeValidator(_name_each)]]):
    """The file: a table for each extract."""


BY_NAME = read_toml(Path(__file__).with_suffix(".toml")).check(_File).root
EXTRACTS = tuple(BY_NAME.values())
GMI = BY_NAME["incidents"].column("gmi").choices
SEXES = BY_NAME["victims"].column("sex").choices
RACES = BY_NAME["victims"].column("race_ethnicity").choices
COUNTED_CIRCUMSTANCES = ("criminal", "unknown")
NO_CONVICTION = ("dismissed", "nolle")
