"""What an operation asks of one object: fragments spread, directives applied, fields of one key merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
)

from graphql_schema.compiler.arguments import Tree, arguments
from graphql_schema.compiler.operands import BadInput, Place


@dataclass(frozen=True)
class Operation:
    """What is the same all through an operation: schema, fragments, and the variables' coerced values."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def object_type(self, name: str) -> GraphQLObjectType | None:
        """The object type of a name; None where the caller's schema has none."""
        found = self.schema.type_map.get(name)
        return found if isinstance(found, GraphQLObjectType) else None

    def included(self, directives: Iterable[DirectiveNode]) -> bool:
        """Whether @skip and @include leave a selection in."""
        for directive in directives:
            name = directive.name.value
            if name in ("skip", "include"):
                condition = next(iter(directive.arguments or ())).value
                if self._holds(condition) is (name == "skip"):
                    return False
        return True

    def _holds(self, value: ValueNode) -> bool:
        if isinstance(value, VariableNode):
            found = self.variables[value.name.value]
            if found is None:
                raise BadInput("a directive's condition is not null", (value.name.value,))
            return bool(found)
        return isinstance(value, BooleanValueNode) and value.value

    def applies(self, condition: str | None, to: GraphQLObjectType) -> bool:
        """Whether a fragment on a type applies to an object of another."""
        if condition is None or condition == to.name:
            return True
        named = self.schema.type_map[condition]
        return is_abstract_type(named) and self.schema.is_sub_type(named, to)


@dataclass(frozen=True)
class Selected:
    """A field asked of an object, under its response key."""

    operation: Operation = field(repr=False)
    parent: GraphQLObjectType
    key: str
    nodes: tuple[FieldNode, ...] = field(repr=False)
    place: Place

    @property
    def name(self) -> str:
        return self.nodes[0].name.value

    @cached_property
    def definition(self) -> GraphQLField:
        found: GraphQLField = self.parent.fields[self.name]
        return found

    @cached_property
    def arguments(self) -> dict[str, Tree]:
        return arguments(self.definition, self.nodes[0], self.operation.variables)

    def children(self, type_: GraphQLObjectType | None = None) -> list[Selected]:
        """What is asked of the field's object; of a certain type where the field's is abstract."""
        found = type_ or get_named_type(self.definition.type)
        assert isinstance(found, GraphQLObjectType)
        sets = [node.selection_set for node in self.nodes if node.selection_set is not None]
        return select(self.operation, found, sets, self.place)


def select(
    operation: Operation, parent: GraphQLObjectType, sets: Iterable[SelectionSetNode], place: Place = ()
) -> list[Selected]:
    """The fields that selection sets ask of an object, in order, merged by response key."""
    merged: dict[str, list[FieldNode]] = {}
    visited: set[str] = set()
    for selections in sets:
        for node in _fields(operation, parent, selections, visited):
            merged.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
    return [Selected(operation, parent, key, tuple(nodes), (*place, key)) for key, nodes in merged.items()]


def _fields(
    operation: Operation, parent: GraphQLObjectType, selections: SelectionSetNode, visited: set[str]
) -> Iterator[FieldNode]:
    for node in selections.selections:
        if not operation.included(node.directives or ()):
            continue
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else None
            if operation.applies(condition, parent):
                yield from _fields(operation, parent, node.selection_set, visited)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
            visited.add(node.name.value)
            fragment = operation.fragments[node.name.value]
            if operation.applies(fragment.type_condition.name.value, parent):
                yield from _fields(operation, parent, fragment.selection_set, visited)
