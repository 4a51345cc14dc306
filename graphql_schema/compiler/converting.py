"""Conversions of operands' values, and what is refused before any SQL. All are total: a value or BadInput."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.models.columns import EARLIEST, LATEST
from graphql_schema.compiler.operands import BadInput, Place
from graphql_schema.entities import Entity
from graphql_schema.ids import NOTHING, NodeId, decode
from policies.catalogue import Kind

PAGE_LIMIT = 100
LONGEST_TEXT = 10_000
"""Characters of an operand; a pattern is prepared anew for each row."""
DIGITS = 40
"""Most digits that a number may have before and after the point; more fit no column and slow every comparison."""


def node_id(value: Any, place: Place) -> NodeId:
    """The decoded id. Raises BadInput where it is none."""
    found = decode(value)
    if found is None:
        raise BadInput("this is not an id", place)
    return found


def key_of(entity: Entity) -> Callable[[Any, Place], UUID]:
    """The key in an id of an entity; of another type's, a key that no row has."""

    def convert(value: Any, place: Place) -> UUID:
        found = node_id(value, place)
        fits = found.tag == entity.tag and (found.customer is not None) is entity.resource.owned
        return found.key if fits else NOTHING

    return convert


def customer_of(entity: Entity) -> Callable[[Any, Place], UUID]:
    """The customer in an id of an entity; of another type's, a key that no row has."""

    def convert(value: Any, place: Place) -> UUID:
        found = node_id(value, place)
        return found.customer if found.tag == entity.tag and found.customer else NOTHING

    return convert


def each(convert: Callable[[Any, Place], Any]) -> Callable[[Any, Place], list[Any]]:
    """The conversion of a list."""
    return lambda values, place: [convert(value, place) for value in values]


def page_size(value: Any, place: Place) -> int:
    """1 to 100."""
    if not 1 <= value <= PAGE_LIMIT:
        raise BadInput(f"a page has 1 to {PAGE_LIMIT} items", place)
    return int(value)


def text(value: Any, place: Place) -> str:
    """A text that the database can hold, of a sane length."""
    if len(value) > LONGEST_TEXT:
        raise BadInput(f"a text to compare with has at most {LONGEST_TEXT} characters", place)
    if "\0" in value:
        raise BadInput("a text has no NUL character", place)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadInput("a text has no lone surrogates", place) from None
    return str(value)


def place_in_tree(value: Any, place: Place) -> str:
    """A path from the root, so that `/a` does not stand for `/ab/`, too."""
    found = text(value, place)
    if not (found.startswith("/") and found.endswith("/")):
        raise BadInput("a place in a tree begins and ends with /", place)
    return found


def number(value: Any, place: Place) -> Decimal:
    """A finite number of a sane length."""
    found = Decimal(value)
    if not found.is_finite():
        raise BadInput("a number is finite", place)
    exponent = found.as_tuple().exponent
    assert isinstance(exponent, int)
    if found.adjusted() > DIGITS or exponent < -DIGITS:
        raise BadInput(f"a number has at most {DIGITS} digits before and after the point", place)
    return found


_FIRST, _LAST = (dt.datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in (EARLIEST, LATEST))


def moment(value: Any, place: Place) -> dt.datetime:
    """A moment that can be compared with those of rows."""
    if not _FIRST <= value <= _LAST:
        raise BadInput(f"a moment lies between {EARLIEST} and {LATEST}", place)
    found: dt.datetime = value
    return found


def past(value: Any, place: Place) -> dt.datetime:
    """A moment that is not yet to come."""
    found = moment(value, place)
    if found > dt.datetime.now(dt.UTC):
        raise BadInput("what is to come is not known", place)
    return found


def same(value: Any, place: Place) -> Any:
    """The value itself."""
    return value


CONVERSIONS: dict[Kind, Callable[[Any, Place], Any]] = {
    Kind.TEXT: text,
    Kind.TREE: text,
    Kind.INTEGER: number,
    Kind.DECIMAL: number,
    Kind.MONEY: number,
}
"""By kind of field; kinds that are not named are taken as their scalar gave them."""
