"""Arguments of a field as a tree whose leaves are operands.

Tree = {name: Tree} | [Tree] | Leaf | None   (None: an explicit null; what is absent is not in the tree)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_leaf_type,
    value_from_ast,
)

from graphql_schema.compiler.operands import Listed, Variable
from policies.conditions import Constant, Operand


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar, enum or list of them: its value now, for what planning decides by it, and its operand."""

    value: Any
    operand: Operand


Tree: TypeAlias = "Mapping[str, Tree] | Sequence[Tree] | Leaf | None"


def arguments(field: GraphQLField, node: FieldNode, variables: Mapping[str, Any]) -> dict[str, Tree]:
    """The arguments of a field that are given or have a default."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    found: dict[str, Tree] = {}
    for name, definition in field.args.items():
        tree: Any = _tree(definition.type, given[name], variables) if name in given else Undefined
        if tree is Undefined and definition.default_value is not Undefined:
            tree = from_value(definition.type, definition.default_value, Constant(definition.default_value))
        if tree is not Undefined:
            found[name] = tree
    return found


def _unwrapped(type_: GraphQLInputType) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def _of_leaves(type_: Any) -> bool:
    """Whether values of the type are bound whole: scalars, enums and lists of them."""
    if isinstance(type_, (GraphQLList, GraphQLNonNull)):
        return _of_leaves(type_.of_type)
    return is_leaf_type(type_)


def _tree(type_: GraphQLInputType, node: ValueNode, variables: Mapping[str, Any]) -> Any:
    """The tree of a written value; Undefined where it is a variable that was not given."""
    if isinstance(node, VariableNode):
        name = node.name.value
        return from_value(type_, variables[name], Variable(name)) if name in variables else Undefined
    inner = _unwrapped(type_)
    if isinstance(node, NullValueNode):
        return None
    if _of_leaves(inner):
        return _leaf(inner, node, variables)
    if isinstance(inner, GraphQLList):
        items = node.values if isinstance(node, ListValueNode) else (node,)
        return [_tree(inner.of_type, item, variables) for item in items]
    return _object(inner, node, variables)


def _leaf(type_: Any, node: ValueNode, variables: Mapping[str, Any]) -> Any:
    if isinstance(node, ListValueNode) and any(isinstance(item, VariableNode) for item in node.values):
        names = {item.name.value for item in node.values if isinstance(item, VariableNode)}
        value = value_from_ast(node, type_, {name: variables[name] for name in names if name in variables})
        operands = tuple(_tree(type_.of_type, item, variables) for item in node.values)
        return Leaf(value, Listed(tuple(leaf.operand for leaf in operands if isinstance(leaf, Leaf))))
    value = value_from_ast(node, type_)
    return Undefined if value is Undefined else Leaf(value, Constant(value))


def _object(type_: Any, node: ValueNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    assert isinstance(type_, GraphQLInputObjectType)
    assert isinstance(node, ObjectValueNode)
    given = {field.name.value: field.value for field in node.fields}
    found = {}
    for name, field in type_.fields.items():
        tree = _tree(field.type, given[name], variables) if name in given else Undefined
        if tree is Undefined and field.default_value is not Undefined:
            tree = from_value(field.type, field.default_value, Constant(field.default_value))
        if tree is not Undefined:
            found[name] = tree
    return found


def from_value(type_: GraphQLInputType, value: Any, operand: Operand) -> Tree:
    """The tree of a coerced value, whose parts are fetched through `operand`."""
    inner = _unwrapped(type_)
    if value is None:
        return None
    if _of_leaves(inner):
        return Leaf(value, operand)
    if isinstance(inner, GraphQLList):
        return [from_value(inner.of_type, item, _part(operand, i)) for i, item in enumerate(value)]
    return {name: from_value(inner.fields[name].type, part, _part(operand, name)) for name, part in value.items()}


def _part(operand: Operand, step: str | int) -> Operand:
    if isinstance(operand, Variable):
        return Variable(operand.name, (*operand.path, step))
    assert isinstance(operand, Constant)
    return Constant(operand.value[step])  # type: ignore[index]
