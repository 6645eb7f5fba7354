"""The data of the edition: every question the public may ask, as CSV, Parquet and a Data Package.

The Data Package is Frictionless's (datapackage.json, version 1): a program finds every table, its
columns and its hash there.
"""

from __future__ import annotations

import hashlib
import io
from datetime import date
from typing import Any

import pandas as pd
from pandas.api import types

from longevity.edition.site import Site, make_slug, write_json
from longevity.errors import DataError, UsageError
from longevity.language import ENGLISH
from longevity.outputs import spreadsheet_cells
from longevity.warehouse.catalogue import Query
from longevity.warehouse.provenance import Provenance

FOLDER = "data"


def write_data(site: Site) -> None:
    """Write each public question's answer, with all of its parameters as they are unless chosen."""
    resources, listed = [], []
    for query in site.context.warehouse.queries.values():
        if not query.query_class.public:
            continue
        try:
            answer = site.context.ask(query.name)
        except (DataError, UsageError):
            continue  # it is asked of one place or day
        listed.append((query, answer.provenance))
        if site.language != ENGLISH:
            continue  # the files are those of every language
        tables = _write_table(site, query.name, answer.frame)
        resources += [
            _describe(name, file, content, answer.frame, query, answer.provenance)
            for name, (file, content) in tables.items()
        ]
    site.write_shared("datapackage.json", write_json(_describe_package(site, resources)))
    title = site.words["definitions"]
    site.write_page("definitions/", title, "definitions.html", heading=title, queries=listed)


def _write_table(site: Site, name: str, frame: pd.DataFrame) -> dict[str, tuple[str, bytes]]:
    """Write both files of a table; return the name, the address and the bytes of each."""
    csv = spreadsheet_cells.disarm_table(frame).to_csv(index=False, lineterminator="\n").encode()
    parquet = io.BytesIO()
    frame.to_parquet(parquet, index=False)
    slug = make_slug(name)
    tables = {
        slug: (f"{FOLDER}/{slug}.csv", csv),
        f"{slug}-parquet": (f"{FOLDER}/{slug}.parquet", parquet.getvalue()),
    }
    for file, content in tables.values():
        site.write_file(file, content)
    return tables


def _describe(
    name: str, file: str, content: bytes, frame: pd.DataFrame, query: Query, about: Provenance
) -> dict[str, Any]:
    """Return a resource of the Data Package."""
    kind = file.rpartition(".")[2]
    resource: dict[str, Any] = {
        "name": name,
        "path": file,
        "title": query.question,
        "description": about.source,
        "format": kind,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if kind == "parquet":
        # As a file: Frictionless reads it as a table without counting its bytes.
        return resource | {"type": "file", "mediatype": "application/vnd.apache.parquet"}
    fields = [{"name": str(column), "type": _name_type(frame[column])} for column in frame]
    return resource | {
        "profile": "tabular-data-resource",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _name_type(column: pd.Series[Any]) -> str:
    """Return the type of a column as a Table Schema names it."""
    if types.is_bool_dtype(column):
        return "boolean"
    if types.is_integer_dtype(column):
        return "integer"
    if types.is_numeric_dtype(column):
        return "number"
    is_day = types.is_datetime64_any_dtype(column) or any(isinstance(v, date) for v in column)
    return "date" if is_day else "string"


def _describe_package(site: Site, resources: list[dict[str, Any]]) -> dict[str, Any]:
    context, release = site.context, site.context.warehouse.release
    mark = "SYNTHETIC demonstration data. " if context.synthetic else ""
    return {
        "name": make_slug(context.settings.program),
        "title": f"{context.settings.program}: public tables",
        "description": f"{mark}Release {release.id}.",
        "version": release.id,
        "created": site.published_at,
        "resources": resources,
    } | ({"homepage": site.base_url} if site.base_url else {})
