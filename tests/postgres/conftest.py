"""Folders for servers, and other processes that use them."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.postgres.account import Account
from app.postgres.programs import programs_for

ROOT = Path(__file__).parents[2]
CLIENT = Path(__file__).with_name("client.py")
SECONDS = 120

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


class Client:
    """Another process that uses the server over a folder."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(CLIENT), str(data_dir), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )

    def heard(self) -> str:
        """Its next line; empty once it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def ready(self) -> str:
        """Wait until its server is up. The address, or the complaint."""
        assert self.heard() == "begun"
        return self.heard()

    def send(self, number: signal.Signals) -> None:
        """As a terminal does: to the process and all that it started and did not set apart."""
        os.killpg(self.process.pid, number)

    def leave(self) -> int:
        """End its input and wait for its end. The exit status."""
        self.process.communicate(timeout=SECONDS)
        return self.process.returncode


@pytest.fixture
def client() -> Iterator[Callable[..., Client]]:
    """Starts clients; those still there at the end are killed."""
    clients: list[Client] = []

    def start(data_dir: Path, *options: str) -> Client:
        clients.append(Client(data_dir, *options))
        return clients[-1]

    yield start
    for started in clients:
        started.process.kill()
        started.process.communicate()


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A directory that every user can reach, under a short path."""
    path = Path(tempfile.mkdtemp(prefix="open-"))
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


def cluster_state(data_dir: Path) -> str:
    """What pg_controldata says of the cluster."""
    us = Account("", os.geteuid(), os.getegid())
    controls = programs_for(us).must("pg_controldata", "-D", str(data_dir / "postgres" / "data"))
    return next(line for line in controls.splitlines() if "cluster state" in line).partition(":")[2].strip()


def postmaster(data_dir: Path) -> int:
    """Process id of the server."""
    return int((data_dir / "postgres/data/postmaster.pid").read_text().split()[0])


def is_down(data_dir: Path) -> bool:
    """Whether the server was stopped cleanly."""
    return not (data_dir / "postgres/data/postmaster.pid").exists() and cluster_state(data_dir) == "shut down"


def ask(dsn: str, *statements: str) -> Any:
    """Run statements in order. The value of the last one."""

    async def asked() -> Any:
        connection = await asyncpg.connect(dsn)
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(asked())
