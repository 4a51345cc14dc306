"""A storm from its beginning to the reckoning."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

import migrations
from app.database.opening import open_database
from app.main import tokens_of
from app.services.demo import load_demo
from app.services.directory import find_user
from app.services.policies.store import ensure_policy
from app.settings import Settings
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH
from tests.process import Server
from tests.storm.clients import Crowd
from tests.storm.reckoning import Reckoning, reckon

ADMIN = "admin@example.com"
CUSTOMERS = 12
"""All write about these few."""
AT_ONCE = {"C360_MOST_REQUESTS_PER_CALLER": "1000", "C360_MOST_REQUESTS": "1000"}
"""All clients are one caller here."""
STOCK = 100
"""Pieces of what is sold."""
_SCARCE = """
    UPDATE products SET available_quantity = $1 WHERE id = (SELECT id FROM products ORDER BY id LIMIT 1) RETURNING id"""


@dataclass(frozen=True)
class Storm:
    """How many write, for how long, and how often the servers are killed meanwhile."""

    clients: int = 64
    seconds: float = 60
    kills: int = 3


async def run(storm: Storm, folder: Path) -> Reckoning:
    """Lets a storm loose on a new demo company in a folder."""
    settings = Settings(data_dir=folder)
    company = await _founded(settings)
    server = Server(folder, AT_ONCE)
    product = encode(NodeId(GRAPH["Product"].tag, None, company.product))
    crowd = Crowd(server.address, tokens_of(settings).issue(company.admin), company.customers, product)
    over = asyncio.Event()
    await server.start()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(crowd.write(storm.clients, over))
        for number in range(storm.kills):
            await asyncio.sleep(storm.seconds / (storm.kills + 1))
            await _strike(server, number)
        await asyncio.sleep(storm.seconds / (storm.kills + 1))
        over.set()
    await server.stop()
    async with open_database(settings) as database:
        connection = await asyncpg.connect(database.dsn)
        try:
            return await reckon(connection, crowd.sent, company.product, STOCK)
        finally:
            await connection.close()


async def _strike(server: Server, number: int) -> None:
    """Kills the server and starts another; every second time, PostgreSQL as well."""
    if number % 2:
        server.kill_database()
    await server.kill()
    await server.start()


@dataclass(frozen=True)
class _Company:
    """Who writes, about which customers, and what is scarce."""

    admin: UUID
    customers: list[str]
    product: UUID


async def _founded(settings: Settings) -> _Company:
    """A demo company with little in stock."""
    async with open_database(settings) as database:
        await migrations.upgrade(database.url)
        await load_demo(database.url, CUSTOMERS)
        connection = await asyncpg.connect(database.dsn)
        try:
            await ensure_policy(connection)
            rows = await connection.fetch("SELECT id FROM customers ORDER BY id")
            product = await connection.fetchval(_SCARCE, STOCK)
        finally:
            await connection.close()
        admin = await find_user(database.read, ADMIN)
        assert admin is not None
    customers = [encode(NodeId(GRAPH["Customer"].tag, None, row["id"])) for row in rows]
    return _Company(admin, customers, product)
