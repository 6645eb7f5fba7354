"""What a document, its file and every page of it are marked with."""

from __future__ import annotations

NOT_FOR_RELEASE, SYNTHETIC = "NOT FOR RELEASE", "SYNTHETIC"
SYNTHETIC_IN_FULL = "SYNTHETIC demonstration data: no person, shooting or action here is real."


def list_marks(public: bool, synthetic: bool) -> tuple[str, ...]:
    """Return what a file, and every page of it, is marked with."""
    restricted = () if public else (NOT_FOR_RELEASE,)
    return (*restricted, *((SYNTHETIC,) if synthetic else ()))
