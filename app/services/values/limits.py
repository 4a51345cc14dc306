"""Between which numbers a column's values lie, by its type and its CHECK."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.services.errors import Invalid

INT4 = 2**31
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_between = re.compile(rf"\{{\}} BETWEEN {_NUMBER} AND {_NUMBER}").fullmatch
_compared = re.compile(rf"\{{\}} (>=|>) {_NUMBER}").fullmatch


@dataclass(frozen=True, slots=True)
class Limits:
    """Least and greatest value."""

    least: Decimal
    greatest: Decimal
    above: bool = False
    """The least value itself is out."""

    def check(self, value: Decimal | int) -> None:
        """Raises Invalid where a finite number lies outside."""
        if self.above and value <= self.least:
            raise Invalid("not_above", min=self.least)
        if value < self.least:
            raise Invalid("too_small", min=self.least)
        if value > self.greatest:
            raise Invalid("too_great", max=self.greatest)

    def within(self, least: Decimal, greatest: Decimal | None = None, *, above: bool = False) -> Limits:
        """These limits, drawn closer."""
        return Limits(
            max(least, self.least), self.greatest if greatest is None else min(greatest, self.greatest), above
        )


def limits_of(column: sa.Column[Any]) -> Limits:
    """The limits of a column of numbers. Raises ValueError where its CHECK is written in no known way."""
    found = _of_type(column.type)
    check = column.info.get("check")
    if check is None:
        return found
    if between := _between(check):
        return found.within(*map(Decimal, between.groups()))
    if compared := _compared(check):
        return found.within(Decimal(compared[2]), above=compared[1] == ">")
    raise ValueError(f"{column}: the limits in {check!r} are not understood")


def _of_type(type_: sa.types.TypeEngine[Any]) -> Limits:
    if isinstance(type_, sa.Numeric):
        scale = scale_of(type_)
        greatest = Decimal(10) ** ((type_.precision or 18) - scale) - Decimal(1).scaleb(-scale)
        return Limits(-greatest, greatest)
    return Limits(Decimal(-INT4), Decimal(INT4 - 1))


def scale_of(type_: sa.types.TypeEngine[Any]) -> int:
    """How many decimals a column of exact numbers keeps."""
    return type_.scale or 0 if isinstance(type_, sa.Numeric) else 0
