"""What is measured, as it is selected: the columns that it takes, the measures, and their JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from graphql_schema.aggregates.grouping import COUNT, CURRENCY
from graphql_schema.aggregates.keys import Join, there
from graphql_schema.aggregates.measures import Aggregate, Measure
from graphql_schema.aggregates.members import Members
from graphql_schema.aggregates.money import AMOUNT, NONE
from graphql_schema.aggregates.money import CURRENCY as OF_AMOUNT
from graphql_schema.compiler.operands import Place
from graphql_schema.compiler.parts import TYPENAME, few, shown
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Amount, Member, One, Value
from policies.catalogue import Field
from policies.predicates import Row, companion
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

MEASURES: Mapping[str, Aggregate] = {
    "sum": Aggregate.SUM,
    "avg": Aggregate.AVG,
    "min": Aggregate.MIN,
    "max": Aggregate.MAX,
    "countDistinct": Aggregate.COUNT_DISTINCT,
}
"""By field of a group, how it measures."""
_NOTHING: Column = sa.literal_column("NULL")


@dataclass(frozen=True)
class Measuring:
    """What is measured of the rows of one entity, as it is selected of a group."""

    members: Members
    selected: Sequence[Selected]
    least: int = 1
    """Of how many rows something may be told."""
    withheld: frozenset[str] = frozenset()
    """The members that are never read: their measures are null, as the values are in a row."""

    @cached_property
    def asked(self) -> Mapping[tuple[Aggregate, str], Place]:
        """The measures that are selected, each with a place where it is."""
        return {
            (MEASURES[item.name], child.name): child.place
            for item in self.selected
            if item.name in MEASURES
            for child in item.children()
            if child.name != TYPENAME
        }

    @cached_property
    def _read(self) -> Sequence[tuple[Aggregate, str]]:
        return [of for of in self.asked if of[1] not in self.withheld]

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """The measures by their labels."""
        return dict(pair for aggregate, name in self._read for pair in self._measures(aggregate, name))

    def _member(self, name: str) -> Member:
        return self.members.measured[name]

    def _measures(self, aggregate: Aggregate, name: str) -> Iterator[tuple[str, Measure]]:
        member = self._member(name)
        if not isinstance(member, Amount):
            column = _column(member)
            yield _label(aggregate, column), Measure(aggregate, column)
            return
        base, currencies = _base(member.field), (aggregate, name) in self._by_currency
        amount = member.field.column.name
        if base is not None:
            yield _label(aggregate, base), Measure(aggregate, base, beside=amount if self.least > 1 else "")
        if currencies:
            yield _label(aggregate, amount), Measure(aggregate, amount, by_currency=True)

    @cached_property
    def _by_currency(self) -> frozenset[tuple[Aggregate, str]]:
        """The measures of amounts that are asked for by currency."""
        return frozenset(
            (MEASURES[item.name], child.name)
            for item in self.selected
            if item.name in MEASURES
            for child in item.children()
            if isinstance(self.members.measured.get(child.name), Amount)
            and child.name not in self.withheld
            and any(part.name == "byCurrency" for part in child.children())
        )

    @property
    def fields(self) -> set[str]:
        """The fields that are needed of the rows."""
        found: set[str] = set()
        for _, name in self._read:
            member = self._member(name)
            found.update(member.relation.fields if isinstance(member, One) else [_field(member).name])
        return found

    def columns(self, reader: Reader, row: Row) -> tuple[list[Column], list[Join]]:
        """What is taken of a row, named, and what is to be joined to it for it."""
        related = {
            _column(member): member.relation for member in map(self._member, self._names) if isinstance(member, One)
        }
        joined = {name: there(reader, relation, row) for name, relation in related.items()}
        taken = (name for measure in self.measures.values() for name in (measure.column, measure.beside))
        names = dict.fromkeys(filter(None, taken))
        found: list[Column] = [(joined[name][0].c.id if name in joined else row[name]).label(name) for name in names]
        amounts = {name: None for _, name in sorted(self._by_currency, key=lambda each: each[1])}
        currencies = [row[companion(f.column.name, f.spec.companions[0])] for f in map(self._amount, amounts)]
        if currencies:
            found.append(sa.func.coalesce(*currencies, type_=sa.Text()).label(CURRENCY))
        return found, list(joined.values())

    @property
    def _names(self) -> list[str]:
        return [name for _, name in self._read]

    def _amount(self, name: str) -> Field:
        return _field(self._member(name))

    def value(self, of: tuple[Aggregate, str], group: Row) -> Column:
        """The column of a group that holds a measure; of money that in the base currency."""
        aggregate, name = of
        if aggregate is Aggregate.COUNT:
            return group[COUNT]
        if name in self.withheld:
            return sa.cast(sa.null(), sa.Numeric())
        member = self._member(name)
        column = _base(member.field) if isinstance(member, Amount) else _column(member)
        return sa.cast(sa.null(), sa.Numeric()) if column is None else group[_label(aggregate, column)]

    # JSON

    def columns_of(self, items: Iterable[Selected], group: Row) -> Iterator[Column]:
        """What is selected of a group, each under its response key; what is no measure is left out."""
        for item in items:
            if item.name == TYPENAME:
                yield constant(item.parent.name).label(item.key)
            elif item.name == "count":
                yield sa.func.coalesce(group[COUNT], sa.literal_column("0")).label(item.key)
            elif item.name in MEASURES:
                parts = [(child, self._json(MEASURES[item.name], child, group)) for child in item.children()]
                yield few(parts).label(item.key)

    def _json(self, aggregate: Aggregate, item: Selected, group: Row) -> Column:
        if item.name == TYPENAME:
            return constant(item.parent.name)
        if item.name in self.withheld:
            return _NOTHING
        member = self._member(item.name)
        if aggregate is Aggregate.COUNT_DISTINCT:
            return self._counted(group[_label(aggregate, _column(member))])
        if isinstance(member, Amount):
            return few([(part, self._amounts(aggregate, part, member.field, group)) for part in item.children()])
        value = group[_label(aggregate, _column(member))]
        exact = aggregate in (Aggregate.SUM, Aggregate.AVG)
        return sa.cast(value, sa.Text()) if exact else shown(value, _field(member))

    def _counted(self, value: Column) -> Column:
        return value if self.least > 1 else sa.func.coalesce(value, sa.literal_column("0"))

    def _amounts(self, aggregate: Aggregate, item: Selected, field: Field, group: Row) -> Column:
        if item.name == TYPENAME:
            return constant(item.parent.name)
        if item.name == "byCurrency":
            return reshaped(group[_label(aggregate, field.column.name)], item.children())
        base = _base(field)
        return sa.cast(sa.null() if base is None else group[_label(aggregate, base)], sa.Text())


def _label(aggregate: Aggregate, column: str) -> str:
    return f"{aggregate.lower()}_{column}"


def _field(member: Member) -> Field:
    assert isinstance(member, (Value, Amount))
    return member.field


def _column(member: Member) -> str:
    """The view's column that is measured."""
    return member.relation.pairs[-1][0] if isinstance(member, One) else _field(member).column.name


def _base(field: Field) -> str | None:
    """The view's column that holds an amount in the base currency, if there is one."""
    return companion(field.column.name, field.spec.companions[1]) if len(field.spec.companions) > 1 else None


def reshaped(amounts: Column, selected: Sequence[Selected]) -> Column:
    """Amounts by currency as they are selected."""
    if [(item.key, item.name) for item in selected] == [(OF_AMOUNT, OF_AMOUNT), (AMOUNT, AMOUNT)]:
        return sa.func.coalesce(amounts, NONE, type_=sa.JSON())
    each = sa.func.json_array_elements(amounts).table_valued("value", with_ordinality="position").render_derived()
    values = [(item, _part(each.c.value, item)) for item in selected]
    rows = sa.func.json_agg(aggregate_order_by(few(values), each.c.position))
    found = sa.select(sa.func.coalesce(rows, NONE)).select_from(each).correlate_except(each)
    return sa.type_coerce(found.scalar_subquery(), sa.JSON())


def _part(pair: Column, item: Selected) -> Column:
    if item.name == TYPENAME:
        return constant(item.parent.name)
    return sa.cast(pair, sa.JSON()).op("->>")(constant(item.name))
