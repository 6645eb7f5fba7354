"""Checks whether each language has every word of the code that the public reads."""

from __future__ import annotations

import ast
import importlib
import tomllib
from collections.abc import Iterator, Mapping

from longevity.facts.counted import COUNTED
from longevity.settings import ROOT
from longevity.warehouse.catalogue import load_queries
from longevity.words.language import SPOKEN, TRANSLATED

CODE = ROOT / "longevity"
FRAME = CODE / "edition" / "words.toml"  # of what is around the public edition's pages


def list_words() -> set[str]:
    """List the English texts that need a translation.

    They are what `translate` is called with, those of every `Spoken`, and the public's questions.
    """
    importlib.import_module("longevity.edition.build")  # all that the public reads
    asked = {query.question for query in load_queries().values() if query.query_class.public}
    words = {word for path in CODE.rglob("*.py") for word in _read_words(path.read_text())}
    return words | SPOKEN | asked


def _read_words(code: str) -> Iterator[str]:
    """Yield the texts that code gives to `translate`, by reading its syntax.

    One may be in its call, in a call that takes `translate` first, or a constant that these name.
    """
    tree = ast.parse(code)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and "translate" in map(_name, (node.func, *node.args[:1])):
            given = node.args[0] if _name(node.func) == "translate" else node.args[1]
            yield from _list_texts(given, constants)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _list_texts(node: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """Yield the texts an expression may be: both ways of a condition, each item of a tuple."""
    node = constants.get(_name(node), node)
    if isinstance(node, ast.IfExp):
        yield from _list_texts(node.body, constants)
        yield from _list_texts(node.orelse, constants)
    elif isinstance(node, ast.Tuple):
        yield from (text for item in node.elts for text in _list_texts(item, constants))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def find_gaps(words: set[str]) -> list[str]:
    """Return a line for each word that a language lacks, or has and English has not."""
    frame = tomllib.loads(FRAME.read_text("utf-8"))
    gaps = []
    for code, language in TRANSLATED.items():
        lacking = [*sorted(words - language.words.keys())]
        lacking += [*sorted(frame.keys() ^ language.edition.keys())]
        lacking += [*sorted(COUNTED.keys() ^ language.counted.keys())]
        gaps += [f"'{word}' is not in both en and {code}." for word in lacking]
    return gaps
