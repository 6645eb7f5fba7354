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

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Template

from longevity.base.errors import ConfigError, suggest_nearest
from longevity.words.language import ENGLISH, Language, load_languages
from longevity.words.wording import ENVIRONMENTS

FOLDER = Path(__file__).parent
KEYS = ("query", "facts", "whole", "file_only")
CHARTS, CHART = "charts", "chart:"  # a measure and its chart may have one name
COLUMNS = "columns"
LOCALES = "locales"  # the folder of translations, next to the files
NONE = "_none"  # how the sentence ends that is said where the whole is nought


@dataclass(frozen=True)
class ChartDeclaration:
    """How a chart of a measure is drawn, and who may see it.

    `kind`: which of `charts.kinds` draws it, made with `arguments`; `subject`: the
    heading it is listed under; `choose`: the choices a viewer has; `inside`: empty for a public
    chart, else the names of two sentences of `stays_inside`: why it is not public and what to use
    instead; `file`: its file's name, which may have facts in braces; `title_of`, `sum_by`,
    `some`: how its rows are made from the answer (`chart_catalogue.chart_list.prepare_rows`).
    """

    measure: str
    kind: str
    subject: str
    choose: tuple[str, ...]
    inside: tuple[str, ...]
    file: str
    title_of: Mapping[str, Any]
    sum_by: str
    some: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """One measure, or one of its charts, which has sentences of its own (then `chart` is set).

    `query`: the query its figures come from, if any; `facts`: what else its sentences may name;
    `whole`: the figure it is a part of; `sentences`: templates by language and name, {"en":
    {"title": "{{ greeted }} of …"}}; `columns`: by language and heading, a column's name or the
    template of a cell; `file_only`: the headings that are only in files.
    """

    name: str
    query: str | None
    facts: frozenset[str]
    whole: str | None
    sentences: Mapping[str, Mapping[str, str]]
    columns: Mapping[str, Mapping[str, str]]
    path: Path
    file_only: tuple[str, ...] = ()
    chart: ChartDeclaration | None = None


@cache
def load_measures(folder: Path = FOLDER) -> dict[str, Measure]:
    """Return every measure by its name, and every chart by "chart:" and its name, from all files.

    Raises:
        ConfigError: a file is no TOML, an entry has an unknown key, a query does not exist, or two
            files declare one measure.
    """
    measures: dict[str, Measure] = {}
    languages = load_languages(folder / LOCALES)
    for path in sorted(folder.glob("*.toml")):
        for measure in _read_file(path, languages):
            if measure.name in measures:
                raise make_error(path, measure.name, "is declared twice.", "Rename one of them.")
            measures[measure.name] = measure
    for code, language in languages.items():
        charts = [f"{CHART}{name}" for name in language.charts]
        for name in [name for name in (*language.sentences, *charts) if name not in measures]:
            known = suggest_nearest(name, measures)
            raise make_error(folder / LOCALES / f"{code}.toml", name, "is in no file.", known)
    return measures


@cache
def compile_template(language: str, source: str) -> Template:
    """Return a sentence as a Jinja template, to be filled with `render`."""
    return ENVIRONMENTS[language].from_string(source)


def _read_file(path: Path, languages: Mapping[str, Language]) -> Iterator[Measure]:
    """Yield the measures of one TOML file, each followed by its charts, with their translations."""
    try:
        declared = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is not TOML: {error}.", "Mend the line it names.") from None
    for name, entry in declared.items():
        charts = entry.pop(CHARTS, {})
        if unknown := [key for key in entry if key not in (*KEYS, ENGLISH)]:
            problem = f"has the key '{unknown[0]}', which means nothing."
            raise make_error(path, name, problem, suggest_nearest(unknown[0], (*KEYS, CHARTS)))
        own = {code: language.sentences.get(name) for code, language in languages.items()}
        yield _read_measure(path, name, {**entry, **own})
        for chart, keys in charts.items():
            shared = {key: entry[key] for key in KEYS if key in entry}
            facts = [*entry.get("facts", ()), *keys.get("facts", ())]
            own = {code: language.charts.get(chart) for code, language in languages.items()}
            entry_of_chart = {**shared, **keys, **own, "facts": facts}
            yield _read_chart(path, name=chart, measure=name, entry=entry_of_chart)


def _read_chart(path: Path, name: str, measure: str, entry: Mapping[str, Any]) -> Measure:
    """Read a chart. `entry` is its table, with its measure's query, facts and whole as defaults.

    Without a `subject` it is listed under "The program"; a chart that is not public offers the
    choice of a city or all of them, unless it has a `choose` of its own.
    """
    own = {key: value for key, value in entry.items() if key not in (*KEYS, *ENVIRONMENTS)}
    if "kind" not in own:
        raise make_error(path, name, "is a chart without a kind.", "Give it one.")
    chart = ChartDeclaration(
        measure,
        kind=own.pop("kind"),
        subject=own.pop("subject", "The program"),
        choose=tuple(own.pop("choose", ["city_or_all"] if "inside" in own else ())),
        inside=tuple(own.pop("inside", ())),
        file=own.pop("file", name),
        title_of=own.pop("title_of", {}),
        sum_by=own.pop("sum_by", ""),
        some=own.pop("some", ""),
        arguments=own,
    )
    return replace(_read_measure(path, f"{CHART}{name}", entry), chart=chart)


def _read_measure(path: Path, name: str, entry: Mapping[str, Any]) -> Measure:
    """Read a measure from its table in the TOML file.

    A table within a language, `parts.greeted = "met"`, gives sentences named "parts.greeted".
    """
    sentences: dict[str, dict[str, str]] = {}
    columns: dict[str, dict[str, str]] = {}
    for language in (key for key in ENVIRONMENTS if entry.get(key)):
        written = dict(entry[language])
        columns[language] = written.pop(COLUMNS, {})
        for group in [key for key in written if isinstance(written[key], dict)]:
            written |= {f"{group}.{part}": words for part, words in written.pop(group).items()}
        sentences[language] = written
    own = (frozenset(entry.get("facts", ())), entry.get("whole"), sentences, columns, path)
    return Measure(name, entry.get("query"), *own, tuple(entry.get("file_only", ())))


def make_error(path: Path, name: str, problem: str, fix: str) -> ConfigError:
    """Return an error that names the file and the entry first: "violence.toml: [victims]"."""
    return ConfigError(f"{path.name}: [{name}] {problem}", fix)
