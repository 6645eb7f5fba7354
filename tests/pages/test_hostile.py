"""Hostile labels in the data and hostile words in the link: text on screen, harmless in outputs."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from longevity import cli
from longevity.auth.viewers import STATE
from longevity.release.person_references import list_text_columns
from longevity.release.store import Store
from longevity.settings import ROOT, Settings
from longevity.ui import expanders
from longevity.warehouse.warehouse import Warehouse
from tests.drivers import screens
from tests.factories import odd_release

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "'; DROP TABLE groups; --",
    "+1[x](http://x)<img src=x>",
)
MORE = "[x](javascript:alert(1)) " + "W" * 170  # as long as a label may be
LINKS = (
    "'; DROP TABLE incidents; --<script>alert(1)</script>",
    "<script>alert(1)</script>\u202e=1+1" + "A" * 10_000,
)
OTHERS = ("g1", "g2", "g3", "p1", "p2", "p3", "p4", "p5", "Schist", "Flint")


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The odd release with hostile code names for its groups, as far as `publish` takes them."""
    with pytest.MonkeyPatch.context() as patch:
        rows = odd_release.rows

        def hostile(**tables: str) -> odd_release.Any:
            made = rows(**tables)
            for at, row in enumerate(made["groups"]):
                row["label"] = HOSTILE[at]
            made["enforcement_actions"][0]["agency"] = HOSTILE[3]
            # Every other text the contract takes, of the extracts there are.
            for name, lines in made.items():
                for column in list_text_columns(name):
                    for row in lines:
                        if column not in ("label", "agency"):
                            row[column] = MORE
            return made

        patch.setattr(odd_release, "rows", hostile)
        return odd_release.publish_release(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return odd_release.publish_release(tmp_path_factory.mktemp("odd"))


@pytest.mark.parametrize("page", ["promises", "call_ins", "coming_home"])
def test_a_hostile_label_is_text(
    labelled: Settings, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    app = screens.visit(monkeypatch, labelled, page, "state")
    assert not app.exception
    for element in (*app.markdown, *app.caption, *app.info):
        assert "<script>" not in element.value or not element.proto.allow_html
        assert "<img" not in element.value or not element.proto.allow_html
        assert "](javascript:" not in element.value
        assert "](http://x)" not in element.value.replace("\\]", "").replace("\\(", "")
    for figure in screens.figures(app):
        assert "<script>" not in json.dumps(figure)


def test_no_output_of_any_question_runs_a_label(
    labelled: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = Warehouse(Store(labelled.home).current(), labelled)
    met = set()
    monkeypatch.setattr("longevity.settings.load_settings", lambda: labelled)
    for name in warehouse.queries:
        answer = warehouse.run(name, {}, STATE)
        text = expanders.write_csv(answer.frame, answer.provenance).decode()
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                # A part behind a semicolon is disarmed too: some programs part a line there.
                met |= {label for label in HOSTILE if label in cell.replace(";'", ";")}
                assert not cell.startswith(("=", "@", "\t", "\r"))
    warehouse.close()
    assert met >= set(HOSTILE[:3])  # otherwise this tests nothing
    words = ["query", "group_coverage_grid", "--viewer", "state", "--format", "csv"]
    assert cli.main(words) == 0
    told = capsys.readouterr().out
    assert "'" + HOSTILE[0] in told
    assert "," + HOSTILE[0] not in told


def asked_in_links() -> set[str]:
    """Every name a screen reads from the link, so far as it is written in its code."""
    code = [*(ROOT / "pages").glob("*.py"), *(ROOT / "longevity" / "ui").glob("*.py")]
    found = {"area", "claim"}
    for path in code:
        found |= set(re.findall(r'choose_option\(\s*"[^"]*",\s*"(\w+)"', path.read_text()))
    return found


@pytest.mark.parametrize("page", screens.pages())
def test_a_hostile_link_shows_no_traceback_and_nobody_elses_rows(
    odd: Settings, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    names = asked_in_links()
    assert {"city", "period", "area"} <= names
    for at, words in enumerate(LINKS):
        viewer = "public" if at % 2 else "city:west"
        app = screens.visit(
            monkeypatch, odd, page, viewer, dark=False, **dict.fromkeys(names, words)
        )
        assert not app.exception
        assert not any("Traceback" in text for text in screens.texts(app))
        shown = [frame.to_numpy().ravel().tolist() for frame in screens.tables(app)]
        assert not {cell for cells in shown for cell in cells} & set(OTHERS)
        for element in app.markdown:
            assert "<script>" not in element.value or not element.proto.allow_html
