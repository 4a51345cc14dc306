"""Arguments of `analyze`, drawn so that they fit: paths from a dataset, measures that can be measured so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLField, get_named_type

from graphql_schema.aggregates.measures import Aggregate
from graphql_schema.aggregates.members import Members
from graphql_schema.building import upper_snake
from graphql_schema.entities import Amount, Entity, One
from graphql_schema.types import GRAPH
from tests.leaks.operations.aggregating import Aggregating
from tests.leaks.operations.drafts import Draft
from tests.leaks.operations.literals import Name

HOP = 0.35
"""How often a path leads over one more relation."""


@dataclass
class Reporting:
    """Draws the arguments of one report."""

    draft: Draft
    report: GraphQLField
    value: Callable[[Any], Any]
    """Draws a value of a type."""
    dimensions: list[str] = field(default_factory=list)
    measures: list[dict[str, Any]] = field(default_factory=list)

    def draw(self) -> dict[str, Any]:
        """The arguments."""
        datasets = list(self._type("dataset").values)
        aimed = [name for name in datasets if f"DatasetWhere.{GRAPH[self._entity(name)].plural}" in self.draft.aim]
        seen = [name for name in datasets if self._entity(name) in self.draft.values.visible]
        options = aimed or ([name for name in datasets if f"Dataset.{name}" in self.draft.aim] or seen or datasets)
        dataset = self.draft.choose(options, lambda name: f"Dataset.{name}")
        entity = GRAPH[self._entity(dataset)]
        found: dict[str, Any] = {"dataset": Name(dataset)}
        if self._given("dimensions", 0.8):
            found["dimensions"] = [self._dimension(entity) for _ in range(self.draft.rng.choice((1, 1, 2, 3)))]
        found["measures"] = [self._measure(entity) for _ in range(self.draft.rng.choice((1, 2, 3)))]
        if aimed or self._given("where", 0.4):
            conditions = self._type("where").fields[entity.plural]
            found["where"] = {entity.plural: self.value(conditions.type)}
        for name, draw in (("having", self._having), ("orderBy", self._order)):
            if self._given(name, 0.4):
                found[name] = [draw() for _ in range(self.draft.rng.choice((1, 1, 2)))]
        if self._given("first", 0.4):
            found["first"] = self.draft.rng.choice((0, 1_001) if self.draft.faulty else (1, 2, 3, 100, 1_000))
        return found

    def _type(self, argument: str) -> Any:
        return get_named_type(self.report.args[argument].type)

    def _entity(self, dataset: str) -> str:
        return next(entity.name for entity in GRAPH if upper_snake(entity.plural) == dataset)

    def _given(self, name: str, often: float) -> bool:
        behind = {"having": "ReportHaving.", "orderBy": "ReportOrder.", "dimensions": "Dimension."}.get(name)
        led = behind is not None and any(part.startswith(behind) for part in self.draft.aim)
        return led or f"Query.analyze({name}:)" in self.draft.aim or self.draft.chance(often)

    def _path(self, entity: Entity, names: Callable[[Members], Any]) -> tuple[str, Entity, str] | None:
        """A path to one of some members of the entity, or of one that it leads to."""
        members, over = Members(entity), list[str]()
        while self.draft.chance(HOP) and len(over) < 3:
            ones = [n for n in self._readable(members, members.keys) if isinstance(members.keys[n], One)]
            if not ones:
                break
            over.append(self.draft.rng.choice(ones))
            member = members.keys[over[-1]]
            assert isinstance(member, One)
            members = Members(GRAPH[member.relation.target])
        found = self._readable(members, names(members))
        if not found:
            return None
        name = self.draft.rng.choice(found)
        return ".".join([*over, name]), members.entity, name

    def _readable(self, members: Members, names: Any) -> list[str]:
        readable = self.draft.values.readable[members.entity.name]
        return sorted(name for name in names if name in readable or self.draft.chance(0.02))

    def _dimension(self, entity: Entity) -> dict[str, Any]:
        found = self._path(entity, lambda members: members.keys)
        if found is None or (self.draft.faulty and self.draft.chance(0.3)):
            return {"path": self.draft.rng.choice(("no.such", "customer.orders", "id"))}
        path, of, name = found
        self.dimensions.append(path)
        said = Aggregating(self.draft).said("Dimension", Members(of), name)
        return {"path": path, **said}

    def _measure(self, entity: Entity) -> dict[str, Any]:
        aggregate = self.draft.choose(list(Aggregate), lambda each: f"Aggregate.{each}")
        found = self._path(entity, lambda members: members.of(aggregate))
        if aggregate is Aggregate.COUNT or found is None:
            self.measures.append({"aggregate": Name("COUNT")})
            return self.measures[-1]
        path, of, name = found
        named = {"aggregate": Name(aggregate.value), "path": path}
        self.measures.append(named)
        is_money = isinstance(of.members[name], Amount)
        asked = "Measure.currency" in self.draft.aim or self.draft.chance(0.3)
        return {**named, "currency": self.draft.rng.choice(("EUR", "XTS"))} if is_money and asked else named

    def _having(self) -> dict[str, Any]:
        type_ = self._type("having")
        condition = Aggregating(self.draft).condition(type_.fields["value"].type.of_type)
        return {**self.draft.rng.choice(self.measures), "value": condition}

    def _order(self) -> dict[str, Any]:
        type_ = self._type("orderBy")
        by_measure = not self.dimensions or "ReportOrder.aggregate" in self.draft.aim or self.draft.chance(0.5)
        by = self.draft.rng.choice(self.measures) if by_measure else {"path": self.draft.rng.choice(self.dimensions)}
        return {**by, **Aggregating(self.draft).direction(type_)}
