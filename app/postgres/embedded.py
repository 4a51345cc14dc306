"""The one way in: `with embedded(data_dir) as server:`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote

from app.postgres.account import server_account
from app.postgres.cluster import ROLE, ensure_cluster
from app.postgres.errors import PostgresError
from app.postgres.programs import programs_for
from app.postgres.server import DATABASE, Server
from app.postgres.sharing import shared
from app.postgres.signals import exiting_on_termination
from app.postgres.sockets import leave_no_sockets, socket_directory

DEFAULT_PORT = 5432


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """A running server, reached over a socket that only its account and root can open."""

    sockets: Path
    port: int
    revive: Callable[[], None] = field(repr=False, compare=False)
    """Brings it up again where it has died; blocks until it accepts connections. Raises PostgresError."""

    @property
    def dsn(self) -> str:
        """Address of the product's database, for asyncpg and libpq."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self.sockets), safe='')}&port={self.port}"

    @property
    def url(self) -> str:
        """The same address, for SQLAlchemy."""
        return self.dsn.replace("postgresql://", "postgresql+asyncpg://", 1)


def _home(data_dir: Path) -> Path:
    home = data_dir.absolute() / "postgres"
    try:
        for directory in (home.parent, home):
            directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        accessible = os.access(home, os.W_OK | os.X_OK)
    except PermissionError:
        accessible = False
    if not accessible:
        raise PostgresError(f"This user may not write in {home}. Start as its owner, or set C360_DATA_DIR.")
    return home


def _up(home: Path, user: str, port: int | None, settings: Mapping[str, str], turn: int) -> Server:
    directory = home / "data"
    account = server_account(directory, user)
    programs = programs_for(account)
    ensure_cluster(directory, programs, turn)
    number = port or DEFAULT_PORT
    sockets = socket_directory(home, account, number)
    server = Server(directory, programs, sockets, number, tcp=port is not None, settings=settings)
    server.bring_up()
    return server


def _down(home: Path, server: Server) -> None:
    server.bring_down()
    leave_no_sockets(home)


@contextmanager
def embedded(
    data_dir: Path, *, user: str = "c360", port: int | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[EmbeddedServer]:
    """Use the server whose data lie in `data_dir/postgres`, started where it does not run yet.

    Started by root, the server runs as `user`. With `port` it listens on this machine's loopback too; roles that come
    that way need a password. `settings` are PostgreSQL's own, for the server if it is this call that starts it.
    Ctrl-C, SIGTERM and SIGHUP leave the block as an exception does. Raises PostgresError.
    """
    home = _home(data_dir)
    with (
        exiting_on_termination(),
        shared(home, partial(_up, home, user, port, settings or {}), partial(_down, home)) as use,
    ):
        yield EmbeddedServer(use.thing.sockets, use.thing.port, use.rejoin)
