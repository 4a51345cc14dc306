"""The server, and how it ends.

Told to end (SIGTERM, SIGINT) it says so at once, by the event `leaving`: readiness is gone, sockets are told to go elsewhere.
After a while in which load balancers may notice, it takes no new connections, closes those on which nothing is asked, and
waits for the requests that are being answered. Told again, it waits for nothing.
"""

from __future__ import annotations

import asyncio
from types import FrameType

import structlog
import uvicorn

log = structlog.get_logger("c360.server")


class Server(uvicorn.Server):
    """Serves until told to end. `notice` is the time, in seconds, between saying so and taking no new connections."""

    def __init__(self, config: uvicorn.Config, leaving: asyncio.Event, notice: float = 0) -> None:
        super().__init__(config)
        self._leaving, self._notice = leaving, notice
        self._loop = asyncio.get_running_loop()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Takes a signal. What ends the process here is the end of `serve`, not the signal."""
        if self.is_told:
            self.force_exit = self.should_exit = True
        self.is_told = True
        self._loop.call_soon_threadsafe(self._leave)

    is_told = False

    def _leave(self) -> None:
        if self._leaving.is_set():
            log.warning("ending at once")
            return
        log.info("leaving")
        self._leaving.set()
        self._loop.call_later(self._notice, self._stop)

    def _stop(self) -> None:
        self.should_exit = True
