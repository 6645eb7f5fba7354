"""What is counted: how it is declared, and what is said of a declaration that is wrong."""

import pytest
import sqlfluff

from longevity.base.errors import ConfigError
from longevity.facts.counted import COUNTED, load_counted
from longevity.ingest import victim_coverage
from longevity.settings import ROOT

KNIFE = """
[knife]
counts = "weapon = 'knife' AND outcome = 'fatal'"
of = "people"
needs = { outcomes = ["fatal"], weapons = ["knife"] }
claimed = "stabbed to death"
noun = "people killed with a knife"
clause = "{{ n }} people were killed with a knife"
"""


@pytest.mark.parametrize("name", COUNTED)
def test_a_condition_is_sql_that_the_linter_reads(name):
    for condition in (COUNTED[name].counts, COUNTED[name].without):
        written = f"SELECT COUNT(*) AS counted\nFROM victims\nWHERE {condition}\n"
        assert sqlfluff.lint(written, config_path=str(ROOT / "pyproject.toml")) == [], condition


def test_a_source_is_asked_for_words_that_the_contract_has():
    for name, count in COUNTED.items():
        assert {*count.needs.outcomes} <= {*victim_coverage.WORDS["outcomes"]}, name
        assert {*count.needs.weapons} <= {*victim_coverage.WORDS["weapons"]}, name
        assert count.tested_on in {"", *COUNTED}, name


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("claimed", "claimd", "Did you mean 'claimed' by 'claimd'?"),
        ('noun = "people killed with a knife"\n', "", "'knife.noun' is missing."),
        ('"people"', '"persons"', "'knife.of' must be 'people' or 'incidents'"),
    ],
)
def test_a_count_that_is_declared_wrongly_is_a_sentence(tmp_path, old, new, sentence):
    path = tmp_path / "counted.toml"
    path.write_text(KNIFE)
    assert [*load_counted(path)] == ["knife"]
    path.write_text(KNIFE.replace(old, new, 1))
    with pytest.raises(ConfigError) as refused:
        load_counted(path)
    assert sentence in str(refused.value)
