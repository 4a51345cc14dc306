"""Parts that objects and lists share: literals of ours, joins, and what a view must have for a selection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import sqlalchemy as sa

from graphql_schema.compiler.operands import BadInput
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Amount, Computed, Entity, Graph, One, Rights, Subject, Value
from policies.access import Access
from policies.catalogue import Field, Kind, Relation, Resource
from policies.document import Action
from policies.permits import settled
from policies.predicates import Row, Rows, literal
from policies.states import UPDATABLE

TYPENAME = "__typename"


@dataclass(frozen=True, slots=True)
class Stamped:
    """A row of a customer that is known: its customer's key is the parameter itself.

    So each level below names the customer as a constant, and all of it is found on one shard.
    """

    row: Row
    key: str
    customer: sa.ColumnElement[Any]

    def __getitem__(self, column: str, /) -> sa.ColumnElement[Any]:
        return self.customer if column == self.key else self.row[column]


def below(here: Row | None, relation: Relation | None, there: Row) -> Row:
    """A related row, stamped where the row that it was reached from is, and the relation keeps the customer."""
    if isinstance(here, Stamped) and relation is not None:
        for ours, theirs in relation.pairs:
            if ours == here.key:
                return Stamped(there, theirs, here.customer)
    return there


class Reads(Protocol):
    """What compiling a list needs of the compiler of objects."""

    @property
    def graph(self) -> Graph: ...
    @property
    def access(self) -> Access: ...
    @property
    def conditions(self) -> Iterator[int]: ...
    def name(self, prefix: str) -> str: ...
    def view(self, resource: Resource, needs: Needs) -> sa.Subquery: ...
    def rows(self, resource: Resource, fields: frozenset[str]) -> Rows: ...
    def check(self, column: sa.ColumnElement[Any]) -> None: ...
    def json(self, found: sa.Select[Any]) -> sa.ColumnElement[Any]: ...
    def object(self, columns: Sequence[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]: ...
    def columns(self, entity: Entity, selected: Sequence[Selected], row: Row) -> list[sa.ColumnElement[Any]]: ...


MOST_PAIRS = 50
"""PostgreSQL's functions take a hundred arguments."""


def few(parts: Sequence[tuple[Selected, sa.ColumnElement[Any]]]) -> sa.ColumnElement[Any]:
    """The JSON of an object that has few fields, by response key.

    Raises BadInput where aliases make them many.
    """
    if len(parts) > MOST_PAIRS:
        raise BadInput(f"at most {MOST_PAIRS} fields of one such object", parts[0][0].place)
    return sa.func.json_build_object(*(piece for item, value in parts for piece in (literal(item.key), value)))


def whole(rows: sa.Subquery) -> sa.ColumnElement[Any]:
    """A row as JSON. The star keeps a column of the subquery's own name from being taken for the row."""
    return sa.func.row_to_json(sa.literal_column(f"{rows.name}.*"))


def shown(value: sa.ColumnElement[Any], of: Field) -> sa.ColumnElement[Any]:
    """A value as it stands in JSON: exact numbers as text, keys as text, the rest as PostgreSQL writes it."""
    if of.spec.kind is Kind.DECIMAL:
        return sa.cast(value, sa.Text())
    return value


@dataclass
class Needs:
    """What a view must have: fields, and of which fields and actions it must say, row by row, what may be done."""

    fields: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    updatable: set[str] = field(default_factory=set)
    permitted: set[Action] = field(default_factory=set)


def needed(entity: Entity, selected: Iterable[Selected], access: Access) -> Needs:
    """What a view must have for a selection."""
    needs = Needs()
    for item in selected:
        member = None if item.name == TYPENAME else entity.members[item.name]
        if isinstance(member, (Value, Amount)):
            needs.fields.add(member.field.name)
        elif isinstance(member, One):
            needs.fields.update(member.relation.fields)
        elif isinstance(member, Subject):
            needs.fields.update(name for relation in member.relations.values() for name in relation.fields)
        elif isinstance(member, Computed):
            needs.fields.update(member.fields)
            needs.states |= {name for name in member.states if access.on(entity.resource).state(name) is None}
        elif isinstance(member, Rights):
            _need_rights(needs, entity, item, access)
    return needs


def told(entity: Entity, rights: Selected) -> dict[str, Field]:
    """The fields of which `access` tells: those that the caller's schema has."""
    return {name: of for name, of in entity.fields.items() if name in rights.parent.fields}


ACTIONS: Mapping[str, Action] = {"canUpdate": Action.UPDATE, "canDelete": Action.DELETE}
"""By field of `access`, the action of which it tells."""


def _need_rights(needs: Needs, entity: Entity, rights: Selected, access: Access) -> None:
    """Adds what of the rights asked depends on the row."""
    names = {item.name for item in rights.children()}
    held = {each.name for each in told(entity, rights).values()}
    if names & {"masked", "withheld"}:
        on, of = access.told(entity.resource), needs.states if access.own is None else needs.told
        of |= {name for name in held if on.state(name) is None}
    if UPDATABLE in names:
        permits = {name: access.permits(Action.UPDATE, entity.resource, [name]) for name in held}
        needs.updatable |= {name for name, permit in permits.items() if permit.settled is None}
    for name in names & ACTIONS.keys():
        if settled(access.ways(ACTIONS[name], entity.resource)) is None:
            needs.permitted.add(ACTIONS[name])
