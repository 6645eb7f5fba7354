"""The tables of keys in docs/configuration.md and docs/import.md, of the models.

They are between `<!-- keys of MODEL -->` and `<!-- end -->`. What a key says is the text under its
field.
"""

from __future__ import annotations

import ast
import re
from inspect import getsource
from itertools import pairwise
from types import ModuleType
from typing import Any

from longevity.ingest.importing import column_rules, mapping
from longevity.settings import models
from longevity.settings.toml_file import Table

MARK = re.compile(r"(<!-- keys of (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
# The pages, the modules of their models, and whether their tables show defaults.
PAGES = (("configuration.md", (models,), True), ("import.md", (mapping, column_rules), False))


def describe_fields(model: type[Table]) -> dict[str, str]:
    """The text under each field of a model; fields without one are left out."""
    (body,) = (
        node.body for node in ast.parse(getsource(model)).body if isinstance(node, ast.ClassDef)
    )
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }


def render_table(model: type[Table], defaults: bool) -> str:
    rows = [["key", "default", "says"], ["---"] * 3]
    for name, says in describe_fields(model).items():
        field = model.model_fields[name]
        rows.append([f"`{field.alias or name}`", _render_default(field), says])
    return "".join(
        "| " + " | ".join(row if defaults else [row[0], row[2]]) + " |\n" for row in rows
    )


def _render_default(field: Any) -> str:
    if field.is_required():
        return "needed"
    default = field.default
    return "none" if field.default_factory or default in (None, "", ()) else f"`{default}`"


def render_page(text: str, modules: tuple[ModuleType, ...], defaults: bool) -> str:
    models_by_name = {name: model for module in modules for name, model in vars(module).items()}
    return MARK.sub(
        lambda mark: mark[1] + render_table(models_by_name[mark[2]], defaults) + mark[3], text
    )
