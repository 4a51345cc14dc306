"""A minute that slides, by two counters: what was taken in the whole minute before, and in the one that runs.

Of the minute before as much counts still as of it lies in the last sixty seconds, as if all was taken evenly. (The "sliding
window counter" of `limits`, whose figures these are.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from app.identity.quotas import Quota

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Window:
    """What was taken by one who asks."""

    before: int
    """In the minute before."""
    now: int
    """In this one."""
    left: float
    """Seconds of this one that are left."""

    @property
    def taken(self) -> int:
        """What counts of it now."""
        return math.floor(self.before * self.left / MINUTE + self.now)

    def remaining(self, most: int) -> int:
        """How much more may be taken."""
        return min(most, max(0, most - self.taken))

    def wait(self, most: int, wanted: int) -> int:
        """Seconds, at least one, until so much more may be taken, which is no more than `most`."""
        return max(1, math.ceil(self._wait(wanted - most)))

    def _wait(self, over: int) -> float:
        """Seconds until what is taken falls to `-over`: in this minute with what counts of the one before, else in the next."""
        if self.now + over <= 0:
            return self.left + (self.now + over) * MINUTE / self.before if self.before else 0
        return self.left + MINUTE + over * MINUTE / self.now


Standing: TypeAlias = dict[Quota, Window]
"""What was taken of quotas."""
