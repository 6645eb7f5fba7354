"""The configuration is read strictly: what is wrong is named, with the file and the key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from longevity import settings as configuration
from longevity.errors import ConfigError, UsageError
from longevity.settings import ROOT, Settings
from tests.factories import configs


def load(path: Path) -> Settings:
    return configuration.load_settings(path, home=path.parent / "home", environment={})


def refusal(folder: Path, old: str, new: str) -> str:
    path = configs.write(folder, old, new)
    with pytest.raises(ConfigError) as error:
        load(path)
    said = str(error.value)
    assert said.startswith(str(path))
    return said.removeprefix(str(path))


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    loaded = load(configs.write(tmp_path))
    assert loaded.cities["east"].week_ends_iso == 7
    assert loaded.cities["east"].reference_key == "East"
    assert loaded.cities["east"].demonstration.centre is None
    assert loaded.thresholds.least_base_for_percentage == 30
    assert loaded.thresholds.largest_jump == 0.25
    assert loaded.demonstration_starts_on == date(2015, 1, 1)
    assert loaded.reference == tmp_path / "data" / "reference"


def test_what_areas_are_called(tmp_path: Path) -> None:
    keys = (
        'boundary_name_field = "LABEL"\n'
        'boundary_name_prefix = "Ward "\n'
        'boundary_names = { "Old  Mill" = "Mill", "Ward 3" = "Third", "Sea" = "" }'
    )
    east = load(configs.write(tmp_path, 'name = "East"', f'name = "East"\n{keys}')).cities["east"]
    assert east.boundary_name_field == "LABEL"
    # By the name in the file, then by what prefix and pattern make of it; "" leaves it out.
    written = ["old mill", "3", "ward 3", "4", " SEA "]
    assert [east.area_name(name) for name in written] == ["Mill", "Third", "Third", "Ward 4", ""]


def test_a_city_may_have_no_program(tmp_path: Path) -> None:
    loaded = load(configs.write(tmp_path, "launched_on = 2020-01-01\n"))
    assert loaded.cities["east"].launched_on is None
    configuration.refuse_later_launches(loaded, date(2019, 1, 1))
    with pytest.raises(ConfigError, match=r"No program start is on file for East\. Say when"):
        loaded.cities["east"].require_launch()
    with_end = configs.write(
        tmp_path, "[demonstration]", '[evaluation]\nuntil = "2001-01"\n[demonstration]'
    )
    text = with_end.read_text(encoding="utf-8").replace("launched_on = 2020-01-01\n", "")
    with_end.write_text(text, encoding="utf-8")
    assert load(with_end).evaluation_until == date(2001, 1, 1)


def test_a_program_begins_on_no_day_to_come(tmp_path: Path) -> None:
    loaded = load(configs.write(tmp_path))
    configuration.refuse_later_launches(loaded, date(2020, 1, 1))
    with pytest.raises(ConfigError) as error:
        configuration.refuse_later_launches(loaded, date(2019, 12, 31))
    assert str(error.value).removeprefix(str(loaded.config_path)) == (
        ": 'cities.east.launched_on' is 2020-01-01, a day to come. Leave it out until the program "
        "has begun."
    )


NAME, CRS, CITY = 'name = "East"', "EPSG:32612", "cities.east]"
LIMIT, GROUPS, END = "withheld_up_to = 5", "groups = 12", "[demonstration]"
IN_METRES = "is not a projected system in metres"
PLAIN_ID = "is not lower-case letters, digits and _"
# What is written in the place of what, and words of the refusal.
WRONG: list[tuple[str, str, str]] = [
    ("state =", "sate =", ": 'program.state' is missing."),
    ("[program]", "[programme]", ": 'program' is missing."),
    ("[program]", "[progam]", ": 'program' is missing. Did you mean 'program' by 'progam'?"),
    ("[thresholds]", "stat = 1\n[thresholds]", "'program.stat' is not a known key. Did you mean"),
    ("withheld_up_to", "witheld_up_to", "'thresholds.witheld_up_to' is not a known key. Did you"),
    ("groups", "grups", "'cities.east.demonstration.grups' is not a known key. Did you mean"),
    ("week_ends_on", "week_end_on", "'cities.east.week_end_on' is not a known key. Did you mean"),
    ("starts_on", "start_on", "'demonstration.start_on' is not a known key. Did you mean"),
    (END, "[demonstrations]", "'demonstrations' is not a known key. Did you mean"),
    (NAME, "name = 3", ": 'cities.east.name' must be text."),
    (NAME, 'name = " "', ": 'cities.east.name' is empty."),
    ('"A program"', '""', ": 'program.name' is empty."),
    ('"sunday"', '"sundays"', "is 'sundays'. Did you mean 'sunday'?"),
    ("2020-01-01", '"2020-01-01"', "must be a date such as"),
    ("2020-01-01", "2020-01-01T00:00:00", "must be a date without a time."),
    ("= 12", "= 12.5", "must be a whole number."),
    ("= 12", "= 0", "'cities.east.demonstration.groups' must be above zero."),
    (GROUPS, "gmi_share = 1.5", "must be from 0 to 1."),
    (GROUPS, "centre = [1]", "must be [longitude, latitude]."),
    (GROUPS, 'centre = ["1", "2"]', "must be [longitude, latitude]."),
    (GROUPS, "centre = [41.3, -172.9]", "is not a place."),
    (GROUPS, "centre = 4", "must be a list."),
    (GROUPS, "hot_areas = [3]", "must be a list of the names of areas."),
    (GROUPS, 'hot_areas = ["A", "A"]', "names an area twice."),
    *(
        (NAME, f"{NAME}\n{line}", f"'cities.east.{said}")
        for line, said in (
            ("boundary_name_field = [3]", "boundary_name_field' must be text"),
            ('boundary_pattern = "a"', "boundary_pattern' is not a known key. Did you mean"),
            ('boundary_names = "a"', "boundary_names' must be a table."),
            ("boundary_names = { A = 3 }", "boundary_names.A' must be text."),
            ('boundary_names = { A = "x", a = "y" }', "boundary_names.a' is there twice"),
            ('boundary_name_prefix = "A\\nb "', "boundary_name_prefix' holds control characters"),
        )
    ),
    *(
        (NAME, f"{NAME}\nboundary_name_pattern = '{pattern}'", said)
        for pattern, said in (
            ("(.*", "missing ), unterminated subpattern at position 0."),
            ("^.*$", "does not say which part is the name. Put that part in parentheses"),
            ("(a+)+$", "boundary_name_pattern' repeats a part that repeats itself."),
            ("(a{99999999999})", "boundary_name_pattern' is no regular expression"),
            ("(" * 5000, "boundary_name_pattern' is longer than 200"),
        )
    ),
    *(
        (LIMIT, f"withheld_up_to = {value}", ": 'thresholds.withheld_up_to' must be ")
        for value in ("0", "-1", "true", '"5"', "5.5", "100001")
    ),
    *(
        (LIMIT, f"largest_loss = {value}", ": 'thresholds.largest_loss' must be ")
        for value in ("0", "-0.1", "nan", "inf")
    ),
    *(
        (LIMIT, f"{key} = 25", f": 'thresholds.{key}' is 25; it is a share, at most 1. Write 0.25")
        for key in ("largest_loss", "largest_jump")
    ),
    *((CRS, code, IN_METRES) for code in ("EPSG:4326", "EPSG:2234", "EPSG:3857", "EPSG:5703")),
    *((CRS, code, "is unknown") for code in ("EPSG:99999999", "here", "")),
    *(
        ("America/Denver", zone, f"'program.time_zone' is '{zone}'. Give an IANA name such as")
        for zone in ("America", "", "America/Nowhere", "../etc/passwd", "zone.tab", "x" * 300)
    ),
    *(
        (CITY, f"cities.{city}]", f"'{city}' cannot be a city id")
        for city in ("all", "state", "public")
    ),
    (END, f'[cities.west]\nname = "EAST"\n{END}', ": 'east' and 'west' have the same name."),
    *(
        (END, f"[evaluation]\nuntil = {value}\n{END}", f": 'evaluation.until' {said}")
        for value, said in (
            ('"2019-13"', "is '2019-13'. Give a month such as 2019-12, in quotes."),
            ('"Dec 2019"', "is 'Dec 2019'. Give a month such as"),
            ('"2024-1"', "is '2024-1'. Give a month such as"),
            ('""', "is ''. Give a month such as"),
            ("2019-12-01", "must be text."),
            ("2019", "must be text."),
            ('"2019-12"', "is 2019-12, before the program came to any city (2020-01-01)."),
        )
    ),
    (END, f'[evaluation]\nuntill = "2024-06"\n{END}', "Did you mean 'until'?"),
    *(
        ("[thresholds]", f'address = "{wrong}"\n[thresholds]', f": 'program.address' is '{wrong}'")
        for wrong in ("dashboard.example", "https://dashboard.example/x", "ftp://x", "https://")
    ),
    *(
        (END, f"[branding]\n{line}\n{END}", said)
        for line, said in (
            ('accent = "blue"', "Write a colour"),
            ('logo = "none.png"', "which is not there"),
            ('logo = "logo.svg"', "Give a PNG"),
            (f'footer = "{"x" * 81}"', "longer than 80"),
            ('colour = "#000000"', "is not a known key"),
        )
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refusal(tmp_path, old, new)


@pytest.mark.parametrize("city", ["East", '"e-st"', '"é"', "_", '"a b"', '""', '"../x"'])
def test_a_city_id_is_lower_case_letters_digits_and_underscores(tmp_path: Path, city: str) -> None:
    path = tmp_path / "elsewhere.toml"
    path.write_text(configs.RIGHT.replace("cities.east", f"cities.{city}"), encoding="utf-8")
    with pytest.raises(ConfigError, match=PLAIN_ID):
        load(path)


def test_a_share_may_be_all(tmp_path: Path) -> None:
    assert load(configs.write(tmp_path, LIMIT, "largest_jump = 1")).thresholds.largest_jump == 1


def test_a_program_has_a_city(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.toml"
    path.write_text(configs.RIGHT.split("[cities.east]")[0] + "[cities]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"there is no city\. Add a table \[cities\.ID\]"):
        load(path)


def test_the_environment_says_where_and_arguments_win(tmp_path: Path) -> None:
    path = configs.write(tmp_path)
    environment = {"LONGEVITY_CONFIG": str(path), "LONGEVITY_HOME": str(tmp_path / "kept")}
    told = configuration.load_settings(environment=environment)
    assert (told.config_path, told.home) == (path, tmp_path / "kept")
    assert configuration.load_settings(home=tmp_path, environment=environment).home == tmp_path
    unset = configuration.load_settings(environment={"LONGEVITY_CONFIG": "", "LONGEVITY_HOME": ""})
    assert (unset.config_path, unset.home) == (ROOT / "longevity.toml", ROOT / "data")


def test_an_unknown_city_names_the_nearest(tmp_path: Path) -> None:
    loaded = load(configs.write(tmp_path))
    with pytest.raises(UsageError) as error:
        loaded.city("esat")
    assert str(error.value) == "There is no city 'esat' in elsewhere.toml. Did you mean 'east'?"


def test_the_end_of_the_evaluation_is_a_month_or_goes_by_the_launch(tmp_path: Path) -> None:
    assert load(configs.write(tmp_path)).evaluation_until is None
    asked = '[evaluation]\nuntil = "2024-06"\n[demonstration]'
    assert load(configs.write(tmp_path, "[demonstration]", asked)).evaluation_until == date(
        2024, 6, 1
    )


def test_the_address_visitors_come_to_is_scheme_and_host(tmp_path: Path) -> None:
    assert load(configs.write(tmp_path)).address == ""
    said = 'name = "A program"'
    at = "https://dashboard.example:8443"
    assert load(configs.write(tmp_path, said, f'{said}\naddress = "{at}"')).address == at


def read_map(folder: Path, *lines: str) -> Settings:
    return load(configs.write(folder, "[thresholds]", "\n".join(["[map]", *lines, "[thresholds]"])))


def test_nothing_lies_under_maps_unless_tiles_are_named(tmp_path: Path) -> None:
    assert load(configs.write(tmp_path)).basemap is None
    assert read_map(tmp_path).basemap is None
    address = "https://tiles.example:8443/streets/{z}/{y}/{x}@2x.png?style=plain"
    basemap = read_map(
        tmp_path, f'tiles = "{address}"', 'attribution = " © Contributors  of a map "'
    ).basemap
    assert basemap is not None
    assert (basemap.tiles, basemap.attribution) == (address, "© Contributors of a map")
    assert basemap.origin == "https://tiles.example:8443"


@pytest.mark.parametrize(
    ("tiles", "said"),
    [
        ("http://tiles.example/{z}/{x}/{y}.png", "must begin with https://"),
        ("https://tiles.example/{z}/{x}.png", "must have {z}, {x} and {y} once each"),
        ("https://tiles.example/{z}/{x}/{y}/{y}.png", "once each, and no other braces"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", "is 'https://{s}.tiles.example"),
        ("https://tiles.example/{s}/{z}/{x}/{y}.png", "once each, and no other braces"),
        ("https://me:pass@tiles.example/{z}/{x}/{y}.png", "holds a password or key"),
        ("https://me@tiles.example/{z}/{x}/{y}.png", "holds a password or key"),
        ("https://tiles.example/{z}/{x}/{y}.png?Key=abc", "holds a password or key"),
        ("https://*.tiles.example/{z}/{x}/{y}.png", "is 'https://*"),
        ("https://tiles.example; script-src */{z}/{x}/{y}.png", "is 'https://tiles.example;"),
        ("https://tiles.example:99999/{z}/{x}/{y}.png", "is 'https://tiles.example:99999"),
        ("data:image/png,{z}{x}{y}", "is 'data:image"),
        ("//tiles.example/{z}/{x}/{y}.png", "is '//tiles.example"),
        ("https://tiles.example/{z}/{x}/{y}.png\\u0001", "'map.tiles'"),
    ],
)
def test_tiles_that_could_not_be_shown_are_refused(tmp_path: Path, tiles: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_map(tmp_path, f'tiles = "{tiles}"', 'attribution = "Contributors"')
    assert "'map.tiles'" in str(error.value)
    assert said in str(error.value)


def test_tiles_on_this_machine_need_no_https(tmp_path: Path) -> None:
    for host in ("127.0.0.1:8080", "localhost"):
        given = f'tiles = "http://{host}/{{z}}/{{x}}/{{y}}.png"'
        basemap = read_map(tmp_path, given, 'attribution = "Ours"').basemap
        assert basemap is not None
        assert basemap.origin == f"http://{host}"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (('tiles = "https://t.example/{z}/{x}/{y}.png"',), "'map.attribution' is missing."),
        (('attribution = "Ours"',), "'map.attribution' is there without 'tiles'."),
        (('style = "https://t.example/style.json"',), "'map.style' is not a known key."),
    ],
)
def test_tiles_and_whose_they_are_belong_together(
    tmp_path: Path, lines: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ConfigError) as error:
        read_map(tmp_path, *lines)
    assert said in str(error.value)
