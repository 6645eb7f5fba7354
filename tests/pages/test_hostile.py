"""Hostile labels in the data and hostile words in the link: text on screen, harmless in outputs."""

from __future__ import annotations

import csv
import io

from longevity import cli
from longevity.auth.viewers import STATE
from longevity.outputs import table_files
from longevity.release.store import Store
from longevity.warehouse.warehouse import Warehouse
from tests.pages.conftest import HOSTILE


def test_no_output_of_any_question_runs_a_label(world, monkeypatch, capsys):
    labelled = world("hostile")
    warehouse = Warehouse(Store(labelled.home).current(), labelled)
    met = set()
    monkeypatch.setattr("longevity.settings.load_settings", lambda: labelled)
    for name in warehouse.queries:
        answer = warehouse.run(name, {}, STATE)
        text = table_files.write_csv(answer.frame, answer.provenance).decode()
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
