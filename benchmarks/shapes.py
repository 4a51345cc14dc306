"""How much memory plans and schemas take where many users hold many roles: prints their numbers and the memory.

    python -m benchmarks.shapes [--users 10000] [--roles 50] [--database URL]

Every second role has a tailored schema. First one holder of each role asks, so that all schemas, then all plans are
made; then everybody else asks the same. Without a database given, the embedded one is started over a temporary folder.
Everything made is removed again.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import yaml
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import make_url

from app.database import Database, connect
from app.identity.bearer import Bearer
from app.main import engine_of
from app.services.policies.store import activate
from benchmarks.import_orders import a_server, execute
from graphql_schema.engine import Engine
from graphql_schema.requests import Request
from graphql_schema.types import GRAPH
from migrations import upgrade

SCHEMA_ONLY = ("{ __schema { queryType { name } } }",)
QUERIES = (
    "{ viewer { displayName roles } }",
    "{ customers(first: 5) { totalCount nodes { id displayName access { masked withheld } } } }",
    'query($w: CustomerWhere = {displayName: {startsWith: "a"}}) { customers(where: $w) { edges { cursor } } }',
    "{ customers(orderBy: {field: DISPLAY_NAME}) { pageInfo { endCursor } nodes { tier lifecycleStage createdAt } } }",
    "{ a: customers { totalCount } b: customers(last: 1) { nodes { version } } }",
)
REST = sorted(entity.name for entity in GRAPH if entity.name != "Customer")


def documents(roles: int) -> dict[str, str]:
    """A policy of so many roles: each sees customers and some of the rest, every second one a tailored schema."""
    chance = random.Random(7)  # noqa: S311 made-up roles
    return {f"role_{i}.yaml": yaml.safe_dump(_role(i, chance.sample(REST, 12))) for i in range(roles)}


def _role(number: int, resources: list[str]) -> dict[str, object]:
    here = {"region": {"in": "$assignment.regions"}}
    fields = {"classes": ["PUBLIC", "BUSINESS"]}
    return {
        "role": f"role_{number}",
        "schema": "tailored" if number % 2 else "complete",
        "rules": [
            {"allow": ["read"], "on": ["Customer"], "when": here, "fields": fields},
            {"allow": ["read"], "on": sorted(resources), "fields": fields},
        ],
    }


_SETTLE = """
WITH world AS (
    INSERT INTO regions (id, code, name, path) VALUES (gen_random_uuid(), 'WORLD', 'World', '/world/') RETURNING id
), people AS (
    INSERT INTO users (id, display_name, email)
    SELECT gen_random_uuid(), 'User ' || i, 'user' || i || '@example.com' FROM generate_series(0, $1 - 1) i
    RETURNING id, substr(display_name, 6)::int AS number
), held AS (
    INSERT INTO role_assignments (id, user_id, role_id, region_id)
    SELECT gen_random_uuid(), p.id, r.id, w.id
    FROM people p JOIN roles r ON r.code = 'role_' || (p.number % $2) CROSS JOIN world w
)
SELECT array_agg(id ORDER BY number) AS users FROM people
"""


async def settle(dsn: str, users: int, roles: int) -> list[UUID]:
    """Users of whom each holds one of the roles, in turn; the roles are those of the policy made active."""
    connection = await connect(dsn)
    try:
        await activate(connection, documents(roles))
        found: list[UUID] = await connection.fetchval(_SETTLE, users, roles)
        return found
    finally:
        await connection.close()


@dataclass(frozen=True)
class Numbers:
    """What a process holds after some have asked."""

    what: str
    asked: int
    schemas: int
    plans: int
    principals: int
    mebibytes: float
    seconds: float


def _resident() -> float:
    """Mebibytes of memory that this process has."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


async def _asked(engine: Engine, what: str, users: Sequence[UUID], queries: Sequence[str]) -> Numbers:
    began = time.monotonic()
    for user in users:
        for query in queries:
            await engine.answer(Request(query), Bearer(user))
    took = time.monotonic() - began
    gc.collect()
    held = engine.schemas.made, len(engine._plans), len(engine.authority._known)
    return Numbers(what, len(users) * len(queries), *held, _resident(), took)


async def counted(dsn: str, users: Sequence[UUID], roles: int) -> list[Numbers]:
    """The numbers as one after another asks."""
    database = Database(dsn, pool_size=2, statement_timeout=10)
    await database.open()
    try:
        engine, first = engine_of(database), users[:roles]
        return [
            await _asked(engine, "one", users[:1], QUERIES[:1]),
            await _asked(engine, "one of each role, for the schema", first, SCHEMA_ONLY),
            await _asked(engine, "one of each role, all queries", first, QUERIES),
            await _asked(engine, "everybody, all queries", users, QUERIES),
        ]
    finally:
        await database.close()


async def measured(server: str, users: int, roles: int) -> list[Numbers]:
    """The numbers, in a database of their own."""
    name = f"c360_benchmark_{uuid4().hex}"
    await execute(server, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        address = make_url(server).set(database=name).render_as_string(hide_password=False)
        await upgrade(address)
        return await counted(address, await settle(address, users, roles), roles)
    finally:
        await execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def table(found: Sequence[Numbers]) -> Table:
    """The numbers for people."""
    shown = Table("asked by", "requests", "schemas made", "plans", "users known", "MiB", "s")
    for row in found:
        numbers = (f"{row.asked:,}", f"{row.schemas}", f"{row.plans}", f"{row.principals:,}")
        shown.add_row(row.what, *numbers, f"{row.mebibytes:.0f}", f"{row.seconds:.1f}")
    return shown


def main() -> None:
    """Make the users, have them ask, print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--roles", type=int, default=50)
    parser.add_argument("--database", help="address of a server on which databases may be created")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        with a_server(folder / "server", arguments.database) as server:
            found = asyncio.run(measured(server, arguments.users, arguments.roles))
    Console(width=120).print(table(found))


if __name__ == "__main__":
    main()
