"""An import waits for the writes under way if it changes anybody's rights, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg
import pytest

from app.database import connect
from app.services.ordering import HOLD_RIGHTS
from tests.services.importing.imports import Imports
from tests.services.importing.shop import FILES, SHOP

LONGEST = 20
"""Seconds within which an import that need not wait is done."""
WAITING = "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database() AND NOT granted)"


@asynccontextmanager
async def _writing(imports: Imports) -> AsyncIterator[asyncpg.Connection]:
    """A write is under way."""
    connection = await connect(imports.dsn)
    try:
        async with asyncio.timeout(LONGEST), connection.transaction():
            await connection.execute(HOLD_RIGHTS)
            yield connection
    finally:
        await connection.close()


BACKWARDS = """
mapping: backwards
system: backwards
files: {all: {name: all.csv}}
rows:
  customer: {table: customers, file: all, key: id, fields: {kind: {const: ORGANIZATION}, display_name: name}}
  user: {table: users, file: all, key: id, fields: {display_name: name}}
"""
"""Customers are written before users."""

CHANGING: dict[str, Mapping[str, str]] = {
    "a user comes": {"people.csv": f"{FILES['people.csv']}3,eve@x.example,Eve,1\n"},
    "a user has another manager": {"people.csv": "id,mail,name,boss\n1,ann@x.example,Ann,\n2,bob@x.example,Bob,1\n"},
}


async def test_an_import_that_waits_has_locked_no_row_that_a_write_needs(imports: Imports) -> None:
    """Else each would wait for the other."""
    await imports.run(BACKWARDS, {"all.csv": "id,name\n1,One\n"})
    async with _writing(imports) as write:
        running = asyncio.create_task(imports.run(BACKWARDS, {"all.csv": "id,name\n1,Two\n"}))
        while not await imports.value(WAITING):
            await asyncio.sleep(0.01)
        await write.execute("UPDATE customers SET tier = 'KEY'")
    await running
    assert await imports.fetch("SELECT display_name, tier FROM customers") == [("Two", "KEY")]


@pytest.mark.parametrize("how", CHANGING)
async def test_an_import_that_changes_rights_waits_before_it_writes_anything(imports: Imports, how: str) -> None:
    await imports.run(SHOP, FILES)
    files = {**CHANGING[how], "customers.csv": FILES["customers.csv"].replace("Two", "Zwei")}
    async with _writing(imports):
        running = asyncio.create_task(imports.run(SHOP, files))
        while not await imports.value(WAITING):
            await asyncio.sleep(0.01)
    await running
    assert await imports.value("SELECT count(*) FROM customers WHERE display_name = 'Zwei'") == 1


OTHERS: dict[str, Mapping[str, str]] = {
    "nothing": {},
    "a customer": {"customers.csv": FILES["customers.csv"].replace("Two", "Zwei")},
    "new lines": {"lines.csv": f"{FILES['lines.csv']}o3,2,1,1\n"},
}


@pytest.mark.parametrize("how", OTHERS)
async def test_an_import_that_changes_no_rights_waits_for_no_write(imports: Imports, how: str) -> None:
    await imports.run(SHOP, FILES)
    async with _writing(imports):
        report = await imports.run(SHOP, {**FILES, **OTHERS[how]})
    assert (report.rules[0].rule, report.rules[0].counts.unchanged) == ("user", 2)
