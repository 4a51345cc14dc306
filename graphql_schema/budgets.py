"""What callers may spend: on one operation, and over time.

CostExceeded   the operation costs more than any may; it is for the caller to ask less
Spent          the caller has asked much of late; it passes
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID


class CostExceeded(Exception):
    """An operation that costs more than any may. Nothing was charged."""

    def __init__(self, requested: int, limit: int) -> None:
        super().__init__(f"the operation costs {requested} points, at most {limit} are allowed")
        self.requested, self.limit = requested, limit


class Spent(Exception):
    """A caller whose budget does not suffice now; it will in `seconds`. Nothing was charged."""

    def __init__(self, seconds: int) -> None:
        super().__init__("the budget is spent for now")
        self.seconds = seconds


@dataclass
class Budgets:
    """Charges callers for what they ask; in this process, of which each keeps budgets of its own.

    A budget is a bucket: an operation takes its points at once, and `restore_rate` of them come back each second. An
    operation that comes to no answer is not charged.
    """

    limit: int = 5_000
    """Points of one operation at most."""
    budget: int = 0
    """Points of a caller at most; 0 where no budgets are kept."""
    restore_rate: int = 500
    remembered: int = 10_000
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[UUID, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)
    """What callers had left, and when."""

    @property
    def most(self) -> int:
        """Points of one operation at most, whatever the caller has left."""
        return min(self.limit, self.budget) if self.budget else self.limit

    def check(self, requested: int) -> None:
        """Raises CostExceeded for more than any operation may cost."""
        if requested > self.most:
            raise CostExceeded(requested, self.most)

    def charge(self, caller: UUID, requested: int) -> None:
        """Takes points of a caller. Raises CostExceeded, Spent."""
        self.check(requested)
        if self.budget:
            left = self._restored(caller)
            if left < requested:
                raise Spent(math.ceil((requested - left) / self.restore_rate))
            self._keep(caller, left - requested)

    def refund(self, caller: UUID, requested: int) -> None:
        """Gives back what was taken for no answer."""
        if self.budget:
            self._keep(caller, min(self.budget, self._restored(caller) + requested))

    def told(self, caller: UUID, requested: int) -> dict[str, int | None]:
        """`extensions.cost` of an answer, after it was charged."""
        return {
            "requested": requested,
            "limit": self.most,
            "budget": self.budget or None,
            "remaining": int(self._restored(caller)) if self.budget else None,
            "restoreRate": self.restore_rate if self.budget else None,
        }

    def _restored(self, caller: UUID) -> float:
        found = self._left.get(caller)
        if found is None:
            return self.budget
        left, at = found
        return min(self.budget, left + (self.clock() - at) * self.restore_rate)

    def _keep(self, caller: UUID, left: float) -> None:
        self._left[caller] = (left, self.clock())
        self._left.move_to_end(caller)
        if len(self._left) > self.remembered:
            self._left.popitem(last=False)
