"""Masks: what is shown of a value that may not be shown whole.

Each is total (no storable value raises), computed in SQL (the plain value never leaves the
database), and NULL for NULL. A mask shows at most half of the characters that identify and leaves
at least four unseen; a value that is too short, or has not the form the mask expects, is redacted.
For an e-mail address the identifying part is the one before the @. Redacted is dots for free text,
and NULL for whatever could not hold dots: numbers, days, keys, closed lists, paths.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from policies.catalogue import FieldSpec, Kind

Value: TypeAlias = sa.ColumnElement[Any]

DOTS = "•••"

REDACT = "redact"
"""The mask that any field may have."""


def _text(value: str) -> Value:
    return sa.literal_column(f"'{value}'", sa.Text())


def _number(value: int) -> Value:
    return sa.literal_column(str(value), sa.Integer())


def _where(form: sa.ColumnElement[bool], value: Value, shown: Value) -> Value:
    """`shown` where the value has the form, else dots; NULL stays NULL."""
    return sa.case((value.is_(None), sa.cast(sa.null(), sa.Text())), (form, shown), else_=_text(DOTS))


def _matches(value: Value, pattern: str) -> sa.ColumnElement[bool]:
    return value.op("~", is_comparison=True)(_text(pattern))


def redact(value: Value) -> Value:
    """Dots."""
    return sa.case((value.is_not(None), _text(DOTS)))


def initial(value: Value) -> Value:
    """`J•••`, of five characters or more."""
    return _where(sa.func.length(value) >= _number(5), value, sa.func.left(value, _number(1)).concat(_text(DOTS)))


def last4(value: Value) -> Value:
    """`•••1234`, of eight characters or more."""
    return _where(sa.func.length(value) >= _number(8), value, _text(DOTS).concat(sa.func.right(value, _number(4))))


def email(value: Value) -> Value:
    """`a•••@domain`, where at least five characters stand before the @."""
    shown = (
        sa.func.left(value, _number(1))
        .concat(_text(DOTS + "@"))
        .concat(sa.func.split_part(value, _text("@"), _number(2)))
    )
    return _where(_matches(value, "^[^@[:space:]]{5,}@[^@[:space:]]+$"), value, shown)


def domain(value: Value) -> Value:
    """The part of an e-mail address behind the @, where at least four characters stand before it."""
    return _where(
        _matches(value, "^[^@[:space:]]{4,}@[^@[:space:]]+$"), value, sa.func.split_part(value, _text("@"), _number(2))
    )


def phone(value: Value) -> Value:
    """`+49•••67`: the first three and the last two of at least ten characters in E.164."""
    shown = sa.func.left(value, _number(3)).concat(_text(DOTS)).concat(sa.func.right(value, _number(2)))
    return _where(_matches(value, "^[+][0-9]{9,15}$"), value, shown)


def year(value: Value) -> Value:
    """The first of January of the same year (UTC)."""
    if isinstance(value.type, sa.Date):
        return sa.cast(sa.func.date_trunc(sa.literal_column("'year'"), sa.cast(value, sa.DateTime())), sa.Date())
    return sa.func.date_trunc(
        sa.literal_column("'year'"), value, sa.literal_column("'UTC'"), type_=sa.DateTime(timezone=True)
    )


@dataclass(frozen=True, slots=True)
class Mask:
    """A named way of showing a part of a value, and the kinds of field it fits."""

    name: str
    apply: Callable[[Value], Value]
    kinds: frozenset[Kind]
    scalars: frozenset[str] = frozenset()
    """Narrower than the kinds: only fields of these scalars."""

    def fits(self, spec: FieldSpec) -> bool:
        """Whether the mask can be applied to a field of this kind."""
        return spec.kind in self.kinds and (not self.scalars or spec.scalar in self.scalars)

    def shown(self, value: Value, spec: FieldSpec) -> Value:
        """What the mask shows of a field's value; nothing (NULL) where it does not fit."""
        return self.apply(value) if self.fits(spec) else sa.cast(sa.null(), value.type)


_TEXT = frozenset({Kind.TEXT})
MASKS: dict[str, Mask] = {
    mask.name: mask
    for mask in (
        Mask("email", email, _TEXT, frozenset({"EmailAddress"})),
        Mask("phone", phone, _TEXT, frozenset({"PhoneNumber"})),
        Mask("domain", domain, _TEXT, frozenset({"EmailAddress"})),
        Mask("last4", last4, _TEXT),
        Mask("initial", initial, _TEXT),
        Mask("year", year, frozenset({Kind.DATE, Kind.TIME})),
        Mask(REDACT, redact, _TEXT),
    )
}
"""All masks, in the order in which they are chosen where several are granted: the first that holds."""
