"""Explanations of the small model's rows, asked and written short."""

from __future__ import annotations

from typing import Any

import asyncpg

from policies.catalogue import Resource
from policies.explaining import Explaining, Explanation, PartTold
from policies.principal import Assignment, Principal
from policies.rules import Policy
from tests.policies.documents import ME, principal
from tests.policies.model import CUSTOMER, CUSTOMERS, ORDERS, REGIONS, USERS
from tests.policies.rows import key, put

OTHER, EAST, WEST, ANN = key(2), key(11), key(12), key(100)
READER = principal(Assignment("reader", regions=(EAST,)), reports=(OTHER,))


async def explained(
    connection: asyncpg.Connection,
    rules: Policy,
    field: str | None = None,
    *,
    who: Principal = READER,
    by: Principal | None = None,
    on: Resource = CUSTOMER,
    row: Any = (ANN,),
    tells_operands: bool = True,
) -> Explanation:
    asked = Explaining(rules, who, on, row, "the id", field, by, tells_operands=tells_operands)
    statement, values = asked.statement()
    return asked.read(await connection.fetchrow(statement.sql, *values))


async def put_ann(connection: asyncpg.Connection) -> None:
    """A customer of someone else in the East, with two orders."""
    await put(connection, REGIONS, {"id": EAST, "name": "East"}, {"id": WEST, "name": "West"})
    await put(connection, USERS, {"id": OTHER, "name": "Olga", "flag": True})
    row = {"id": ANN, "owner_id": OTHER, "region_id": EAST, "name": "Ann", "email": "ann.smith@example.com"}
    await put(connection, CUSTOMERS, {**row, "level": 5, "open": True, "tax_id": "DE123456789"})
    orders = [
        {"id": key(200 + n), "customer_id": ANN, "owner_id": ME, "flag": flag} for n, flag in enumerate((True, False))
    ]
    await put(connection, ORDERS, *orders)


def told(part: PartTold) -> Any:
    """A part and what is below it, written short."""
    found: list[Any] = [part.text, part.truth.value]
    if part.compared is not None:
        state = part.compared.state.value if part.compared.state is not None else None
        found += [state, part.compared.value, part.compared.operand]
    if part.of is not None:
        found += [f"{part.met} of {part.of}"]
    return [*found, *map(told, part.parts)]
