"""Conditions → SQL, in three-valued logic.

The same compiler serves policy conditions, which read base tables, and callers' conditions, which
read views; where rows come from is an argument (`Source`), and each is refused the other's. EXISTS
never returns unknown, so a condition is read in one of three ways:

    CERTAIN   an allow: a relation counts only rows on which the condition is true
    POSSIBLE  a deny: a relation counts rows on which the condition may be true
    ASKED     a caller's filter: a relation counts rows on which the condition is true, and `none` is
              the complement of `some`; between scalars SQL's own logic holds

`none` turns the reading round for what stands inside it: certainly none are those that possibly do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from policies.catalogue import Catalogue, Field, Kind, Relation, Resource
from policies.conditions import (
    LISTS,
    And,
    Attribute,
    Compare,
    Condition,
    Constant,
    Entry,
    Not,
    Operand,
    Operator,
    Or,
    Pair,
    Quantified,
    Quantifier,
    Single,
    Unknown,
    Unmasked,
    fields_read,
)
from policies.entries import ENTRIES, contains, entry

Predicate: TypeAlias = sa.ColumnElement[bool]

NOW = Attribute("now")
UNKNOWN: Predicate = sa.cast(sa.null(), sa.Boolean())
"""WHERE drops it and NOT keeps it, so allow and deny both fail closed."""


class Reading(StrEnum):
    """How a condition is taken where it is not simply true or false."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    ASKED = "asked"


OPPOSITE: Mapping[Reading, Reading] = {
    Reading.CERTAIN: Reading.POSSIBLE,
    Reading.POSSIBLE: Reading.CERTAIN,
    Reading.ASKED: Reading.ASKED,
}


class WrongSource(Exception):
    """A policy's condition that would read a view, or a caller's that would read a table."""


class Row(Protocol):
    """A row of a FROM clause, by column names of the resource's table."""

    def __getitem__(self, column: str, /) -> sa.ColumnElement[Any]: ...


@dataclass(frozen=True)
class Rows:
    """Rows to read from: the FROM clause, its columns, and what keeps deleted rows out."""

    rows: sa.FromClause
    row: Row
    kept: Predicate = field(default_factory=sa.true)


Source: TypeAlias = Callable[[Resource, frozenset[str]], Rows]
"""Gives the rows of a resource, with at least the fields named."""


@dataclass(frozen=True)
class Compiler:
    """Compiles conditions against rows of one kind of source, in one reading."""

    catalogue: Catalogue
    source: Source
    reading: Reading
    told: bool = False
    """Whether unknown is told from false where the reading itself does not need it."""

    def predicate(self, condition: Condition, on: Resource, row: Row) -> Predicate:
        """The condition on a row, as SQL: true, false or unknown."""
        if isinstance(condition, Compare):
            field = on.fields[condition.field]
            self._check_source(_rows_of(row[field.column.name]))
            return compare(condition, field, row)
        if isinstance(condition, And):
            return sa.and_(sa.true(), *(self.predicate(part, on, row) for part in condition.conditions))
        if isinstance(condition, Or):
            return sa.or_(sa.false(), *(self.predicate(part, on, row) for part in condition.conditions))
        if isinstance(condition, Not):
            return self._not(condition, on, row)
        if isinstance(condition, Single):
            return self._single(condition, on, row)
        if isinstance(condition, Entry):
            return self._entry(condition, on, row)
        return self._quantified(condition, on, row)

    def _not(self, condition: Not, on: Resource, row: Row) -> Predicate:
        """A document has no NOT; where the algebra negates what an allow needs, it certainly is not what it not possibly is."""
        if self.reading is Reading.POSSIBLE:
            raise ValueError("a deny has no NOT")
        found = replace(self, reading=OPPOSITE[self.reading]).predicate(condition.condition, on, row)
        return is_false(found) if self.reading is Reading.CERTAIN else sa.not_(found)

    def related(self, relation: Relation, condition: Condition, row: Row) -> tuple[Rows, Resource, Predicate]:
        """The related rows, their resource, and what joins them to a row."""
        target = self.catalogue[relation.target]
        read = {name for resource, name in fields_read(condition, target, self.catalogue) if resource is target}
        if relation.many:
            read.update(relation.fields)
        there = self.source(target, frozenset(read))
        self._check_source(there.rows)
        return there, target, sa.and_(joins(relation, row, there.row), there.kept)

    def _single(self, condition: Single, on: Resource, row: Row) -> Predicate:
        there, target, joined = self.related(on.relations[condition.relation], condition.condition, row)
        holds = self.predicate(condition.condition, target, there.row)
        if self.reading is Reading.POSSIBLE or self.told:
            # A scalar subquery: no related row is unknown, not false.
            return sa.select(holds).select_from(there.rows).where(joined).correlate_except(there.rows).scalar_subquery()
        # Only whether it is true counts, and PostgreSQL joins an EXISTS where it would run a subquery for each row.
        return _exists(there, sa.and_(joined, holds))

    def _quantified(self, condition: Quantified, on: Resource, row: Row) -> Predicate:
        there, target, joined = self.related(on.relations[condition.relation], condition.condition, row)
        reading = OPPOSITE[self.reading] if condition.quantifier is Quantifier.NONE else self.reading
        holds = replace(self, reading=reading).predicate(condition.condition, target, there.row)
        negated, met = QUANTIFIED[self.reading, condition.quantifier]
        found = _exists(there, sa.and_(joined, met(holds)))
        return sa.not_(found) if negated else found

    def _entry(self, condition: Entry, on: Resource, row: Row) -> Predicate:
        columns = [row[on.fields[name].column.name] for name in condition.fields]
        target = self.catalogue[condition.resource]
        there = self.source(
            target, frozenset(name for _, name in fields_read(condition.defined, target, self.catalogue))
        )
        for rows in (there.rows, *map(_rows_of, columns)):
            self._check_source(rows)
        is_defined = _exists(there, sa.and_(self.predicate(condition.defined, target, there.row), there.kept))
        held = entry(columns, bound(condition.key, sa.Text()))
        if condition.operator is None:
            holds: Predicate = contains(held, bound(condition.operand, sa.Text()))
        elif condition.operator is Operator.IS_NULL:
            holds = _is_null(held, condition.operand)
        else:
            value = ENTRIES[condition.kind](held)
            holds = _compared(condition.operator, value, condition.operand, value.type)
        return sa.case((is_defined, holds))

    def _check_source(self, rows: sa.FromClause) -> None:
        """Raises WrongSource where a caller's condition is given a table, or a policy's anything else."""
        if _is_table(rows) is (self.reading is Reading.ASKED):
            raise WrongSource(f"{self.reading} conditions do not read {rows.description}")


def _rows_of(column: sa.ColumnElement[Any]) -> sa.FromClause:
    assert isinstance(column, sa.ColumnClause)
    assert column.table is not None
    return column.table


def _is_table(rows: sa.FromClause) -> bool:
    while isinstance(rows, sa.Alias):
        rows = rows.element
    return isinstance(rows, sa.Table)


def joins(relation: Relation, here: Row, there: Row) -> Predicate:
    """Whether a row over there is related to one here."""
    holder = there if relation.many else here
    fixed = (holder[column] == literal(value) for _, column, value in relation.fixed)
    return sa.and_(*(there[theirs] == here[ours] for ours, theirs in relation.pairs), *fixed)


def literal(name: str) -> sa.ColumnElement[str]:
    """A name of ours as an SQL literal."""
    assert name.isidentifier()
    assert name.isascii()
    return sa.literal_column(f"'{name}'", sa.Text())


def _exists(there: Rows, condition: Predicate) -> Predicate:
    return (
        sa.select(sa.literal_column("1")).select_from(there.rows).where(condition).correlate_except(there.rows).exists()
    )


def is_false(holds: Predicate) -> Predicate:
    return holds.is_(sa.false())


def is_not_true(holds: Predicate) -> Predicate:
    return holds.is_not(sa.true())


def is_not_false(holds: Predicate) -> Predicate:
    return holds.is_not(sa.false())


def _bare(holds: Predicate) -> Predicate:
    return holds  # a WHERE keeps just what is true, and a bare condition can use an index


QUANTIFIED: Mapping[tuple[Reading, Quantifier], tuple[bool, Callable[[Predicate], Predicate]]] = {
    (Reading.CERTAIN, Quantifier.SOME): (False, _bare),
    (Reading.CERTAIN, Quantifier.NONE): (True, is_not_false),
    (Reading.CERTAIN, Quantifier.EVERY): (True, is_not_true),
    (Reading.POSSIBLE, Quantifier.SOME): (False, is_not_false),
    (Reading.POSSIBLE, Quantifier.NONE): (True, _bare),
    (Reading.POSSIBLE, Quantifier.EVERY): (True, is_false),
    (Reading.ASKED, Quantifier.SOME): (False, _bare),
    (Reading.ASKED, Quantifier.NONE): (True, _bare),
    (Reading.ASKED, Quantifier.EVERY): (True, is_not_true),
}
"""By reading and quantifier: whether EXISTS is negated, and which related rows it looks for."""


def companion(field: str, column: str) -> str:
    """The name under which a view shows a companion of a field."""
    return f"{field}__{column}"


def companion_of(name: str) -> str:
    """The column that a view shows under a companion's name; a name without a companion is a column's own."""
    return name.rpartition("__")[2]


SIMPLE: Mapping[Operator, Callable[[Any, Any], Predicate]] = {
    Operator.EQ: lambda value, operand: value == operand,
    Operator.NEQ: lambda value, operand: value != operand,
    Operator.GT: lambda value, operand: value > operand,
    Operator.GTE: lambda value, operand: value >= operand,
    Operator.LT: lambda value, operand: value < operand,
    Operator.LTE: lambda value, operand: value <= operand,
    Operator.IN: lambda value, operand: value == sa.any_(operand),
    Operator.NOT_IN: lambda value, operand: value != sa.all_(operand),
    Operator.STARTS_WITH: lambda value, operand: sa.func.starts_with(fold(value), fold(operand)),
    Operator.CONTAINS: lambda value, operand: sa.func.strpos(fold(value), fold(operand)) > sa.literal_column("0"),
    Operator.WITHIN: lambda value, operand: sa.func.starts_with(value, operand),
}
"""Comparison with one operand. All are total: no storable value and no operand of the type raises."""


def fold(text: Any) -> sa.ColumnElement[str]:
    """Lower case by the database's own locale, whatever the column's collation."""
    return sa.func.lower(sa.collate(text, "default"))


def compare(condition: Compare, field: Field, row: Row) -> Predicate:
    """One comparison; unknown where the operand is."""
    if isinstance(condition.operand, Unmasked):
        return _is_among(condition.operand, row)
    found = _compared(condition.operator, measured(condition, field, row), condition.operand, operand_type(field))
    if condition.currency is None:
        return found
    currency = row[companion(field.column.name, field.spec.companions[0])]
    return sa.and_(found, _compared(Operator.EQ, currency, condition.currency, sa.Text()))


def _is_among(unmasked: Unmasked, row: Row) -> Predicate:
    """Whether a row's whole key is among those on which a field is unmasked."""
    columns = [bound(each, ARRAY(sa.Uuid())) for each in unmasked.columns]
    if len(columns) == 1:
        return row[unmasked.by[0]] == sa.any_(columns[0])
    keys = sa.func.unnest(*columns).table_valued(*unmasked.by).render_derived()
    return sa.tuple_(*(row[name] for name in unmasked.by)).in_(sa.select(*(keys.c[name] for name in unmasked.by)))


def measured(condition: Compare, field: Field, row: Row) -> sa.ColumnElement[Any]:
    """The column that is compared: of money, where no currency is named, the amount in the base currency."""
    base = field.spec.companions[1:] if field.spec.kind is Kind.MONEY else ()
    if base and condition.currency is None and condition.operator is not Operator.IS_NULL:
        return row[companion(field.column.name, base[0])]
    return row[field.column.name]


def _compared(
    operator: Operator, value: sa.ColumnElement[Any], operand: Operand, type_: sa.types.TypeEngine[Any]
) -> Predicate:
    if isinstance(operand, Unknown):
        return UNKNOWN
    if isinstance(operand, Pair):
        low = _compared(Operator.GTE, value, operand.low, type_)
        return sa.and_(low, _compared(Operator.LTE, value, operand.high, type_))
    if operator is Operator.IS_NULL:
        return _is_null(value, operand)
    return SIMPLE[operator](value, bound(operand, ARRAY(type_) if operator in LISTS else type_))


def _is_null(value: sa.ColumnElement[Any], operand: Operand) -> Predicate:
    if isinstance(operand, Constant):
        return value.is_(None) if operand.value is True else value.is_not(None)
    return value.is_(None) == bound(operand, sa.Boolean())


def operand_type(field: Field) -> sa.types.TypeEngine[Any]:
    """The SQL type of an operand: of numbers without a scale, so that none is rounded or refused."""
    if field.spec.kind in (Kind.DECIMAL, Kind.MONEY, Kind.INTEGER):
        return sa.Numeric()
    if field.spec.kind in (Kind.TEXT, Kind.ENUM, Kind.TREE):
        return sa.Text()
    return field.column.type


def bound(operand: Operand, type_: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    """The operand as a bind parameter; its value is the operand, which tells where the real value comes from."""
    return sa.func.now() if operand == NOW else parameter(operand, type_)


def parameter(operand: Operand, type_: sa.types.TypeEngine[Any]) -> sa.BindParameter[Any]:
    """The bind parameter of an operand; that of an attribute is one in the whole statement."""
    name = f"{operand.name}_{operand.of}" if isinstance(operand, Attribute) else None
    return sa.bindparam(name, value=operand, type_=type_)
