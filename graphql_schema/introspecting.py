"""What is asked of the schema itself: answered beside the event loop, since to tell all of it takes a second.

An answer depends on the schema, the document and the variables alone, so those that were asked last are kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson
from graphql import DocumentNode, FieldNode, OperationDefinitionNode, OperationType, SelectionSetNode
from graphql.execution import ExecutionResult, execute

from graphql_schema.compiler.documents import Prepared
from graphql_schema.compiler.limits import OF_THE_SCHEMA
from graphql_schema.compiler.selection import select
from graphql_schema.execution import PassingThrough

Introspected: TypeAlias = Mapping[str, orjson.Fragment]
"""By response key, what fields of Query tell of the schema."""

_THREAD = ThreadPoolExecutor(1, "introspection")


@dataclass
class Introspecting:
    """Answers `__schema` and `__type`, one operation after another."""

    remembered: int = 8
    _known: OrderedDict[Hashable, Introspected] = field(default_factory=OrderedDict, repr=False)

    async def told(self, prepared: Prepared, given: Mapping[str, Any], variables: Mapping[str, Any]) -> Introspected:
        """What an operation asks of the schema; `given` are the variables as they came, `variables` their values."""
        asked = _asked(prepared, variables)
        if not asked:
            return {}
        source = prepared.document.loc
        assert source is not None
        key = prepared.schema, source.source.body, prepared.name, orjson.dumps(given, option=orjson.OPT_SORT_KEYS)
        found = self._known.get(key)
        if found is None:
            found = await asyncio.get_running_loop().run_in_executor(_THREAD, _answer, prepared, asked, given)
            self._known[key] = found
            if len(self._known) > self.remembered:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return found


def _asked(prepared: Prepared, variables: Mapping[str, Any]) -> tuple[FieldNode, ...]:
    """The fields of an operation that are asked of the schema."""
    root = prepared.schema.query_type
    if root is None or prepared.node.operation is not OperationType.QUERY:
        return ()
    items = select(prepared.operation(variables), root, [prepared.node.selection_set])
    return tuple(node for item in items if item.name in OF_THE_SCHEMA for node in item.nodes)


def _answer(prepared: Prepared, asked: tuple[FieldNode, ...], given: Mapping[str, Any]) -> Introspected:
    """What such fields come to; nothing where that is an error, which is told with all others."""
    operation = OperationDefinitionNode(
        operation=OperationType.QUERY,
        variable_definitions=prepared.node.variable_definitions,
        selection_set=SelectionSetNode(selections=asked),
    )
    document = DocumentNode(definitions=(operation, *prepared.fragments.values()))
    found = execute(prepared.schema, document, variable_values=dict(given), executor_class=PassingThrough)
    if not isinstance(found, ExecutionResult) or found.errors:
        return {}
    return {key: orjson.Fragment(orjson.dumps(value)) for key, value in (found.data or {}).items()}
