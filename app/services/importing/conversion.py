"""From what a mapping makes to what a column holds: typed, within its bounds, or refused."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa

from app.models.columns import E164, EARLIEST, LATEST
from app.services.importing.transforms import Refusal, Transform, email, iso_time, remembering, written
from policies.catalogue import FieldSpec, Kind

Converter: TypeAlias = Callable[[Any], Any]

INT4 = 2**31
FIRST_DAY, LAST_DAY = dt.date.fromisoformat(EARLIEST), dt.date.fromisoformat(LATEST)
BOOLEANS = dict.fromkeys(("true", "t", "yes", "y", "1"), True) | dict.fromkeys(("false", "f", "no", "n", "0"), False)
FORMS: Mapping[str, tuple[str, str]] = {
    "PhoneNumber": (E164, "is no telephone number in E.164"),
    "CurrencyCode": (r"[A-Z]{3}", "is no currency code (ISO 4217)"),
    "CountryCode": (r"[A-Z]{2}", "is no country code (ISO 3166-1 alpha-2)"),
}


def converter(column: sa.Column[Any], number: Transform) -> Converter:
    """What turns a text (or a value made by a transform) into a value of a column.

    `number` reads numbers as the file writes them. The converter raises Refusal.
    """
    spec: FieldSpec = column.info["field"]
    if spec.kind is Kind.ENUM and spec.enum is not None:
        return _one_of({member.value for member in spec.enum})
    if spec.kind in (Kind.DECIMAL, Kind.MONEY) and isinstance(column.type, sa.Numeric):
        return _decimal(column.type.precision or 18, column.type.scale or 0, number)
    if spec.kind in (Kind.TEXT, Kind.TREE):
        return _text(spec, getattr(column.type, "length", None))
    if spec.kind is Kind.INTEGER:
        return _integer(number)
    return _SIMPLE[spec.kind]


def _one_of(values: set[str]) -> Converter:
    listed = ", ".join(sorted(values))

    def run(value: Any) -> str:
        if value in values:
            return str(value)
        raise Refusal(f"{value!r} is none of {listed}")

    return run


def _text(spec: FieldSpec, length: int | None) -> Converter:
    limit = length or 1_000_000_000
    if spec.scalar == "EmailAddress":
        return lambda value: _within(email(str(value)), limit)
    if spec.scalar and spec.scalar in FORMS:
        return _formed(*FORMS[spec.scalar])
    if spec.kind is Kind.TREE:
        return _formed(r"/(?:[^/]+/)*", "is no place in a tree (/a/b/)")

    def run(value: Any) -> str:
        text = written(value)
        if len(text) > limit:
            raise Refusal(f"is longer than {limit} characters: {text[:40]!r}…")
        return text

    return run


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Refusal(f"is longer than {limit} characters: {text[:40]!r}…")
    return text


def _formed(form: str, says: str) -> Converter:
    fits = re.compile(form).fullmatch

    def run(value: Any) -> str:
        if fits(str(value)):
            return str(value)
        raise Refusal(f"{value!r} {says}")

    return run


def _decimal(precision: int, scale: int, number: Transform) -> Converter:
    limit, unit = Decimal(10) ** (precision - scale), Decimal(1).scaleb(-scale)

    def run(value: Any) -> Decimal:
        found = value if isinstance(value, Decimal) else number(written(value))
        if not -limit < found < limit:
            raise Refusal(f"{value} has more than {precision - scale} digits before the decimal mark")
        if found.quantize(unit) != found:
            raise Refusal(f"{value} has more than {scale} decimals; say how to round it")
        return found

    return remembering(run)


def _integer(number: Transform) -> Converter:
    def run(value: Any) -> int:
        found = value if isinstance(value, Decimal) else number(written(value))
        if not -INT4 <= found < INT4:
            raise Refusal(f"{value} is out of range")
        if found != int(found):
            raise Refusal(f"{value} is no whole number")
        return int(found)

    return remembering(run)


def _boolean(value: Any) -> bool:
    found = BOOLEANS.get(written(value).lower())
    if found is None:
        raise Refusal(f"{value!r} is neither yes nor no")
    return found


def _day(value: Any) -> dt.date:
    moment = value if isinstance(value, dt.date) else iso_time(str(value))
    if isinstance(moment, dt.datetime):
        if moment.time() != dt.time():
            raise Refusal(f"{value} is a time of day where a day is wanted")
        moment = moment.date()
    if not FIRST_DAY <= moment <= LAST_DAY:
        raise Refusal(f"{value} is out of range")
    return moment


def _moment(value: Any) -> dt.datetime:
    moment = value if isinstance(value, dt.date) else iso_time(str(value))
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time())
    if not FIRST_DAY < moment.date() < LAST_DAY:
        raise Refusal(f"{value} is out of range")
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _json(value: Any) -> str:
    try:
        text = json.dumps(json.loads(str(value)), ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        raise Refusal("is no JSON") from None
    if "\\u0000" in text:
        raise Refusal("holds a zero character")
    return text


def _uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Refusal(f"{value!r} is no UUID") from None


_SIMPLE: Mapping[Kind, Converter] = {
    Kind.BOOLEAN: _boolean,
    Kind.DATE: remembering(_day),
    Kind.TIME: remembering(_moment),
    Kind.JSON: _json,
    Kind.ID: _uuid,
}
