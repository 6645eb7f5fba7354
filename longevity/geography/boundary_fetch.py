"""Fetch a city's boundaries from the address its configuration names."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from longevity import labels
from longevity.errors import DataError, UsageError
from longevity.geography.boundary_download import USUAL_BOUNDS, Bounds, download_boundaries
from longevity.geography.installed_boundaries import (
    Download,
    InstallReport,
    install_boundaries,
)
from longevity.progress import Progress
from longevity.settings import City, Settings


def fetch_boundaries(
    settings: Settings,
    city_id: str,
    name_field: str | None,
    today: date,
    progress: Progress,
    make_valid: bool = False,
    bounds: Bounds = USUAL_BOUNDS,
) -> InstallReport:
    """Download a city's lines, check them as `install_boundaries` does, and keep them.

    What was installed before stays until the new lines are whole and right. Raises UsageError
    for an unknown city, one without an address, or a column that is not there; DataError for
    what is wrong with the answer or the file: sentences that name the address.
    """
    city = require_address(settings, city_id)
    progress(f"Fetching the lines of {city.name} from {urlsplit(city.boundaries_url).netloc} …")
    with tempfile.TemporaryDirectory(prefix="boundaries-") as folder:
        file = download_boundaries(city.boundaries_url, Path(folder), progress, bounds)
        with _name_by_address(file, city.boundaries_url):
            return install_boundaries(
                settings,
                city_id,
                file,
                name_field,
                today,
                make_valid,
                Download(city.boundaries_url, city.boundaries_licence),
            )


def require_address(settings: Settings, city_id: str) -> City:
    """Return a city whose lines can be fetched; UsageError where nobody said from where."""
    city = settings.city(city_id)
    if not city.boundaries_url:
        raise UsageError(
            f"{settings.config_path}: nothing says where the lines of {city.name} are.",
            f"Put the address of the file as 'boundaries_url' into [cities.{city.id}], or give "
            "the file itself to `boundaries install`.",
        )
    return city


def list_fetchable(settings: Settings, city_ids: Sequence[str]) -> list[City]:
    """List the cities asked for, each once, or else all with an address.

    UsageError for one that is unknown or without an address, and where no city has one.
    """
    if city_ids:
        return [require_address(settings, city_id) for city_id in dict.fromkeys(city_ids)]
    cities = [city for city in settings.cities.values() if city.boundaries_url]
    if not cities:
        raise UsageError(
            f"{settings.config_path}: no city says where its lines are.",
            "Put the address of the file as 'boundaries_url' into its table.",
        )
    return cities


@contextmanager
def _name_by_address(file: Path, address: str) -> Iterator[None]:
    """Let errors about a file name the address it came from: nobody can see the file."""
    try:
        yield
    except (DataError, UsageError) as error:
        what, do = (_replace_path(text, file, address) for text in (error.what, error.do))
        raise type(error)(what, do) from error


def _replace_path(text: str, file: Path, address: str) -> str:
    return labels.UNSEEN.sub(" ", text.replace(str(file), address))
