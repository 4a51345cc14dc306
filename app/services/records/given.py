"""Operands of a write's statements whose values are the write's own."""

from __future__ import annotations

from dataclasses import dataclass

from policies.conditions import Operand


@dataclass(frozen=True, slots=True)
class Given(Operand):
    """A value given when the statement runs."""

    name: str
