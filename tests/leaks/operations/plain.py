"""Plainer forms of a document: values in the place of variables, and no fragments where none is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    SKIP,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    Visitor,
    parse_value,
    type_from_ast,
    visit,
)

from tests.leaks.operations.literals import Name, written

Variables = Mapping[str, Any]


def without_variables(document: DocumentNode, variables: Variables, schema: GraphQLSchema) -> DocumentNode:
    """The document with the values of variables written out."""
    values: dict[str, Any] = {}
    for operation in document.definitions:
        for definition in getattr(operation, "variable_definitions", None) or ():
            name, type_ = definition.variable.name.value, type_from_ast(schema, definition.type)
            if name in variables:
                values[name] = parse_value(written(_typed(type_, variables[name])))
            elif definition.default_value is not None:
                values[name] = definition.default_value
    found: DocumentNode = visit(document, _Written(values))
    return found


def _typed(type_: Any, value: Any) -> Any:
    """A value as JSON has it, with the values of enums as names."""
    if isinstance(type_, GraphQLNonNull):
        return _typed(type_.of_type, value)
    if isinstance(type_, GraphQLList) and isinstance(value, list):
        return [_typed(type_.of_type, part) for part in value]
    if isinstance(type_, GraphQLInputObjectType) and isinstance(value, dict):
        fields = {name: field.type for name, field in type_.fields.items()}
        return {name: _typed(fields.get(name), part) for name, part in value.items()}
    return Name(value) if isinstance(type_, GraphQLEnumType) and isinstance(value, str) and value else value


class _Written(Visitor):
    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__()
        self.values = values

    def enter_variable_definition(self, *_: Any) -> Any:
        return SKIP

    def enter_variable(self, node: Any, *_: Any) -> Any:
        return self.values.get(node.name.value)


def with_fragments_spread(document: DocumentNode, _variables: Variables, _schema: GraphQLSchema) -> DocumentNode:
    """The document with the fields of fragments where the fragments are named."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    for _ in fragments:
        document = visit(document, _Spread(fragments))
    return document


class _Spread(Visitor):
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        super().__init__()
        self.fragments = fragments

    def enter_fragment_spread(self, node: Any, *_: Any) -> Any:
        found = self.fragments[node.name.value]
        return InlineFragmentNode(
            type_condition=found.type_condition, directives=node.directives, selection_set=found.selection_set
        )


def flattened(document: DocumentNode, _variables: Variables, _schema: GraphQLSchema) -> DocumentNode:
    """The document with the fields of fragments within the selections around them."""
    found: DocumentNode = visit(document, _Flat())
    return found


class _Flat(Visitor):
    def leave_selection_set(self, node: Any, *_: Any) -> Any:
        selections = [
            inside
            for each in node.selections
            for inside in (each.selection_set.selections if isinstance(each, InlineFragmentNode) else (each,))
        ]
        return SelectionSetNode(selections=tuple(selections))
