"""What an import did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of one entity: read = created + updated + unchanged + rejected."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.read + other.read,
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
        )

    @property
    def balanced(self) -> bool:
        """Whether every row read is accounted for."""
        return self.read == self.created + self.updated + self.unchanged + self.rejected


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file, as it was found to be written."""

    name: str
    encoding: str
    delimiter: str
    records: int


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """What became of the rows of one rule of the mapping."""

    rule: str
    entity: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import read, wrote and rejected."""

    mapping: str
    system: str
    job_id: UUID
    files: tuple[FileRead, ...]
    rules: tuple[RuleCounts, ...]
    seconds: float
    rejects: Path | None
    """The CSV file of rejected rows; None where there is none."""

    def entity(self, entity: str) -> Counts:
        """The counts of one table."""
        return total(rule.counts for rule in self.rules if rule.entity == entity)

    @property
    def total(self) -> Counts:
        """The counts of all tables."""
        return total(rule.counts for rule in self.rules)

    def as_json(self) -> dict[str, Any]:
        """Ready to be written as JSON."""
        return {
            "mapping": self.mapping,
            "system": self.system,
            "job": str(self.job_id),
            "files": [asdict(file) for file in self.files],
            "rows": [{"rule": rule.rule, "entity": rule.entity, **asdict(rule.counts)} for rule in self.rules],
            "total": asdict(self.total),
            "seconds": round(self.seconds, 3),
            "rejects": None if self.rejects is None else str(self.rejects),
        }


def total(counts: Iterable[Counts]) -> Counts:
    """All together."""
    return sum(counts, Counts())
