"""Import: a city's file becomes extracts. Rows that are refused go to quarantine, unchanged."""

from longevity.ingest.importing.one_file import ImportReport, import_source

__all__ = ["ImportReport", "import_source"]
