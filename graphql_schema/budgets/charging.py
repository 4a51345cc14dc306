"""Requests and points, taken and given back.

CostExceeded   the operation costs more than any may; it is for the caller to ask less
Spent          the caller has asked much of late; it passes
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from app.identity.bearer import Bearer
from app.identity.quotas import Quota, Unit
from graphql_schema.budgets.counting import Counters, Here
from graphql_schema.budgets.windows import MINUTE, Standing


class CostExceeded(Exception):
    """An operation that costs more than any may. Nothing was charged."""

    def __init__(self, requested: int, limit: int) -> None:
        super().__init__(f"the operation costs {requested} points, at most {limit} are allowed")
        self.requested, self.limit = requested, limit


class Spent(Exception):
    """A caller who has used a quota up; what was asked for fits again in `seconds`. Nothing was charged."""

    def __init__(self, quota: Quota, seconds: int, standing: Standing) -> None:
        super().__init__("too many requests of late" if quota.unit is Unit.REQUESTS else "the budget is spent for now")
        self.quota, self.seconds, self.standing = quota, seconds, standing


@dataclass
class Budgets:
    """Charges callers for what they ask. An operation that comes to no answer costs no points, but counts as a request."""

    limit: int = 5_000
    """Points of one operation at most."""
    counters: Counters = field(default_factory=Here)
    remembered: int = 10_000
    clock: Callable[[], float] = time.monotonic
    closed: OrderedDict[Bearer, tuple[float, Spent]] = field(default_factory=OrderedDict, repr=False)
    """Bearers with too many requests, and until when: what they ask is not even read."""

    def most(self, quotas: Sequence[Quota]) -> int:
        """Points of one operation at most, whatever is left of its quotas."""
        return min([self.limit, *(quota.most for quota in _of(quotas, Unit.COST))]) if quotas else self.limit

    def check(self, requested: int, quotas: Sequence[Quota]) -> None:
        """Raises CostExceeded for more than the operation may cost."""
        if requested > self.most(quotas):
            raise CostExceeded(requested, self.most(quotas))

    def knock(self, bearer: Bearer) -> None:
        """Raises Spent for one whom `enter` refused a while ago, while that lasts."""
        until, spent = self.closed.get(bearer, (0.0, None))
        left = until - self.clock()
        if spent is not None and left > 0:
            raise Spent(spent.quota, math.ceil(left), spent.standing)
        self.closed.pop(bearer, None)

    async def enter(self, bearer: Bearer, quotas: Sequence[Quota], standing: Standing) -> None:
        """Counts a request. Raises Spent."""
        try:
            await self._take(quotas, Unit.REQUESTS, 1, standing)
        except Spent as spent:
            self.closed[bearer] = (self.clock() + spent.seconds, spent)
            if len(self.closed) > self.remembered:
                self.closed.popitem(last=False)
            raise

    async def charge(self, quotas: Sequence[Quota], requested: int, standing: Standing) -> None:
        """Takes points. Raises Spent."""
        await self._take(quotas, Unit.COST, requested, standing)

    async def refund(self, quotas: Sequence[Quota], requested: int, standing: Standing) -> None:
        """Gives back what was taken for no answer."""
        for quota in _of(quotas, Unit.COST):
            _, standing[quota] = await self.counters.take(quota, -requested)

    async def _take(self, quotas: Sequence[Quota], unit: Unit, units: int, standing: Standing) -> None:
        """Takes units of all quotas, or of none."""
        taken: list[Quota] = []
        for quota in _of(quotas, unit):
            fits, window = await self.counters.take(quota, units)
            standing[quota] = window
            if not fits:
                for each in taken:
                    _, standing[each] = await self.counters.take(each, -units)
                raise Spent(quota, window.wait(quota.most, units), standing)
            taken.append(quota)

    def told(self, requested: int, quotas: Sequence[Quota], standing: Standing) -> dict[str, float | None]:
        """`extensions.cost` of an answer; of several budgets, of that in which the least is left."""
        remaining, of = self._least(quotas, standing) if quotas else (None, None)
        return {
            "requested": requested,
            "limit": self.most(quotas),
            "budget": of.most if of else None,
            "remaining": remaining,
            "restoreRate": round(of.most / MINUTE, 2) if of else None,
        }

    def _least(self, quotas: Sequence[Quota], standing: Standing) -> tuple[int | None, Quota | None]:
        left = [(standing[quota].remaining(quota.most), quota) for quota in _of(quotas, Unit.COST) if quota in standing]
        return min(left, key=lambda found: found[0], default=(None, None))


def _of(quotas: Sequence[Quota], unit: Unit) -> Iterator[Quota]:
    return (quota for quota in quotas if quota.unit is unit)
