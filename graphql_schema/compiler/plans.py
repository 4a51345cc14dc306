"""Plans: statement text, where each parameter comes from, and how the columns join into a response."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg

from graphql_schema.compiler.operands import value_of
from policies.conditions import Constant, Operand

_DIALECT = asyncpg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Plan:
    """A statement without its values. `sources` gives, for each parameter in turn, where its value comes from.

    `checked` are operands that no parameter needs, but that must be what they stand for.
    """

    sql: str
    sources: tuple[Operand, ...]
    checked: tuple[Operand, ...] = ()

    def values(self, principal: Mapping[Operand, Any], variables: Mapping[str, Any]) -> list[Any]:
        """The parameters for one request. Raises BadInput."""
        for operand in self.checked:
            value_of(operand, principal, variables)
        found = list(self._constants)
        for place, source in self._changing:
            found[place] = value_of(source, principal, variables)
        return found

    @cached_property
    def _constants(self) -> Sequence[Any]:
        """The parameters that are the same for all requests; None for the others."""
        return [source.value if isinstance(source, Constant) else None for source in self.sources]

    @cached_property
    def _changing(self) -> Sequence[tuple[int, Operand]]:
        """The others, each with its place."""
        return [(i, source) for i, source in enumerate(self.sources) if not isinstance(source, Constant)]


def gather(
    roots: Sequence[sa.ColumnElement[Any]], proof: Iterable[sa.ColumnElement[Any]], checked: Iterable[Operand] = ()
) -> Plan:
    """One statement for all roots and the proof: one snapshot, one round trip."""
    columns = [root.label(f"f{i}") for i, root in enumerate(roots)]
    proven = [column.label(f"p{i}") for i, column in enumerate(proof)]
    compiled = sa.select(*columns, *proven).compile(dialect=_DIALECT)
    assert compiled.positiontup is not None
    sources = tuple(_source(compiled.binds[name]) for name in compiled.positiontup)
    return Plan(compiled.string, sources, tuple(checked))


def _source(bind: sa.BindParameter[Any]) -> Operand:
    return bind.value if isinstance(bind.value, Operand) else Constant(bind.value)


def operands(expression: sa.ColumnElement[Any]) -> list[Operand]:
    """The operands of an expression, each part of it looked at once, however many others share it."""
    waiting: list[Any] = [expression]
    seen: dict[int, Any] = {}
    while waiting:
        part = waiting.pop()
        if id(part) not in seen:
            seen[id(part)] = part  # kept, so that no other part gets its id
            waiting.extend(part.get_children())
    return [_source(part) for part in seen.values() if isinstance(part, sa.BindParameter)]
