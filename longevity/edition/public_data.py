"""The data of the edition: every question the public may ask, as CSV, Parquet and a Data Package.

The Data Package is Frictionless's (datapackage.json, version 1): a program finds every table, its
columns and its hash there.
"""

from __future__ import annotations

import hashlib
from typing import Any

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
            resources += _write_files(site, query, answer)
    site.write_shared("datapackage.json", write_json(_describe_package(site, resources)))
    title = site.words["definitions"]
    site.write_page("definitions/", title, "definitions.html", heading=title, queries=listed)


def _write_files(site: Site, query: Query, answer: Answer) -> list[Resource]:
    """Write an answer as CSV and Parquet; return their entries in the package.

    The CSV has a schema of its columns; there is no time of day in a table. Parquet is entered as a
    plain file, as Frictionless does not count the bytes of a table it reads.
    """
    frame, slug = answer.frame, make_slug(query.name)
    columns = [
        {"name": field["name"], "type": field["type"].replace("datetime", "date")}
        for field in build_table_schema(frame, index=False)["fields"]
    ]
    of_rows = {"profile": "tabular-data-resource", "schema": {"fields": columns}}
    of_file = {"type": "file", "mediatype": "application/vnd.apache.parquet"}
    kinds = (
        ("csv", slug, table_files.write_rows(frame).encode(), of_rows),
        ("parquet", f"{slug}-parquet", frame.to_parquet(index=False), of_file),
    )
    resources = []
    for kind, name, content, more in kinds:
        path = f"{FOLDER}/{slug}.{kind}"
        site.write_file(path, content)
        resources.append(
            {
                "name": name,
                "path": path,
                "title": query.question,
                "description": answer.provenance.source,
                "format": kind,
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                **more,
            }
        )
    return resources


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
