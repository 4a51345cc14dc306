"""What the values of a mapping are compiled against, and what comes to light while they are.

Without a header (before any file is open) every column is taken to exist, so that a mapping's own faults show first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.services.importing.document import FilePart, FormatPart
from app.services.importing.lookups import Lookup
from app.services.importing.transforms import Transform, number, remembering
from policies.faults import Fault
from policies.marked_yaml import Marked, Path


@dataclass
class Scope:
    """What values are compiled against: a file of the mapping, and what has been found out so far."""

    marked: Marked
    files: Mapping[str, FilePart]
    formats: Mapping[str, FormatPart]
    headers: Mapping[str, Mapping[str, int]]
    """Positions of columns by file; a file that is missing here is not open yet."""
    file: str
    wanted: dict[str, dict[str, Path]] = field(default_factory=dict)
    """Columns asked for, by file, and where."""
    lookups: list[Lookup] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def within(self, file: str) -> Scope:
        """The same for another file, sharing what is found out."""
        return replace(self, file=file)

    def fault(self, path: Path, message: str) -> None:
        """Note what is wrong at a place of the mapping."""
        self.faults.append(self.marked.fault(path, message))

    @property
    def format(self) -> FormatPart:
        """How this file is written."""
        return self.formats[self.file]

    @property
    def number(self) -> Transform:
        """Reads numbers as this file writes them."""
        return remembering(number(self.format.decimal_mark, self.format.grouping))

    def position(self, column: str, path: Path) -> int:
        """Where a column stands; a fault where there is none of the name."""
        self.wanted.setdefault(self.file, {}).setdefault(column, path)
        header = self.headers.get(self.file)
        if header is None:
            return 0
        if column not in header:
            known = ", ".join(name for name in header if name)
            self.fault(path, f"there is no column {column!r} in {self.file}; it has {known}")
        return header.get(column, 0)
