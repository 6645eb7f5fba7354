"""Fixtures every kind of test shares: the configuration, extracts, a published home."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from longevity import demo as generator
from longevity import settings as configuration
from longevity.app import publish
from longevity.geography import boundaries, installed_boundaries, reference_neighbourhoods
from longevity.outputs.browser import BROWSER
from longevity.release import aggregates, incident_places
from longevity.release.store import Store
from longevity.settings import ROOT, Settings
from longevity.warehouse.warehouse import Warehouse
from tests.drivers.importer import Bench
from tests.factories import configs, hypothesis_settings
from tests.factories.ascii_table import Shown

UNTIL = date(2026, 11, 22)
TODAY = date(2026, 11, 23)
SEED = 1
GOLDEN = ROOT / "tests" / "golden"  # of the demonstration that is published here
# What only somebody with a shell can use: pages of ours, commands, files of lines.
FOR_A_SHELL = r"\bdocs/|\w\.md\b|`|\.geojson"
# Looking for garbage as often as usual takes a tenth of the suite's time.
gc.set_threshold(50_000, 20, 100)
hypothesis_settings.register_profiles()


def keep_lines() -> None:
    """Read and encode the same lines of a city once a process: it is a third of a small publish."""
    found: dict[Any, boundaries.CityBoundaries] = {}
    encoded: dict[tuple[int, ...], bytes] = {}
    find_boundaries, encode_geojson = boundaries.find_boundaries, boundaries.encode_geojson

    def find_kept(settings: Settings, city_id: str, named: Sequence[str] = ()) -> boundaries.CityBoundaries:
        files = (
            installed_boundaries.find_path(settings, city_id),
            settings.reference / boundaries.OUTLINES / f"{city_id}.geojson",
            settings.reference / reference_neighbourhoods.FILE,
        )
        written = tuple((file, file.stat().st_mtime_ns) for file in files if file.exists())
        key = (repr(settings.city(city_id)), settings.projected_crs, tuple(named), written)
        if key not in found:
            found[key] = find_boundaries(settings, city_id, named)
        return found[key]

    def encode_kept(cities: Sequence[boundaries.CityBoundaries]) -> bytes:
        key = tuple(map(id, cities))  # no other object has these while `found` holds them
        if key not in encoded:
            encoded[key] = encode_geojson(cities)
        return encoded[key]

    incident_places.find_boundaries = find_kept
    aggregates.encode_geojson = encode_kept


keep_lines()


# The longest; then those that need no release of the demonstration, which the browser's make meanwhile; then
# all but the quick ones, so that no process waits for another at the end.
FIRST = (
    *("browser", "checks", "ingest", "stats", "screens", "server", "release", "privacy", "warehouse"),
    *("access", "cli", "outputs", "promises"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process is left with it at the end."""

    def rank(item: pytest.Item) -> int:
        folder = item.path.parent.name
        return FIRST.index(folder) if folder in FIRST else len(FIRST)

    items.sort(key=rank)


class OneServer(LoadScopeScheduling):
    """A module's tests in one process, and all that visit the server of tests/browser in one of their own."""

    OWN_SERVERS = ("data_team", "edition", "pictures", "sign_in")

    def _split_scope(self, nodeid: str) -> str:
        own = any(nodeid.startswith(f"tests/browser/test_{name}") for name in self.OWN_SERVERS)
        return super()._split_scope(nodeid) if own or not nodeid.startswith("tests/browser/") else "browser"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneServer | None:
    """Hand tests out so where they are handed out by module."""
    return OneServer(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_sessionfinish() -> None:
    """Look for garbage once: at its end pytest does five times, half a second each."""
    BROWSER.close()  # a process of xdist ends without what was registered for its end
    gc.collect()
    gc.freeze()


def pytest_assertrepr_compare(left: object) -> list[str] | None:
    """Say what a table shows as a table, for a failure a person can read."""
    return ["it shows", *repr(left).splitlines()] if isinstance(left, Shown) else None


def quiet(_sentence: str) -> None:
    """Progress nobody reads."""


@pytest.fixture
def settings(tmp_path):
    """The real configuration, keeping its releases in an empty folder."""
    return configuration.load_settings(home=tmp_path / "home", environment={})


@pytest.fixture
def bench(tmp_path, settings):
    return Bench(tmp_path, settings)


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first of the processes to ask for it makes, and each has a copy of."""
    run = factory.getbasetemp()
    shared = (run.parent if os.environ.get("PYTEST_XDIST_WORKER") else run) / name
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            unfinished = shared.with_suffix(".unfinished")
            make(unfinished)
            unfinished.rename(shared)
    return Path(shutil.copytree(shared, factory.mktemp(name) / "copy"))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """Synthetic extracts to UNTIL."""
    return make_once(tmp_path_factory, "demonstration", lambda out: write_extracts(out, UNTIL))


def write_extracts(out: Path, until: date) -> None:
    """Write the extracts of the demonstration to a day."""
    loaded = configuration.load_settings(home=out / "unused", environment={})
    generator.write_demonstration(out, loaded, until, 1, SEED, quiet)


@pytest.fixture(scope="session")
def published(tmp_path_factory, demonstration):
    """Settings whose home holds two demonstration releases a week apart. Read only."""
    earlier = tmp_path_factory.mktemp("earlier")

    def publish_both(home: Path) -> None:
        write_extracts(earlier, UNTIL - timedelta(days=7))
        for extracts in (earlier, demonstration):
            publish.publish_release(extracts, load_at(home), TODAY, None, quiet)

    return load_at(make_once(tmp_path_factory, "published", publish_both))


def load_at(home: Path) -> Settings:
    """The real configuration with its releases in a home, and draws that are always the same."""
    return configs.fix_key(configuration.load_settings(home=home, environment={}))


@pytest.fixture(scope="session")
def release(published):
    """The newer of the two demonstration releases."""
    return Store(published.home).current()


@pytest.fixture(scope="session")
def warehouse(release, published):
    """That release, opened for asking."""
    opened = Warehouse(release, published)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """The small program as real data, with a mapping of claims. Read only, but for who signs out."""
    from tests.factories import identities, odd_release  # which need what is above

    folder = tmp_path_factory.mktemp("program")
    return identities.map_viewers(odd_release.publish_release(folder, "real"), folder)


@pytest.fixture
def home_of(tmp_path, published):
    """A copy of the published home that a test may damage."""
    return configs.copy_home(published, tmp_path / "copied")
