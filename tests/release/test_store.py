"""The store: what is served when a release, its manifest or the pointer is damaged."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from longevity import settings as configuration
from longevity.base import files
from longevity.base.errors import DataError, UsageError
from longevity.release import manifest as manifests
from longevity.release.store import POINTER, Store
from longevity.settings import Settings
from tests.conftest import TODAY
from tests.drivers.disk import flip
from tests.drivers.publishing import publish
from tests.factories import configs, extracts

CITY = "hartford"


def folder(directory, through, kind="real"):
    incidents, victims = extracts.incidents_and_victims({CITY: [(date(2020, 6, 1), 2, 1)]})
    return extracts.write(
        directory, kind, through, [CITY], incidents=incidents, victims=victims, people=[extracts.row("people", 1, CITY)]
    )


@dataclass
class Home:
    """A LONGEVITY_HOME with two synthetic releases, then two real ones."""

    settings: Settings
    synthetic: list[str]
    real: list[str]

    @property
    def store(self):
        return Store(self.settings.home)

    def path(self, release_id):
        return self.settings.home / "releases" / release_id


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    kept = tmp_path_factory.mktemp("store")
    settings = configuration.load_settings(home=kept / "home", environment={})
    made = []
    for kind, day in (("synthetic", 8), ("synthetic", 15), ("real", 2), ("real", 9)):
        extract = folder(kept / f"{kind}{day}", date(2026, 11, day), kind)
        made.append(publish(extract, settings, TODAY).release_id)
    return Home(settings, made[:2], made[2:])


@pytest.fixture
def home(published, tmp_path):
    return Home(configs.copy_home(published.settings, tmp_path / "home"), published.synthetic, published.real)


def test_the_pointer_says_what_is_served(home):
    assert home.store.current().id == home.real[1]
    assert home.store.read_current_id() == home.real[1]
    assert home.store.current("synthetic").id == home.synthetic[1]
    assert home.store.current("synthetic").notice is None
    assert [release.id for release in home.store.list_releases()] == [*home.real[::-1], *home.synthetic[::-1]]


def test_a_flipped_byte_in_any_member_is_refused(home):
    names = manifests.list_members(home.path(home.real[1]))
    assert len(names) == 14
    for name in names:
        path = home.path(home.real[1]) / name
        good = path.read_bytes()
        path.write_bytes(flip(good))
        served = home.store.current()
        assert served.id == home.real[0], name
        assert served.notice == (
            f"The release {home.real[1]} is damaged: {name} is not what was published. "
            f"The release {home.real[0]} is served instead."
        )
        with pytest.raises(DataError, match=name):
            home.store.open(home.real[1])
        path.write_bytes(good)
    assert home.store.current().notice is None


DAMAGED = "current.json is damaged. The release {} is served instead."
NOWHERE = {"release_id": "2026-11-30-000000000000"}


@pytest.mark.parametrize(
    ("file", "change", "served", "notice"),
    [
        ("manifest.json", lambda good: good[: len(good) // 2], 0, "manifest"),
        ("manifest.json", lambda _: "", 0, "manifest"),
        ("manifest.json", lambda _: "[]", 0, "manifest"),
        ("manifest.json", lambda _: "{}", 0, "manifest"),
        ("manifest.json", lambda good: good.replace("2026-11-09", "2026-11-10"), 0, "manifest"),
        (POINTER, lambda _: "", 1, DAMAGED),
        (POINTER, lambda _: "{", 1, DAMAGED),
        (POINTER, lambda _: "[]", 1, DAMAGED),
        (POINTER, lambda _: '{"release_id": "../../x", "kind": "real"}', 1, DAMAGED),
        (POINTER, lambda _: '{"release_id": "x"}', 1, DAMAGED),
        (POINTER, lambda _: "\0", 1, DAMAGED),
        (POINTER, lambda good: json.dumps(json.loads(good) | NOWHERE), 1, "not there"),
    ],
)
def test_a_damaged_manifest_or_pointer_serves_the_newest_good_real_release(home, file, change, served, notice):
    path = (home.settings.home if file == POINTER else home.path(home.real[1])) / file
    path.write_text(change(path.read_text()))
    release = home.store.current()
    assert release.id == home.real[served]
    assert notice.format(home.real[served]) in str(release.notice)
    damage = {release.id: release.damage for release in home.store.list_releases()}
    assert (damage[home.real[1]] is None) == (file == POINTER)


def test_a_resealed_manifest_with_other_hashes_is_refused(home):
    """The id is made of the hashes: rewriting both the member and its hash shows."""
    path = home.path(home.real[1])
    (path / "built" / "daily.parquet").write_bytes(b"PAR1 of another kind")
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["sha256"]["built/daily.parquet"] = files.sha256(path / "built/daily.parquet")
    manifests.write_manifest(path, manifest)
    served = home.store.current()
    assert served.id == home.real[0]
    assert "is not what was published" in str(served.notice)


def test_synthetic_data_never_stands_in_for_real(home):
    for release_id in home.real:
        (home.path(release_id) / "built" / "daily.parquet").write_bytes(b"")
    with pytest.raises(DataError, match="no good real release"):
        home.store.current()
    # Nor when nobody can say any more what was served.
    (home.settings.home / "current.json").unlink()
    with pytest.raises(DataError, match="no good real release"):
        home.store.current()
    for release_id in home.real:
        (home.path(release_id) / "manifest.json").write_text("")
    with pytest.raises(DataError, match="no good real release"):
        home.store.current()


def test_real_data_never_stand_in_for_synthetic(home):
    home.store.rollback(home.synthetic[1])
    for release_id in home.synthetic:
        (home.path(release_id) / "manifest.json").write_text("")
    with pytest.raises(DataError):
        home.store.current()


def test_the_chain_of_previous_releases_is_followed_past_a_damaged_one(home):
    third = publish(folder(home.settings.home.parent / "in", date(2026, 11, 16)), home.settings, TODAY)
    for release_id in (third.release_id, home.real[1]):
        (home.path(release_id) / "built" / "hourly.parquet").unlink()
    served = home.store.current()
    assert served.id == home.real[0]
    assert third.release_id in str(served.notice)


def test_after_a_rollback_what_came_later_stands_in_last(home):
    third = publish(folder(home.settings.home.parent / "in", date(2026, 11, 16)), home.settings, TODAY)
    home.store.rollback(home.real[1])
    for damaged, served in ((home.real[1], home.real[0]), (home.real[0], third.release_id)):
        (home.path(damaged) / "manifest.json").write_text("{}")
        assert home.store.current().id == served


def test_rolling_back_to_what_is_damaged_or_unknown_changes_nothing(home):
    (home.path(home.real[0]) / "built" / "daily.parquet").write_bytes(b"")
    with pytest.raises(DataError, match="damaged"):
        home.store.rollback(home.real[0])
    with pytest.raises(UsageError, match=r"There is no release .* Did you mean"):
        home.store.rollback(home.real[1][:-1])
    with pytest.raises(UsageError):
        home.store.rollback("..")
    assert home.store.current().id == home.real[1]


def test_without_a_release_it_says_how_to_make_one(tmp_path):
    with pytest.raises(DataError, match="longevity demo --out DIR"):
        Store(tmp_path).current()
    assert Store(tmp_path).list_releases() == []
    assert Store(tmp_path / "nowhere").read_current_id() is None


def test_a_file_is_hashed_again_only_when_it_changed(home, monkeypatch):
    home.store.current()
    hashed: list[Path] = []
    real = files.sha256

    def noted(path):
        hashed.append(path)
        return real(path)

    monkeypatch.setattr("longevity.release.store.sha256", noted)
    home.store.current()
    assert hashed == []
    path = home.path(home.real[1]) / "built" / "daily.parquet"
    path.write_bytes(path.read_bytes() + b"0")
    home.store.current()
    assert hashed[0] == path


def test_reading_writes_nothing(home):
    paths = [home.settings.home, *sorted(home.settings.home.rglob("*"))]
    before = [path.stat().st_mtime_ns for path in paths]
    home.store.current()
    home.store.list_releases()
    home.store.current("synthetic")
    assert [path.stat().st_mtime_ns for path in paths] == before


def test_pruning_spares_what_is_served_its_fallback_and_the_newest_public_tables(home):
    for release_id in home.synthetic:
        home.store.find_pictures(release_id).mkdir(parents=True)
    assert home.store.prune(1) == [home.synthetic[0]]
    assert not home.store.find_pictures(home.synthetic[0]).exists()
    assert home.store.find_pictures(home.synthetic[-1]).exists()
    assert [release.id for release in home.store.list_releases()] == [*home.real[::-1], home.synthetic[1]]
    with pytest.raises(UsageError):
        home.store.prune(0)
