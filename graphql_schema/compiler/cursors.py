"""Cursors: a row's place in an order, as the values of its order columns in the view.

base64 of a JSON array: the order's digest, then one value for each term. A cursor is compared,
never resolved, so one that somebody made up tells nothing that a filter would not.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from graphql_schema.compiler.converting import number, text
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.where import Term
from policies.conditions import Operand
from policies.predicates import Row, bound

LONGEST = 65_536
"""Characters of a cursor: more than all the bounded texts of a row can take."""


def digest(terms: Sequence[Term], entity: str) -> str:
    """Names an order, so that a cursor of another is refused."""
    said = [[term.name, term.descending, term.nulls_first] for term in terms]
    return hashlib.sha256(json.dumps([entity, said]).encode()).hexdigest()[:8]


def expression(terms: Sequence[Term], entity: str, row: Row) -> sa.ColumnElement[str]:
    """The cursor of a row, in SQL."""
    head = sa.literal_column(f"'{digest(terms, entity)}'", sa.Text())
    values = sa.func.json_build_array(head, *(row[term.column] for term in terms))
    raw = sa.func.convert_to(sa.cast(values, sa.Text()), sa.literal_column("'UTF8'"))
    wrapped = sa.func.encode(raw, sa.literal_column("'base64'"))
    return sa.func.translate(wrapped, sa.literal_column("E'+/\\n'"), sa.literal_column("'-_'"))


def decode(cursor: str, terms: Sequence[Term], entity: str, place: Place) -> list[Any]:
    """The values in a cursor, one for each term. Raises BadInput for a cursor of another order, or none at all."""
    try:
        if len(cursor) > LONGEST:
            raise ValueError
        raw = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
        head, *values = json.loads(raw, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
    except (ValueError, TypeError, InvalidOperation, binascii.Error, RecursionError):
        raise BadInput("this is not a cursor", place) from None
    if head != digest(terms, entity) or len(values) != len(terms):
        raise BadInput("this cursor belongs to another order", place)
    return [_value(value, term, place) for value, term in zip(values, terms, strict=True)]


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _boolean(value: Any, place: Place) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _text(value: Any, place: Place) -> str:
    if not isinstance(value, str):
        raise ValueError
    return text(value, place)


def _number(value: Any, place: Place) -> Decimal:
    if not isinstance(value, Decimal):
        raise ValueError
    return number(value, place)


def _time(value: Any, place: Place) -> dt.datetime:
    found = dt.datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError
    return found.astimezone(dt.UTC)


_READ: tuple[tuple[type[sa.types.TypeEngine[Any]], Callable[[Any, Place], Any]], ...] = (
    (sa.Uuid, lambda value, _: UUID(value)),
    (sa.Boolean, _boolean),
    (sa.DateTime, _time),
    (sa.Date, lambda value, _: dt.date.fromisoformat(value)),
    (sa.Numeric, _number),
    (sa.Integer, _number),
    (sa.String, _text),
)


def _value(value: Any, term: Term, place: Place) -> Any:
    if value is None and term.nullable:
        return None
    read = next(read for type_, read in _READ if isinstance(term.type_, type_))
    try:
        return read(value, place)
    except (ValueError, TypeError, AttributeError, InvalidOperation, OverflowError):
        raise BadInput("this is not a cursor", place) from None


def _operand_type(type_: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    if isinstance(type_, (sa.Numeric, sa.Integer)):
        return sa.Numeric()
    return sa.Text() if isinstance(type_, sa.String) else type_


def operands(cursor: Operand, terms: Sequence[Term], entity: str, place: Place) -> list[sa.ColumnElement[Any]]:
    """The values in a cursor as bind parameters, one for each term."""

    def part(i: int) -> Callable[[Any, Place], Any]:
        return lambda value, where: decode(value, terms, entity, where)[i]

    return [bound(Converted(cursor, part(i), place), _operand_type(term.type_)) for i, term in enumerate(terms)]


def beyond(
    terms: Sequence[Term], row: Row, cursor: Sequence[sa.ColumnElement[Any]], *, after: bool
) -> sa.ColumnElement[bool]:
    """Whether a row comes after (or before) a cursor in the order. Never unknown."""
    columns = [row[term.column] for term in terms]
    if all(not term.nullable and term.descending is terms[0].descending for term in terms):
        left, right = sa.tuple_(*columns), sa.tuple_(*cursor)
        return left > right if after is not terms[0].descending else left < right
    found: sa.ColumnElement[bool] = sa.false()
    for term, column, value in reversed(list(zip(terms, columns, cursor, strict=True))):
        same = column.is_not_distinct_from(value) if term.nullable else column == value
        found = sa.or_(_past(term, column, value, after=after), sa.and_(same, found))
    return found


def _past(
    term: Term, column: sa.ColumnElement[Any], value: sa.ColumnElement[Any], *, after: bool
) -> sa.ColumnElement[bool]:
    strictly = column > value if after is not term.descending else column < value
    if not term.nullable:
        return strictly
    holds = sa.func.coalesce(strictly, sa.false())
    nulls_past = term.nulls_first is not after
    if nulls_past:
        return sa.or_(holds, sa.and_(column.is_(None), value.is_not(None)))
    return sa.or_(holds, sa.and_(column.is_not(None), value.is_(None)))
