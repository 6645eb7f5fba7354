"""Read the measures of this folder's TOML files: a file a subject, an entry a measure.

    [met_home]                      # the measure
    query = "reentry_greeting"      # whose columns its sentences may name
    facts = ["since"]               # what else the code gives them
    whole = "exits"                 # of what: where it is nought, title_none is said for title
    file_only = ["Code"]            # columns of its table that are in the file, not on the screen

    [met_home.en]                   # its sentences; other languages have theirs in `locales/`
    title = "{{ greeted }} of {{ exits }} were met within {{ greeted_within_hours }} hours"
    title_none = "No one came home since {{ since|month }}"

    [met_home.en.columns]           # a table of its rows: heading, and a column or a template
    "Released" = "released_on"
    "Met" = "{{ greeted_by }}"

A sentence is a Jinja template. It may name a column of the query, a fact, or a threshold of the
configuration, which is how no sentence holds a number of hours or days of its own.

A measure's charts are declared with it, by the name in a link and a file:

    [met_home.charts.met-at-the-gate]
    kind = "stacks"                 # a class of charts/kinds; every other key is a field of it
    query = "exits_by_quarter"      # unless it is the measure's
    facts = ["quarter"]             # columns that are prepared in Python, and what else it gives
    inside = ["few", "steps"]       # why it stays inside, and what to take instead
    sum_by = "kind"                 # rows are added up by this column
    some = "cases"                  # rows with none of it are left out
    title_of.topic = "all"          # which rows the title is about, else all

    [met_home.charts.met-at-the-gate.en]
    topic = "Met at the gate"
    subtitle = "Members on the list who came home, by quarter"
    parts.greeted = "met in time"   # the names of what is drawn
    columns.note = "{{ greeted }} of {{ exits }}"  # words of each row
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Template
from pydantic import Field, RootModel

from longevity.base.errors import ConfigError
from longevity.base.toml_file import Table, read_toml
from longevity.words.language import ENGLISH, TRANSLATED, Words
from longevity.words.wording import ENVIRONMENTS

FOLDER = Path(__file__).parent
CHART = "chart:"  # a measure and its chart may have one name
NONE = "_none"  # how the sentence ends that is said where the whole is nought


class Declaration(Table):
    """What a measure and a chart have in common: figures, and the sentences they are said in.

    `query`: the query its figures come from, if any; `facts`: what else its sentences may name;
    `whole`: the figure it is a part of; `en`: its sentences in English.
    """

    query: str = ""
    facts: list[str] = Field(default_factory=list)
    whole: str = ""
    en: Words = Words()
    name: str = Field(default="", exclude=True)
    path: Path = Field(default=Path(), exclude=True)

    def find_words(self, language: str) -> Words:
        """Return its sentences in a language; none where they are not translated."""
        if language == ENGLISH:
            return self.en
        own = TRANSLATED[language]
        of_kind = own.charts if isinstance(self, ChartDeclaration) else own.sentences
        return of_kind.get(self.name, Words())


class ChartDeclaration(Declaration):
    """How a chart of a measure is drawn, and who may see it.

    `measure`: the measure that it is of; `kind`: which of `charts.kinds` draws it, made with
    `arguments`; `subject`: the heading it is listed under; `choose`: the choices a viewer has, for
    a chart that is not public by default a city or all of them; `inside`: empty for a public
    chart, else the names of two sentences of `stays_inside`: why it is not public and what to use
    instead; `file`: its file's name, which may have facts in braces; `title_of`, `sum_by`,
    `some`: how its rows are made from the answer (`chart_catalogue.chart_list.prepare_rows`).
    """

    kind: str
    subject: str = "The program"
    choose: list[str]
    inside: list[str] = Field(default_factory=list)
    file: str = ""
    title_of: dict[str, Any] = Field(default_factory=dict)
    sum_by: str = ""
    some: str = ""
    measure: str = Field(default="", exclude=True)
    arguments: dict[str, Any] = Field(default_factory=dict, exclude=True)

    @classmethod
    def prepare(cls, raw: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
        """Put the keys that its kind is made with apart, and fill in the usual choices."""
        keys = cls.list_keys()
        own = {"choose": ["city_or_all"] if "inside" in raw else []}
        own |= {key: raw[key] for key in raw if key in keys}
        arguments = {key: raw[key] for key in raw if key not in keys}
        return super().prepare(own, context) | {"arguments": arguments}


class Measure(Declaration):
    """One measure. `file_only`: the headings of its table that are only in files."""

    file_only: list[str] = Field(default_factory=list)
    charts: dict[str, ChartDeclaration] = Field(default_factory=dict)


class _File(RootModel[dict[str, Measure]]):
    """A file: a table for each measure."""


@cache
def load_declarations(folder: Path = FOLDER) -> dict[str, Declaration]:
    """Return every measure by its name, and every chart by "chart:" and its name, from all files.

    Raises:
        ConfigError: a file is no TOML, a table has an unknown key or lacks one, or two files
            declare one measure.
    """
    declared: dict[str, Declaration] = {}
    for path in sorted(folder.glob("*.toml")):
        for key, declaration in _read_file(path):
            if key in declared:
                problem = "is declared twice."
                raise make_error(path, declaration.name, problem, "Rename one of them.")
            declared[key] = declaration
    return declared


@cache
def load_measures() -> dict[str, Measure]:
    """Return every measure by its name."""
    declared = load_declarations().items()
    return {name: measure for name, measure in declared if isinstance(measure, Measure)}


@cache
def load_charts() -> dict[str, ChartDeclaration]:
    """Return every chart by its name."""
    declared = load_declarations().values()
    return {chart.name: chart for chart in declared if isinstance(chart, ChartDeclaration)}


@cache
def compile_template(language: str, source: str) -> Template:
    """Return a sentence as a Jinja template, to be filled with `render`."""
    return ENVIRONMENTS[language].from_string(source)


def _read_file(path: Path) -> Iterator[tuple[str, Declaration]]:
    """Yield the measures of one TOML file, each followed by its charts.

    A chart has its measure's query and whole unless it names its own, and its facts too.
    """
    for name, measure in read_toml(path).check(_File).root.items():
        yield name, measure.model_copy(update={"name": name, "path": path})
        for title, chart in measure.charts.items():
            filled: dict[str, Any] = {
                "name": title,
                "path": path,
                "measure": name,
                "query": chart.query or measure.query,
                "whole": chart.whole or measure.whole,
                "facts": [*measure.facts, *chart.facts],
                "file": chart.file or title,
            }
            yield f"{CHART}{title}", chart.model_copy(update=filled)


def make_error(path: Path, name: str, problem: str, fix: str) -> ConfigError:
    """Return an error that names the file and the entry first: "violence.toml: [victims]"."""
    return ConfigError(f"{path.name}: [{name}] {problem}", fix)
