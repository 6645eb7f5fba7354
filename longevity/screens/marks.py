"""The marks on documents, their pages and file names: NOT FOR RELEASE, SYNTHETIC."""

from __future__ import annotations

NOT_FOR_RELEASE, SYNTHETIC = "NOT FOR RELEASE", "SYNTHETIC"
SYNTHETIC_IN_FULL = "SYNTHETIC demonstration data: no person, shooting or action here is real."


def list_marks(public: bool, synthetic: bool) -> tuple[str, ...]:
    """Return the marks of a file that is public or not, of synthetic data or real ones."""
    restricted = () if public else (NOT_FOR_RELEASE,)
    return (*restricted, *((SYNTHETIC,) if synthetic else ()))
