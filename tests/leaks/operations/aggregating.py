"""Arguments of aggregates, drawn so that they fit: fields that make groups, and measures that are selected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, GraphQLInputObjectType, SelectionSetNode, parse

from graphql_schema.aggregates.measuring import MEASURES
from graphql_schema.aggregates.members import SPANS, Members, is_tree
from graphql_schema.building import upper_snake
from graphql_schema.entities import One
from graphql_schema.types import GRAPH
from policies.catalogue import Kind
from tests.leaks.operations.drafts import Draft
from tests.leaks.operations.literals import Name

INPUTS, OUTPUTS = ("GroupBy", "Having", "GroupOrder"), ("Keys", "Numbers", "Extremes", "Distinct")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Asia/Manila")
NUMBERS = ("0", "1", "2", "3", "10.5", "100", "5000", "-1", "1e15")

Measured = tuple[str, str]


def members_of(type_name: str, ends: Sequence[str]) -> Members | None:
    """The members of the entity that a type of its aggregates is named for."""
    for end in ends:
        entity = GRAPH.entities.get(type_name.removesuffix(end)) if type_name.endswith(end) else None
        if entity is not None:
            return Members(entity)
    return None


def measures(selections: str) -> list[Measured]:
    """The measures that selections of an aggregate ask for, as arguments name them."""
    document = parse(selections.strip())
    roots = (each for definition in document.definitions for each in _fields(definition.selection_set))  # type: ignore[attr-defined]
    groups = (node for root in roots if root.name.value == "nodes" for node in _fields(root.selection_set))
    return [
        (MEASURES[node.name.value].value, upper_snake(each.name.value))
        for node in groups
        if node.name.value in MEASURES
        for each in _fields(node.selection_set)
        if each.name.value != "__typename"
    ]


def _fields(found: SelectionSetNode | None) -> Iterator[FieldNode]:
    return (node for node in (found.selections if found else ()) if isinstance(node, FieldNode) and not node.directives)


@dataclass
class Aggregating:
    """Draws the arguments of one aggregate."""

    draft: Draft
    measured: Sequence[Measured] = ()
    grouped: list[str] = field(default_factory=list)

    def draw(self, type_: GraphQLInputObjectType, members: Members) -> dict[str, Any]:
        """A value of one of its inputs."""
        if type_.name.endswith("GroupBy"):
            return self._group_by(type_, members)
        if type_.name.endswith("Having"):
            return {**self._measure(type_, members), "value": self.condition(type_.fields["value"].type.of_type)}
        return {**self._step(type_, members), **self.direction(type_)}

    def _given(self, title: str, name: str, often: float) -> bool:
        return f"{title}.{name}" in self.draft.aim or self.draft.chance(often)

    def _field(self, members: Members, names: Sequence[str]) -> Name:
        title = f"{members.entity.name}AggregateField"
        return Name(self.draft.choose(names, lambda name: f"{title}.{name}"))

    def _group_by(self, type_: GraphQLInputObjectType, members: Members) -> dict[str, Any]:
        readable = self.draft.values.readable[members.entity.name]
        aimed = [
            n for n in members.measured if f"{members.entity.name}AggregateField.{upper_snake(n)}" in self.draft.aim
        ]
        names = [n for n in members.keys if n in readable and n not in self.grouped] or list(members.keys)
        names = self._fitting(type_, members, names)
        by_name = {upper_snake(name): name for name in aimed or names}
        chosen = self._field(members, list(by_name))
        self.grouped.append(by_name[chosen.text])
        said = self.said(type_.name, members, by_name[chosen.text])
        return {"field": chosen, **{name: part for name, part in said.items() if name in type_.fields}}

    def _fitting(self, type_: GraphQLInputObjectType, members: Members, names: list[str]) -> list[str]:
        """Those of which may be said what is aimed at."""
        kinds = {"bucket": SPANS, "timeZone": {Kind.TIME}, "level": {Kind.TREE}}
        for part, of in kinds.items():
            if f"{type_.name}.{part}" in self.draft.aim:
                return [name for name in names if self._kind(members, name) in of] or names
        return names

    def _kind(self, members: Members, name: str) -> Kind | None:
        member = members.keys.get(name)
        if isinstance(member, One):
            return Kind.TREE if is_tree(GRAPH, member.relation.target) else None
        return member.field.spec.kind if member is not None else None

    def said(self, title: str, members: Members, name: str) -> dict[str, Any]:
        """What is said of a key, by what it is."""
        kind, found = self._kind(members, name), dict[str, Any]()
        wrong = self.draft.faulty and self.draft.chance(0.3)
        if (kind in SPANS or wrong) and self._given(title, "bucket", 0.7):
            buckets = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR", *(["HOUR"] if kind is Kind.TIME or wrong else [])]
            found["bucket"] = Name(self.draft.choose(buckets, lambda value: f"Bucket.{value}"))
        if (kind is Kind.TIME or wrong) and self._given(title, "timeZone", 0.5):
            found["timeZone"] = "Mars/Olympus" if wrong else self.draft.rng.choice(ZONES)
        if (kind is Kind.TREE or wrong) and self._given(title, "level", 0.6):
            found["level"] = self.draft.rng.choice((0, 51, None) if wrong else (1, 1, 2, 3, 50))
        return found

    def _measure(self, type_: GraphQLInputObjectType, members: Members) -> dict[str, Any]:
        known = [each for each in self.measured if each[1] in {upper_snake(name) for name in members.numbers}]
        if self.draft.faulty and self.draft.chance(0.3):
            known = [("SUM", upper_snake(name)) for name in members.measured]
        if not known or (self.draft.chance(0.3) and f"{type_.name}.field" not in self.draft.aim):
            return {"aggregate": Name("COUNT")}
        return self._named(known)

    def _named(self, known: Sequence[Measured]) -> dict[str, Any]:
        aggregate, name = self.draft.choose(known, lambda each: f"Aggregate.{each[0]}")
        return {"aggregate": Name(aggregate), "field": Name(name)}

    def _step(self, type_: GraphQLInputObjectType, members: Members) -> dict[str, Any]:
        by_key = self.grouped and self.draft.chance(0.5) and f"{type_.name}.aggregate" not in self.draft.aim
        if by_key or (self.draft.faulty and self.draft.chance(0.3)):
            names = [upper_snake(name) for name in self.grouped or members.keys]
            return {"field": self._field(members, names)}
        return self._named(self.measured) if self.measured else {"aggregate": Name("COUNT")}

    def direction(self, type_: GraphQLInputObjectType) -> dict[str, Any]:
        """Which way an order goes."""
        found = {}
        if self._given(type_.name, "direction", 0.5):
            found["direction"] = Name(self.draft.rng.choice(("ASC", "DESC")))
        if self._given(type_.name, "nulls", 0.3):
            found["nulls"] = Name(self.draft.rng.choice(("FIRST", "LAST")))
        return found

    def condition(self, type_: GraphQLInputObjectType) -> dict[str, Any]:
        """What is to hold of a measure."""
        operator = self.draft.choose(list(type_.fields), lambda name: f"{type_.name}.{name}")
        number = self.draft.rng.choice(NUMBERS)
        if operator == "between":
            return {operator: {"from": "0", "to": number}}
        if operator == "isNull":
            return {operator: self.draft.chance(0.5)}
        return {operator: [number, "1"] if operator == "in" else number}
