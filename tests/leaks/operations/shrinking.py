"""Smaller forms of an operation: parts are taken out one after another while it still shows what it showed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from graphql import (
    REMOVE,
    SKIP,
    DocumentNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    ListValueNode,
    Visitor,
    parse,
    print_ast,
    strip_ignored_characters,
    visit,
)

from tests.leaks.operations.operation import Operation
from tests.leaks.operations.plain import flattened, with_fragments_spread, without_variables

Shows = Callable[[Operation], Awaitable[bool]]
"""Whether an operation still shows what is looked for."""
TRIES = 800

REMOVABLE = ("field", "inline_fragment", "fragment_spread", "argument", "object_field", "directive")


async def shrink(operation: Operation, shows: Shows, schema: GraphQLSchema) -> Operation:
    """The smallest form that was found."""
    for plainer in (without_variables, with_fragments_spread, flattened):
        found = _of(plainer(parse(operation.text), operation.variables, schema), operation)
        if found is not None and await shows(found):
            operation = found
    return await _cut(operation, shows)


async def _cut(operation: Operation, shows: Shows) -> Operation:
    """Takes out whatever can be, the larger parts first, until nothing can."""
    tries = position = kept_at = 0
    while tries < TRIES:
        without = _Without(position)
        smaller = _of(visit(parse(operation.text), without), operation)
        if not without.removed:
            if kept_at == 0:
                break
            position = kept_at = 0
            continue
        tries += 1
        if smaller is not None and await shows(smaller):
            operation, kept_at = smaller, 1
        else:
            position += 1
    return operation


class _Without(Visitor):
    """Takes out the part at a position, counted from 0 in the order of the text."""

    def __init__(self, position: int) -> None:
        super().__init__()
        self.left, self.removed = position, False

    def enter(self, node: Any, _key: Any, parent: Any, _path: Any, ancestors: Any) -> Any:
        in_list = isinstance(parent, (list, tuple)) and isinstance(ancestors[-1], ListValueNode)
        if node.kind not in REMOVABLE and not in_list:
            return None
        self.left -= 1
        self.removed = self.removed or self.left == -1
        return REMOVE if self.left == -1 else None


class _Hollow(Visitor):
    """Takes out what has nothing left in it."""

    def leave_field(self, node: Any, *_: Any) -> Any:
        return REMOVE if node.selection_set is not None and not node.selection_set.selections else None

    leave_inline_fragment = leave_fragment_definition = leave_field


class _Used(Visitor):
    """Notes the variables and fragments that something needs."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()
        self.fragments: set[str] = set()

    def enter_variable_definition(self, *_: Any) -> Any:
        return SKIP

    def enter_variable(self, node: Any, *_: Any) -> None:
        self.variables.add(node.name.value)

    def enter_fragment_spread(self, node: Any, *_: Any) -> None:
        self.fragments.add(node.name.value)


class _Needless(Visitor):
    """Takes out definitions that nothing needs."""

    def __init__(self, used: _Used) -> None:
        super().__init__()
        self.used = used

    def enter_variable_definition(self, node: Any, *_: Any) -> Any:
        return None if node.variable.name.value in self.used.variables else REMOVE

    def enter_fragment_definition(self, node: Any, *_: Any) -> Any:
        return None if node.name.value in self.used.fragments else REMOVE


def _of(document: DocumentNode, before: Operation) -> Operation | None:
    """A document's operation without what is hollow or needless; None where nothing is left to be asked."""
    document = visit(document, _Hollow())
    used = _Used()
    visit(document, used)
    document = visit(document, _Needless(used))
    try:
        text = strip_ignored_characters(print_ast(document))
    except GraphQLSyntaxError:
        return None
    variables = {name: value for name, value in before.variables.items() if name in used.variables}
    found = Operation(text, variables, before.name, before.by_get)
    return found if found != before else None
