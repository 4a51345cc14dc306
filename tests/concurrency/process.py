"""The process that asks, as the test sees it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.concurrency.judging import Answer, Look

ROOT = Path(__file__).parents[2]
LONGEST = 60
"""Seconds without which no answer comes."""


@dataclass(frozen=True)
class Asker:
    """A process that asks for as long as it is told to."""

    process: asyncio.subprocess.Process

    @asynccontextmanager
    async def asking(
        self, asked: Sequence[tuple[str, str]], hole: str | None = None, *, exactly: bool = False
    ) -> AsyncIterator[Answers]:
        """Has it ask: pairs of a user's key and a query, again and again. `exactly` is for moments of statements."""
        answers = Answers(self._lines())
        await self._order(json.dumps({"asked": asked, "hole": hole, "exactly": exactly}))
        try:
            yield answers
        finally:
            await self._order("stop")
            await answers.rest()

    async def _order(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()

    async def _lines(self) -> AsyncIterator[Answer]:
        """The answers, up to the empty line."""
        assert self.process.stdout is not None
        while True:
            async with asyncio.timeout(LONGEST):
                line = await self.process.stdout.readline()
            if not line.strip():
                return
            number, told, before, after = json.loads(line)
            yield Answer(number, told, Look(*before), Look(*after))


class Answers(list[Answer]):
    """Those that have come."""

    def __init__(self, coming: AsyncIterator[Answer]) -> None:
        super().__init__()
        self._coming = coming

    async def until(self, enough: Callable[[Answer], bool]) -> None:
        """Takes answers until one is the last that was wanted."""
        async for answer in self._coming:
            self.append(answer)
            if enough(answer):
                return
        raise EOFError("the process that asks has ended")

    async def rest(self) -> None:
        """Takes what is still to come."""
        async for answer in self._coming:
            self.append(answer)


@asynccontextmanager
async def asker(dsn: str, directory: Path) -> AsyncIterator[Asker]:
    """The process, with an interpreter of its own."""
    program = (sys.executable, "-m", "tests.concurrency.asker", dsn, str(directory))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*program, stdin=pipe, stdout=pipe, cwd=ROOT, limit=2**20)
    try:
        yield Asker(process)
        assert process.stdin is not None
        process.stdin.close()
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
