"""The data of the edition: every question the public may ask, as CSV, Parquet and a Data Package.

The Data Package is Frictionless's (datapackage.json, version 1): a program finds every table, its
columns and its hash there.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
from pandas.io.json import build_table_schema

from longevity.base.errors import DataError, UsageError
from longevity.edition.site import Site, write_json
from longevity.outputs import table_files
from longevity.outputs.documents.document_files import make_slug
from longevity.warehouse.catalogue import Query
from longevity.warehouse.warehouse import Answer
from longevity.words.language import ENGLISH

FOLDER = "data"
Resource = dict[str, Any]


def write_data(site: Site) -> None:
    """Write the answer to each public question, with its parameters at their defaults, and its SQL.

    A question that needs one place or day has no default, and is left out.
    """
    resources, listed = [], []
    for query in site.context.warehouse.queries.values():
        if not query.query_class.public:
            continue
        try:
            answer = site.context.ask(query.name)
        except (DataError, UsageError):
            continue  # the query needs a place or a day, and so has no one answer
        listed.append((query, answer.provenance))
        if site.language == ENGLISH:  # the data files are the same in every language
            resources += [_write_csv(site, query, answer), _write_parquet(site, query, answer)]
    site.write_shared("datapackage.json", write_json(_describe_package(site, resources)))
    title = site.words["definitions"]
    site.write_page("definitions/", title, "definitions.html", heading=title, queries=listed)


def _write_csv(site: Site, query: Query, answer: Answer) -> Resource:
    """Write an answer as CSV; return its entry in the package, with a schema of its columns."""
    frame, slug = answer.frame, make_slug(query.name)
    return _write_file(
        site, query, answer, f"{slug}.csv", table_files.write_rows(frame).encode()
    ) | {
        "name": slug,
        "profile": "tabular-data-resource",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": _list_fields(frame), "missingValues": [""]},
    }


def _write_parquet(site: Site, query: Query, answer: Answer) -> Resource:
    """Write an answer as Parquet; return its entry in the package.

    It is entered as a plain file, as Frictionless does not count the bytes of a table it reads.
    """
    slug, content = make_slug(query.name), answer.frame.to_parquet(index=False)
    return _write_file(site, query, answer, f"{slug}.parquet", content) | {
        "name": f"{slug}-parquet",
        "type": "file",
        "mediatype": "application/vnd.apache.parquet",
    }


def _write_file(site: Site, query: Query, answer: Answer, name: str, content: bytes) -> Resource:
    """Write a file; return what its entry in the package says whatever its format is."""
    site.write_file(f"{FOLDER}/{name}", content)
    return {
        "path": f"{FOLDER}/{name}",
        "title": query.question,
        "description": answer.provenance.source,
        "format": name.rpartition(".")[2],
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _list_fields(frame: pd.DataFrame) -> list[Resource]:
    """Return the columns as a Table Schema names them; there is no time of day in a table."""
    return [
        {"name": field["name"], "type": field["type"].replace("datetime", "date")}
        for field in build_table_schema(frame, index=False)["fields"]
    ]


def _describe_package(site: Site, resources: list[Resource]) -> Resource:
    """Return the content of datapackage.json: which release this is, and its files."""
    program, release = site.context.settings.program, site.context.warehouse.release
    mark = "SYNTHETIC demonstration data. " if site.context.synthetic else ""
    return {
        "name": make_slug(program),
        "title": f"{program}: public tables",
        "description": f"{mark}Release {release.id}.",
        "version": release.id,
        "created": site.published_at,
        "resources": resources,
    } | ({"homepage": site.base_url} if site.base_url else {})
