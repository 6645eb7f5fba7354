"""A messy file becomes extracts: read, map, parse, deduplicate, write; refused rows kept whole."""

from longevity.intake.importing.one_file import ImportReport, import_source

__all__ = ["ImportReport", "import_source"]
