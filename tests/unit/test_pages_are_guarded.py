"""Each page begins with the guard and only chooses, asks and shows: read from its source."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from longevity.reports import call_ins, follow_up
from longevity.ui import navigation
from tests.drivers import screens

FORBIDDEN = ("duckdb", "pandas", "numpy", "sqlite3", "pyarrow")
SQL = ("select ", "insert ", "update ", "delete ", "group by")

PUBLIC_FORMS = {"call_ins": call_ins.build_public, "follow_up": follow_up.build_public}


def body(page: str) -> list[ast.stmt]:
    return ast.parse(screens.path_of(page).read_text(encoding="utf-8")).body


def after_imports(page: str) -> list[ast.stmt]:
    """Everything after the docstring and the imports."""
    statements = body(page)
    assert isinstance(statements[0], ast.Expr)  # says what the page answers
    rest = statements[1:]
    while rest and isinstance(rest[0], ast.Import | ast.ImportFrom):
        rest = rest[1:]
    return rest


def title_of(page: str) -> str | None:
    """What the first statement gives to `page_context.enter_page`, when that is what it does."""
    first = after_imports(page)[0]
    if not (isinstance(first, ast.Assign) and isinstance(first.value, ast.Call)):
        return None
    call = first.value
    given = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    return (
        str(given[0])
        if ast.unparse(call.func) == "page_context.enter_page" and len(given) == 1
        else None
    )


def test_the_navigation_has_every_page_and_no_other() -> None:
    assert sorted(screen.file for screen in navigation.SCREENS) == screens.pages()
    titles = [screen.title for screen in navigation.SCREENS]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("screen", navigation.SCREENS, ids=lambda screen: screen.file)
def test_the_guard_comes_first_and_knows_the_page_by_its_title(
    screen: navigation.Screen,
) -> None:
    assert title_of(screen.file) == screen.title


@pytest.mark.parametrize("screen", navigation.SCREENS, ids=lambda screen: screen.file)
def test_a_page_declared_operational_is_shut_before_it_asks_and_no_other(
    screen: navigation.Screen,
) -> None:
    statements = [ast.unparse(statement) for statement in after_imports(screen.file)]
    if screen.public_form:
        # The public's short form asks for what was frozen for it, and ends the page.
        form = statements.pop(1)
        assert form.startswith("if visit.viewer.named_scope is None:")
        assert form.endswith("st.stop()")
        (report,) = re.findall(r"keep_report\((\w+)\.build_public\)", form)
        asked = re.findall(r'\.ask\("(\w+)"', inspect.getsource(PUBLIC_FORMS[report]))
        assert asked
        assert all(query.startswith("public_") for query in asked)
    assert (statements[1] == "page_context.stop_public_viewers(visit)") is screen.operational
    assert statements.count("page_context.stop_public_viewers(visit)") == int(screen.operational)


@pytest.mark.parametrize("page", screens.pages())
def test_a_page_imports_nothing_that_reads_data(page: str) -> None:
    tree = ast.parse(screens.path_of(page).read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    for module in imported:
        assert module.split(".")[0] not in FORBIDDEN
        assert not module.startswith(("longevity.warehouse", "longevity.release"))


@pytest.mark.parametrize("page", screens.pages())
def test_a_page_holds_no_sql_and_asks_only_through_its_visit(page: str) -> None:
    """It asks, or it draws a chart or shows a report, which ask by its context."""
    tree = ast.parse(screens.path_of(page).read_text(encoding="utf-8"))
    asked = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not any(word in node.value.lower() for word in SQL)
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("run", "execute", "sql", "_fetch", "find_query")
            asked += node.attr in ("ask", "draw", "show_report", "open_tabs")
    assert asked


def trivial(node: ast.BinOp) -> bool:
    """A year one or two on, a length plus one, `f"…" + "…"`."""
    small = isinstance(node.right, ast.Constant) or isinstance(node.left, ast.Constant)
    return small and isinstance(node.op, ast.Add | ast.Sub)


@pytest.mark.parametrize("page", screens.pages())
def test_a_page_does_no_arithmetic_on_data(page: str) -> None:
    tree = ast.parse(screens.path_of(page).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            assert trivial(node), ast.unparse(node)
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            assert name not in ("sum", "max", "min", "round"), ast.unparse(node)
            assert not name.endswith((".sum", ".mean", ".groupby", ".merge")), ast.unparse(node)


@pytest.mark.parametrize("page", screens.pages())
def test_text_from_outside_is_shown_as_it_stands(page: str) -> None:
    # `st.markdown(f"…{x}…")` with a value that is not escaped would read it as Markdown.
    tree = ast.parse(screens.path_of(page).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in ("markdown", "write", "header") and node.args:
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.FormattedValue):
                    inside = ast.unparse(node.args[0])
                    assert "escape_markdown(" in inside, ast.unparse(node)
