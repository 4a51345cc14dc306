"""Wherever a rule's condition stands, an allow counts what certainly holds, and a deny what possibly does."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from policies.access import access
from policies.document import Action
from tests.policies.documents import Written, allow, deny, names, policy, principal, role
from tests.policies.model import CUSTOMER, CUSTOMERS, ORDERS
from tests.policies.rows import ask, key, put

NONE: Written = {"orders": {"none": {"flag": {"eq": True}}}}
SOME: Written = {"orders": {"some": {"flag": {"eq": True}}}}
FLAGS = {1: None, 2: False, 3: True}
"""Of the one order of each customer; the fourth has none. Of the first it is unknown whether the flag is set."""
REST = names("tier")


def change(rule: Written) -> Written:
    return {**rule, "allow" if "allow" in rule else "deny": ["update"]}


READ: list[list[Written]] = [
    [allow(when=NONE)],
    [allow(), deny(when=SOME)],
    [allow(fields=REST), allow(fields=names("name"), when=NONE)],
    [allow(), deny(fields=names("name"), when=SOME)],
    [allow(fields=REST), allow(fields=names("name"), when=NONE, mask={"name": "initial"})],
]
WRITE: list[list[Written]] = [
    [allow(when=NONE), change(allow())],
    [allow(), deny(when=SOME), change(allow())],
    *([allow(), *map(change, rules)] for rules in READ[:4]),
]


@pytest.fixture
async def four(connection: asyncpg.Connection) -> asyncpg.Connection:
    await put(connection, CUSTOMERS, *({"id": key(n), "name": f"{n}."} for n in range(1, 5)))
    orders = ({"customer_id": key(n), "id": key(n), "flag": flag} for n, flag in FLAGS.items())
    await put(connection, ORDERS, *orders)
    return connection


@pytest.mark.parametrize("rules", READ, ids=str)
async def test_what_is_shown_is_certainly_allowed_and_not_possibly_denied(
    four: asyncpg.Connection, rules: list[Written]
) -> None:
    view = access(policy(role("reader", *rules)), principal().shape).view(CUSTOMER, ["name"], ["name"])
    rows = await ask(four, view, principal())
    shown = {row["id"].int for row in rows if row["name"] is not None}
    assert shown == {row["id"].int for row in rows if row["name__state"] != "withheld"} == {2, 4}


@pytest.mark.parametrize("rules", WRITE, ids=str)
async def test_what_is_changed_is_certainly_allowed_and_not_possibly_denied(
    four: asyncpg.Connection, rules: list[Written]
) -> None:
    rights = access(policy(role("reader", *rules)), principal().shape)
    permit = rights.permits(Action.UPDATE, CUSTOMER, ["name"])

    async def found(which: sa.ColumnElement[bool]) -> set[Any]:
        return {row["id"].int for row in await ask(four, sa.select(CUSTOMERS.c.id).where(which), principal())}

    assert await found(permit.before(CUSTOMERS)) == {2, 4}
    assert await found(permit.after(CUSTOMERS)) == ({2, 4} if rules in WRITE[2:] else {1, 2, 3, 4})
    offered = rights.view(CUSTOMER, [], updatable=["name"], permitted=[Action.UPDATE])
    rows = await ask(four, offered, principal())
    assert {row["id"].int for row in rows if row["name__updatable"]} == {2, 4}
    assert {row["id"].int for row in rows if row["access__update"]} >= {2, 4}
