"""The SQL files of the checks: each can be asked, and says nothing its answer does not hold."""

from __future__ import annotations

import re

import pytest

from longevity.checks.contract_rules import list_key_facts, list_reference_facts, list_row_rules
from longevity.checks.sql_checks import Folder
from longevity.checks.sql_files import FOLDER, KEYS, bind_sql, load_files, load_relations, load_rules
from longevity.ingest.contract import BY_NAME
from longevity.ingest.extracts_file import ExtractsFile
from longevity.scratch import open_scratch
from tests.conftest import TODAY

FACT = re.compile(r"\{(\w+)\}")
CHECKS = load_files(FOLDER) | load_files(KEYS)


@pytest.fixture
def folder(settings):
    """Every extract, empty, with all that checks read."""
    with open_scratch(settings.home / "spill") as connection:
        made = Folder(connection, settings, ExtractsFile(), TODAY, {})
        made.prepare_tables()
        yield made


def test_every_fact_of_a_sentence_is_in_the_answer(folder):
    wrong = []
    parts = list_key_facts(BY_NAME["victims"]), *list_reference_facts(BY_NAME["victims"])
    given = folder.thresholds | {key: v for part in parts for key, v in part.items()}
    for check in CHECKS.values():
        answer = folder.connection.sql(bind_sql(check, given)).columns
        named = FACT.findall(check.sentence + check.header["Do"])
        known = {*answer, *check.thresholds, *given, "rows"}
        wrong += [f"{check.name}: {fact}" for fact in named if fact not in known]
    assert wrong == []


def test_every_fact_of_a_row_rule_is_one_of_its_column(settings):
    wrong = {
        f"{rule.name}: {fact}"
        for extract in BY_NAME.values()
        for rule, facts in list_row_rules(extract, settings, ExtractsFile(), TODAY)
        for fact in FACT.findall(rule.sentence + rule.header["Do"])
        if fact not in {*facts, "nearest"}
    }
    assert wrong == set()


def test_what_a_header_reads_is_there_and_it_says_all_that_it_must():
    known = {*BY_NAME, *load_relations(), "any", "extracts.toml"}
    for file in [*CHECKS.values(), *load_rules().values()]:
        assert file.header.keys() >= {"Do", "On"}, file.name
        assert file.severity in ("error", "warning", "error, acceptable"), file.name
        assert {file.on["extract"], *file.list_words("Reads")} <= known, file.name
        if file.on["field"]:
            assert BY_NAME[file.on["extract"]].column(file.on["field"]), file.name
