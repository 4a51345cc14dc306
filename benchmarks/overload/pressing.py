"""So many requests at a time, or so many a second, whatever comes of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from benchmarks.overload.asking import Caller

TICK = 0.005
"""Seconds between two looks at how many requests are due."""


async def press(callers: Sequence[Caller], each: int, seconds: float) -> None:
    """Each caller asks so many at a time, one after another."""
    end = time.perf_counter() + seconds

    async def ask(caller: Caller) -> None:
        while time.perf_counter() < end:
            await caller.ask()

    await asyncio.gather(*(ask(caller) for caller in callers for _ in range(each)))


async def pour(callers: Sequence[Caller], per_second: float, seconds: float) -> None:
    """So many requests a second, of each caller in turn, whether or not those before are answered."""
    begun, sent, tasks = time.perf_counter(), 0, set[asyncio.Task[None]]()
    while (passed := time.perf_counter() - begun) < seconds:
        while sent < passed * per_second:
            task = asyncio.create_task(callers[sent % len(callers)].ask())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            sent += 1
        await asyncio.sleep(TICK)
    await asyncio.gather(*tasks)


async def probe(caller: Caller, every: float, seconds: float) -> None:
    """A request, and the next one so many seconds after it began, or when it is answered."""
    end = time.perf_counter() + seconds
    while (now := time.perf_counter()) < end:
        await caller.ask()
        await asyncio.sleep(max(0.0, now + every - time.perf_counter()))


async def lag(found: list[float], seconds: float) -> None:
    """By how many seconds whoever asks comes late itself: every answer may have been there so much earlier."""
    end = time.perf_counter() + seconds
    while (now := time.perf_counter()) < end:
        await asyncio.sleep(TICK)
        found.append(time.perf_counter() - now - TICK)
