"""Access: the policy bound to a grant shape. `view` is the only thing that reads start from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

import sqlalchemy as sa

from policies.catalogue import Field, Resource
from policies.conditions import And
from policies.document import Action
from policies.grounds import (
    Bound,
    FieldGrounds,
    Ground,
    RowGrounds,
    bind,
    covers,
    field_grounds,
    given,
    row_grounds,
    structural,
)
from policies.masks import MASKS
from policies.predicates import Compiler, Predicate, Reading, Row, Rows, companion, companion_of, is_false
from policies.principal import GrantShape
from policies.rules import Policy

_ALWAYS: tuple[Ground, ...] = (frozenset(),)


DELETED, ERASED = "deleted_at", "erased_at"
"""Columns that are set once a row is gone. Views leave both out; policy conditions still read what was erased."""


@dataclass(frozen=True, slots=True)
class _BaseRow:
    """A row of a table; a companion is named as in a view, and is the table's column."""

    table: sa.FromClause

    def __getitem__(self, name: str) -> sa.ColumnElement[Any]:
        return self.table.c[companion_of(name)]


def base_rows(resource: Resource, fields: frozenset[str]) -> Rows:
    """The rows of a table itself, without deleted ones: what policy conditions read, so that no deny is blinded."""
    table = resource.table.alias()
    return Rows(table, _BaseRow(table), table.c[DELETED].is_(None))


class State(StrEnum):
    """How a field of a visible row is shown."""

    PLAIN = "plain"
    MASKED = "masked"
    WITHHELD = "withheld"


STATE = "state"
"""A field's state stands in the view as the companion of this name."""


@dataclass(frozen=True)
class ResourceAccess:
    """What a grant shape may read of one resource. Deny is where it starts: no rule, no row."""

    resource: Resource
    rows: RowGrounds
    bound: tuple[Bound, ...] = field(repr=False)
    fields: dict[str, FieldGrounds] = field(default_factory=dict, repr=False)

    def grounds(self, name: str) -> FieldGrounds:
        """The grounds of a field; the keys of a visible row are always plain."""
        if name not in self.fields:
            self.fields[name] = self._grounds(name)
        return self.fields[name]

    def _grounds(self, name: str) -> FieldGrounds:
        if name in structural(self.resource):
            return FieldGrounds(_ALWAYS)
        return field_grounds(self.bound, name) if self.rows.allowed else FieldGrounds()

    @cached_property
    def readable(self) -> frozenset[str]:
        """The fields that are plain or masked on some row."""
        return frozenset(name for name in self.resource.fields if self.grounds(name).readable)

    def state(self, name: str) -> State | None:
        """The state that a field has on every visible row; None where it depends on the row."""
        grounds, rows = self.grounds(name), self.rows.allowed
        if not grounds.readable:
            return State.WITHHELD
        if not grounds.denied and covers(grounds.plain, rows):
            return State.PLAIN
        if not grounds.denied and not grounds.plain and covers(grounds.shown_masked, rows):
            return State.MASKED
        return None

    @property
    def every_row(self) -> bool:
        """Whether every row is visible that is neither deleted nor erased."""
        return self.rows.allowed == _ALWAYS and not self.rows.denied


@dataclass(frozen=True)
class Access:
    """The reading rights of all principals of one grant shape."""

    policy: Policy
    shape: GrantShape
    _resources: dict[str, ResourceAccess] = field(default_factory=dict, repr=False)

    def on(self, resource: Resource) -> ResourceAccess:
        """What may be read of a resource."""
        if resource.name not in self._resources:
            bound = tuple(bind(self.policy, self.shape, resource.name, Action.READ))
            self._resources[resource.name] = ResourceAccess(resource, row_grounds(bound), bound)
        return self._resources[resource.name]

    def view(self, resource: Resource, fields: Iterable[str], states: Iterable[str] = ()) -> sa.Select[Any]:
        """The resource as this shape sees it: hidden rows gone, hidden values NULL, masked values masked.

        The columns are the keys and those of the fields named, under the table's own column names,
        each companion of a field as `field__companion`, and for each of `states` a column
        `field__state` that holds a `State`.
        """
        return _View(self, self.on(resource)).select(fields, states)


@lru_cache(maxsize=256)
def access(policy: Policy, shape: GrantShape) -> Access:
    """The access of a grant shape, made once for each policy."""
    return Access(policy, shape)


@dataclass(frozen=True)
class _View:
    """Builds the view of one resource."""

    access: Access
    on: ResourceAccess

    def _holds(self, grounds: Iterable[Ground], row: Row, reading: Reading) -> Predicate:
        compiler = Compiler(self.access.policy.catalogue, base_rows, reading)
        ordered = [And(tuple(sorted(ground, key=repr))) for ground in grounds]
        return sa.or_(sa.false(), *(compiler.predicate(ground, self.on.resource, row) for ground in ordered))

    def _allowed(self, grounds: Iterable[Ground], row: Row) -> Predicate:
        return self._holds(given(grounds, self.on.rows.allowed), row, Reading.CERTAIN)

    def _undenied(self, grounds: tuple[Ground, ...], row: Row) -> Predicate:
        return is_false(self._holds(grounds, row, Reading.POSSIBLE)) if grounds else sa.true()

    def select(self, fields: Iterable[str], states: Iterable[str]) -> sa.Select[Any]:
        resource, rows = self.on.resource, self.on.rows
        base = base_rows(resource, frozenset())
        columns: list[sa.ColumnElement[Any]] = [base.row[name].label(name) for name in resource.key]
        for name in dict.fromkeys(fields):
            shown = resource.fields[name]
            if shown.column.name not in resource.key:
                columns.extend(self._shown(shown, base.row))
        columns.extend(self._state(name, base.row) for name in dict.fromkeys(states))
        allowed = self._holds(rows.allowed, base.row, Reading.CERTAIN)
        visible = sa.and_(allowed, self._undenied(rows.denied, base.row), base.kept, *_unerased(base.rows))
        return sa.select(*columns).select_from(base.rows).where(visible).correlate_except(base.rows)

    def _shown(self, shown: Field, row: Row) -> Iterator[sa.ColumnElement[Any]]:
        column = shown.column
        yield self._value(shown, column, row).label(column.name)
        for name in shown.spec.companions:
            yield self._value(shown, column.table.c[name], row).label(companion(column.name, name))

    def _value(self, shown: Field, column: sa.Column[Any], row: Row) -> sa.ColumnElement[Any]:
        """The column where the field is plain, its mask where it is masked, else NULL."""
        grounds = self.on.grounds(shown.name)
        value, nothing = row[column.name], sa.cast(sa.null(), column.type)
        if not grounds.readable:
            return nothing
        undenied = self._undenied(grounds.denied, row)
        if not grounds.denied and covers(grounds.plain, self.on.rows.allowed):
            return value
        whens = [(sa.and_(self._allowed(grounds.plain, row), undenied), value)] if grounds.plain else []
        for mask, alternatives in grounds.masked:
            shown_as = MASKS[mask].shown(value, shown.spec)
            if not grounds.denied and covers(alternatives, self.on.rows.allowed):
                return sa.case(*whens, else_=shown_as) if whens else shown_as
            whens.append((sa.and_(self._allowed(alternatives, row), undenied), shown_as))
        return sa.case(*whens, else_=nothing)

    def _state(self, name: str, row: Row) -> sa.ColumnElement[Any]:
        grounds = self.on.grounds(name)
        undenied = self._undenied(grounds.denied, row)
        whens = [
            (sa.and_(self._allowed(alternatives, row), undenied), _literal(state))
            for state, alternatives in ((State.PLAIN, grounds.plain), (State.MASKED, grounds.shown_masked))
            if alternatives
        ]
        withheld = _literal(State.WITHHELD)
        found = sa.case(*whens, else_=withheld) if whens else withheld
        return found.label(companion(self.on.resource.fields[name].column.name, STATE))


def _unerased(rows: sa.FromClause) -> Iterator[Predicate]:
    if ERASED in rows.c:
        yield rows.c[ERASED].is_(None)


def _literal(state: State) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{state.value}'", sa.Text())
