"""Of all that an answer about the past rests on, the types of which it is not known how they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array

from app.models.catalogue import CATALOGUE
from app.services.policies.past.tables import KNOWN
from policies.catalogue import Resource
from policies.conditions import And, Condition, Not, Or, Quantified, Single
from policies.predicates import joins, literal
from policies.standing import BaseRow

Predicate = sa.ColumnElement[bool]


def known(on: Resource, key: Any) -> sa.ColumnElement[Any]:
    """Whether it is known how the row of a key was; NULL where it was not there."""
    here = _rows(on)
    return sa.select(here.c[KNOWN]).select_from(here).where(here.c.id == key).scalar_subquery()


def gaps(on: Resource, conditions: Iterable[Condition], key: Any) -> sa.ColumnElement[Any]:
    """Names of the types of the rows that conditions on the row of a key look at; NULL where it was not there."""
    here = _rows(on)
    found: dict[str, list[Predicate]] = {}
    for condition in dict.fromkeys(conditions):
        for type_, doubt in _doubts(on, here, condition):
            found.setdefault(type_, []).append(doubt)
    names = [sa.case((sa.or_(*doubts), literal(name))) for name, doubts in found.items()]
    told = sa.func.array_remove(sa.cast(array(names), ARRAY(sa.Text())), sa.null())
    return sa.select(told).select_from(here).where(here.c.id == key).scalar_subquery()


def _rows(resource: Resource) -> sa.FromClause:
    """The rows of a table as it was."""
    columns = (sa.column(column.name, column.type) for column in resource.table.columns)
    return sa.table(resource.table.name, *columns, sa.column(KNOWN, sa.Boolean())).alias()


def _unknown(rows: sa.FromClause) -> Predicate:
    return sa.not_(rows.c[KNOWN])


def _doubts(on: Resource, here: sa.FromClause, condition: Condition) -> Iterator[tuple[str, Predicate]]:
    """Types that a condition looks at, and when it is not known how a row of them was."""
    if isinstance(condition, (And, Or)):
        for part in condition.conditions:
            yield from _doubts(on, here, part)
    elif isinstance(condition, Not):
        yield from _doubts(on, here, condition.condition)
    elif isinstance(condition, (Single, Quantified)):
        relation = on.relations[condition.relation]
        target = CATALOGUE[relation.target]
        there = _rows(target)
        joined = joins(relation, BaseRow(here), BaseRow(there))
        for type_, doubt in ((target.name, _unknown(there)), *_doubts(target, there, condition.condition)):
            yield type_, sa.exists().select_from(there).where(joined, doubt).correlate_except(there)
