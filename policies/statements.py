"""Statements as they are sent: text, and where the value of each parameter comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from policies.conditions import Constant, Operand
from policies.fragments import DIALECT


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement without its values."""

    sql: str
    operands: tuple[Operand, ...]

    def values(self, principal: Mapping[Operand, Any]) -> list[Any]:
        """The parameters for a principal."""
        return [each.value if isinstance(each, Constant) else principal[each] for each in self.operands]


def statement(expression: sa.SelectBase | sa.Insert | sa.Update) -> Statement:
    """The statement of an expression whose parameters are operands."""
    compiled = expression.compile(dialect=DIALECT)
    assert compiled.positiontup is not None
    bound = (compiled.binds[name].value for name in compiled.positiontup)
    return Statement(compiled.string, tuple(each if isinstance(each, Operand) else Constant(each) for each in bound))
