"""Cursors of events: the number of an event, enciphered, since gaps between numbers would tell of hidden ones.

    tag     the first 8 bytes of SHA-256(pad ‖ 0 ‖ number)
    cursor  tag ‖ (number XOR the first 8 bytes of SHA-256(pad ‖ 1 ‖ tag))

So one event has one cursor, and one that somebody made up, or changed, is no place at all: the tag is proved (a
synthetic initialisation vector, RFC 5297, with a hash in the place of the block cipher). The pad is made from the
deployment's secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from graphql_schema.compiler import cursors
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.pages import leaf
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import Term
from policies.masks import Pad
from policies.masks.mask import number
from policies.predicates import bound

Column = sa.ColumnElement[Any]


@dataclass(frozen=True)
class Order:
    """An order of events, by their numbers; a cursor of one is none of another."""

    name: str
    descending: bool

    @property
    def terms(self) -> tuple[Term, ...]:
        """The order as a cursor names it."""
        down = self.descending
        return (Term("cursor", "cursor", sa.Text(), descending=down, nulls_first=down, nullable=False),)


NEWEST_FIRST, OLDEST_FIRST = Order("Change", descending=True), Order("Changes", descending=False)

_FORM = re.compile(r"[0-9a-f]{32}")
_BYTES = 8


def _pad() -> Column:
    pad = sa.bindparam(None, value=Pad("Change.cursor", "inner"), type_=sa.LargeBinary())
    return sa.func.coalesce(pad, sa.literal_column("''::bytea"), type_=sa.LargeBinary())


def _piece(value: Column, start: int, length: int = _BYTES) -> Column:
    return sa.func.substr(value, number(start), number(length), type_=sa.LargeBinary())


def _hash(round_: int, value: Column) -> Column:
    """The first bytes of a keyed hash of some bytes."""
    said = sa.literal_column(f"'\\x{round_:02x}'::bytea", sa.LargeBinary())
    joined = _pad().op("||")(said).op("||")(value)
    return _piece(sa.func.sha256(joined, type_=sa.LargeBinary()), 1)


def _tag(place: Column) -> Column:
    return _hash(0, sa.func.int8send(place, type_=sa.LargeBinary()))


def _number(eight: Column) -> Column:
    """Eight bytes as a whole number."""
    digits = sa.literal_column("'x'", sa.Text()).op("||")(sa.func.encode(eight, sa.literal_column("'hex'")))
    return sa.cast(sa.cast(digits, _BITS), sa.BigInteger())


class _Bits(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "bit(64)"


_BITS = _Bits()


def _crossed(place: Column, tag: Column) -> Column:
    return place.op("#", return_type=sa.BigInteger())(_number(_hash(1, tag)))


def expression(place: Column, order: Order) -> Column:
    """The cursor of an event of this number."""
    tag = _tag(place)
    crossed = sa.func.int8send(_crossed(place, tag), type_=sa.LargeBinary())
    told = sa.func.encode(tag.op("||")(crossed), sa.literal_column("'hex'"), type_=sa.Text())
    return cursors.expression(order.terms, order.name, {"cursor": told})


def operand(selected: Selected, name: str, order: Order) -> Column | None:
    """The number of the cursor that an argument gives; NULL where it was not made here.

    Whatever is no cursor of an event is refused as the statement's values are gathered.
    """

    def read(value: Any, where: Place) -> bytes:
        (told,) = cursors.decode(value, order.terms, order.name, where)
        if not _FORM.fullmatch(told):
            raise BadInput("this is not a cursor", where)
        return bytes.fromhex(told)

    given, place = leaf(selected, name), (*selected.place, name)
    return _number_of(bound(Converted(given.operand, read, place), sa.LargeBinary())) if given else None


def _number_of(cursor: Column) -> Column:
    tag = _piece(cursor, 1)
    place = _crossed(_number(_piece(cursor, _BYTES + 1)), tag)
    return sa.case((_tag(place) == tag, place))
