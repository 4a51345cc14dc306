"""How rows are seen by the same caller under two policies: whether each is visible, and in which state its fields are.

SELECT  of each resource: JSON, a list of [place, states now, states then]; of a row that is not seen no states
FROM    the keys that are asked, by place, LEFT JOIN the view of the one LEFT JOIN the view of the other

Both views are those that answer reads, so ceilings and unmasks are in them. What is told of a row are states, no values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array

from policies.access import Access
from policies.catalogue import Resource
from policies.conditions import Attribute
from policies.predicates import bound, companion
from policies.principal import Principal
from policies.statements import Statement, statement
from policies.states import STATE, State

Key: TypeAlias = tuple[UUID | None, UUID]
"""Of a row: the customer that owns it, if one does, and its id."""

_ONE: sa.ColumnElement[int] = sa.literal_column("1")
_NONE: sa.ColumnElement[str] = sa.literal_column("''", sa.Text())
_LETTERS = {state.value[0]: state for state in State}


@dataclass(frozen=True, slots=True)
class Seen:
    """How a row is seen now, and would be: the state of each field asked of; None where it is not seen."""

    key: Key
    now: Sequence[State] | None
    then: Sequence[State] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The statement that tells of rows of some resources, each with some of its fields."""

    fields: Mapping[str, Sequence[str]]
    asked: Statement

    def values(self, principal: Principal, rows: Mapping[str, Sequence[Key]]) -> list[Any]:
        """The parameters: for a principal, of such rows by resource."""
        given: dict[Attribute, list[UUID | None]] = {}
        for name in self.fields:
            owners, ids = _operands(name)
            given[owners] = [owner for owner, _ in rows.get(name, ())]
            given[ids] = [id_ for _, id_ in rows.get(name, ())]
        return self.asked.values(principal.values_with(given))

    def read(self, row: Sequence[Any], rows: Mapping[str, Sequence[Key]]) -> Iterator[tuple[str, Seen]]:
        """How each row is seen, with the resource; `row` holds a list for each resource in turn."""
        for name, found in zip(self.fields, row, strict=True):
            for place, now, then in found or ():
                yield name, Seen(rows[name][place - 1], _states(now), _states(then))


def comparison(now: Access, then: Access, fields: Mapping[str, Iterable[str]]) -> Comparison:
    """The statement for two policies, and some fields of each of some resources."""
    asked = {name: tuple(sorted(each)) for name, each in sorted(fields.items())}
    columns = [
        _rows(now, then, now.policy.catalogue[name], each).label(f"c{n}")
        for n, (name, each) in enumerate(asked.items())
    ]
    return Comparison(asked, statement(sa.select(*columns)))


def _rows(now: Access, then: Access, on: Resource, fields: Sequence[str]) -> sa.ColumnElement[Any]:
    owners, ids = (bound(operand, ARRAY(sa.Uuid())) for operand in _operands(on.name))
    keys = (
        sa.func.unnest(owners, ids).table_valued("owner", "id", with_ordinality="place", name="asked").render_derived()
    )
    views = [access.view(on, [], states=fields).subquery(name) for access, name in ((now, "now"), (then, "later"))]
    source: sa.FromClause = keys
    for view in views:
        is_it = view.c.id == keys.c.id
        source = source.outerjoin(view, sa.and_(is_it, view.c.customer_id == keys.c.owner) if on.owned else is_it)
    states = (_letters(on, view, fields) for view in views)
    found = sa.func.json_agg(sa.func.json_build_array(keys.c.place, *states))
    return sa.select(found).select_from(source).correlate(None).scalar_subquery()


def _letters(on: Resource, view: sa.Subquery, fields: Sequence[str]) -> sa.ColumnElement[Any]:
    """The states of a row's fields, a letter each; NULL where it is not in the view."""
    columns = [view.c[companion(on.fields[name].column.name, STATE)] for name in fields]
    states: list[sa.ColumnElement[Any]] = [sa.func.substr(column, _ONE, _ONE) for column in columns]
    listed: sa.ColumnElement[Any] = array([_NONE, *states], type_=sa.Text())
    return sa.case((view.c.id.is_not(None), sa.func.array_to_string(listed, _NONE)))


def _operands(name: str) -> tuple[Attribute, Attribute]:
    return Attribute(f"{name} owners"), Attribute(f"{name} keys")


def _states(letters: str | None) -> Sequence[State] | None:
    return None if letters is None else [_LETTERS[letter] for letter in letters]
