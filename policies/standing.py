"""Grounds → SQL: on a row of the table itself, whether what is granted holds and what is denied does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from policies.catalogue import Catalogue, Resource
from policies.conditions import And, Condition
from policies.grants import Grants
from policies.grounds import FieldGrounds, Ground, given
from policies.predicates import Compiler, Predicate, Reading, Row, Rows, companion_of, is_false

DELETED, ERASED = "deleted_at", "erased_at"
"""Columns that are set once a row is gone. Views leave both out; policy conditions still read what was erased."""


@dataclass(frozen=True, slots=True)
class BaseRow:
    """A row of a table; a companion is named as in a view, and is the table's column."""

    table: sa.FromClause

    def __getitem__(self, name: str) -> sa.ColumnElement[Any]:
        return self.table.c[companion_of(name)]


def base_rows(resource: Resource, _fields: frozenset[str] = frozenset()) -> Rows:
    """The rows of a table itself, without deleted ones: what policy conditions read, so that no deny is blinded."""
    table = resource.table.alias()
    return Rows(table, BaseRow(table), table.c[DELETED].is_(None))


@dataclass(frozen=True)
class Standing:
    """What one party's grants say of one row."""

    catalogue: Catalogue
    grants: Grants
    row: Row

    def condition(self, condition: Condition, reading: Reading) -> Predicate:
        """One condition of a ground holds."""
        return Compiler(self.catalogue, base_rows, reading).predicate(condition, self.grants.resource, self.row)

    def _holds(self, grounds: Iterable[Ground], reading: Reading) -> Predicate:
        ordered = (And(tuple(sorted(ground, key=repr))) for ground in grounds)
        return sa.or_(sa.false(), *(self.condition(ground, reading) for ground in ordered))

    def _undenied(self, grounds: tuple[Ground, ...]) -> Predicate:
        return is_false(self._holds(grounds, Reading.POSSIBLE)) if grounds else sa.true()

    @property
    def granted(self) -> Predicate:
        """The row is granted."""
        rows = self.grants.rows
        return sa.and_(self._holds(rows.allowed, Reading.CERTAIN), self._undenied(rows.denied))

    def undenied(self, field: FieldGrounds) -> Predicate:
        """Of a row that is granted: a field of these grounds is not denied."""
        return self._undenied(field.denied)

    def allowed(self, grounds: Iterable[Ground]) -> Predicate:
        """Of a row that is granted: one of a field's grounds holds."""
        return self._holds(given(grounds, self.grants.rows.allowed), Reading.CERTAIN)
