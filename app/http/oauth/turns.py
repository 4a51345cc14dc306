"""So many at a time, and so many who wait: what strangers ask keeps nothing from those who are known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from app.http.admission import SOON
from app.http.requests import Refused


@dataclass
class Turns:
    """Turns at something of which there is little."""

    at_once: int
    most: int
    """Who have a turn, or wait for one."""
    _asked: int = 0
    _free: asyncio.Semaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.at_once)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn. Raises Refused (503) where too many wait."""
        if self._asked >= self.most:
            raise Refused(503, "too many requests are being answered now", "RATE_LIMITED", SOON)
        self._asked += 1
        try:
            async with self._free:
                yield
        finally:
            self._asked -= 1
