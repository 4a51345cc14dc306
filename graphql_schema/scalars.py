"""Scalars, narrower than GraphQL's own. Output comes as finished JSON; parsing is for arguments."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import FloatValueNode, IntValueNode, StringValueNode, ValueNode
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

DateTime = NewType("DateTime", dt.datetime)
Date = NewType("Date", dt.date)
Exact = NewType("Exact", Decimal)
CurrencyCode = NewType("CurrencyCode", str)
CountryCode = NewType("CountryCode", str)
EmailAddress = NewType("EmailAddress", str)
PhoneNumber = NewType("PhoneNumber", str)
JSON = NewType("JSON", object)
FieldPath = NewType("FieldPath", str)

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def _told_moment(value: Any) -> str:
    """As the database writes it into its answers."""
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else str(value)


def _moment(value: Any) -> dt.datetime:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("a DateTime is an RFC 3339 text such as 2026-01-31T12:00:00Z")
    try:
        return dt.datetime.fromisoformat(value.upper()).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise ValueError("this moment does not exist") from None


def _day(value: Any) -> dt.date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a Date is a text such as 2026-01-31")
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError("this day does not exist") from None


def _exact(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError("a Decimal is a text such as 12.50, or a number")
    text = value if isinstance(value, str) else repr(value)
    if len(text) > 200 or not _DECIMAL.fullmatch(text):
        raise ValueError("a Decimal is a text such as 12.50, or a number")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("a Decimal is a text such as 12.50, or a number") from None


def _written(node: ValueNode, variables: object = None) -> Decimal:
    """A number as the document has it, without the detour of binary fractions."""
    if not isinstance(node, (IntValueNode, FloatValueNode, StringValueNode)):
        raise ValueError("a Decimal is a text such as 12.50, or a number")
    return _exact(node.value)


def _coded(pattern: str, what: str) -> Callable[[Any], str]:
    form = re.compile(pattern, re.ASCII)

    def parse(value: Any) -> str:
        if not isinstance(value, str) or not form.fullmatch(value):
            raise ValueError(what)
        return value

    return parse


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("this is a text")
    return value


def _scalar(
    name: str,
    description: str,
    parse: Callable[[Any], Any],
    url: str | None = None,
    written: Callable[..., Any] | None = None,
    told: Callable[[Any], str] = str,
) -> ScalarDefinition:
    return strawberry.scalar(
        name=name,
        description=description,
        parse_value=parse,
        parse_literal=written,
        serialize=told,
        specified_by_url=url,
    )


SCALARS: dict[object, ScalarDefinition] = {
    DateTime: _scalar(
        "DateTime",
        "A moment: RFC 3339, answered in UTC.",
        _moment,
        "https://www.rfc-editor.org/rfc/rfc3339",
        told=_told_moment,
    ),
    Date: _scalar("Date", "A calendar day: YYYY-MM-DD.", _day),
    Exact: _scalar("Decimal", "An exact number, as text with its stored scale.", _exact, written=_written),
    CurrencyCode: _scalar(
        "CurrencyCode", "A currency: ISO 4217, three capital letters.", _coded("[A-Z]{3}", "three capital letters")
    ),
    CountryCode: _scalar(
        "CountryCode", "A country: ISO 3166-1 alpha-2, two capital letters.", _coded("[A-Z]{2}", "two capital letters")
    ),
    EmailAddress: _scalar("EmailAddress", "An e-mail address; where it is masked, what is shown of it.", _text),
    PhoneNumber: _scalar("PhoneNumber", "A telephone number in E.164; where it is masked, what is shown.", _text),
    FieldPath: _scalar(
        "FieldPath",
        "A field of a row, or of a row that single relations lead to: `total`, `customer.tier`.",
        _coded(r"[A-Za-z0-9]{1,63}(\.[A-Za-z0-9]{1,63}){0,9}", "names of fields, with a dot between each two"),
    ),
    JSON: strawberry.scalar(
        name="JSON", description="Any JSON value.", serialize=lambda value: value, parse_value=lambda value: value
    ),
}

CONFIG = StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=False)
