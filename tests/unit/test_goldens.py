"""Published pairs of counts: p-value and interval of the ratio to their printed digits, φ = 1."""

from __future__ import annotations

import pytest

from longevity.stats.comparison import compare
from longevity.stats.dispersion import Dispersion
from tests.factories.ascii_table import rows

# p by the exact conditional test; the ratio's bounds by Clopper and Pearson.
GOLDENS = """
what                                | current | previous | p     | low  | high
Hartford nonfatal to 2026-02-28     | 12      | 5        | 0.143 | 0.79 | 8.70
Hartford nonfatal to 2026-06-13     | 28      | 25       | 0.784 | 0.63 | 2.00
Hartford nonfatal to 2026-06-20     | 31      | 32       | 1.000 | 0.57 | 1.64
Hartford nonfatal to 2026-06-27     | 36      | 33       | 0.810 | 0.66 | 1.81
Hartford nonfatal to 2026-07-18     | 44      | 36       | 0.434 | 0.77 | 1.95
Hartford murders 2025 on 2024       | 11      | 23       | 0.058 | 0.21 | 1.02
Bridgeport murders 2025 on 2024     | 5       | 12       | 0.143 | 0.11 | 1.27
New Haven homicides 2012 on 2011    | 17      | 34       | 0.024 | 0.26 | 0.92
New Haven nonfatal 2012 on 2011     | 92      | 133      | 0.008 | 0.52 | 0.91
New Haven homicides 2020 on 2019    | 20      | 11       | 0.150 | 0.83 | 4.20
New Haven nonfatal 2020 on 2019     | 121     | 78       | 0.003 | 1.16 | 2.09
New Haven nonfatal to 2019-06-23    | 34      | 23       | 0.185 | 0.85 | 2.63
New Haven homicides to 2019-06-23   | 5       | 7        | 0.774 | 0.18 | 2.61
"""


@pytest.mark.parametrize("golden", rows(GOLDENS), ids=lambda row: row["what"])
@pytest.mark.parametrize("dispersion", [None, Dispersion(1.0, 4)], ids=["assumed", "measured"])
def test_to_the_printed_digits(golden, dispersion):
    found = compare(int(golden["current"]), int(golden["previous"]), dispersion=dispersion)
    assert found.p_value is not None
    assert found.low is not None
    assert found.high is not None
    printed = (f"{found.p_value:.3f}", f"{found.low:.2f}", f"{found.high:.2f}")
    assert printed == (golden["p"], golden["low"], golden["high"])
