"""The database under test: private, filled with the demo company, kept for the next time while nothing it is made of changes."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from app.database import connect
from app.postgres import embedded
from app.settings import Settings, variable
from benchmarks.errors import BenchmarkError
from benchmarks.processes import ROOT, Program, output_of

NAME = "c360_bench"
MARK = "customer360 benchmark"
"""Begins the comment of a database that is ours to drop."""
MADE_OF = ("app/models", "app/services/demo", "migrations", "policies")
"""Folders that the rows depend on."""
COMMENT = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{}'"


@dataclass(frozen=True)
class Volume:
    """The database, and the folder for whatever else the benchmark writes."""

    server: str
    """Address of another database of the same server, from where this one is made."""
    folder: Path
    name: str = NAME

    @cached_property
    def address(self) -> str:
        """The database's own address."""
        return make_url(self.server).set(database=self.name).render_as_string(hide_password=False)

    def c360(self, *arguments: str, **settings: object) -> Program:
        """The product's command line over this database."""
        given = {"data_dir": self.folder, "database_url": self.address, **settings}
        environment = {variable(name): str(value) for name, value in given.items()}
        command = [sys.executable, "-c", "from app.cli import main; main()", *arguments]
        return Program(command, environment, self.folder / f"{arguments[0]}.log")


@contextmanager
def volume(settings: Settings, customers: int, name: str = NAME) -> Iterator[Volume]:
    """The database with the demo company of so many customers, on the given server or an embedded one."""
    folder = settings.data_dir / "bench"
    with _server(settings, folder) as server:
        found = Volume(server, folder, name)
        _ensure_filled(found, customers)
        yield found


@contextmanager
def _server(settings: Settings, folder: Path) -> Iterator[str]:
    if settings.database_url is None:
        with embedded(folder, user=settings.postgres_user) as server:
            yield server.dsn
        return
    folder.mkdir(parents=True, exist_ok=True)
    given = settings.database_url.get_secret_value()
    database = make_url(given).database or ""
    if database.startswith(NAME):
        raise BenchmarkError(f"The benchmark makes a database {database} itself: name another of that server.")
    yield given


def _ensure_filled(found: Volume, customers: int) -> None:
    mark = f"{MARK}: {customers} customers, made by {_fingerprint()}"
    comment = asyncio.run(_asked(found.server, COMMENT.format(found.name)))
    if comment == mark:
        return
    asyncio.run(_make_anew(found))
    output_of(found.c360("demo", "--customers", str(customers)))
    asyncio.run(_execute(found.server, f"COMMENT ON DATABASE {found.name} IS '{mark}'"))


async def _make_anew(found: Volume) -> None:
    connection, name = await connect(found.server), found.name
    try:
        exists = await connection.fetchval(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'")
        if exists and not (await connection.fetchval(COMMENT.format(name)) or "").startswith(MARK):
            raise BenchmarkError(f"There is a database {name} that the benchmark did not make. Rename it.")
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        await connection.execute(f"COMMENT ON DATABASE {name} IS '{MARK}: not filled yet'")
    except asyncpg.InsufficientPrivilegeError as refused:
        raise BenchmarkError(f"The benchmark makes a database of its own, and may not here: {refused}.") from None
    finally:
        await connection.close()


async def _asked(address: str, question: str) -> object:
    connection = await connect(address)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def _execute(address: str, statement: str) -> None:
    connection = await connect(address)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for folder in MADE_OF:
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix in {".py", ".yaml"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
