"""What is asked of an aggregate: by what rows are grouped, which groups are kept, in which order, and how many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from graphql_schema.aggregates.buckets import Bucket, time_zone
from graphql_schema.aggregates.counted import Counted
from graphql_schema.aggregates.measures import Aggregate
from graphql_schema.aggregates.members import SPANS, Members, is_tree
from graphql_schema.aggregates.trees import level
from graphql_schema.compiler.arguments import Leaf, Tree
from graphql_schema.compiler.operands import BadInput, Converted, Place
from graphql_schema.compiler.where import NotReadable, compared
from graphql_schema.entities import Graph, Member, One, Value
from graphql_schema.sight import readable
from policies.access import Access
from policies.catalogue import Field, FieldSpec, Kind
from policies.conditions import And, Compare, Condition
from policies.predicates import bound, compare

Column = sa.ColumnElement[Any]
Given = Mapping[str, Tree]
Named = tuple[Aggregate, str]
"""A measure by what it is and what it is of; nothing, where rows are counted."""

MOST_KEYS = 10
UTC: Column = sa.literal_column("'UTC'", sa.Text())
MEASURED = Field("value", sa.Column("value", sa.Numeric()), FieldSpec(None, Kind.DECIMAL))
"""What a condition on a measure compares."""


@dataclass(frozen=True, slots=True)
class Key:
    """A member by which rows are grouped: moments and days by a bucket, what stands in a tree up to a level."""

    name: str
    member: Value | One
    bucket: Bucket | None = None
    zone: Column = UTC
    level: Column | None = None
    path: tuple[str, ...] = ()
    """The single relations that lead to the row that has it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an order: a key or a measure."""

    by: str | Named
    descending: bool
    nulls_first: bool


@dataclass(frozen=True)
class Asker:
    """Reads the arguments of an aggregate of one entity.

    Each function raises BadInput for what cannot be answered, NotReadable for what the caller never reads.
    """

    graph: Graph
    access: Access
    members: Members
    counted: Counted | None = None
    """What may be asked, where rows are counted and not read."""

    def keys(self, tree: Tree, place: Place) -> list[Key]:
        """What rows are grouped by."""
        found = [self._key(part, place) for part in objects(tree)]
        if len(found) > MOST_KEYS:
            raise BadInput(f"rows are grouped by at most {MOST_KEYS} fields", place)
        if len({key.name for key in found}) < len(found):
            raise BadInput("rows are grouped by each field once", place)
        return found

    def _key(self, part: Given, place: Place) -> Key:
        name = chosen(part, "field") or ""
        self.check(name, self.members.measured[name], (*place, "field"))
        if name not in self.members.keys:
            raise BadInput("rows are not grouped by this; it is only measured", (*place, "field"))
        if self.counted is not None:
            self.counted.check_key(name, part, place)
        return key(self.graph, name, self.members.keys[name], part, place)

    def check(self, name: str, member: Member, place: Place) -> None:
        """Has a member refused that is never readable; but of what is empty by right anything may be asked."""
        entity = self.members.entity
        if self.counted is not None:
            self.counted.check(name, place)
        elif self.access.on(entity.resource).visible and not self._read(member):
            raise NotReadable(entity.name, name, place)

    def withheld(self, names: Iterable[str]) -> frozenset[str]:
        """Of what is measured, what is never read."""
        if self.counted is not None:
            return frozenset(names) - self.counted.measures
        return frozenset(name for name in names if not self._read(self.members.measured[name]))

    def _read(self, member: Member) -> bool:
        return readable(self.graph, self.access, self.members.entity, member)

    def measure(self, part: Given, asked: Sequence[Named], place: Place) -> Named:
        """A measure that is asked for, too, or the number of rows."""
        aggregate, name = Aggregate(chosen(part, "aggregate") or ""), chosen(part, "field")
        if aggregate is Aggregate.COUNT:
            if name is not None:
                raise BadInput("rows are counted, and no field of them", (*place, "field"))
            return aggregate, ""
        if name is None or name not in self.members.of(aggregate):
            raise BadInput(f"{aggregate} needs a field that can be measured so", (*place, "field"))
        self.check(name, self.members.measured[name], (*place, "field"))
        if self.counted is not None:
            self.counted.check_measure(aggregate, name, place)
        if (aggregate, name) not in asked:
            raise BadInput("only a measure that is asked for can be named here", place)
        return aggregate, name

    def having(self, tree: Tree, asked: Sequence[Named], place: Place) -> list[tuple[Named, Condition]]:
        """What is to hold of measures."""
        found = []
        for part in objects(tree):
            aggregate, name = self.measure(part, asked, place)
            if aggregate in (Aggregate.MIN, Aggregate.MAX) and name not in self.members.numbers:
                raise BadInput("only numbers are compared here", (*place, "field"))
            value = part["value"]
            assert isinstance(value, Mapping)
            found.append(((aggregate, name), compared(MEASURED, value, (*place, "value"))))
        return found

    def order(self, tree: Tree, keys: Sequence[Key], asked: Sequence[Named], place: Place) -> list[Step]:
        """The steps of an order."""
        return [self._step(part, keys, asked, place) for part in objects(tree)]

    def _step(self, part: Given, keys: Sequence[Key], asked: Sequence[Named], place: Place) -> Step:
        if chosen(part, "aggregate") is not None:
            return step(self.measure(part, asked, place), part)
        name = chosen(part, "field")
        if name is None:
            raise BadInput("a step of an order names what is grouped by, or a measure", place)
        self.check(name, self.members.measured[name], (*place, "field"))
        if name not in {key.name for key in keys}:
            raise BadInput("only what is grouped by can be ordered by, or a measure", (*place, "field"))
        return step(name, part)


def objects(tree: Tree) -> Sequence[Given]:
    """The objects of a list that may be absent."""
    found: Any = tree or ()
    return found  # type: ignore[no-any-return]


def chosen(part: Given, name: str) -> str | None:
    """The value of an enum that may be absent."""
    leaf = part.get(name)
    return str(leaf.value.value) if isinstance(leaf, Leaf) else None


def step(by: str | Named, part: Given) -> Step:
    """A step of an order, with its direction."""
    descending = chosen(part, "direction") == "DESC"
    nulls = chosen(part, "nulls")
    return Step(by, descending, nulls == "FIRST" if nulls else descending)


def key(graph: Graph, name: str, member: Value | One, part: Given, place: Place, path: tuple[str, ...] = ()) -> Key:
    """A key with what is said of it. Raises BadInput for what does not fit its kind."""
    kind = member.field.spec.kind if isinstance(member, Value) else None
    if kind not in SPANS:
        _refuse(part, ("bucket", "timeZone"), "is said of moments and days alone", place)
    if kind is Kind.DATE:
        _refuse(part, ("timeZone",), "is said of moments alone; a day is the same in all zones", place)
    in_tree = kind is Kind.TREE or (isinstance(member, One) and is_tree(graph, member.relation.target))
    if not in_tree:
        _refuse(part, ("level",), "is said of what stands in a tree alone", place)
    bucket = Bucket(chosen(part, "bucket") or Bucket.DAY) if kind in SPANS else None
    if kind is Kind.DATE and bucket is Bucket.HOUR:
        raise BadInput("a day is not divided into hours", (*place, "bucket"))
    return Key(name, member, bucket, _zone(part, place), _level(part, place), path)


def _refuse(part: Given, names: Sequence[str], why: str, place: Place) -> None:
    for name in names:
        if part.get(name) is not None:
            raise BadInput(f"{name} {why}", (*place, name))


def _zone(part: Given, place: Place) -> Column:
    leaf, inside = part.get("timeZone"), (*place, "timeZone")
    return bound(Converted(leaf.operand, time_zone, inside), sa.Text()) if isinstance(leaf, Leaf) else UTC


def _level(part: Given, place: Place) -> Column | None:
    leaf, inside = part.get("level"), (*place, "level")
    return bound(Converted(leaf.operand, level, inside), sa.Integer()) if isinstance(leaf, Leaf) else None


def holds(condition: Condition, value: Column) -> Iterator[Column]:
    """What is to hold of a measure, in SQL."""
    assert isinstance(condition, And)
    for part in condition.conditions:
        assert isinstance(part, Compare)
        yield compare(part, MEASURED, {"value": value})
