"""Rows for tests: functions with defaults that describe a row, and what stores it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from app import models
from app.models.base import Record
from app.models.ids import uuid7
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH

NOON = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
_numbers = count(1)


@dataclass(frozen=True)
class Row:
    """A row to be stored."""

    model: type[Record]
    values: Mapping[str, Any] = field(repr=False)

    @property
    def key(self) -> UUID:
        """Its `id`."""
        found: UUID = self.values["id"]
        return found

    @property
    def node(self) -> str:
        """Its id in the graph."""
        return encode(NodeId(GRAPH[self.model.__name__].tag, self.values.get("customer_id"), self.key))

    @property
    def table(self) -> sa.Table:
        found = self.model.__table__
        assert isinstance(found, sa.Table)
        return found


async def store(connection: asyncpg.Connection, *rows: Row) -> None:
    """Stores rows, in their order."""
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row.values)
        places = ", ".join(f"${i}" for i in range(1, len(row.values) + 1))
        values = [_stored(row.table.c[name], value) for name, value in row.values.items()]
        await connection.execute(f"INSERT INTO {row.table.name} ({names}) VALUES ({places})", *values)


def _stored(column: sa.Column[Any], value: Any) -> Any:
    return json.dumps(value) if isinstance(column.type, JSONB) and value is not None else value


def row(model: type[Record], **values: Any) -> Row:
    """A row of any table. A `Row` among the values stands for its key: `owner=rep` is `owner_id=rep.key`."""
    table = model.__table__
    given: dict[str, Any] = {"id": uuid7()}
    for name, value in values.items():
        if isinstance(value, Row):
            given[f"{name}_id" if f"{name}_id" in table.c else name] = value.key
        else:
            given[name] = value
    return Row(model, given)


def owned(model: type[Record], customer: Row, **values: Any) -> Row:
    """A row of a customer, with the customer's owner, department and region where no others are given."""
    scope = {name: customer.values.get(name) for name in ("owner_id", "department_id", "region_id")}
    given = row(model, **values)
    return Row(model, {"customer_id": customer.key, **scope, **given.values})


def tree(model: type[Record], code: str, parent: Row | None = None, **values: Any) -> Row:
    """A place in a tree, below its parent."""
    above = str(parent.values["path"]) if parent else "/"
    return row(
        model, **{"code": code, "name": code.title(), "path": f"{above}{code.lower()}/", **values}, **_up(parent)
    )


def _up(parent: Row | None) -> dict[str, Any]:
    return {"parent": parent} if parent else {}


def region(code: str, parent: Row | None = None, **values: Any) -> Row:
    """A region."""
    return tree(models.Region, code, parent, **values)


def department(code: str, parent: Row | None = None, **values: Any) -> Row:
    """A department."""
    return tree(models.Department, code, parent, **values)


def user(name: str, **values: Any) -> Row:
    """A user, with an e-mail address made of the name."""
    return row(models.User, **{"display_name": name.title(), "email": f"{name}@example.com", **values})


def customer(name: str = "Ada Works", **values: Any) -> Row:
    """An organisation."""
    return row(models.Customer, **{"kind": "ORGANIZATION", "display_name": name, **values})


def contact(of: Row, name: str = "Bo Berg", **values: Any) -> Row:
    """A contact."""
    return owned(models.Contact, of, **{"display_name": name, **values})


def order(of: Row, **values: Any) -> Row:
    """An order in euros."""
    defaults = {"number": f"O-{next(_numbers)}", "ordered_at": NOON, "currency": "EUR"}
    return owned(models.Order, of, **{**defaults, **values})


def order_line(of: Row, **values: Any) -> Row:
    """A line of an order: one piece for ten euros."""
    defaults = {"quantity": Decimal(1), "unit_price": Decimal(10), "line_total": Decimal(10), "currency": "EUR"}
    holder = Row(models.Customer, {**of.values, "id": of.values["customer_id"]})
    return owned(models.OrderLine, holder, order=of, **{**defaults, **values})


def stage(code: str = "PROSPECTING", position: int = 1, **values: Any) -> Row:
    """A stage of the sales process."""
    defaults = {"pipeline_code": "SALES", "outcome": "OPEN", "forecast_category": "PIPELINE", "name": code.title()}
    probability = {"probability_pct": Decimal(10)}
    return row(models.PipelineStage, **{**defaults, **probability, "code": code, "position": position, **values})


def opportunity(of: Row, at: Row, name: str = "A deal", **values: Any) -> Row:
    """An opportunity at a stage."""
    where = {"pipeline_code": at.values["pipeline_code"], "stage_code": at.values["code"], "stage": at}
    return owned(models.Opportunity, of, **{"name": name, **where, **values})


def ticket(of: Row, **values: Any) -> Row:
    """A ticket."""
    defaults = {"number": f"T-{next(_numbers)}", "type": "QUESTION", "channel": "EMAIL", "subject": "How?"}
    return owned(models.Ticket, of, **{**defaults, "opened_at": NOON, **values})


def interaction(of: Row, **values: Any) -> Row:
    """A call."""
    return owned(models.Interaction, of, **{"kind": "CALL", "subject": "A call", "occurred_at": NOON, **values})


def task(of: Row, **values: Any) -> Row:
    """A task."""
    return owned(models.Task, of, **{"title": "Call back", **values})


def product(sku: str, **values: Any) -> Row:
    """A product."""
    return row(models.Product, **{"sku": sku, "name": sku.title(), **values})


def score(of: Row, **values: Any) -> Row:
    """A score."""
    defaults = {"kind": "CHURN", "value": Decimal("0.5"), "as_of": NOON.date()}
    return owned(models.CustomerScore, of, **{**defaults, **values})


async def assign(
    connection: asyncpg.Connection,
    to: Row,
    role: str,
    *,
    region: Row | None = None,
    department: Row | None = None,
    valid_from: dt.datetime | None = None,
    valid_to: dt.datetime | None = None,
    purposes: Sequence[str] = (),
) -> UUID:
    """Gives a user a role, and returns the assignment's key."""
    key = uuid7()
    await connection.execute(
        "INSERT INTO role_assignments (id, user_id, role_id, region_id, department_id, valid_from, valid_to, purposes)"
        " SELECT $1, $2, id, $4, $5, $6, $7, $8 FROM roles WHERE code = $3",
        key,
        to.key,
        role,
        region and region.key,
        department and department.key,
        valid_from,
        valid_to,
        list(purposes),
    )
    return key
