"""The server as a process of its own: over a given database, or over an embedded one which can be killed with it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from tests.secrecy import said

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
PATIENCE = 60
"""Seconds in which a server must be ready."""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
    return port


@dataclass
class Server:
    """A server over the data in a folder."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    """Settings, by their names in an environment."""
    port: int = field(default_factory=_free_port)
    _process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """Starts it, and waits until it is ready."""
        given = {"C360_DATA_DIR": str(self.folder), "C360_HOST": HOST, "C360_PORT": str(self.port)}
        own = {name: value for name, value in os.environ.items() if not name.startswith("C360_")}
        program = (sys.executable, "-c", "from app.cli import main; main()", "serve")
        with (self.folder / "server.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *program,
                cwd=ROOT,
                env={**own, **given, **self.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        async with asyncio.timeout(PATIENCE), httpx2.AsyncClient(base_url=self.address) as client:
            while not await _is_ready(client):
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """Kills it, as `kill -9` does."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    def kill_database(self) -> None:
        """Kills PostgreSQL the same way; the server brings it up again."""
        for pid in self.folder.rglob("postmaster.pid"):
            with suppress(ProcessLookupError):
                os.kill(int(pid.read_text().splitlines()[0]), signal.SIGKILL)

    def tell_to_end(self) -> None:
        """Tells it to end, and does not wait."""
        assert self._process is not None
        self._process.terminate()

    async def code(self) -> int:
        """The code with which it has ended."""
        assert self._process is not None
        return await self._process.wait()

    async def stop(self) -> None:
        """Stops it in good order, and an embedded database with it. Its log holds nothing that no log may hold."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()
        assert said(self.log) == []

    @property
    def log(self) -> str:
        """What it has logged."""
        return (self.folder / "server.log").read_text()


@asynccontextmanager
async def serving(folder: Path, dsn: str, **settings: str) -> AsyncIterator[Server]:
    """A server over a database; further settings by their names, as in `issuer=…`."""
    environment = {f"C360_{name.upper()}": value for name, value in settings.items()}
    server = Server(folder, {"C360_DATABASE_URL": dsn, **environment})
    try:
        await server.start()
        yield server
    finally:
        await server.stop()


async def _is_ready(client: httpx2.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx2.TransportError:
        return False
