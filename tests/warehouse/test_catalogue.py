"""The catalogue is read strictly, and every file of it keeps the rules."""

import re
from datetime import date, datetime

import pytest

from longevity.auth.viewers import QueryClass
from longevity.base.errors import ConfigError, UsageError
from longevity.warehouse import catalogue
from longevity.warehouse.catalogue import evaluate_default
from longevity.warehouse.parameters import (
    AllowedValues,
    find_uncovered_cities,
    resolve_parameters,
)

GOOD = """\
-- How many people came,
-- and how many could have?
-- Parameters: since
--   days: integer(1..366) = 28 — how long
--   kind: choice(short|long) = 'short' — which
--   date_from: date = data_through - 6 days — the first day
-- Grain: city, day
-- Class: aggregate
-- Reads: call_ins, invitations
-- Protects: attended, reachable, walk_ins
-- Share: attended of reachable, whom the invitation
--   reached

SELECT
    1 AS attended
WHERE $since IS NULL AND $days > 1 AND $kind = '$quoted' AND $date_from > '2020-01-01'
"""


def read(folder, text, name="guests_by_day.sql"):
    path = folder / "subject" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return catalogue.read_query(path)


def test_a_header_is_read_whole(tmp_path):
    query = read(tmp_path, GOOD)
    assert query.question == "How many people came, and how many could have?"
    assert list(query.parameters) == ["city", "since", "days", "kind", "date_from"]
    assert query.parameters["days"].choices == ("1", "366")
    assert query.parameters["kind"].choices == ("short", "long")
    assert query.grain == ("city", "day")
    assert query.query_class is QueryClass.AGGREGATE
    assert query.reads == ("call_ins", "invitations")
    assert query.protects == ("attended", "reachable", "walk_ins")
    assert query.header["Share"] == "attended of reachable, whom the invitation reached"


def test_rows_of_cities_are_cut_to_the_one_asked_for_and_sorted_by_their_grain(tmp_path):
    query = read(tmp_path, GOOD)
    assert query.rows.startswith("SELECT\n    1 AS attended")
    assert query.sql.endswith("WHERE $city IS NULL OR whole.city = $city\nORDER BY position, day")
    ordered = read(tmp_path, GOOD.replace("-- Class:", "-- Order: day DESC\n-- Class:")).sql
    assert ordered.endswith("\nORDER BY day DESC")
    plain = read(tmp_path, GOOD.replace("Grain: city, day", "Grain: day, kind"))
    assert "city" not in plain.parameters
    assert plain.sql == f"{plain.rows}\nORDER BY day, kind"


WRONG = [
    ("-- Class: aggregate\n", "", "the header 'Class:' is missing"),
    ("-- Class: aggregate", "-- Class: secret", "the class is 'secret'"),
    ("-- Reads: call_ins", "-- Reads: callins", "'callins', no extract. Did you mean 'call_ins'"),
    ("-- Reads:", "-- Read:", "'Read:' is not a header, or is there twice. Did you mean 'Reads'"),
    ("attended of reachable, whom the invitation\n--   reached", "", "nothing is written after 'Share:'"),
    ("have?", "have.", "not a question"),
    ("$since IS NULL AND", "", "declared or used, but not both: since."),
    ("$since IS NULL", "$town IS NULL", "declared or used, but not both: since, town."),
    ("-- Parameters: since", "-- Parameters: sincce", "'sincce' is not shared. Did you mean"),
    ("days: integer(1..366)", "days integer(1..366)", "'days integer(1..366) = 28 — how long' is"),
    ("integer(1..366) = 28", "integer = 28", "the kind of 'days' cannot be read"),
    ("integer(1..366) = 28", "numbr = 28", "the kind of 'days' cannot be read"),
    ("1..366) = 28", "1..366) = threshold greeted", "'threshold greeted' is no default"),
    ("-- Grain: city, day", "-- Grain: City, day", "not a column"),
    ("attended, reachable", "attended of reachable", "'Protects:' names 'attended of reachable'"),
    ("-- Grain: city, day", "-- Grain: city\n-- Grain: day", "is there twice"),
    ("SELECT\n    1", "SELECT 2; SELECT\n    1", "the SQL cannot be parsed"),
    ("SELECT\n    1 AS attended", "SELEC 1", "the SQL cannot be parsed"),
    (GOOD[GOOD.index("SELECT") :], "DELETE FROM daily\nORDER BY 1", "the SQL cannot be parsed"),
    (GOOD[GOOD.index("SELECT") :], "COPY daily TO 'out.csv'\nORDER BY 1", "the SQL cannot be parsed"),
]


@pytest.mark.parametrize(("old", "new", "says"), WRONG, ids=[says for *_, says in WRONG])
def test_a_wrong_header_names_the_file_and_what_is_wrong(tmp_path, old, new, says):
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert "subject/guests_by_day.sql" in str(caught.value)
    assert says in str(caught.value)


QUERIES = catalogue.load_queries()
NAMES = sorted(QUERIES)


def bare(query):
    """The SQL of its file without its comments and its quoted text."""
    text = query.path.read_text(encoding="utf-8")
    return re.sub(r"'[^']*'", "''", re.sub(r"--.*", "", text))


WORDS = (
    *("read_", "glob(", "scan(", "getenv", "duckdb_", "pragma", "attach", "install"),
    *("random(", "now(", "current_date", "today(", "any_value", "limit "),
)


def find_offences(query):
    sql, names = bare(query), set(query.parameters)
    # Of the answer, not of a CTE; `summed.*` are the counts that are declared.
    if re.search(r"(SELECT|,)\s+(?!summed\.)([a-z_]+\.)?\*", sql[sql.find("\nSELECT") :]):
        yield "SELECT *"
    if re.search(r"(BETWEEN \S+ AND|<=)\s*\$(date_until|year_until)", re.sub(r"INTERVAL.*", "", sql)):
        yield "a period that is not half open"
    if ("date_from" in names) != ("date_until" in names):
        yield "a period with one end"
    if len(names & {"year_until", "through"}) != 1 if "year_from" in names else "year_until" in names:
        yield "years with one end"
    yield from (f"reads a file or leaves it to chance: {w}" for w in WORDS if w in sql.lower())
    if "share" in query.name and "Share" not in query.header:
        yield "a share that does not say of what"
    # One query that counts days of its own tells another figure of the same shooting.
    for parameter in query.parameters.values():
        if parameter.name.startswith("within_") and not parameter.default.startswith("threshold "):
            yield f"{parameter.name} is not a threshold that is configured"


def test_every_query_keeps_the_rules():
    offences = [f"{name}: {what}" for name in NAMES for what in find_offences(QUERIES[name])]
    assert offences == []


LIST = """\
-- Who came?
-- Parameters: since
-- Grain: person_id
-- Class: named
-- Reads: call_ins

WITH came AS (
    SELECT 1 AS person_id
)

SELECT came.person_id
FROM came
WHERE $since IS NULL
"""
COUNT = """\
-- How many came?
-- Grain: many
-- Class: aggregate
-- Of: {}

SELECT COUNT(*) AS many
FROM all_guests
"""


def test_a_question_asked_of_another_reads_its_whole_answer_under_its_name(tmp_path):
    read(tmp_path, LIST, "guests.sql")
    count = read(tmp_path, COUNT.format("guests"), "guests_counted.sql")
    assert count.sql.startswith("WITH all_guests AS (\n    WITH came AS (")
    assert count.sql.endswith("SELECT COUNT(*) AS many\nFROM all_guests\nORDER BY many")
    assert (list(count.parameters), count.reads) == (["since"], ("call_ins",))
    own = COUNT.replace("SELECT COUNT", "WITH few AS (\n    SELECT 1 AS one\n)\n\nSELECT COUNT")
    composed = read(tmp_path, own.format("guests"), "guests_with.sql").sql
    assert composed.count("WITH all_guests") == 1
    assert "),\n\nfew AS (" in composed


@pytest.mark.parametrize(
    ("of", "said"), [("gusts", "no query. Did you mean 'guests'"), ("guests_counted", "of another itself")]
)
def test_a_question_of_none_or_of_a_count_is_refused(tmp_path, of, said):
    read(tmp_path, LIST, "guests.sql")
    read(tmp_path, COUNT.format("guests"), "guests_counted.sql")
    with pytest.raises(ConfigError, match=said):
        read(tmp_path, COUNT.format(of), "guests_again.sql")


def test_two_files_of_one_name_are_refused(tmp_path):
    for subject in ("one", "two"):
        (tmp_path / subject).mkdir()
        (tmp_path / subject / "guests.sql").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ConfigError, match="has the name of"):
        catalogue.load_queries(tmp_path)


# What may be asked, and the sentence when it may not
AREAS = {"east": ["Harbour", "Hill"], "west": ["Hill", "Mill"]}
SPANS = {"east": (date(2010, 3, 1), date(2024, 2, 29)), "west": (date(2012, 1, 1), date(2024, 2, 20))}
CONTEXT = AllowedValues(("east", "west"), AREAS, SPANS)
HOURS = {"greeted_within_hours": 48}
MAY = (date(2023, 5, 1), date(2023, 6, 1))
WHOLE = (date(2010, 3, 1), date(2024, 2, 21))  # to the least data-through


def asked(query, given=None):
    return resolve_parameters(QUERIES[query], given, CONTEXT)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("null", None),
        ("data_through", date(2024, 2, 29)),
        ("data_through - 6 days", date(2024, 2, 23)),
        ("start of year", date(2024, 1, 1)),
        ("start of data", date(2010, 3, 1)),
        ("year of data_through + 1", 2025),
        ("year of start of data", 2010),
        ("threshold greeted_within_hours", 48),
        ("'short'", "short"),
        ("28", 28),
    ],
)
def test_a_default_is_worked_out(expression, value):
    assert evaluate_default(expression, date(2010, 3, 1), date(2024, 2, 29), HOURS) == value


def test_the_bare_name_answers_for_all_cities_to_the_least_data_through():
    assert asked("unlocated_victims_by_city") == {"city": None, "date_from": WHOLE[0], "date_until": WHOLE[1]}


@pytest.mark.parametrize(
    ("first", "until", "lacking"),
    [
        (date(2024, 2, 20), date(2024, 2, 21), []),
        (date(2024, 2, 21), date(2024, 2, 22), ["west"]),
        (date(2011, 1, 1), date(2012, 1, 1), ["west"]),
        (date(2011, 1, 1), date(2012, 1, 2), []),
    ],
)
def test_a_city_is_lacking_where_its_data_cover_no_day_of_the_period(first, until, lacking):
    values = {"date_from": first, "date_until": until}
    query = QUERIES["unlocated_victims_by_city"]
    assert [*find_uncovered_cities(query, values, CONTEXT)] == lacking


@pytest.mark.parametrize(
    ("query", "name", "given", "value"),
    [
        ("unlocated_victims_by_city", "date_from", "2011-02-03", date(2011, 2, 3)),
        ("unlocated_victims_by_city", "date_from", datetime(2011, 2, 3), date(2011, 2, 3)),
        ("unlocated_victims_by_city", "date_from", None, date(2010, 3, 1)),
        ("unlocated_victims_by_city", "city", "all", None),
        ("unlocated_victims_by_city", "city", " east ", "east"),
        ("counts", "windows", None, (WHOLE,)),
        ("counts", "windows", "2023-05-01..2023-05-31", (MAY,)),
        ("counts", "windows", " 2023-05-01..2023-05-31 , 2022-05-01 ", (MAY, (date(2022, 5, 1), date(2022, 5, 2)))),
        ("counts", "windows", [MAY, MAY], (MAY,)),  # one asked for twice is one
    ],
)
def test_a_value_may_come_as_itself_or_as_its_text(query, name, given, value):
    assert asked(query, {name: given})[name] == value


def test_windows_may_come_as_a_word():
    years = asked("counts", {"windows": "years"})["windows"]
    assert years[0] == (date(2010, 1, 1), date(2011, 1, 1))
    assert years[-1] == (date(2024, 1, 1), date(2024, 2, 21))
    months = asked("counts", {"windows": "months", "city": "west"})["windows"]
    assert (len(months), months[-1]) == (146, (date(2024, 2, 1), date(2024, 2, 21)))


UNLOCATED, COUNTS, HOME = "unlocated_victims_by_city", "counts", "coming_home"
REFUSED = [
    (UNLOCATED, {"citty": "east"}, "has no parameter 'citty'. Did you mean 'city'?"),
    ("checks", {"city": "east"}, "has no parameter 'city'. It has none."),
    (UNLOCATED, {"city": "easst"}, "There is no city 'easst'. Did you mean 'east'?"),
    (UNLOCATED, {"city": ["east", "west"]}, "There is no city"),
    (UNLOCATED, {"city": "'; DROP TABLE daily; --"}, "There is no city"),
    (UNLOCATED, {"date_from": "03/02/2011"}, "must be a date such as"),
    (UNLOCATED, {"date_from": datetime(2011, 1, 1, 5)}, "must be a date such as"),
    (UNLOCATED, dict.fromkeys(("date_from", "date_until"), "2012-01-01"), "is 2012-01-01, which is not before"),
    (COUNTS, {"neighbourhood": "Hil", "city": "east"}, "no neighbourhood 'Hil' in 'east'. Did you mean 'Hill'?"),
    (COUNTS, {"neighbourhood": "Mill", "city": "east"}, "There is no neighbourhood 'Mill' in 'east'."),
    (COUNTS, {"neighbourhood": "Hill"}, "The city of the neighbourhood is missing."),
    (HOME, {"weeks": "ten"}, "'weeks' is 'ten'. It must be a whole number"),
    (HOME, {"weeks": 0}, "'weeks' is '0'."),
    (COUNTS, {"windows": "2023-05-01..soon"}, "must be a date such as"),
    (COUNTS, {"windows": "2023-05-01.."}, "must be a date such as"),
    (COUNTS, {"windows": "9999-12-31"}, "must be a date such as"),
    (COUNTS, {"windows": "2023-05-02..2023-05-01"}, "A window ends before it begins."),
]


@pytest.mark.parametrize(("query", "given", "says"), REFUSED, ids=[says for *_, says in REFUSED])
def test_what_cannot_be_is_refused_in_a_sentence(query, given, says):
    with pytest.raises(UsageError) as caught:
        asked(query, given)
    assert says in str(caught.value)


def test_a_header_needs_what_its_sql_waits_for():
    waited = re.compile(r"SUPPLIED_(?:CITIES|SPANS)\(\s*\[(.*?)\]", re.DOTALL)
    for query in catalogue.load_queries().values():
        for extracts in waited.findall(query.rows):
            assert re.findall(r"\w+", extracts) == [*query.needs], query.name
        assert {*query.needs} <= {*query.reads}, query.name
