"""Entries of JSON objects, as values that can be compared. All are total: what has not the form that is asked for is NULL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from policies.catalogue import Kind

Value = sa.ColumnElement[Any]

_NUMBER = "^[-+]?[0-9]{1,40}([.][0-9]{1,40})?$"
_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_MOMENT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}[+]00:00$"


def entry(objects: Iterable[Value], key: Value) -> Value:
    """The value of a key in the first of some objects that has it; NULL where none has."""
    found = [each.op("->", return_type=JSONB())(key) for each in objects]
    return sa.func.coalesce(*found, type_=JSONB()) if len(found) > 1 else found[0]


def contains(held: Value, text: Value) -> Value:
    """Whether a list contains a text; NULL where there is no list."""
    found = sa.func.jsonb_exists(held, text, type_=sa.Boolean())
    return sa.case((_is(held, "array"), found))


def _is(held: Value, type_: str) -> sa.ColumnElement[bool]:
    return sa.func.jsonb_typeof(held) == sa.literal_column(f"'{type_}'", sa.Text())


def _text(held: Value) -> Value:
    whole: Value = sa.literal_column("'{}'::text[]")
    return sa.case((_is(held, "string"), held.op("#>>", return_type=sa.Text())(whole)))


def _formed(pattern: str) -> Callable[[Value], Value]:
    """Texts of a form, ordered by code points."""

    def read(held: Value) -> Value:
        text = _text(held)
        is_formed = text.op("~", is_comparison=True)(sa.literal_column(f"'{pattern}'", sa.Text()))
        return sa.collate(sa.case((is_formed, text)), "C")

    return read


def _number(held: Value) -> Value:
    """Of numbers, and of texts that are."""
    text = held.op("#>>", return_type=sa.Text())(sa.literal_column("'{}'::text[]"))
    is_number = text.op("~", is_comparison=True)(sa.literal_column(f"'{_NUMBER}'", sa.Text()))
    return sa.case((is_number, sa.cast(text, sa.Numeric())))


def _truth(held: Value) -> Value:
    is_true, is_false = (held == sa.literal_column(f"'{said}'::jsonb", JSONB()) for said in ("true", "false"))
    return sa.case((is_true, sa.true()), (is_false, sa.false()))


ENTRIES: Mapping[Kind, Callable[[Value], Value]] = {
    Kind.TEXT: _text,
    Kind.DECIMAL: _number,
    Kind.BOOLEAN: _truth,
    Kind.DATE: _formed(_DAY),
    Kind.TIME: _formed(_MOMENT),
}
"""By kind, the value of an entry, as it is compared with operands of its type: days and moments as texts."""
