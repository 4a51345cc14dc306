"""So many sockets and streams of events at a time: of each caller, and of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from app.http.admission import SOON
from app.http.metrics import STREAMS
from app.http.requests import Refused


@dataclass
class Places:
    """Counts what is open in this process."""

    most_per_caller: int = 16
    most: int = 1_000
    _of: Counter[UUID] = field(default_factory=Counter, repr=False)
    _all: int = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        """A place among all, whoever it is for. Raises Refused (503)."""
        if self._all >= self.most:
            raise Refused(503, "too many sockets and streams are open now", "RATE_LIMITED", SOON)
        self._all += 1
        STREAMS.inc()
        try:
            yield
        finally:
            self._all -= 1
            STREAMS.dec()

    @contextmanager
    def of(self, caller: UUID) -> Iterator[None]:
        """A place among a caller's. Raises Refused (429)."""
        if self._of[caller] >= self.most_per_caller:
            fault = f"at most {self.most_per_caller} sockets and streams of a caller are open at a time"
            raise Refused(429, fault, "RATE_LIMITED", SOON)
        self._of[caller] += 1
        try:
            yield
        finally:
            self._of[caller] -= 1
            if not self._of[caller]:
                del self._of[caller]
