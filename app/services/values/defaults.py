"""What the database fills in where a new row says nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from policies.catalogue import Kind

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

_READ: Mapping[Kind, Callable[[str], object]] = {
    Kind.ENUM: str,
    Kind.INTEGER: int,
    Kind.DECIMAL: Decimal,
    Kind.MONEY: Decimal,
    Kind.BOOLEAN: "true".__eq__,
    Kind.JSON: lambda text: json.loads(text.strip("'")),
    Kind.TIME: lambda text: None,
}


def default(column: sa.Column[Any]) -> object:
    """The default of a column; None where it has none, or where it is the time of the statement."""
    clause = column.server_default
    if not isinstance(clause, sa.DefaultClause):
        return None
    argument = clause.arg
    text = argument if isinstance(argument, str) else str(argument.compile(dialect=_DIALECT))
    return _READ[column.info["field"].kind](text)
