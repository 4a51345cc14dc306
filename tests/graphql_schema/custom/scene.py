"""Definitions and customers with values of theirs."""

from __future__ import annotations

import json
from typing import Any

import asyncpg

from app.models.extending import COLUMNS, UNCLASSED
from app.models.ids import uuid7
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH
from policies.catalogue import DataClass
from tests.graphql_schema.company import Company

CLASSES = {
    "desks": "BUSINESS",
    "fee": "FINANCIAL",
    "language": "PUBLIC",
    "card": "IDENTITY",
    "nobodys": None,
    "nick": "CONTACT",
}


async def define(writer: asyncpg.Connection, key: str, data_type: str = "TEXT", **more: Any) -> str:
    """A definition of a custom field of customers; gives its id in the graph."""
    row = {"id": uuid7(), "entity": "Customer", "key": key, "data_type": data_type, "is_custom": True, **more}
    stored = {name: json.dumps(value) if isinstance(value, (dict, list)) else value for name, value in row.items()}
    places = ", ".join(f"${i + 1}" for i in range(len(stored)))
    await writer.execute(f"INSERT INTO field_definitions ({', '.join(stored)}) VALUES ({places})", *stored.values())
    return encode(NodeId(GRAPH["FieldDefinition"].tag, None, row["id"]))


async def hold(writer: asyncpg.Connection, customer: Any, **values: tuple[str | None, Any]) -> None:
    """Has a customer hold values, each with its data class."""
    for key, (data_class, value) in values.items():
        column = COLUMNS[DataClass(data_class)] if data_class else UNCLASSED
        await writer.execute(
            f"UPDATE customers SET {column} = coalesce({column}, '{{}}') || jsonb_build_object($1::text, $2::jsonb) WHERE id = $3",
            key,
            json.dumps(value),
            customer.key,
        )


async def held(writer: asyncpg.Connection, customer: Any) -> dict[str, Any]:
    """By column, what a customer holds."""
    row = await writer.fetchrow(
        f"SELECT {', '.join((UNCLASSED, *COLUMNS.values()))} FROM customers WHERE id = $1", customer.key
    )
    return {name: json.loads(value) for name, value in row.items() if value not in (None, "{}")}


def people(company: Company) -> dict[str, Any]:
    """Who asks, by name."""
    return {
        name: getattr(company, name)
        for name in ("admin", "auditor", "manager", "rep", "colleague", "finance", "partner")
    }
