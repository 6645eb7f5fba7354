"""The data of the edition: every question the public may ask, as CSV and a Data Package.

The Data Package is Frictionless's (datapackage.json, version 1): a program finds every table there.
"""

from __future__ import annotations

from typing import Any

from longevity.edition.site import Site, make_slug, write_json
from longevity.errors import DataError, UsageError
from longevity.outputs import table_files
from longevity.screens.marks import SYNTHETIC_IN_FULL


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
        slug = make_slug(query.name)
        site.write_shared(f"data/{slug}.csv", table_files.write_rows(answer.frame))
        resources.append(
            {
                "name": slug,
                "path": f"data/{slug}.csv",
                "title": query.question,
                "description": answer.provenance.source,
                "format": "csv",
                "encoding": "utf-8",
            }
        )
    site.write_shared("datapackage.json", write_json(_describe_package(site, resources)))
    title = site.words["definitions"]
    site.write_page("definitions/", title, "definitions.html", heading=title, queries=listed)


def _describe_package(site: Site, resources: list[dict[str, Any]]) -> dict[str, Any]:
    context, release = site.context, site.context.warehouse.release
    mark = f"{SYNTHETIC_IN_FULL} " if context.synthetic else ""
    return {
        "name": make_slug(context.settings.program),
        "title": f"{context.settings.program}: public tables",
        "description": f"{mark}Release {release.id}.",
        "version": release.id,
        "resources": resources,
    }
