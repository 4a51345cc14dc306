"""What tests of access share: conditions to write rules with, and what somebody sees under them."""

from __future__ import annotations

from typing import Any

import asyncpg

from policies.access import State, access
from policies.principal import Principal
from policies.rules import Policy
from tests.policies.documents import Written, principal, rights
from tests.policies.model import CUSTOMER
from tests.policies.rows import ask, key

EAST, WEST, SALES, SERVICE = key(11), key(12), key(21), key(22)
TRUTH = {"true": True, "false": False, "unknown": None}
PLAIN, MASKED, WITHHELD = State.PLAIN, State.MASKED, State.WITHHELD

IN_REGIONS: Written = {"region": {"in": "$assignment.regions"}}
IN_DEPARTMENTS: Written = {"department": {"in": "$assignment.departments"}}


def is_true(flag: str) -> Written:
    return {flag: {"eq": True}}


async def ids(connection: asyncpg.Connection, rules: Policy, who: Principal) -> set[Any]:
    view = access(rules, who.shape).view(CUSTOMER, [])
    return {row["id"] for row in await ask(connection, view, who)}


async def cell(connection: asyncpg.Connection, field: str, *rules: Written) -> tuple[Any, Any]:
    """Value and state of a field of the only row."""
    view = rights(*rules).view(CUSTOMER, [field], [field])
    [row] = await ask(connection, view, principal())
    column = CUSTOMER.fields[field].column.name
    return row[column], row[f"{column}__state"]
