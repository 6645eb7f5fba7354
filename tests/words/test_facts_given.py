"""Each call of `say` gives what the sentence names, read from the code, so that none fails only when it is said.

Where a call gives a frame or what another class holds, a name has to be one that code writes at all.
"""

import ast
import re
from functools import cache

import pytest
from jinja2 import meta

from longevity.screens.sentence_check import THRESHOLDS
from longevity.settings import ROOT
from longevity.warehouse.catalogue import list_columns, load_queries
from longevity.words.declarations import load_declarations
from longevity.words.wording import ENVIRONMENTS

CODE = {path: path.read_text() for path in (ROOT / "longevity").rglob("*.py")}
STEPS = 6  # from a call to the table of facts it gives, over names and functions


@cache
def list_functions():
    """Every function of the code by its name, which several may have."""
    functions = {}
    for code in CODE.values():
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.FunctionDef):
                functions.setdefault(node.name, []).append(node)
    return functions


@cache
def list_written():
    """What code writes as a word, a name, a key or a field, and the columns and parameters of every query."""
    queries = load_queries().values()
    of_queries = {name for query in queries for name in (*list_columns(query), *query.parameters)}
    return of_queries | {word for code in CODE.values() for word in re.findall(r"\w+", code)}


def name_called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def find_keys(node, function, steps=STEPS):
    """The keys of the table that an expression gives; None where they cannot be read."""
    parts, keys = [], set()
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            keys |= {key.value} if isinstance(key, ast.Constant) else set()
            parts += [] if isinstance(key, ast.Constant) else [value if key is None else key]
    elif isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    elif isinstance(node, ast.Name):
        parts, keys = find_assigned(node.id, function)
    elif isinstance(node, ast.Call):
        parts = [
            (answer.value, called)
            for called in list_functions().get(name_called(node), [])
            for answer in ast.walk(called)
            if isinstance(answer, ast.Return)
        ]
    if not steps or not (parts or keys or isinstance(node, ast.Dict)):
        return None
    for part in parts:
        of_part = find_keys(*(part if isinstance(part, tuple) else (part, function)), steps - 1)
        if of_part is None:
            return None
        keys |= of_part
    return keys


def find_assigned(name, function):
    """What a function puts into a name: `facts = {…}`, `facts |= {…}`, and the keys of `facts["since"] = …`."""
    values, keys = [], set()
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and target.id == name and getattr(node, "value", None):
                values.append(node.value)
            if isinstance(target, ast.Subscript) and getattr(target.value, "id", "") == name:
                keys.add(getattr(target.slice, "value", ""))
    return values, keys


def list_names(source):
    return meta.find_undeclared_variables(ENVIRONMENTS["en"].parse(source))


def find_forgotten(code):
    """A line for each call that says a sentence without what it names: "week.ended: day"."""
    tree = ast.parse(code)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    forgotten = []
    for function in functions:
        for call in ast.walk(function):
            if not isinstance(call, ast.Call) or name_called(call) not in ("say", "say_rows"):
                continue
            said = call.args[0] if call.args else None
            measure, _, sentence = str(getattr(said, "value", "")).partition(".")
            declared = load_declarations().get(measure)
            if declared is None or sentence not in declared.en.sentences:
                continue
            given = {keyword.arg for keyword in call.keywords} | THRESHOLDS
            of_tables = [find_keys(table, function) for table in call.args[1:]]
            given.update(*filter(None, of_tables))
            if None in of_tables or None in given:
                given |= list_written()
            lacking = list_names(declared.en.sentences[sentence]) - given
            forgotten += [f"{measure}.{sentence}: {', '.join(sorted(lacking))}"] if lacking else []
    return forgotten


def test_code_gives_each_fact_that_a_sentence_it_says_names():
    assert [line for code in CODE.values() for line in find_forgotten(code)] == []


@pytest.mark.parametrize(
    ("code", "forgotten"),
    [
        ('say("attendance.lost_reachable", lost=1)', ["attendance.lost_reachable: of"]),
        ('facts = {"lost": 1}\n say("attendance.lost_reachable", facts)', ["attendance.lost_reachable: of"]),
        ('facts = {"lost": 1}\n facts["of"] = 2\n say("attendance.lost_reachable", facts)', []),
        ('say("attendance.lost_reachable", {"lost": 1} | {"of": 2})', []),
    ],
)
def test_a_forgotten_fact_is_named(code, forgotten):
    assert find_forgotten(f"def build():\n {code}") == forgotten


def test_each_fact_is_a_column_or_a_word_that_code_writes():
    for name, declared in load_declarations().items():
        for sentence, source in declared.en.sentences.items():
            assert list_names(source) <= list_written() | declared.en.columns.keys(), f"{name}.{sentence}"
