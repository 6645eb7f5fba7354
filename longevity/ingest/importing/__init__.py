"""A messy file becomes extracts: read, map, parse, deduplicate, write; refused rows kept whole."""

from longevity.ingest.importing.one_file import ImportReport, import_source

__all__ = ["ImportReport", "import_source"]
