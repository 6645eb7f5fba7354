"""The demonstration: synthetic extracts with planted truths, decided before any row."""

from longevity.intake.demonstration.write import DemonstrationReport, write

__all__ = ["DemonstrationReport", "write"]
