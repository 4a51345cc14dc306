"""What a row holds, as an input gives it; and so that another row can hold nearly the same."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import count
from typing import Any

import asyncpg

from app.services.uniqueness import UNIQUE_EVERYWHERE, uniqueness
from graphql_schema import ids
from graphql_schema.entities import Amount, Entity, Member, One, Subject, Value
from graphql_schema.mutations.inputs import held_by, settable
from graphql_schema.types import GRAPH
from policies.catalogue import Kind
from tests.graphql_schema.rows import customer, store, user

LEFT_OUT = {
    ("Opportunity", "stage"),  # where it begins
    ("Order", "discount"),  # more than its lines cost, while there are none
    ("Quote", "discount"),
    ("Segment", "owner"),  # nobody has a rule look with the eyes of another
}
NAMES = {"code", "sku", "key", "field", "email"}
_fresh = count(1)


def key_of(entity: Entity, row: asyncpg.Record) -> dict[str, Any]:
    """The key of a row."""
    return {name: row[name] for name in entity.resource.key}


def node(entity: Entity, row: asyncpg.Record) -> str:
    """The id of a row in the graph."""
    return ids.encode(ids.NodeId(entity.tag, row.get("customer_id") if entity.resource.owned else None, row["id"]))


def fields_of(entity: Entity, member: Member) -> list[str]:
    """The fields that a member is held by."""
    return [each.name for each in held_by(entity, member)]


def given_of(member: Member, row: asyncpg.Record) -> Any:
    """What a row holds."""
    if isinstance(member, Amount):
        amount = row[member.field.column.name]
        return None if amount is None else {"amount": str(amount), "currency": row["currency"]}
    if isinstance(member, Value):
        value = row[member.field.column.name]
        if member.field.spec.kind is Kind.JSON and value is not None:
            return json.loads(value)
        return _written(value)
    if isinstance(member, One):
        return _id(member.relation.target, row, row[member.relation.pairs[-1][0]])
    assert isinstance(member, Subject)
    relation = member.relations.get(row["subject_type"])
    return _id(relation.target, row, row["subject_id"]) if relation else None


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def _id(target: str, row: asyncpg.Record, key: Any) -> str | None:
    owner = row.get("customer_id") if GRAPH[target].resource.owned else None
    return None if key is None else ids.encode(ids.NodeId(GRAPH[target].tag, owner, key))


def references(entity: Entity, given: Mapping[str, Any]) -> set[str]:
    """The records that an input names."""
    return {given[name] for name in given if isinstance(entity.members[name], (One, Subject)) and given[name]}


async def like(writer: asyncpg.Connection, entity: Entity, row: asyncpg.Record) -> dict[str, Any]:
    """What a new row like another is given: all that may be set, with other values where they must be unique."""
    given = {name: given_of(member, row) for name, member in settable(entity, new=True).items()}
    given = {name: value for name, value in given.items() if value is not None and (entity.name, name) not in LEFT_OUT}
    for each in uniqueness(entity.resource.table):
        given |= {name: False for name in _fields(entity, each.reads) if given.get(name) is True}
        given |= {name: other for name in _fields(entity, each.columns) if (other := _other(entity, name)) is not None}
    given |= await _elsewhere(writer, entity, row)
    return {name: value for name, value in given.items() if value is not None and not _is_taken(entity, name)}


def _is_taken(entity: Entity, name: str) -> bool:
    """Whether only one record in the whole database may have the value."""
    field = entity.resource.fields.get(name)
    return field is not None and f"{entity.resource.table.name}.{field.column.name}" in UNIQUE_EVERYWHERE


def _fields(entity: Entity, columns: Iterable[str]) -> Iterable[str]:
    found = (entity.resource.of_column(column) for column in columns)
    return [name for name in found if name is not None and name in settable(entity, new=True)]


def _other(entity: Entity, name: str) -> Any:
    """A value that no row has."""
    number, kind = next(_fresh), entity.resource.fields[name].spec.kind
    if name in NAMES:
        return {"email": f"w{number}@walk.example", "key": f"w{number}"}.get(name, f"W{number}")
    if kind is Kind.DATE:
        return (dt.date(1990, 1, 1) + dt.timedelta(days=number)).isoformat()
    return 10_000 + number if kind is Kind.INTEGER else None


async def _elsewhere(writer: asyncpg.Connection, entity: Entity, row: asyncpg.Record) -> dict[str, Any]:
    """Other records for a new row to refer to, where no two may refer to the same ones."""
    if entity.name == "RoleAssignment":
        return {"user": await _kept(writer, user(f"spare{next(_fresh)}"))}
    scope = {name: row[name] for name in ("owner_id", "department_id", "region_id") if name in row}
    if entity.name in ("CampaignMember", "SegmentMember"):
        return {"customer": await _kept(writer, customer("Spare", **scope)), "contact": None}
    other = {"CustomerRelation": "relatedCustomer", "DataQualityIssue": "otherCustomer"}.get(entity.name)
    return {other: await _kept(writer, customer("Spare", **scope))} if other else {}


def opened(entity: Entity, row: asyncpg.Record) -> list[str]:
    """What brings a row to where it can be made, changed and deleted: a line's document is a draft."""
    for document in ("order", "quote"):
        if entity.name == f"{document.title()}Line":
            return [f"UPDATE {document}s SET status = 'DRAFT' WHERE id = '{row[f'{document}_id']}'"]
    return [f"UPDATE orders SET status = 'DRAFT' WHERE id = '{row['id']}'"] if entity.name == "Order" else []


async def _kept(writer: asyncpg.Connection, row: Any) -> str:
    await store(writer, row)
    return str(row.node)
