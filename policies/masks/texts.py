"""Masks of texts."""

from __future__ import annotations

import sqlalchemy as sa

from policies.masks.mask import DOTS, Value, literal, number
from policies.masks.pads import Pad


def _where(form: sa.ColumnElement[bool], value: Value, shown: Value) -> Value:
    """`shown` where the value has the form, else dots; NULL stays NULL."""
    return sa.case((value.is_(None), sa.cast(sa.null(), sa.Text())), (form, shown), else_=literal(DOTS))


def _matches(value: Value, pattern: str) -> sa.ColumnElement[bool]:
    return value.op("~", is_comparison=True)(literal(pattern))


def redact(value: Value, _field: str) -> Value:
    """Dots."""
    return sa.case((value.is_not(None), literal(DOTS)))


def initial(value: Value, _field: str) -> Value:
    """`J•••`, of five characters or more."""
    return _where(sa.func.length(value) >= number(5), value, sa.func.left(value, number(1)).concat(literal(DOTS)))


def last4(value: Value, _field: str) -> Value:
    """`•••1234`, of eight characters or more."""
    return _where(sa.func.length(value) >= number(8), value, literal(DOTS).concat(sa.func.right(value, number(4))))


_ADDRESS = "^[^@[:space:]]{5,}@[^@[:space:]]+$"


def _domain(value: Value) -> Value:
    return sa.func.split_part(value, literal("@"), number(2))


def email(value: Value, _field: str) -> Value:
    """`a•••@domain`, where at least five characters stand before the @."""
    shown = sa.func.left(value, number(1)).concat(literal(DOTS + "@")).concat(_domain(value))
    return _where(_matches(value, _ADDRESS), value, shown)


def domain(value: Value, _field: str) -> Value:
    """The part of an e-mail address behind the @, where at least five characters stand before it."""
    return _where(_matches(value, _ADDRESS), value, _domain(value))


def phone(value: Value, _field: str) -> Value:
    """`+49•••67`: the first three and the last two of at least ten characters in E.164."""
    shown = sa.func.left(value, number(3)).concat(literal(DOTS)).concat(sa.func.right(value, number(2)))
    return _where(_matches(value, "^[+][0-9]{9,15}$"), value, shown)


_PART = "[^,\n0-9 ][^,\n0-9]*"
_CODE = "[^,\n0-9 ]*[0-9][^,\n ]* +"
_LINES = f"^[^,\n]+[,\n] *({_CODE}{_PART}([,\n] *{_PART})?|{_PART})$"
"""Street, then the city; behind a postal code a country may follow."""


def city_only(value: Value, _field: str) -> Value:
    """The city of a postal address in two or three parts: `1 Long Street, 10115 Berlin, Germany`."""
    part = sa.func.split_part(sa.func.translate(value, literal("\n"), literal(",")), literal(","), number(2))
    behind = sa.func.regexp_replace(sa.func.ltrim(part), literal("^[^ ]*[0-9][^ ]* "), literal(""))
    city = sa.func.btrim(behind)
    length, shown = sa.func.length(value), sa.func.length(city)
    brief = sa.and_(shown * number(2) <= length, shown + number(4) <= length, shown > number(0))
    return _where(sa.and_(_matches(value, _LINES), brief), value, city)


SHOWN = 16
"""Bytes of a hash that are shown."""


def _sha256(pad: Value, message: Value) -> Value:
    return sa.func.sha256(pad.op("||")(message), type_=sa.LargeBinary())


def hashed(value: Value, field: str) -> Value:
    """HMAC-SHA-256 (RFC 2104) under a key of the field and the deployment: equal values can be told, nothing else."""
    inner, outer = (sa.bindparam(None, value=Pad(field, part), type_=sa.LargeBinary()) for part in ("inner", "outer"))
    digest = _sha256(outer, _sha256(inner, sa.func.convert_to(value, literal("UTF8"))))
    return sa.func.encode(sa.func.substring(digest, number(1), number(SHOWN)), literal("hex"), type_=sa.Text())
