"""A messy file becomes extracts: read, map, parse, settle, write; refused rows kept whole."""

from longevity.intake.importing.one_file import ImportReport, run

__all__ = ["ImportReport", "run"]
