"""More than a million victims are drawn and published in memory that does not follow the rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from longevity.release.store import Store
from tests.drivers import command_process
from tests.oracles.demonstration_counts import truths

pytestmark = pytest.mark.audit

UNTIL = date(2026, 11, 22)
TODAY = date(2026, 11, 23)
SMALL, LARGE = 13, 130
MOST_VICTIMS_HELD = 4 * 2**30  # bytes; publish spills what is more to the disk


def _grown(
    folder: Path, scale: int
) -> tuple[command_process.CommandCost, command_process.CommandCost, int]:
    extracts, home = folder / "extracts", folder / "home"
    drawn = command_process.run_command(
        *("demo", "--out", extracts, "--until", UNTIL.isoformat(), "--scale", str(scale)),
        home=home,
        today=TODAY,
    )
    assert drawn.code == 0, drawn.stderr
    published = command_process.run_command("publish", extracts, home=home, today=TODAY)
    assert published.code == 0, published.stderr
    victims = pq.ParquetFile(extracts / "victims.parquet").metadata.num_rows
    for name, one in (("demo", drawn), ("publish", published)):
        print(
            f"\n{victims:,} victims, {name}: {one.seconds:,.1f} s "
            f"({one.cpu_seconds:,.1f} s of processors), at most {one.mebibytes:,.0f} MiB"
        )
    return drawn, published, victims


def test_a_million_victims_in_flat_memory(tmp_path):
    small_drawn, small_published, few = _grown(tmp_path / "small", SMALL)
    drawn, published, victims = _grown(tmp_path / "large", LARGE)
    assert victims > 1_000_000
    assert victims > 9 * few
    # Ten times the rows; what is kept of them while drawing is a row group at a time.
    assert drawn.peak_bytes < 1.5 * small_drawn.peak_bytes
    # Sorting and joining hold rows until DuckDB's bound, and no more than that beside it.
    assert published.peak_bytes < MOST_VICTIMS_HELD
    print(
        f"ten times the victims: demo holds {drawn.peak_bytes / small_drawn.peak_bytes:.1f}×, "
        f"publish {published.peak_bytes / small_published.peak_bytes:.1f}×"
    )
    _as_planted(tmp_path / "large")


def _as_planted(folder: Path) -> None:
    """What was published counts to what was planted, by a sum over the daily table."""
    release = Store(folder / "home").current()
    daily = pq.read_table(release.member("built/daily.parquet")).to_pandas()
    counted = daily.groupby(["city", daily["day"].map(lambda day: day.year)])
    sums = counted[["incidents", "victims", "fatal", "nonfatal", "homicides"]].sum()
    for city, told in truths(folder / "extracts")["cities"].items():
        for year in told["totals"]:
            for name in sums.columns:
                # A year in which nothing happened has no row.
                found = sums[name].get((city, year["year"]), 0)
                assert found == year[name], (city, year["year"], name)
