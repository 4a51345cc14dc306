"""Objects and lists: what is selected of them → SQL expressions that make their JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from graphql_schema import ids
from graphql_schema.compiler.connections import connection
from graphql_schema.compiler.parts import ACTIONS, TYPENAME, Needs, below, few, needed, shown, told, whole
from graphql_schema.compiler.plans import operands
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Amount, Computed, Entity, Graph, Key, Many, One, Rights, Subject, Value
from policies.access import Access
from policies.catalogue import Field, Relation, Resource
from policies.conditions import Operand
from policies.document import Action
from policies.levels import Level
from policies.permits import settled
from policies.predicates import Row, Rows, companion, joins
from policies.predicates import literal as constant
from policies.states import ACCESS, UPDATABLE, State

Joined: TypeAlias = Callable[[Row], sa.ColumnElement[bool]]
Placed: TypeAlias = Callable[[Row], Row]


@dataclass(frozen=True)
class Reader:
    """Compiles selections for one grant shape. Reads start from `view`, and nowhere else."""

    graph: Graph
    access: Access
    checked: list[Operand] = field(default_factory=list, repr=False)
    """Operands that are to be right, though no expression holds them."""
    conditions: count[int] = field(default_factory=lambda: count(1), repr=False)
    """Counts the conditions of all filters."""
    _names: count[int] = field(default_factory=lambda: count(1), repr=False)

    def name(self, prefix: str) -> str:
        """A name for a subquery, from a counter."""
        return f"{prefix}{next(self._names)}"

    def view(self, resource: Resource, needs: Needs, action: Action = Action.READ) -> sa.Subquery:
        """The caller's view of a resource: to be read, or for another action."""
        found = self.access.view(
            resource,
            sorted(needs.fields),
            sorted(needs.states),
            updatable=sorted(needs.updatable),
            permitted=sorted(needs.permitted),
            action=action,
            told=sorted(needs.told),
        )
        return found.subquery(self.name("v"))

    def graded(
        self,
        resource: Resource,
        told: Iterable[str],
        shown: Mapping[str, Iterable[Level]],
        record: str | None = None,
        deleted: str | None = None,
    ) -> sa.FromClause:
        """The caller's view with the levels of some fields: of the rows as they are, or of the one in a record."""
        return self.access.graded(resource, told, shown, record, deleted).lateral(self.name("g"))

    def rows(self, resource: Resource, fields: frozenset[str]) -> Rows:
        """The source of callers' conditions."""
        view = self.view(resource, Needs(set(fields)))
        return Rows(view, view.c)

    def check(self, column: sa.ColumnElement[Any]) -> None:
        """Has the operands of an expression checked that is not part of the answer."""
        self.checked.extend(operands(column))

    def one(
        self, target: Entity, selected: Sequence[Selected], joined: Joined, placed: Placed = lambda row: row
    ) -> sa.ColumnElement[Any]:
        """The JSON of one row of a view, or NULL.

        `joined` gives the condition that finds it; `placed` may stamp the row with its customer.
        """
        view = self.view(target.resource, needed(target, selected, self.access))
        found = (
            sa.select(*self.columns(target, selected, placed(view.c)))
            .select_from(view)
            .where(joined(view.c))
            .correlate_except(view)
        )
        return self.json(found)

    def json(self, found: sa.Select[Any]) -> sa.ColumnElement[Any]:
        """The one row of a select as JSON, or NULL."""
        rows = found.subquery(self.name("r"))
        return sa.select(whole(rows)).select_from(rows).scalar_subquery()

    def object(self, columns: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
        """JSON of columns of rows that are in scope already."""
        return self.json(sa.select(*columns).correlate_except(None))

    def columns(self, entity: Entity, selected: Sequence[Selected], row: Row) -> list[sa.ColumnElement[Any]]:
        """What is selected of a view's row, each labelled by its response key."""
        return [self._member(entity, item, row).label(item.key) for item in selected]

    def _member(self, entity: Entity, selected: Selected, row: Row) -> sa.ColumnElement[Any]:
        if selected.name == TYPENAME:
            return constant(entity.name)
        member = entity.members[selected.name]
        if isinstance(member, Key):
            return ids.expression(entity.tag, row["id"], row["customer_id"] if entity.resource.owned else None)
        if isinstance(member, Value):
            return shown(row[member.field.column.name], member.field)
        if isinstance(member, Amount):
            return self.amount(member.field, selected, row)
        if isinstance(member, Rights):
            return self._rights(entity, selected, row)
        return self._elsewhere(member, selected, row)

    def _elsewhere(
        self, member: One | Many | Subject | Computed, selected: Selected, row: Row
    ) -> sa.ColumnElement[Any]:
        """What comes of other views than the row's own."""
        if isinstance(member, Computed):
            return member.compile(self, selected, row)
        if isinstance(member, Subject):
            return self._subject(member, selected, row)
        target = self.graph[member.relation.target]
        if isinstance(member, Many):
            return connection(self, target, selected, member.relation, row)
        return self.related(target, selected.children(), member.relation, row)

    def related(
        self, target: Entity, selected: Sequence[Selected], relation: Relation, here: Row
    ) -> sa.ColumnElement[Any]:
        """The JSON of the one row that is related to another, or NULL."""
        return self.one(
            target, selected, lambda there: joins(relation, here, there), lambda there: below(here, relation, there)
        )

    def _subject(self, member: Subject, selected: Selected, row: Row) -> sa.ColumnElement[Any]:
        """The one related row, of whichever type the row says."""
        whens = []
        for relation in member.relations.values():
            target = self.graph[relation.target]
            type_ = selected.operation.object_type(target.name)
            if type_ is None:
                continue
            found = self.related(target, selected.children(type_), relation, row)
            _, column, value = relation.fixed[0]
            whens.append((row[column] == constant(value), found))
        return sa.case(*whens)

    def amount(self, money: Field, selected: Selected, row: Row) -> sa.ColumnElement[Any]:
        """The JSON of a row's amount of money."""
        name = money.column.name
        sources = dict(zip(("currency", "base"), money.spec.companions, strict=False))
        parts: list[tuple[Selected, sa.ColumnElement[Any]]] = []
        for item in selected.children():
            if item.name == TYPENAME:
                value: sa.ColumnElement[Any] = constant("Money")
            elif item.name == "amount":
                value = sa.cast(row[name], sa.Text())
            elif item.name in sources:
                value = sa.cast(row[companion(name, sources[item.name])], sa.Text())
            else:
                value = sa.cast(sa.null(), sa.Text())
            parts.append((item, value))
        return sa.case((row[name].is_not(None), few(parts)))

    def _rights(self, entity: Entity, selected: Selected, row: Row) -> sa.ColumnElement[Any]:
        fields = told(entity, selected)
        return few([(item, self._right(entity, fields, item.name, row)) for item in selected.children()])

    def _right(self, entity: Entity, fields: Mapping[str, Field], name: str, row: Row) -> sa.ColumnElement[Any]:
        if name == TYPENAME:
            return constant("Access")
        if name in ACTIONS:
            return self._may(entity, ACTIONS[name], row)
        if name == UPDATABLE:
            return _json(list(self._updatable(entity.resource, fields, row)))
        return _json(list(_in_state(self.access, entity.resource, fields, State(name), row)))

    def _may(self, entity: Entity, action: Action, row: Row) -> sa.ColumnElement[Any]:
        known = settled(self.access.ways(action, entity.resource))
        return row[companion(ACCESS, action)] if known is None else _literal(known)

    def _updatable(self, of: Resource, fields: Mapping[str, Field], row: Row) -> Iterator[sa.ColumnElement[Any]]:
        """The names of the fields that the caller may set, in the order of the schema; NULL where not on this row."""
        for name, held in fields.items():
            known = self.access.permits(Action.UPDATE, of, [held.name]).settled
            if known:
                yield constant(name)
            elif known is None:
                yield sa.case((row[companion(held.column.name, UPDATABLE)], constant(name)))


def _in_state(
    access: Access, of: Resource, fields: Mapping[str, Field], state: State, row: Row
) -> Iterator[sa.ColumnElement[Any]]:
    """The names of the fields in a state, in the order of the schema; NULL where a field is in another."""
    on = access.told(of)
    for name, held in fields.items():
        known = on.state(held.name)
        if known is state:
            yield constant(name)
        elif known is None:
            state_column = row[companion(held.column.name, access.told_as)]
            yield sa.case((state_column == constant(state.value), constant(name)))


def _literal(value: bool) -> sa.ColumnElement[Any]:  # noqa: FBT001 a value, not a flag
    return sa.true() if value else sa.false()


def _json(names: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    if not names:
        return sa.literal_column("'[]'::json")
    given: sa.ColumnElement[Any] = array(list(names), type_=sa.Text())
    return sa.func.to_json(sa.func.array_remove(given, sa.cast(sa.null(), sa.Text())))
