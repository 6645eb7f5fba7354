"""The demonstration: synthetic extracts with planted truths, decided before any row."""

from longevity.demo.write import write_demonstration

__all__ = ["write_demonstration"]
