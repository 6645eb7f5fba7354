"""The configuration is read strictly: what is wrong is named, with its file, line and key."""

from datetime import date
from pathlib import Path

import pytest

from longevity import settings as configuration
from longevity.base import toml_file
from longevity.base.errors import ConfigError
from longevity.settings import ROOT, Access
from tests.factories import configs


def load(path):
    return configuration.load_settings(path, home=path.parent / "home", environment={})


NAME, CRS, CITY = 'name = "East"', "EPSG:32612", "[cities.east]"
LIMIT, GROUPS, END = "withheld_up_to = 5", "groups = 12", "[demonstration]"
SENDER = 'sender = "us@b.example"'


def section(table, *cases):
    """The cases of a table that the right configuration has not: its lines, and the sentence."""
    return [(END, f"[{table}]\n{lines}\n{END}", said) for lines, said in cases]


def at(old, *cases):
    return [(old, new, said) for new, said in cases]


# What is written in the place of what, and words of the refusal.
WRONG = [
    *at("state =", ("sate =", ", line 2: 'program.state' is missing. Did you mean 'state' by")),
    *at("[program]", ("[progam]", ": 'program' is missing. Did you mean 'program' by 'progam'?")),
    ("[thresholds]", "stat = 1\n[thresholds]", "8: 'program.stat' is not a known key. Did you"),
    ("withheld_up_to", "witheld_up_to", "9: 'thresholds.witheld_up_to' is not a known key. Did"),
    (END, "[demonstrations]", "19: 'demonstrations' is not a known key. Did you mean"),
    *at(NAME, ('name = " "', "must have at least 1 character.")),
    ('"sunday"', '"sundays"', "is 'sundays'. Did you mean 'sunday'?"),
    *at("2020-01-01", ("2020-01-01T00:00:00", "must be a valid date.")),
    *at(GROUPS, ("groups = 0", "'cities.east.demonstration.groups' must be greater than 0.")),
    *(
        (NAME, f"{NAME}\n{line}", f", line 13: 'cities.east.{said}")
        for line, said in (
            ('boundary_pattern = "a"', "boundary_pattern' is not a known key. Did you mean"),
            ('boundary_names = { A = "x", a = "y" }', "boundary_names.a' is there twice"),
            ('boundary_name_prefix = "A\\nb "', "boundary_name_prefix' holds control characters"),
            (f"{'k' * 9000} = 1", f"{'k' * 68}…' is not a known key."),
        )
    ),
    *(
        (NAME, f"{NAME}\nboundary_name_pattern = '{pattern}'", said)
        for pattern, said in (
            ("(.*", "missing ), unterminated subpattern at position 0."),
            ("^.*$", "does not say which part is the name. Put that part in parentheses"),
            ("(" * 5000, "boundary_name_pattern' is longer than 200"),
        )
    ),
    *(
        (LIMIT, f"{key} = {value}", f", line 9: 'thresholds.{key}' {said}")
        for key, value, said in (
            ("withheld_up_to", "0", "must be greater than 0."),
            ("largest_loss", "nan", "must be less than or equal to 1."),
        )
    ),
    # Three wrong values of a table are three lines.
    (LIMIT, 'withheld_up_to = 0\npiled_rows = "x"\nlargest_jump = 25', "greater than 0.\n/"),
    *((CRS, code, "is not a projected system in metres") for code in ("EPSG:4326", "EPSG:3857")),
    (CRS, "EPSG:99999999", "is unknown"),
    ("America/Denver", "../etc/passwd", "'program.time_zone' is '../etc/passwd'. Give an IANA name such as"),
    (CITY, "[cities.all]", ", line 11: 'cities.all' has the id 'all', which cannot"),
    *((CITY, f"[cities.{city}]", ", line 11: 'cities.") for city in ("East", '"../x"')),
    (END, f'[cities.west]\nname = "EAST"\n{END}', "'cities.west' has the same name as 'east'."),
    *section(
        "evaluation",
        ('until = "2019-13"', "'evaluation.until' is '2019-13'. Give a month such as 2019-12, in"),
        ('until = "2019-12"', "is 2019-12, before the program came to any city (2020-01-01)."),
    ),
    *(
        ("[thresholds]", f'address = "{wrong}"\n[thresholds]', f"8: 'program.address' is '{wrong}'")
        for wrong in ("dashboard.example", "https://dashboard.example/x")
    ),
    *section(
        "branding",
        ('accent = "blue"', "Write a colour"),
        ('logo = "none.png"', "which is not there"),
        (f'footer = "{"x" * 81}"', "must have at most 80 characters."),
    ),
    *section(
        "signing",
        ('certificates = "none.pem"\nkey = "key.pem"', "which is not there"),
        ('certificate = "chain.pem"', "is not a known key. Did you mean 'certificates'"),
    ),
    *section(
        "mail",
        ('subscriptions = { "a@b.example" = "public" }', "'mail.sender' is missing."),
        (f'{SENDER}\nsubscriptions = {{ "a@b.example" = "city:eest" }}', "Did you mean 'city:east'?"),
        (f'{SENDER}\nsubscriptions = {{ "a, c@b.example" = "state" }}', "no address of mail"),
        ('sender = "Us <us@b.example>"', "'mail' has 'Us <us@b.example>', which is no address"),
    ),
    *section(
        "access",
        ('claims = "x"', "20: 'access.claims' is not a known key. Did you mean 'claim'?"),
        ('viewers = { x = "city:eest" }', "Did you mean 'city:east'?"),
        ('viewers = { x = "public" }', "is 'public', which is no viewer here."),
        ('viewers = { "x " = "state" }', "values match exactly"),
        ('claim = "is_logged_in"', "no claim of a person"),
        ("longest_hours = 25", "must be less than or equal to 24."),
        ('client_secret = "s3cret"', "'access.client_secret' is not a known key."),
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=[said[:60] for *_, said in WRONG])
def test_what_is_wrong_is_named(tmp_path, old, new, said):
    path = configs.write(tmp_path, old, new)
    with pytest.raises(ConfigError) as error:
        load(path)
    refusal = str(error.value)
    assert refusal.startswith(str(path))
    assert said in refusal
    assert "s3cret" not in refusal


def test_what_is_not_said_has_its_default(tmp_path, settings):
    loaded = load(configs.write(tmp_path))
    east = loaded.cities["east"]
    assert (east.id, east.week_ends_iso, east.reference_key) == ("east", 7, "East")
    assert loaded.reference == tmp_path / "data" / "reference"
    assert loaded.access == Access(claim="groups", longest_hours=10, viewers={})
    assert settings.access.viewers == {}  # as shipped


def test_what_is_said_is_taken(tmp_path):
    said = (
        '[evaluation]\nuntil = "2024-06"\n'
        '[access]\nclaim = "roles"\nlongest_hours = 4\n'
        '[access.viewers]\n"a b/c" = "state"\nx = "city:east"\n'
        '[branding]\naccent = "#0067a5"\n'
    )
    loaded = load(configs.write(tmp_path, END, f"{said}{END}"))
    assert loaded.evaluation.until == date(2024, 6, 1)
    viewers = {"a b/c": "state", "x": "city:east"}
    assert loaded.access == Access(claim="roles", longest_hours=4, viewers=viewers)
    assert loaded.branding.accent == "#0067A5"
    address = "https://dashboard.example:8443"
    own = 'name = "A program"'
    assert load(configs.write(tmp_path, own, f'{own}\naddress = "{address}"')).address == address
    assert load(configs.write(tmp_path, LIMIT, "largest_jump = 1")).thresholds.largest_jump == 1


def test_a_city_may_have_no_program(tmp_path):
    path = configs.write(tmp_path, END, f'[evaluation]\nuntil = "2001-01"\n{END}')
    text = path.read_text(encoding="utf-8").replace("launched_on = 2020-01-01\n", "")
    path.write_text(text, encoding="utf-8")
    loaded = load(path)
    assert loaded.evaluation.until == date(2001, 1, 1)
    assert loaded.cities["east"].launched_on is None
    configuration.refuse_later_days(loaded, date(2019, 1, 1))
    with pytest.raises(ConfigError, match=r"No program start is on file for East\. Say when"):
        loaded.cities["east"].require_launch()


@pytest.mark.parametrize(("key", "until"), [("launched_on", "the program has begun"), ("ended_on", "it has ended")])
def test_nothing_began_or_ended_on_a_day_to_come(tmp_path, key, until):
    loaded = load(configs.write(tmp_path, "launched_on =", f"{key} ="))
    configuration.refuse_later_days(loaded, date(2020, 1, 1))
    with pytest.raises(ConfigError) as error:
        configuration.refuse_later_days(loaded, date(2019, 12, 31))
    said = f": 'cities.east.{key}' is 2020-01-01, a day to come. Leave it out until {until}."
    assert str(error.value).removeprefix(str(loaded.config_path)) == said


def test_the_environment_says_where_and_arguments_win(tmp_path):
    path = configs.write(tmp_path)
    environment = {"LONGEVITY_CONFIG": str(path), "LONGEVITY_HOME": str(tmp_path / "kept")}
    loaded = configuration.load_settings(environment=environment)
    assert (loaded.config_path, loaded.home) == (path, tmp_path / "kept")
    assert configuration.load_settings(home=tmp_path, environment=environment).home == tmp_path
    unset = configuration.load_settings(environment={"LONGEVITY_CONFIG": "", "LONGEVITY_HOME": ""})
    assert (unset.config_path, unset.home) == (ROOT / "longevity.toml", ROOT / "data")


# A TOML file that cannot be read is a sentence, and a key that is wrong is found in its line
BROKEN = {
    "lists in lists": lambda path: path.write_bytes(b"a = " + b"[" * 50_000),
    "no UTF-8": lambda path: path.write_bytes(b"name = '\xe9'"),
    "a NUL": lambda path: path.write_bytes(b"name = 'a\x00b'"),
    "cut off": lambda path: path.write_bytes(b"name = "),
    "keys in keys": lambda path: path.write_text(f"a = 1\n{'a.' * 201}a = 1\n"),
    "a folder": Path.mkdir,
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("put", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_broken_is_a_sentence(tmp_path, put):
    path = tmp_path / "a.toml"
    put(path)
    with pytest.raises(ConfigError) as error:
        toml_file.read_toml(path)
    assert str(error.value).startswith(str(path))
    assert len(str(error.value)) < len(str(path)) + 150


def test_a_line_of_as_many_dots_as_may_be_is_read(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(f"{'a.' * 200}a = 1\n# {'.' * 200}\n")
    assert toml_file.read_toml(path).raw
    path.write_text(f"b = 1\nc = '{'.' * 201}'\n")
    with pytest.raises(ConfigError, match=r"a\.toml, line 2 has more than 200 dots\."):
        toml_file.read_toml(path)
