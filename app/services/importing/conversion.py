"""From what a mapping makes to what a column holds: read as the file writes it, then judged as any other value."""

from __future__ import annotations

import datetime as dt
import json
import reprlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.services.errors import Invalid
from app.services.importing.transforms import Refusal, Transform, email, iso_time, remembering, written
from app.services.messages import ENGLISH, message
from app.services.values import NONE_KNOWN
from app.services.values.forms import form_of
from app.services.values.storing import judge
from policies.catalogue import FieldSpec, Kind

Converter: TypeAlias = Callable[[Any], Any]

LONGEST_INTEGER = 30
"""Digits of a number that is read as a whole one; no column holds as many."""
CHEAP = frozenset({Kind.ENUM, Kind.BOOLEAN, Kind.ID})
"""Kinds whose values are judged as fast as remembered."""
BOOLEANS = dict.fromkeys(("true", "t", "yes", "y", "1"), True) | dict.fromkeys(("false", "f", "no", "n", "0"), False)


def converter(column: sa.Column[Any], number: Transform) -> Converter:
    """What turns a text (or a value made by a transform) into a value of a column.

    `number` reads numbers as the file writes them. The converter raises Refusal.
    """
    spec: FieldSpec = column.info["field"]
    if spec.kind is Kind.TEXT and (spec.scalar == "EmailAddress" or form_of(column) is None):
        return _text(email if spec.scalar else written, getattr(column.type, "length", None))
    if spec.kind is Kind.JSON:
        return _dumped(_judged(column, _json))
    if spec.kind in (Kind.DECIMAL, Kind.MONEY):
        return remembering(_judged(column, _number(number)))
    if spec.kind is Kind.INTEGER:
        return remembering(_judged(column, _integer(number)))
    found = _judged(column, _READ.get(spec.kind, written))
    return found if spec.kind in CHEAP else remembering(found)


def _judged(column: sa.Column[Any], read: Converter) -> Converter:
    take = judge(column)

    def run(value: Any) -> Any:
        try:
            return take(read(value), NONE_KNOWN)
        except Invalid as invalid:
            raise Refusal(f"{reprlib.repr(written(value))} {_clause(message(invalid, ENGLISH))}") from None

    return run


def _clause(sentence: str) -> str:
    """`Must be given.` → `must be given`, so that the value may stand before it and more behind."""
    return f"{sentence[:1].lower()}{sentence[1:].removesuffix('.')}"


def _text(read: Callable[[str], str], length: int | None) -> Converter:
    """Text as the file has it: what is trimmed and how is the mapping's choice. An address's domain needs no dot."""
    limit = length or 1_000_000_000

    def run(value: Any) -> str:
        text = read(written(value))
        if len(text) > limit:
            raise Refusal(f"is longer than {limit} characters: {text[:40]!r}…")
        return text

    return run


def _number(number: Transform) -> Converter:
    return lambda value: value if isinstance(value, Decimal) else number(written(value))


def _integer(number: Transform) -> Converter:
    read = _number(number)

    def run(value: Any) -> int | Decimal:
        found: Decimal = read(value)
        is_whole = found.adjusted() < LONGEST_INTEGER and found == found.to_integral_value()
        return int(found) if is_whole else found

    return run


def _boolean(value: Any) -> bool:
    found = BOOLEANS.get(written(value).lower())
    if found is None:
        raise Refusal(f"{value!r} is neither yes nor no")
    return found


def _day(value: Any) -> dt.date:
    moment = value if isinstance(value, dt.date) else iso_time(str(value))
    if not isinstance(moment, dt.datetime):
        return moment
    if moment.time() != dt.time():
        raise Refusal(f"{value} is a time of day where a day is wanted")
    return moment.date()


def _moment(value: Any) -> dt.datetime:
    moment = value if isinstance(value, dt.date) else iso_time(str(value))
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time())
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _json(value: Any) -> object:
    try:
        return json.loads(str(value))
    except (ValueError, RecursionError):
        raise Refusal("is no JSON") from None


def _dumped(convert: Converter) -> Converter:
    return lambda value: json.dumps(convert(value), ensure_ascii=False)


_READ: Mapping[Kind, Converter] = {Kind.BOOLEAN: _boolean, Kind.DATE: _day, Kind.TIME: _moment}
"""How values of a kind are read from text, where that takes more than the text itself."""
