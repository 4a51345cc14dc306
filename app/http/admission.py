"""Who is let in: so many requests at a time of each caller, and so many of all.

One caller alone never has all connections to the database, so what one asks keeps no other from being answered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from app.http.requests import Refused

SOON = ((b"retry-after", b"1"),)


@dataclass
class Admission:
    """Counts the requests that are being answered in this process."""

    most_per_caller: int = 8
    most: int = 256
    _of: dict[UUID, int] = field(default_factory=dict, repr=False)
    _all: int = 0

    def enter(self, caller: UUID) -> None:
        """Lets a request in, which must leave. Raises Refused (429 where the caller has too many, 503 where all have)."""
        has = self._of.get(caller, 0)
        if has >= self.most_per_caller:
            fault = f"at most {self.most_per_caller} requests of a caller are answered at a time"
            raise Refused(429, fault, "RATE_LIMITED", SOON)
        if self._all >= self.most:
            raise Refused(503, "too many requests are being answered now", "RATE_LIMITED", SOON)
        self._of[caller] = has + 1
        self._all += 1

    def leave(self, caller: UUID) -> None:
        """One that was let in is done."""
        self._all -= 1
        left = self._of[caller] - 1
        if left:
            self._of[caller] = left
        else:
            del self._of[caller]
