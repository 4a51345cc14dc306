"""What a column takes, told beforehand: by the same limits that values are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.services.values.limits import limits_of, scale_of
from app.services.values.texts import PROSE
from policies.catalogue import Field, Kind

NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY)


@dataclass(frozen=True, slots=True)
class Shape:
    """Most characters of a text; least and greatest number, and how many decimals it may have; values to choose from."""

    longest: int | None = None
    least: Decimal | None = None
    greatest: Decimal | None = None
    decimals: int | None = None
    options: tuple[str, ...] = ()


def shape_of(field: Field) -> Shape:
    """What a field's column takes."""
    kind, type_ = field.spec.kind, field.column.type
    if kind in (Kind.TEXT, Kind.TREE):
        return Shape(longest=getattr(type_, "length", None) or PROSE)
    if field.spec.enum is not None:
        return Shape(options=tuple(member.value for member in field.spec.enum))
    if kind not in NUMBERS:
        return Shape()
    limits, decimals = limits_of(field.column), scale_of(type_)
    least = limits.least + (Decimal(1).scaleb(-decimals) if limits.above else 0)
    return Shape(least=least, greatest=limits.greatest, decimals=decimals)
