"""A mask: its name, what it makes of a column, and the fields it fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from policies.catalogue import FieldSpec, Kind

Value: TypeAlias = sa.ColumnElement[Any]

DOTS = "•••"


def literal(value: str) -> Value:
    """A text of ours as an SQL literal."""
    return sa.literal_column(f"'{value}'", sa.Text())


def number(value: int) -> Value:
    """A number of ours as an SQL literal."""
    return sa.literal_column(str(value), sa.Integer())


@dataclass(frozen=True, slots=True)
class Mask:
    """A named way of showing a part of a value, and the kinds of field it fits."""

    name: str
    apply: Callable[[Value, str], Value]
    """What is shown of a value of the field named (`Customer.email`)."""
    kinds: frozenset[Kind]
    scalars: frozenset[str] = frozenset()
    """Narrower than the kinds: only fields of these scalars."""
    below: frozenset[str] = frozenset()
    """Masks from whose output this one's can be computed."""
    vast: bool = False
    """Only for fields of so many possible values that nobody tries them all."""

    def fits(self, spec: FieldSpec) -> bool:
        """Whether the mask can be applied to a field of this kind."""
        known = spec.kind in self.kinds and (not self.scalars or spec.scalar in self.scalars)
        return known and (spec.vast or not self.vast)

    def shown(self, value: Value, spec: FieldSpec, field: str) -> Value:
        """What the mask shows of a value of a field; nothing (NULL) where it does not fit."""
        return self.apply(value, field) if self.fits(spec) else sa.cast(sa.null(), value.type)
