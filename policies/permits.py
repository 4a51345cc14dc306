"""Permits: whether a row may be written, as predicates on the row before and the row after.

A write is permitted where the row before is visible and granted, each field that it sets is granted on it, and the row
after is granted again. Nobody sets what a rule presets. Where nothing grants it, the predicate is false.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from policies.catalogue import Catalogue, Resource
from policies.document import Action
from policies.grants import Grants
from policies.grounds import FieldGrounds, covers
from policies.predicates import Predicate, Row
from policies.standing import DELETED, ERASED, BaseRow, Standing


def existing(resource: Resource, row: Row) -> Iterator[Predicate]:
    """What keeps out rows that are deleted or erased."""
    columns = resource.table.c
    for name in (DELETED, ERASED):
        if name in columns:
            yield row[name].is_(None)


@dataclass(frozen=True)
class Permit:
    """On which rows all parties permit an action that sets some fields."""

    catalogue: Catalogue
    resource: Resource
    fields: frozenset[str]
    reading: tuple[Grants, ...]
    """What makes the row before visible; none where there is no row before."""
    acting: tuple[Grants, ...]
    action: Action

    @property
    def possible(self) -> bool:
        """Whether any row can ever be written so."""
        visible = all(each.rows.allowed for each in self.reading)
        return visible and all(map(self._grants, self.acting)) and self._agreed

    @property
    def _agreed(self) -> bool:
        """Whether no two parties preset one field differently."""
        presets = {preset for party in self.acting for preset in (party.presets or {}).items()}
        return len(presets) == len(dict(presets))

    def _grants(self, party: Grants) -> bool:
        presets = party.presets
        if not party.rows.allowed or presets is None:
            return False
        return all(party.grounds(name).settable and name not in presets for name in self.fields)

    def granted(self, row: Row) -> Predicate:
        """Whether the action is granted on a row, with all its fields."""
        if not self.possible:
            return sa.false()
        return sa.and_(*(part for each in self.acting for part in self._parts(Standing(self.catalogue, each, row))))

    def _parts(self, party: Standing) -> Iterator[Predicate]:
        yield party.granted
        for grounds in dict.fromkeys(party.grants.grounds(name) for name in sorted(self.fields)):
            yield sa.and_(party.allowed(grounds.plain), party.undenied(grounds))

    def before(self, rows: sa.FromClause) -> Predicate:
        """Whether a row of the table, as it is before the write, may be written."""
        row = BaseRow(rows)
        return sa.and_(self._standing(row), *existing(self.resource, row))

    def deleted(self, rows: sa.FromClause) -> Predicate:
        """Whether a row of the table that was deleted, and not erased, might be written if it were there."""
        row = BaseRow(rows)
        erased = (row[ERASED].is_(None),) if ERASED in self.resource.table.columns else ()
        return sa.and_(self._standing(row), row[DELETED].is_not(None), *erased)

    def _standing(self, row: Row) -> Predicate:
        """Whether the row is visible and granted, wherever it stands in its life."""
        return sa.and_(self.granted(row), *(Standing(self.catalogue, each, row).granted for each in self.reading))

    def after(self, rows: sa.FromClause) -> Predicate:
        """Whether a row of the table, as the write left it, may be left so; of a new row, whether it may be made."""
        return self.granted(BaseRow(rows))

    @property
    def settled(self) -> bool | None:
        """Whether the action is granted on every visible row (True) or on none (False); None where it depends."""
        if not self.possible:
            return False
        return True if self.reading and all(map(self._covers, self.reading, self.acting)) else None

    def _covers(self, reading: Grants, acting: Grants) -> bool:
        fields = [acting.grounds(name) for name in self.fields]
        if acting.rows.denied or any(grounds.denied for grounds in fields):
            return False
        opened = reading.rows.allowed
        return all(covers(grounds, opened) for grounds in (acting.rows.allowed, *(each.plain for each in fields)))


def different(permits: Iterable[Permit]) -> tuple[Permit, ...]:
    """Of permits for one action those that are possible, one for each different set of grounds."""
    possible = (permit for permit in permits if permit.possible)
    return tuple({_grounds(permit): permit for permit in possible}.values())


def _grounds(permit: Permit) -> tuple[FieldGrounds, ...]:
    return tuple(each.grounds(name) for each in permit.acting for name in permit.fields)


def settled(ways: Iterable[Permit]) -> bool | None:
    """Whether one of several ways is open on every visible row (True), or none on any (False); None where it depends."""
    found = [way.settled for way in ways]
    return True if True in found else None if None in found else False
