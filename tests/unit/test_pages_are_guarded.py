"""Each page begins with the guard and only chooses, asks and shows: read from its source."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from longevity.reports import call_ins, follow_up
from longevity.ui import navigation
from tests.drivers import screens

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
        (report,) = re.findall(r"(\w+)\.build_public\b", form)
        asked = re.findall(r'\.ask\("(\w+)"', inspect.getsource(PUBLIC_FORMS[report]))
        assert asked
        assert all(query.startswith("public_") for query in asked)
    assert (statements[1] == "page_context.stop_public_viewers(visit)") is screen.operational
    assert statements.count("page_context.stop_public_viewers(visit)") == int(screen.operational)
