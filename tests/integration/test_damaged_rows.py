"""Damaged files without a key, each through import, check and publish: nothing false is silent.

Each is tried on an empty home and after a sound release. `-s` prints what each command said.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from longevity import cli
from longevity import settings as configuration
from longevity.auth.viewers import PUBLIC
from longevity.release.store import Store
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.factories import configs, damaged_rows

# By damage and home the words of the finding that stops it; what is not here is published.
STOPPED = {
    ("400 rows pasted", "first"): "are copies of another row",
    ("400 rows pasted", "next"): "are copies of another row",
    ("half of the homicides called Murder", "first"): "which the mapping does not read",
    ("half of the homicides called Murder", "next"): "which the mapping does not read",
    ("a year that grew", "next"): "are new in weeks that were complete",
    ("a year that doubled", "first"): "twice as many as in the year before",
    ("a year that doubled", "next"): "twice as many as in the year before",
}


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """An empty home, and one that serves the sound file."""
    folder = tmp_path_factory.mktemp("damaged")
    configs.write(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LONGEVITY_CONFIG", str(folder / "elsewhere.toml"))
        patch.setenv("LONGEVITY_HOME", str(folder / "served"))
        write(folder, damaged_rows.make_sound())
        assert [cli.main(words, TODAY) for words in commands(folder)] == [0, 0, 0]
        yield {"first": folder / "nothing", "next": folder / "served"}


def write(folder: Path, rows: list[damaged_rows.Row]) -> None:
    (folder / "file.csv").write_text(damaged_rows.to_csv(rows), encoding="utf-8")
    (folder / "mapping.toml").write_text(damaged_rows.MAPPING, encoding="utf-8")


def commands(folder: Path) -> list[list[str]]:
    file, mapping, out = (str(folder / name) for name in ("file.csv", "mapping.toml", "out"))
    return [["import", file, "--mapping", mapping, "--out", out], ["check", out], ["publish", out]]


@pytest.mark.parametrize("home", ["first", "next"])
@pytest.mark.parametrize("damage", damaged_rows.DAMAGES)
def test_nothing_false_is_published_silently(
    homes: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damage: str,
    home: str,
) -> None:
    if homes[home].exists():
        shutil.copytree(homes[home], tmp_path / "home")
    monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "home"))
    write(tmp_path, damaged_rows.DAMAGES[damage](damaged_rows.make_sound()))
    errors: dict[str, list[str]] = {}
    codes: dict[str, int] = {}
    for words in commands(tmp_path):
        capsys.readouterr()
        codes[words[0]] = cli.main(words, TODAY)
        said = "".join(capsys.readouterr())
        errors[words[0]] = [line for line in said.splitlines() if line.startswith("error: ")]
    print(f"\n{damage} ({home}): {codes}", *errors["check"], sep="\n  ")
    stopped = STOPPED.get((damage, home))
    assert (codes["check"], codes["publish"]) == ((1, 1) if stopped else (0, 0))
    if stopped:
        assert any(stopped in line for line in errors["check"])


def test_hispanic_is_missing_where_the_source_never_gives_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of people shot in a year long over: not nought, as nobody ever asked."""
    path = configs.write(tmp_path)
    home = tmp_path / "home"
    monkeypatch.setenv("LONGEVITY_CONFIG", str(path))
    monkeypatch.setenv("LONGEVITY_HOME", str(home))
    write(tmp_path, damaged_rows.leave_out_hispanic(damaged_rows.make_sound()))
    assert [cli.main(words, TODAY) for words in commands(tmp_path)] == [0, 0, 0]
    settings = configuration.load_settings(path, home=home, environment={})
    warehouse = Warehouse(Store(home).current(), settings)
    frame = warehouse.run("public_victims", {"year": 2024}, PUBLIC).frame
    of_race = frame[frame["attribute"] == "race_ethnicity"].set_index("value")
    assert of_race.loc["hispanic", "victims_state"] == "missing"
    assert of_race.loc["black", "victims_state"] != "missing"
    assert of_race.loc["unknown", "victims_state"] in ("zero", "withheld")
