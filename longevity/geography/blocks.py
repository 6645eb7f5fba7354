"""How exactly a place may be shown: by the block, never by the door.

A point is moved to the middle of the square of a fixed grid it lies in. The squares are
about BLOCK_METRES wide in both directions at any latitude, so that a point moves by 71
metres at most and every address of a square gives the same point. The grid does not
depend on the data: what else happened there says nothing about where in it a point lay.
"""

from __future__ import annotations

BLOCK_METRES = 100
_METRES_A_DEGREE = 111_320
_STEP = BLOCK_METRES / _METRES_A_DEGREE
# Five decimals are a metre: finer would say nothing.
_DECIMALS = 5


def find_middle_sql(longitude: str, latitude: str) -> tuple[str, str]:
    """Return SQL for the longitude and latitude of the middle of the square a point lies in.

    Takes two SQL expressions in degrees. A square is BLOCK_METRES wide.
    """
    middle = _write_middle_sql(latitude, str(_STEP))
    # A degree of longitude is the shorter the farther it is from the equator.
    wider = f"({_STEP} / greatest(cos(radians({middle})), 0.01))"
    return (
        f"round({_write_middle_sql(longitude, wider)}, {_DECIMALS})",
        f"round({middle}, {_DECIMALS})",
    )


def _write_middle_sql(degrees: str, step: str) -> str:
    return f"((floor({degrees} / {step}) + 0.5) * {step})"
