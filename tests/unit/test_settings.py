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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("state =", "sate =", ": 'program.state' is missing."),
        ("[program]", "[programme]", ": 'program' is missing."),
        ("[program]", "[progam]", ": 'program' is missing. Did you mean 'program' by 'progam'?"),
        ('name = "A program"', 'name = "A"\nstat = 1', ": 'program.stat' is not a known key."),
        ("withheld_up_to", "witheld_up_to", ": 'thresholds.witheld_up_to' is not a known key."),
        ("groups = 12", "grups = 12", ": 'cities.east.demonstration.grups' is not a known key."),
        ("week_ends_on", "week_end_on", ": 'cities.east.week_end_on' is not a known key."),
        ("starts_on", "start_on", ": 'demonstration.start_on' is not a known key."),
        ("[demonstration]", "[demonstrations]", ": 'demonstrations' is not a known key."),
    ],
)
def test_a_key_out_of_place_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    told = refusal(tmp_path, old, new)
    assert told.startswith(said)
    if "not a known key" in said:
        assert "Did you mean '" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "East"', "name = 3", ": 'cities.east.name' must be text."),
        ('name = "East"', 'name = " "', ": 'cities.east.name' is empty."),
        ('"A program"', '""', ": 'program.name' is empty."),
        (
            'name = "East"',
            "name = \"East\"\nboundary_name_pattern = '(.*'",
            "is no regular expression: missing ), unterminated subpattern at position 0.",
        ),
        (
            'name = "East"',
            "name = \"East\"\nboundary_name_pattern = '^.*$'",
            "does not say which part is the name. Put that part in parentheses",
        ),
        *[
            ('name = "East"', f'name = "East"\n{key}', f"'cities.east.{said}")
            for key, said in (
                ("boundary_name_field = [3]", "boundary_name_field' must be text"),
                ('boundary_pattern = "a"', "boundary_pattern' is not a known key. Did you mean"),
                ('boundary_names = "a"', "boundary_names' must be a table."),
                ("boundary_names = { A = 3 }", "boundary_names.A' must be text."),
                ('boundary_names = { A = "x", a = "y" }', "boundary_names.a' is there twice"),
            )
        ],
        (
            'name = "East"',
            'name = "East"\nboundary_name_prefix = "A\\nb "',
            "'cities.east.boundary_name_prefix' holds control characters",
        ),
        *(
            ('name = "East"', f"name = \"East\"\nboundary_name_pattern = '{pattern}'", said)
            for pattern, said in (
                ("(a+)+$", "boundary_name_pattern' repeats a part that repeats itself."),
                ("(a{99999999999})", "boundary_name_pattern' is no regular expression"),
                ("(" * 5000, "boundary_name_pattern' is longer than 200"),
            )
        ),
        ('"sunday"', '"sundays"', "is 'sundays'. Did you mean 'sunday'?"),
        ("2020-01-01", '"2020-01-01"', "must be a date such as"),
        ("2020-01-01", "2020-01-01T00:00:00", "must be a date without a time."),
        ("= 12", "= 12.5", "must be a whole number."),
        ("= 12", "= 0", "'cities.east.demonstration.groups' must be above zero."),
        ("groups = 12", "gmi_share = 1.5", "must be from 0 to 1."),
        ("groups = 12", "centre = [1]", "must be [longitude, latitude]."),
        ("groups = 12", 'centre = ["1", "2"]', "must be [longitude, latitude]."),
        ("groups = 12", "centre = [41.3, -172.9]", "is not a place."),
        ("groups = 12", "centre = 4", "must be a list."),
        ("groups = 12", "hot_areas = [3]", "must be a list of the names of areas."),
        ("groups = 12", 'hot_areas = ["A", "A"]', "names an area twice."),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refusal(tmp_path, old, new)


@pytest.mark.parametrize("value", ["0", "-1", "true", '"5"', "5.5", "100001"])
def test_a_threshold_is_a_whole_number_above_zero(tmp_path: Path, value: str) -> None:
    said = refusal(tmp_path, "withheld_up_to = 5", f"withheld_up_to = {value}")
    assert said.startswith(": 'thresholds.withheld_up_to' must be ")


@pytest.mark.parametrize("value", ["0", "-0.1", "nan", "inf"])
def test_a_share_is_a_number_above_zero(tmp_path: Path, value: str) -> None:
    said = refusal(tmp_path, "withheld_up_to = 5", f"largest_loss = {value}")
    assert said.startswith(": 'thresholds.largest_loss' must be ")


@pytest.mark.parametrize("key", ["largest_loss", "largest_jump"])
def test_a_share_in_percent_is_refused_with_the_share_it_is(tmp_path: Path, key: str) -> None:
    said = refusal(tmp_path, "withheld_up_to = 5", f"{key} = 25")
    assert said == f": 'thresholds.{key}' is 25; it is a share, at most 1. Write 0.25 for 25%."


def test_a_share_may_be_all(tmp_path: Path) -> None:
    path = configs.write(tmp_path, "withheld_up_to = 5", "largest_jump = 1")
    loaded = configuration.load_settings(path, environment={})
    assert loaded.thresholds.largest_jump == 1


@pytest.mark.parametrize(
    ("crs", "said"),
    [
        ("EPSG:4326", "is not a projected system in metres"),
        ("EPSG:2234", "is not a projected system in metres"),
        ("EPSG:3857", "is not a projected system in metres"),
        ("EPSG:5703", "is not a projected system in metres"),
        ("EPSG:99999999", "is unknown"),
        ("here", "is unknown"),
        ("", "is unknown"),
    ],
)
def test_only_a_projected_system_in_metres_will_do(tmp_path: Path, crs: str, said: str) -> None:
    told = refusal(tmp_path, "EPSG:32612", crs)
    assert told.startswith(f": 'program.projected_crs' is '{crs}'")
    assert said in told


@pytest.mark.parametrize(
    "zone", ["America", "", "America/Nowhere", "../etc/passwd", "zone.tab", "x" * 300]
)
def test_a_time_zone_is_an_iana_name(tmp_path: Path, zone: str) -> None:
    told = refusal(tmp_path, "America/Denver", zone)
    assert told == (
        f": 'program.time_zone' is '{zone}'. Give an IANA name such as America/New_York."
    )


@pytest.mark.parametrize("city", ["East", '"e-st"', '"é"', "_", '"a b"', '""', '"../x"'])
def test_a_city_id_is_lower_case_letters_digits_and_underscores(tmp_path: Path, city: str) -> None:
    configs.write(tmp_path)
    text = configs.RIGHT.replace("cities.east", f"cities.{city}")
    path = tmp_path / "elsewhere.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="is not lower-case letters, digits and _"):
        load(path)


@pytest.mark.parametrize("city", ["all", "state", "public"])
def test_some_city_ids_have_a_meaning_already(tmp_path: Path, city: str) -> None:
    path = tmp_path / "elsewhere.toml"
    path.write_text(configs.RIGHT.replace("cities.east", f"cities.{city}"), encoding="utf-8")
    with pytest.raises(ConfigError, match=f"'{city}' cannot be a city id"):
        load(path)


def test_two_cities_have_two_names(tmp_path: Path) -> None:
    again = '[cities.west]\nname = "EAST"\nlaunched_on = 2020-01-01\n\n[demonstration]'
    said = refusal(tmp_path, "[demonstration]", again)
    assert said == ": 'east' and 'west' have the same name."


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


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('accent = "blue"', "Write a colour"),
        ('logo = "none.png"', "which is not there"),
        ('logo = "logo.svg"', "Give a PNG"),
        (f'footer = "{"x" * 81}"', "longer than 80"),
        ('colour = "#000000"', "is not a known key"),
    ],
)
def test_branding_is_read_strictly(line: str, words: str, tmp_path: Path) -> None:
    own = (ROOT / "longevity.toml").read_text(encoding="utf-8").replace('accent = "#0067A5"', line)
    path = tmp_path / "longevity.toml"
    path.write_text(own, encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        configuration.load_settings(path, tmp_path, {})


def test_the_end_of_the_evaluation_is_a_month_or_goes_by_the_launch(tmp_path: Path) -> None:
    assert load(configs.write(tmp_path)).evaluation_until is None
    asked = '[evaluation]\nuntil = "2024-06"\n[demonstration]'
    assert load(configs.write(tmp_path, "[demonstration]", asked)).evaluation_until == date(
        2024, 6, 1
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"2019-13"', "is '2019-13'. Give a month such as 2019-12, in quotes."),
        ('"Dec 2019"', "is 'Dec 2019'. Give a month such as"),
        ('"2024-1"', "is '2024-1'. Give a month such as"),
        ('""', "is ''. Give a month such as"),
        ("2019-12-01", "must be text."),
        ("2019", "must be text."),
        ('"2019-12"', "is 2019-12, before the program came to any city (2020-01-01)."),
    ],
)
def test_a_month_that_cannot_be_meant_is_refused(tmp_path: Path, value: str, said: str) -> None:
    new = f"[evaluation]\nuntil = {value}\n[demonstration]"
    assert f": 'evaluation.until' {said}" in refusal(tmp_path, "[demonstration]", new)


def test_a_key_beside_the_end_of_the_evaluation_is_named(tmp_path: Path) -> None:
    new = '[evaluation]\nuntill = "2024-06"\n[demonstration]'
    assert "Did you mean 'until'?" in refusal(tmp_path, "[demonstration]", new)


def test_the_address_visitors_come_to_is_scheme_and_host(tmp_path: Path) -> None:
    assert load(configs.write(tmp_path)).address == ""
    said = 'name = "A program"'
    at = "https://dashboard.example:8443"
    assert load(configs.write(tmp_path, said, f'{said}\naddress = "{at}"')).address == at
    for wrong in ("dashboard.example", "https://dashboard.example/violence", "ftp://x", "https://"):
        told = refusal(tmp_path, said, f'{said}\naddress = "{wrong}"')
        assert told.startswith(f": 'program.address' is '{wrong}'")


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
