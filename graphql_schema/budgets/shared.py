"""Counters of all processes, in Valkey or Redis, by `limits`.

While it is away, each process counts for itself: callers are bounded still, and nobody is refused for want of a counter.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from app.identity.quotas import Quota
from graphql_schema.budgets.counting import Here
from graphql_schema.budgets.windows import MINUTE, Window

log = structlog.get_logger("c360.budgets")

PATIENCE = 0.25
"""Seconds in which it must answer."""
PAUSE = 1.0
"""Seconds for which it is left alone when it did not."""
AWAY = (StorageError, OSError, TimeoutError)


def storage_at(address: str) -> RedisStorage:
    """Valkey at an address (valkey://, valkeys://, redis://, rediss://)."""
    scheme, _, rest = address.partition("://")
    spoken = scheme.lower().replace("redis", "valkey")
    return RedisStorage(
        f"async+{spoken}://{rest}", wrap_exceptions=True, key_prefix="c360", socket_connect_timeout=PATIENCE
    )


@dataclass
class Shared:
    """Counts what is asked of all processes that name the same address."""

    storage: RedisStorage
    here: Here = field(default_factory=Here)
    _is_away: bool = False
    _again: float = 0.0
    """When it is tried again."""

    def __post_init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(self.storage)

    async def take(self, quota: Quota, units: int) -> tuple[bool, Window]:
        """As Counters has it."""
        if self._is_away and time.monotonic() < self._again:
            return await self.here.take(quota, units)
        self._again = time.monotonic() + PAUSE  # one tries, the others need not wait for it
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._take(quota, units)
        except AWAY as failure:
            self._tell(away=True, reason=type(failure).__name__)
            return await self.here.take(quota, units)
        self._tell(away=False)
        return found

    async def close(self) -> None:
        """As Counters has it."""
        await self.storage.bridge.get_connection().aclose()  # type: ignore[attr-defined] # limits does not close it

    async def _take(self, quota: Quota, units: int) -> tuple[bool, Window]:
        item, key = RateLimitItemPerMinute(quota.most), (quota.unit.value, str(quota.holder))
        fits = await self._limiter.hit(item, *key, cost=units)
        before, _, now, ends = await self.storage.get_sliding_window(item.key_for(*key), MINUTE)
        return fits, Window(before, now, max(0.0, ends - MINUTE))

    def _tell(self, *, away: bool, **more: str) -> None:
        if away is not self._is_away:
            log.warning("budgets are counted by each process" if away else "budgets are counted together again", **more)
        self._is_away = away
