"""The view of a resource: each column at the meet of what the parties grant, on the rows that all of them grant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeAlias, TypeVarTuple

import sqlalchemy as sa

from policies.catalogue import Field, Kind, Resource
from policies.document import Action
from policies.fragments import DIALECT, Fragment, Fragments, case, every, fragments, separated, statement, together
from policies.grants import Grants
from policies.grounds import covers
from policies.levels import PLAIN, Level, at_most, met
from policies.masks import MASKS, Mask
from policies.permits import Permit, existing
from policies.predicates import companion
from policies.rules import Policy
from policies.standing import DELETED, ERASED, BaseRow, Standing
from policies.states import ACCESS, LEVEL, STATE, TOLD, UPDATABLE, state_of
from policies.telling import Told

Column: TypeAlias = sa.ColumnElement[Any]
Named: TypeAlias = tuple[sa.ColumnClause[Any], Fragment]
"""A column of a view, and what stands in it."""

Made = TypeVarTuple("Made")

OWN = "own"
"""What a view calls the row of the table; no table has this name."""


@lru_cache(maxsize=1_024)
def _fragments_of(_policy: Policy, resource: Resource) -> Fragments:
    """What compiles expressions over a row of the table, each once for all grant shapes of a policy."""
    return fragments(resource.table.alias(OWN))


@dataclass(frozen=True)
class View:
    """Builds the view of one resource. Its columns are put together when they are first asked for, from fragments that
    all views of the resource share under one policy.
    """

    policy: Policy
    resource: Resource
    grants: tuple[Grants, ...]
    own: int | None = None
    """How many of the grants are of who is looked as; None where nobody is."""
    _columns: dict[str, list[Named]] = field(default_factory=dict, repr=False)

    @cached_property
    def _fragments(self) -> Fragments:
        return _fragments_of(self.policy, self.resource)

    @property
    def _rows(self) -> sa.FromClause:
        return self._fragments.rows

    @cached_property
    def _parties(self) -> tuple[Told, ...]:
        row = BaseRow(self._rows)
        return tuple(Told(Standing(self.policy.catalogue, each, row), self._fragments) for each in self.grants)

    @cached_property
    def _granted(self) -> Fragment:
        return every(*(party.granted for party in self._parties))

    @cached_property
    def _visible(self) -> Fragment:
        return every(self._granted, self._fragments.once("existing", self._existing))

    def _existing(self) -> Fragment:
        return every(*map(self._fragments.of, existing(self.resource, BaseRow(self._rows))))

    def _visible_or_deleted(self, where: str) -> Fragment:
        """Visible; a deleted row as if it were not, where a condition holds."""
        erased = (self._rows.c[ERASED].is_(None),) if ERASED in self.resource.table.c else ()
        deleted = together(f"({OWN}.{DELETED} IS NULL OR {where})")
        return every(self._granted, *map(self._fragments.of, erased), deleted)

    def select(
        self,
        fields: Iterable[str],
        states: Iterable[str],
        changes: Mapping[str, Permit],
        actions: Mapping[Action, Sequence[Permit]],
        told: Iterable[str] = (),
    ) -> sa.TextualSelect:
        """The view with the columns asked; of `told` the state for who is looked as alone."""
        known = self.resource.fields
        columns = list(self._once("", self._key))
        for name in dict.fromkeys(fields):
            columns += self._once(name, self._shown, known[name])
        for name in dict.fromkeys(states):
            columns += self._once(f"{name} {STATE}", self._state, known[name])
        for name in dict.fromkeys(told):
            columns += self._once(f"{name} {TOLD}", self._told, known[name])
        for name, permit in changes.items():
            columns += self._once(f"{name} {UPDATABLE}", self._change, known[name], permit)
        for action, ways in actions.items():
            columns += self._once(f" {action}", self._permitted, action, ways)
        return self._selected(columns, self._fragments.source, self._visible)

    def graded(
        self,
        told: Iterable[str],
        shown: Mapping[str, Iterable[Level]],
        record: str | None = None,
        deleted: str | None = None,
    ) -> sa.TextualSelect:
        """The view with the levels of some fields on its row, and what some levels show of some fields.

        For each field of `told` a column `field__level` holds the level; for each field and level of `shown` a column
        `field__<level>` (with companions behind it) what that level shows; NULL where the row gives less than it.
        The rows are the table's; or the one that a column `record` of the same FROM clause holds as JSON, by column:
        a row as it once was, on which the same grounds are evaluated. What these ask of related rows is as it is now.
        `deleted` is a condition on the same FROM clause under which rows that were deleted are there, too.
        """
        columns = list(self._once("", self._key))
        for name in told:
            columns += self._once(f"{name} {LEVEL}", self._level, self.resource.fields[name])
        for name, levels in shown.items():
            of = self.resource.fields[name]
            for level in levels:
                columns += self._once(f"{name} {LEVEL} {level}", self._graded, of, level)
        table = self.resource.table.name
        was = f"FROM jsonb_populate_record(NULL::{table}, {record}) AS {OWN}"
        visible = self._visible if deleted is None else self._visible_or_deleted(deleted)
        return self._selected(columns, self._fragments.source if record is None else was, visible)

    def _selected(self, columns: Sequence[Named], source: str, visible: Fragment) -> sa.TextualSelect:
        selected = separated(", ", (together(fragment, f" AS {_quoted(column)}") for column, fragment in columns))
        whole = together("SELECT ", selected, f" \n{source} \nWHERE ", visible)
        return statement(whole, [column for column, _ in columns])

    def _once(self, name: str, make: Callable[[*Made], Iterable[Named]], *of: *Made) -> list[Named]:
        if name not in self._columns:
            self._columns[name] = list(make(*of))
        return self._columns[name]

    def _named(self, name: str, value: Column) -> Named:
        return sa.column(name, value.type), self._fragments.of(value)

    def _key(self) -> Iterator[Named]:
        for name in self.resource.key:
            column = self.resource.table.c[name]
            yield sa.column(name, column.type), _plain(column)

    def _shown(self, shown: Field) -> Iterator[Named]:
        """The field's column and its companions."""
        column = shown.column
        if column.name in self.resource.key:
            return
        yield self._value(shown, column, column.name)
        for name in shown.spec.companions:
            yield self._value(shown, column.table.c[name], companion(column.name, name))

    def _value(self, shown: Field, column: sa.Column[Any], name: str) -> Named:
        """The column where the field is plain, its mask where it is masked, else NULL."""

        def at(level: Level | None) -> Fragment:
            return self._part(level, shown, column, name)

        return sa.column(name, column.type), self._at_level(shown.name, at)

    def _part(self, level: Level | None, shown: Field, column: sa.Column[Any], name: str) -> Fragment:
        """What a level shows of a column."""
        if level is None:
            return self._fragments.nothing(column.type)
        if level == PLAIN:
            return _plain(column)
        return self._fragments.once((level, name), self._masked, level, shown, column)

    def _masked(self, level: Level, shown: Field, column: sa.Column[Any]) -> Fragment:
        return self._fragments.of(_masked(MASKS[level], shown, column, self._rows.c[column.name]))

    def _state(self, shown: Field) -> Iterator[Named]:
        found = self._at_level(shown.name, lambda level: together(f"'{state_of(level).value}'"))
        yield sa.column(companion(shown.column.name, STATE), sa.Text()), found

    def _told(self, shown: Field) -> Iterator[Named]:
        parties = self._parties[: self.own]
        found = _met(parties, shown.name, lambda level: together(f"'{state_of(level).value}'"), ())
        yield sa.column(companion(shown.column.name, TOLD), sa.Text()), found

    def _level(self, shown: Field) -> Iterator[Named]:
        def told(level: Level | None) -> Fragment:
            return self._fragments.nothing(sa.Text()) if level is None else together(f"'{level}'")

        yield sa.column(companion(shown.column.name, LEVEL), sa.Text()), self._at_level(shown.name, told)

    def _graded(self, shown: Field, asked: Level) -> Iterator[Named]:
        """What one level shows of a field and its companions, where the row gives as much."""
        own = shown.column
        for column in (own, *(own.table.c[name] for name in shown.spec.companions)):
            name = own.name if column is own else companion(own.name, column.name)

            def at(level: Level | None, column: sa.Column[Any] = column, name: str = name) -> Fragment:
                given = asked if level is not None and at_most(asked, level) else None
                return self._part(given, shown, column, name)

            yield sa.column(graded(name, asked), column.type), self._at_level(shown.name, at)

    def _change(self, changed: Field, permit: Permit) -> Iterator[Named]:
        granted = permit.granted(BaseRow(self._rows))
        yield self._named(companion(changed.column.name, UPDATABLE), granted.is_(sa.true()))

    def _permitted(self, action: Action, ways: Sequence[Permit]) -> Iterator[Named]:
        permitted = sa.or_(sa.false(), *(way.granted(BaseRow(self._rows)) for way in ways))
        yield self._named(companion(ACCESS, action), permitted.is_(sa.true()))

    def _at_level(self, name: str, at: Callable[[Level | None], Fragment]) -> Fragment:
        return _met(self._parties, name, at, ())


def graded(name: str, level: Level) -> str:
    """The name under which a view shows what a level shows of a column, or of a field's companion."""
    return f"{name}__{level}"


def _quoted(column: sa.ColumnClause[Any]) -> str:
    return str(DIALECT.identifier_preparer.quote(column.name))


def _plain(column: sa.Column[Any]) -> Fragment:
    return together(f"{OWN}.{_quoted(column)}")


def _masked(mask: Mask, shown: Field, column: sa.Column[Any], value: Column) -> Column:
    """What a mask shows of a field's column, or of a companion; an amount of which something is shown keeps its currency."""
    is_currency = shown.spec.kind is Kind.MONEY and not isinstance(column.type, sa.Numeric)
    return value if is_currency and mask.fits(shown.spec) else mask.shown(value, shown.spec, shown.title)


def _met(
    parties: Sequence[Told], name: str, at: Callable[[Level | None], Fragment], given: tuple[Level, ...]
) -> Fragment:
    """What `at` makes of the level that a field of a row has: the meet of what each of the parties gives."""
    if not parties or met(given) is None:
        return at(met(given))
    party, *others = parties
    grants = party.standing.grants
    own = grants.grounds(name)
    whens: list[Fragment] = []
    for level, grounds in grants.levels(name):
        found = _met(others, name, at, (*given, level))
        if not own.denied and covers(grounds, grants.rows.allowed):
            return case(whens, found)
        whens.append(together("WHEN ", every(party.allowed(grounds), party.undenied(own.denied)), " THEN ", found))
    return case(whens, at(None))
