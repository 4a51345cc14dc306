"""What a search for duplicates found and wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.services.duplicates.scoring import Score


@dataclass(frozen=True, slots=True)
class Found:
    """Two customers that may be one, the later first."""

    customer: UUID
    other: UUID
    score: Score

    def evidence(self) -> list[dict[str, Any]]:
        """What the score rests on, without values."""
        return [{"field": each.field, "likeness": each.likeness} for each in self.score.evidence]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the issues. `unchanged` and the like count open issues, `settled` pairs."""

    created: int
    updated: int
    unchanged: int
    settled: int
    """Pairs that somebody has accepted or dismissed before: their issues are left alone."""
    fixed: int


@dataclass(frozen=True, slots=True)
class DuplicatesReport:
    """How a search for duplicates ended."""

    job_id: UUID
    threshold: int
    dry_run: bool
    customers: int
    compared: int
    """Pairs whose scores were computed."""
    written: Written
    seconds: float
    pairs: tuple[Found, ...] = field(repr=False)

    def counts(self) -> dict[str, Any]:
        """The figures, ready to be written as JSON."""
        made = self.written
        return {
            "job": str(self.job_id),
            "threshold": self.threshold,
            "dryRun": self.dry_run,
            "customers": self.customers,
            "compared": self.compared,
            "found": len(self.pairs),
            "issues": {
                "created": made.created,
                "updated": made.updated,
                "unchanged": made.unchanged,
                "settled": made.settled,
                "fixed": made.fixed,
            },
            "seconds": round(self.seconds, 3),
        }

    def as_json(self) -> dict[str, Any]:
        """The figures and the pairs, the surest first."""
        ordered = sorted(
            self.pairs, key=lambda found: (-found.score.value, -found.score.bits, found.customer, found.other)
        )
        return {
            **self.counts(),
            "pairs": [
                {
                    "customer": str(found.customer),
                    "other": str(found.other),
                    "score": found.score.value,
                    "evidence": found.evidence(),
                }
                for found in ordered
            ],
        }
