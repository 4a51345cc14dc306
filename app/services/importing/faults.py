"""What stops an import.

ImportFailed
    one or more Faults, each with file and line: of the mapping, or of a file to import
"""

from __future__ import annotations

from collections.abc import Iterable

from policies.faults import Fault


class ImportFailed(Exception):
    """An import that cannot be done; nothing of it was loaded. `faults` lists all that is wrong, sorted by place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


def stop(file: str, line: int, message: str) -> ImportFailed:
    """The failure for one fault."""
    return ImportFailed([Fault(file, line, message)])
