"""Counters in this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from app.identity.quotas import Quota, Unit
from graphql_schema.budgets.windows import MINUTE, Window


class Counters(Protocol):
    """What counts."""

    async def take(self, quota: Quota, units: int) -> tuple[bool, Window]:
        """Takes units of a quota, where they fit; whether they did, and what is taken now. Units below zero are given back."""

    async def close(self) -> None:
        """Counts no more."""


@dataclass
class Here:
    """Counts what is asked of this process, for so many holders of quotas as asked last."""

    remembered: int = 50_000
    clock: Callable[[], float] = time.monotonic
    _counted: OrderedDict[tuple[UUID, Unit], tuple[int, int, int]] = field(default_factory=OrderedDict, repr=False)
    """The minute, and what was taken in the one before and in it."""

    async def take(self, quota: Quota, units: int) -> tuple[bool, Window]:
        """As Counters has it."""
        key, now = (quota.holder, quota.unit), self.clock()
        minute = int(now // MINUTE)
        at, before, taken = self._counted.get(key, (minute, 0, 0))
        if at < minute:
            before, taken = taken if at == minute - 1 else 0, 0
        window = Window(before, taken, (minute + 1) * MINUTE - now)
        fits = window.taken + units <= quota.most
        if fits:
            window = Window(before, taken + units, window.left)
        self._keep(key, (minute, before, window.now))
        return fits, window

    async def close(self) -> None:
        """As Counters has it."""

    def _keep(self, key: tuple[UUID, Unit], counted: tuple[int, int, int]) -> None:
        self._counted[key] = counted
        self._counted.move_to_end(key)
        if len(self._counted) > self.remembered:
            self._counted.popitem(last=False)
