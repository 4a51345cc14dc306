"""Importing: CSV files in, rows out, as a mapping says. docs/import.md tells how to write one."""

from app.services.importing.faults import ImportFailed
from app.services.importing.mapping import Mapping, parse_mapping, read_mapping, shipped
from app.services.importing.report import Counts, ImportReport
from app.services.importing.running import ImportOptions, Progress, run_import
from app.services.importing.sources import Form

__all__ = [
    "Counts",
    "Form",
    "ImportFailed",
    "ImportOptions",
    "ImportReport",
    "Mapping",
    "Progress",
    "parse_mapping",
    "read_mapping",
    "run_import",
    "shipped",
]
