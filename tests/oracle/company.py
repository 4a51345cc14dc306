"""A small company, by hand: what the oracle's own tests speak of."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from tests.oracle.description import Field, Model, Relation, Resource
from tests.oracle.judging import Oracle
from tests.oracle.principals import Assignment, Party, Principal, Unmask

NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)


def key(number: int) -> UUID:
    """A key."""
    return UUID(int=number)


ME, OTHER, CLIENT, EAST, WEST, SALES, SERVICE = map(key, (1, 2, 3, 11, 12, 21, 22))


def _fields(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


_OWNER = Field("owner", "owner_id", "ID", "BUSINESS")
MODEL: Model = {
    "Customer": Resource(
        "Customer",
        ("id",),
        _fields(
            Field("id", "id", "ID", "PUBLIC"),
            Field("open", "open", "BOOLEAN", "BUSINESS"),
            Field("barred", "barred", "BOOLEAN", "BUSINESS"),
            _OWNER,
            Field("region", "region_id", "ID", "BUSINESS"),
            Field("department", "department_id", "ID", "BUSINESS"),
            Field("name", "name", "TEXT", "BUSINESS"),
            Field("email", "email", "TEXT", "CONTACT", "EmailAddress"),
            Field("street", "street", "TEXT", "CONTACT"),
            Field("born", "born", "DATE", "IDENTITY"),
            Field("level", "level", "INTEGER", "CONTACT"),
            Field("revenue", "revenue", "MONEY", "FINANCIAL", companions=("currency", "base_revenue")),
            Field("password", "password", "TEXT", "SECRET"),
            Field("new", "new", "TEXT", None),
        ),
        {
            "owner": Relation("owner", "User", (("owner_id", "id"),), many=False, field="owner"),
            "orders": Relation("orders", "Order", (("id", "customer_id"),), many=True, field="customer"),
        },
    ),
    "Order": Resource(
        "Order",
        ("customer_id", "id"),
        _fields(
            Field("customer", "customer_id", "ID", "BUSINESS"),
            Field("id", "id", "ID", "PUBLIC"),
            Field("open", "open", "BOOLEAN", "BUSINESS"),
            _OWNER,
        ),
        {
            "customer": Relation("customer", "Customer", (("customer_id", "id"),), many=False, field="customer"),
            "owner": Relation("owner", "User", (("owner_id", "id"),), many=False, field="owner"),
        },
    ),
    "User": Resource(
        "User", ("id",), _fields(Field("id", "id", "ID", "PUBLIC"), Field("open", "open", "BOOLEAN", "PUBLIC")), {}
    ),
}

Row = dict[str, Any]
CUSTOMER: Row = {"id": key(100), "open": True, "barred": False}
"""The one customer, where a test says no more."""


def rule(effect: str, *, on: Any = "Customer", action: str = "read", **parts: Any) -> Row:
    """A rule: `rule("allow", fields="all", when={…})`."""
    return {effect: [action], "on": on, **({"fields": "all"} if effect == "allow" else {}), **parts}


def oracle(*rules: Row, rows: dict[str, list[Row]] | None = None, documents: tuple[Row, ...] = ()) -> Oracle:
    """The oracle of one role, `reader`, and of other documents."""
    reader = {"role": "reader", "rules": list(rules)}
    return Oracle(MODEL, [reader, *documents], rows or {"Customer": [CUSTOMER]}, NOW)


def who(
    *roles: str | Assignment,
    ceilings: tuple[str, ...] = (),
    reports: tuple[UUID, ...] = (),
    unmasks: tuple[Unmask, ...] = (),
    declared: str | None = None,
) -> Principal:
    """Who asks; without any role named, a reader of no department and no region."""
    held = tuple(role if isinstance(role, Assignment) else Assignment(role) for role in roles or ("reader",))
    above = tuple(Party(CLIENT, (Assignment(role),), declared=declared) for role in ceilings)
    return Principal(ME, held, reports, declared, above, unmasks)


def shown(says: Oracle, asks: Principal, **row: Any) -> dict[str, Any] | None:
    """The states (of masked fields, what they show) of a customer's fields that are not withheld; None where hidden."""
    found = Oracle(MODEL, says.documents, {**says.rows, "Customer": [CUSTOMER | row]}, NOW).view(asks, "Customer")
    cells = found.get((CUSTOMER["id"],))
    if cells is None:
        return None
    return {
        name: cell.value if cell.state == "masked" else cell.state
        for name, cell in cells.items()
        if cell.state != "withheld"
    }
