"""Arguments drawn from the schema: every input field, operator and enum value, in every position."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_named_type,
    is_required_input_field,
)

from graphql_schema.aggregates.counted import EQUALITY
from graphql_schema.building import upper_snake
from graphql_schema.entities import Amount, Many, One, Value
from graphql_schema.types import GRAPH
from tests.leaks.drawing import KEYS
from tests.leaks.operations.aggregating import INPUTS, Aggregating, Measured, members_of
from tests.leaks.operations.drafts import Draft
from tests.leaks.operations.literals import Name, written
from tests.leaks.operations.operation import BREAKING, CHANGES, WHOSE, Wish
from tests.leaks.operations.periods import period, zone
from tests.leaks.operations.reporting import Reporting
from tests.leaks.operations.values import BOUNDS, WRONG, Hint
from tests.leaks.operations.words import Words

MEANT = {"customerMergePreview": "customer"}
"""Fields of Query whose ids are those that another field takes."""
OFTEN = {
    "first": 0.45,
    "last": 0.15,
    "after": 0.1,
    "before": 0.05,
    "where": 0.6,
    "orderBy": 0.5,
    "search": 0.2,
    "asOf": 0.15,
    "operationName": 0.03,
    "field": 0.7,
}
"""How often an argument is given; others in every second case."""
IDS_OF = {"customer": "Customer", "actor": "User", "as": "User"}
"""By argument, whose ids it takes."""
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""When what is told of the past began."""
AS_SOMEBODY = (
    "{ customers { totalCount nodes { id displayName email owner { displayName } access { masked withheld canUpdate } } } }",
    '{ customers(search: "ada", orderBy: [{field: EMAIL}]) { nodes { id } } orders { totalCount } }',
    '{ customers(where: {taxId: {startsWith: "1"}}) { totalCount } }',
    "{ contacts(first: 50) { nodes { email phone } } customersAggregate(groupBy: [{field: TIER}]) { nodes { count } } }",
    "{ viewer { roles } users { nodes { displayName email } } tickets { totalCount } }",
)
"""What is asked as somebody else."""
VERSIONS = (2, 2, 2, 2, 2, 3)
"""Of the policy; the second is in force."""
OF_POLICIES: Mapping[str, Sequence[Any]] = {
    "version": VERSIONS,
    "draft": VERSIONS,
    "a": VERSIONS,
    "b": VERSIONS,
    "resource": ("Customer", "Order", "PolicyVersion"),
    "operation": AS_SOMEBODY,
    "variables": ({}, None),
    "field": tuple(GRAPH["Customer"].fields),
}
"""By argument, what is asked of policies, and of those whom they let see."""
LEVELS = 3
"""How deep conditions stand in conditions."""
BOUND, FAULT, DELICATE = 0.06, 0.2, 0.4
"""How often a value lies at a bound; of an operation that is to be faulty, how often it is wrong; how often only such
fields are named as are read in part."""


@dataclass(frozen=True)
class Inputs:
    """Draws the arguments of one operation's fields."""

    draft: Draft
    measured: Sequence[Measured] = ()
    """Of an aggregate, the measures that are selected."""
    grouped: list[str] = field(default_factory=list)

    def arguments(self, parent: str, name: str, field: GraphQLField, root: str | None) -> str:
        """The arguments of a field, as they are written. `root` names a list of Query that has the same cursors."""
        if name == "analyze":
            drawn = Reporting(self.draft, field, lambda type_: self._value(type_, None, 1)).draw()
            return f"({', '.join(f'{n}: {written(self._hoisted(field.args[n].type, v))}' for n, v in drawn.items())})"
        given: dict[str, Any] = {}
        of = get_named_type(field.type).name
        for argument, definition in field.args.items():
            if isinstance(definition.type, GraphQLNonNull) or self.draft.chance(self._often(parent, name, argument)):
                given[argument] = self._argument(argument, definition, name, of)
        if "fields" in given and not self.draft.faulty:
            given["fields"] = self._fields(parent)
        if {"after", "before"} & given.keys() and "orderBy" in field.args and self.draft.chance(0.8):
            given["orderBy"] = self._argument("orderBy", field.args["orderBy"], name, of)
        if "first" in given and "last" in given and not self.draft.faulty:
            del given["first" if f"{parent}.{name}(last:)" in self.draft.aim or self.draft.chance(0.5) else "last"]
        for argument in [name for name in ("after", "before") if name in given]:
            given[argument] = self._cursor(root, given.get("orderBy"))
        parts = [
            f"{argument}: {written(self._hoisted(field.args[argument].type, value))}"
            for argument, value in given.items()
        ]
        return f"({', '.join(parts)})" if parts else ""

    def _often(self, parent: str, name: str, argument: str) -> float:
        place = f"{parent}.{name}({argument}:)"
        return 1 if place in self.draft.aim else OFTEN.get(argument, 0.5)

    def _argument(self, name: str, definition: GraphQLArgument, field: str, of: str) -> Any:
        if name in ("search", "query"):
            return Words(self.draft, GRAPH.entities.get(of.removesuffix("Connection"))).draw()
        if name in ("asOf", "at") and not self.draft.faulty:
            return (BEGAN + timedelta(seconds=self.draft.rng.randrange(10**6))).isoformat()
        if name == "timeZone":
            return zone(self.draft)
        if name == "keys":
            return [self._key() for _ in range(self.draft.rng.choice((0, 1, 2, 5)))]
        if name in ("first", "last"):
            sizes = (1, 2, 3, 5, 20, 50, 100, self.draft.rng.randint(1, 100))
            return self.draft.rng.choice((0, -1, 101, None, 2**31) if self.draft.faulty else sizes)
        return self._usual(name, definition, field)

    def _usual(self, name: str, definition: GraphQLArgument, field: str) -> Any:
        if name in OF_POLICIES and not self.draft.faulty:
            return self.draft.rng.choice(OF_POLICIES[name])
        if name == "as" and self.draft.values.people and self.draft.chance(0.8):
            return self.draft.rng.choice(self.draft.values.people)
        single = GRAPH.singles.get(MEANT.get(field, field))
        entity = single.name if single else IDS_OF.get(name)
        return self._value(definition.type, (entity, "id") if entity else None, 0)

    def _fields(self, parent: str) -> list[str]:
        """Names of fields whose changes are asked for."""
        told = [name for name, each in GRAPH[parent].members.items() if isinstance(each, (Amount, One, Value))]
        readable = self.draft.values.readable[parent] - {"version", "createdAt", "updatedAt"}
        return self.draft.several([name for name in told if name in readable], str, self.draft.rng.choice((0, 1, 2, 5)))

    # Values by type

    def _value(self, type_: Any, hint: Hint, level: int) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._value(type_.of_type, hint, level)
        if isinstance(type_, GraphQLList):
            number = self.draft.rng.choice((0, 1, 1, 2, 2, 3, 5))
            return [self._value(type_.of_type, hint, level) for _ in range(number)]
        if isinstance(type_, GraphQLInputObjectType):
            return period(self.draft) if type_.name == "Period" else self._object(type_, hint, level)
        if self.draft.faulty and self.draft.chance(FAULT):
            return self.draft.rng.choice(WRONG.get(type_.name, (None, "x", 7)))
        return self._enum(type_) if isinstance(type_, GraphQLEnumType) else self._scalar(type_.name, hint)

    def _enum(self, type_: GraphQLEnumType) -> Name:
        entity = GRAPH.entities.get(type_.name.removesuffix("OrderField"))
        options = list(type_.values)
        if entity is not None and self.draft.chance(0.92):
            readable = {upper_snake(name) for name in self.draft.values.readable[entity.name]}
            aimed = {name for name in options if f"{type_.name}.{name}" in self.draft.aim}
            options = [name for name in options if name in readable | aimed] or options
            delicate = {upper_snake(name) for name in self._delicate(entity.name)}
            options = [name for name in options if name in delicate] or options
        return Name(self.draft.choose(options, lambda value: f"{type_.name}.{value}"))

    def _scalar(self, name: str, hint: Hint) -> Any:
        rng, values = self.draft.rng, self.draft.values
        if name == "ID":
            return values.id(_entity_of(hint), rng)
        if name == "Boolean":
            return self.draft.chance(0.5)
        found = values.of(hint, rng) if not self.draft.chance(BOUND) else None
        if found is None:
            return rng.choice(BOUNDS[name])
        return str(found) if name in ("String", "Decimal") and self.draft.chance(0.9) else found

    def _object(self, type_: GraphQLInputObjectType, hint: Hint, level: int) -> Any:
        members = members_of(type_.name, INPUTS)
        if members is not None:
            return Aggregating(self.draft, self.measured, self.grouped).draw(type_, members)
        required = [name for name, field in type_.fields.items() if is_required_input_field(field)]
        optional = [name for name in self._fitting(type_, hint, level) if name not in required]
        few = (1,) * 9 + (2,) if type_.name.endswith("Filter") else (1, 1, 1, 2)
        number = self.draft.rng.choice((0, 1, 2) if required else few)
        chosen = self.draft.several(
            optional, lambda name: f"{type_.name}.{name}", number, lambda name: _behind(type_.fields[name].type)
        )
        if type_.name == "MoneyFilter" and chosen == ["currency"]:
            chosen.append(self.draft.rng.choice([name for name in optional if name != "currency"]))
        return {name: self._part(type_, name, hint, level) for name in (*required, *chosen)}

    def _fitting(self, type_: GraphQLInputObjectType, hint: Hint, level: int) -> list[str]:
        """The fields that may be given: most often only those that the persona reads something of."""
        entity = GRAPH.entities.get(type_.name.removesuffix("Where"))
        names = list(type_.fields)
        if entity is not None and _is_single(hint):
            names = ["isNull"] if self.draft.chance(DELICATE) else names
        elif entity is not None and f"{type_.name}.isNull" not in self.draft.aim:
            names = [name for name in names if name != "isNull"]
        elif hint is not None and hint[0] in self.draft.values.counted and self.draft.chance(0.9):
            names = [name for name in names if name in EQUALITY] or names
        if level >= LEVELS:
            names = [name for name in names if not _is_deep(type_.fields[name].type)] or names
        if entity is None or self.draft.chance(0.08):
            return names
        readable = self.draft.values.readable[entity.name]
        aimed = {name for name in names if f"{type_.name}.{name}" in self.draft.aim}
        names = [name for name in names if name not in entity.members or name in readable | aimed] or names
        delicate = self._delicate(entity.name) if not aimed else ()
        return [name for name in names if name in delicate] or names

    def _delicate(self, entity: str) -> Collection[str]:
        """Fields that are read in part, now and then."""
        return self.draft.values.delicate[entity] if self.draft.chance(DELICATE) else ()

    def _key(self) -> str:
        """The key of a custom field."""
        return self.draft.rng.choice((*KEYS, *KEYS, "unknown", ""))

    def _part(self, type_: GraphQLInputObjectType, name: str, hint: Hint, level: int) -> Any:
        entity = GRAPH.entities.get(type_.name.removesuffix("Where"))
        if entity is not None:
            hint = (entity.name, name if name in entity.members else "id")
        if type_.name == "CustomFieldWhere":
            if name == "key" and not self.draft.faulty:
                return self._key()
            hint = ("Customer", name)
        value = self._value(type_.fields[name].type, hint, level + (entity is not None))
        if name in ("startsWith", "contains") and isinstance(value, str) and value:
            return self._piece(value, start=name == "startsWith")
        return value

    def _piece(self, text: str, *, start: bool) -> str:
        """A part of a text, in another case now and then."""
        first = 0 if start else self.draft.rng.randrange(len(text))
        piece = text[first : first + self.draft.rng.choice((1, 2, 4, 8, len(text)))]
        return self.draft.rng.choice((piece, piece, piece.upper(), piece.lower()))

    # Cursors and variables

    def _cursor(self, root: str | None, order: Any) -> str:
        rng = self.draft.rng
        mark = f"@@{len(self.draft.wishes)}@@"
        literal = written(order) if order is not None else ""
        wished = root or rng.choice(list(GRAPH.plurals))
        self.draft.wishes.append(Wish(mark, wished, literal, rng.choice(WHOSE), rng.random(), self._changed()))
        return mark

    def _changed(self) -> str:
        return self.draft.rng.choice(BREAKING if self.draft.faulty else CHANGES)

    def _hoisted(self, type_: Any, value: Any) -> Any:
        """The value with variables in the place of parts of it."""
        if self.draft.chance(0.15) and value is not None:
            nullable = not isinstance(type_, GraphQLNonNull)
            return self.draft.variable(f"{type_}!" if nullable and self.draft.chance(0.3) else str(type_), value)
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(inner, GraphQLList) and isinstance(value, list):
            return [self._hoisted(inner.of_type, part) for part in value]
        if isinstance(inner, GraphQLInputObjectType) and isinstance(value, dict):
            return {name: self._hoisted(_settable(inner, name), part) for name, part in value.items()}
        return value


def _settable(type_: GraphQLInputObjectType, name: str) -> Any:
    """The type of a variable for an input field: one with a default takes one that may be null."""
    field = type_.fields[name]
    has_default = field.default_value is not Undefined and isinstance(field.type, GraphQLNonNull)
    return field.type.of_type if has_default else field.type


@cache
def _behind(type_: Any) -> tuple[str, ...]:
    """The places that only the operators of a filter lead to."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLEnumType):
        return tuple(f"{named.name}.{name}" for name in named.values)
    if not isinstance(named, GraphQLInputObjectType) or _is_deep(named):
        return ()
    inside = [place for field in named.fields.values() for place in _behind(field.type)]
    return tuple({*(f"{named.name}.{name}" for name in named.fields), *inside})


def _is_deep(type_: Any) -> bool:
    named = get_named_type(type_)
    return isinstance(named, GraphQLInputObjectType) and named.name.endswith("Where")


def _is_single(hint: Hint) -> bool:
    """Whether a single relation is compared, which alone can be asked whether it is there."""
    return hint is not None and isinstance(GRAPH[hint[0]].members.get(hint[1]), One)


def _entity_of(hint: Hint) -> str | None:
    """The entity whose ids a member is compared with."""
    if hint is None:
        return None
    member = GRAPH[hint[0]].members.get(hint[1])
    return member.relation.target if isinstance(member, (One, Many)) else hint[0]
