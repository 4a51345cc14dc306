"""Selections drawn from the schema: fields under aliases, fragments of every kind, directives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.type import SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef

from graphql_schema.entities import Amount, Computed, Key, One, Value
from graphql_schema.types import GRAPH
from tests.leaks.operations.aggregating import OUTPUTS, measures, members_of
from tests.leaks.operations.drafts import AIMED, Draft
from tests.leaks.operations.inputs import DELICATE, Inputs

LEVELS = 4
KEYS = ("a", "row", "v1", "p1", "n0", "f0", "cursor", "count", "select", "id", "null", "k" * 60)
"""Response keys that look like names of the statement, or nearly are too long."""
TYPENAME = "__typename"


@dataclass(frozen=True)
class Selections:
    """Draws the selections of one operation."""

    draft: Draft
    schema: GraphQLSchema

    def query(self) -> str:
        """The selections of the operation's root."""
        query = self.schema.query_type
        assert query is not None
        fields = {**query.fields, "__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
        weights = [self._weight(name, field) for name, field in fields.items()]
        number = self.draft.rng.choice((1, 1, 1, 1, 2))
        chosen = self.draft.rng.choices(list(fields), weights, k=number)
        keys: set[str] = set()
        parts = [self._field(query, name, fields[name], 0, keys) for name in chosen]
        if self.draft.chance(0.05):
            parts.append(TYPENAME)
        return self._grouped(query, parts)

    def _weight(self, name: str, field: GraphQLField) -> float:
        if f"Query.{name}" in self.draft.aim:
            return AIMED
        if name.startswith("__"):
            return 0.5
        if not field.args or name in ("node", "nodes"):
            return 6
        many = 3 * (4 if self._leads_far(field) else 1) if "where" in field.args else 1
        return many * (1 if self._is_visible(field) else 0.1)

    def _leads_far(self, field: GraphQLField) -> bool:
        """Whether what is listed leads to one of several types, or to what is computed of it; few do, and there is much
        to be asked of them.
        """
        return _leads_far(self.schema.type_map.get(get_named_type(field.type).name.removesuffix("Connection")))

    def _is_visible(self, field: GraphQLField) -> bool:
        named = get_named_type(field.type).name.removesuffix("Connection")
        return named not in GRAPH.entities or named in self.draft.values.visible

    def _set(self, type_: Any, level: int, keys: set[str]) -> str:
        """The selections of an object."""
        if is_abstract_type(type_):
            return self._of_abstract(type_, level, keys)
        fields: Mapping[str, GraphQLField] = {**type_.fields, TYPENAME: TypeNameMetaFieldDef}
        names = [name for name, field in fields.items() if self._affordable(type_.name, name, field, level)]
        names = self._readable(type_.name, names)
        if self.draft.chance(DELICATE):
            delicate = self.draft.values.delicate.get(type_.name, frozenset())
            unions = [name for name in names if is_abstract_type(get_named_type(fields[name].type))]
            computed = [name for name in names if _is_computed(type_.name, name)] if self.draft.chance(0.5) else []
            names = unions or computed or [name for name in names if name in delicate] or names
        number = self.draft.rng.choice((1, 2, 3, 4, 6))
        chosen = self.draft.several(names, lambda name: f"{type_.name}.{name}", number) or [TYPENAME]
        return self._grouped(type_, [self._field(type_, name, fields[name], level, keys) for name in chosen])

    def _readable(self, type_name: str, names: list[str]) -> list[str]:
        """Of what is measured, most often what the persona reads something of."""
        members = members_of(type_name, OUTPUTS)
        if members is None or self.draft.chance(0.08):
            return names
        readable = {TYPENAME, *self.draft.values.readable[members.entity.name]}
        return [name for name in names if name in readable or f"{type_name}.{name}" in self.draft.aim] or [TYPENAME]

    def _of_abstract(self, type_: Any, level: int, keys: set[str]) -> str:
        """Fields of an interface, and fragments on some of the types that it may be."""
        possible = list(self.schema.get_possible_types(type_))
        visible = self.draft.values.visible
        if self.draft.chance(0.5) and not any(f"{type_.name}:{each.name}" in self.draft.aim for each in possible):
            possible = [each for each in possible if each.name in visible] or possible
        chosen = self.draft.several(
            possible, lambda each: f"{type_.name}:{each.name}", self.draft.rng.choice((1, 2, 4))
        )
        parts = [TYPENAME]
        for each in chosen:
            self.draft.used[f"{type_.name}:{each.name}"] += 1
            parts.append(self._fragment(each, self._set(each, level, keys)))
        if hasattr(type_, "fields"):
            parts += [self._field(type_, name, field, level, keys) for name, field in type_.fields.items()]
        return self._braced(parts)

    def _affordable(self, parent: str, name: str, field: GraphQLField, level: int) -> bool:
        aimed = f"{parent}.{name}" in self.draft.aim and level < 2 * LEVELS
        if aimed or not is_composite_type(get_named_type(field.type)):
            return True
        if level >= LEVELS or self.draft.objects <= 0:
            return False
        return self._is_visible(field) or self.draft.chance(0.15)

    def _field(self, parent: Any, name: str, field: GraphQLField, level: int, keys: set[str]) -> str:
        key = self._key(name, keys)
        alias = f"{key}: " if key != name else ""
        named: Any = get_named_type(field.type)
        if "groupBy" in field.args:
            self.draft.objects -= 1
            inside = " " + self._set(named, level + _is_level(name), set())
            given = Inputs(self.draft, measures(inside)).arguments(parent.name, name, field, None)
            return f"{alias}{name}{given}{self._directive()}{inside}"
        given = Inputs(self.draft).arguments(
            parent.name, name, field, self._root_of(named, name) if "after" in field.args else None
        )
        inside = ""
        if "asOf" in field.args and "asOf:" in given and not self.draft.faulty:
            inside = " " + self._own(named)
        elif is_composite_type(named):
            self.draft.objects -= 1
            inside = " " + self._set(named, level + _is_level(name), set())
        return f"{alias}{name}{given}{self._directive()}{inside}"

    def _own(self, type_: Any) -> str:
        """Fields that a record has by itself: what is told of the past."""
        inside = {Value: "", Amount: " { amount currency base }", One: " { id __typename }", Key: ""}
        members = GRAPH[type_.name].members
        readable = self._readable(type_.name, [name for name in type_.fields if name in members])
        names = [name for name in readable if type(members[name]) in inside]
        chosen = self.draft.several(names, lambda name: f"{type_.name}.{name}", self.draft.rng.choice((1, 3, 6)))
        return self._braced([TYPENAME, *(f"{name}{inside[type(members[name])]}" for name in chosen)])

    def _root_of(self, connection: Any, name: str) -> str | None:
        """The list whose cursors a connection takes: of Query, or of the rows of such a list (`customers.timeline`); rather
        one of the same name.
        """
        query = self.schema.query_type
        assert query is not None
        lists = {name: get_named_type(field.type) for name, field in query.fields.items()}
        own = [root for root, type_ in lists.items() if type_ is connection]
        rows = {root: self.schema.type_map.get(type_.name.removesuffix("Connection")) for root, type_ in lists.items()}
        inside = [
            f"{root}.{inner}"
            for root, type_ in rows.items()
            for inner, field in getattr(type_, "fields", {}).items()
            if get_named_type(field.type) is connection
        ]
        alike = (root for root in (*own, *inside) if root.rpartition(".")[2] == name)
        return next(alike, None) or next(iter((*own, *inside)), None)

    def _key(self, name: str, keys: set[str]) -> str:
        key = self.draft.rng.choice(KEYS) if self.draft.chance(0.12) else name
        while key in keys:
            key = f"{key[:50]}{next(self.draft.numbers)}"
        keys.add(key)
        return key

    def _directive(self) -> str:
        if not self.draft.chance(0.06):
            return ""
        name, value = self.draft.rng.choice((("include", True), ("skip", False), ("include", False), ("skip", True)))
        condition = self.draft.variable("Boolean!", value).text if self.draft.chance(0.6) else str(value).lower()
        return f" @{name}(if: {condition})"

    # Fragments

    def _grouped(self, type_: GraphQLObjectType, parts: list[str]) -> str:
        """The fields, some of them within a fragment."""
        if self.draft.chance(0.15):
            cut = self.draft.rng.randrange(len(parts))
            parts = [*parts[:cut], self._fragment(type_, self._braced(parts[cut:]))]
        return self._braced(parts)

    def _fragment(self, type_: Any, selections: str) -> str:
        kind = self.draft.rng.choice(("inline", "inline", "named", "bare"))
        if kind == "named":
            name = f"F{next(self.draft.numbers)}"
            self.draft.fragments.append(f"fragment {name} on {type_.name} {selections}")
            return f"...{name}{self._directive()}"
        condition = (
            "" if kind == "bare" and "... on" not in selections and self._is_same(type_) else f" on {type_.name}"
        )
        return f"...{condition}{self._directive()} {selections}"

    def _is_same(self, type_: Any) -> bool:
        """Whether a fragment without a type's name means this type, whatever stands around it."""
        return type_ is self.schema.query_type

    def _braced(self, parts: Iterable[str]) -> str:
        return "{ " + " ".join(parts) + " }"


def _is_computed(type_: str, name: str) -> bool:
    """Whether a field of a type is an entity's that is computed."""
    entity = GRAPH.entities.get(type_)
    return entity is not None and isinstance(entity.members.get(name), Computed)


@cache
def _leads_far(type_: Any) -> bool:
    fields = getattr(type_, "fields", {}).items()
    return any(is_abstract_type(get_named_type(each.type)) or _is_computed(type_.name, own) for own, each in fields)


def _is_level(name: str) -> bool:
    return name not in ("edges", "node", "nodes", "pageInfo")
