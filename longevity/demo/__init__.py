"""The demonstration: synthetic extracts with planted truths, decided before any row."""

from longevity.demo.write import DemonstrationReport, write_demonstration

__all__ = ["DemonstrationReport", "write_demonstration"]
