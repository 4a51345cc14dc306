"""The view of a resource: each column at the meet of what the parties grant, on the rows that all of them grant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from policies.catalogue import Catalogue, Field, Kind, Resource
from policies.document import Action
from policies.grants import Grants
from policies.grounds import covers
from policies.levels import PLAIN, Level, met
from policies.masks import MASKS, Mask
from policies.permits import Permit, existing
from policies.predicates import companion
from policies.standing import Standing, base_rows
from policies.states import ACCESS, STATE, UPDATABLE, State, state_of

Column = sa.ColumnElement[Any]


@dataclass(frozen=True)
class View:
    """Builds the view of one resource."""

    catalogue: Catalogue
    resource: Resource
    grants: tuple[Grants, ...]

    def select(
        self,
        fields: Iterable[str],
        states: Iterable[str],
        changes: Mapping[str, Permit],
        actions: Mapping[Action, Sequence[Permit]],
    ) -> sa.Select[Any]:
        """The view with the columns asked."""
        base = base_rows(self.resource)
        row, key = base.row, self.resource.key
        parties = [Standing(self.catalogue, each, row) for each in self.grants]
        columns: list[Column] = [row[name].label(name) for name in key]
        for name in dict.fromkeys(fields):
            shown = self.resource.fields[name]
            if shown.column.name not in key:
                columns.extend(_shown(parties, shown))
        columns.extend(_state(parties, self.resource.fields[name]) for name in dict.fromkeys(states))
        for name, permit in changes.items():
            column = self.resource.fields[name].column.name
            columns.append(permit.granted(row).label(companion(column, UPDATABLE)))
        for action, ways in actions.items():
            permitted = sa.or_(sa.false(), *(way.granted(row) for way in ways))
            columns.append(permitted.label(companion(ACCESS, action)))
        visible = sa.and_(*(party.granted for party in parties), *existing(self.resource, row))
        return sa.select(*columns).select_from(base.rows).where(visible).correlate_except(base.rows)


def _shown(parties: Sequence[Standing], shown: Field) -> Iterator[Column]:
    """The field's column and its companions."""
    column = shown.column
    yield _value(parties, shown, column).label(column.name)
    for name in shown.spec.companions:
        yield _value(parties, shown, column.table.c[name]).label(companion(column.name, name))


def _value(parties: Sequence[Standing], shown: Field, column: sa.Column[Any]) -> Column:
    """The column where the field is plain, its mask where it is masked, else NULL."""
    value, nothing = parties[0].row[column.name], sa.cast(sa.null(), column.type)

    def at(level: Level | None) -> Column:
        if level is None:
            return nothing
        return value if level == PLAIN else _masked(MASKS[level], shown, column, value)

    return _at_level(parties, shown.name, at)


def _masked(mask: Mask, shown: Field, column: sa.Column[Any], value: Column) -> Column:
    """What a mask shows of a field's column, or of a companion; an amount of which something is shown keeps its currency."""
    is_currency = shown.spec.kind is Kind.MONEY and not isinstance(column.type, sa.Numeric)
    return value if is_currency and mask.fits(shown.spec) else mask.shown(value, shown.spec, shown.title)


def _state(parties: Sequence[Standing], shown: Field) -> Column:
    found = _at_level(parties, shown.name, lambda level: _literal(state_of(level)))
    return found.label(companion(shown.column.name, STATE))


def _literal(state: State) -> Column:
    return sa.literal_column(f"'{state.value}'", sa.Text())


def _at_level(
    parties: Sequence[Standing], name: str, at: Callable[[Level | None], Column], given: tuple[Level, ...] = ()
) -> Column:
    """What `at` makes of the level that a field of a row has: the meet of what each of the parties gives."""
    if not parties or met(given) is None:
        return at(met(given))
    party, *others = parties
    own = party.grants.grounds(name)
    undenied = party.undenied(own)
    whens: list[tuple[Column, Column]] = []
    for level, grounds in party.grants.levels(name):
        found = _at_level(others, name, at, (*given, level))
        if not own.denied and covers(grounds, party.grants.rows.allowed):
            return sa.case(*whens, else_=found) if whens else found
        whens.append((sa.and_(party.allowed(grounds), undenied), found))
    return sa.case(*whens, else_=at(None)) if whens else at(None)
