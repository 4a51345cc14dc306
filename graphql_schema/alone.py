"""A query of one field that Python tells as finished JSON: there is nothing in it for an executor to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField, located_error
from graphql.execution import ExecutionResult
from graphql.execution.values import VariableValues, get_argument_values

from graphql_schema.compiler.documents import Prepared
from graphql_schema.entities import Graph, Told
from graphql_schema.reading import Reading


@dataclass(frozen=True, slots=True)
class Alone:
    """The one field of a query."""

    key: str
    node: FieldNode
    field: GraphQLField
    told: Told

    async def result(self, reading: Reading, variables: Mapping[str, Any]) -> ExecutionResult:
        """What an executor would make of it."""
        try:
            arguments = get_argument_values(
                self.field, self.node, VariableValues({}, dict(variables)), hide_suggestions=True
            )
            return ExecutionResult({self.key: await reading.tell(self.told, arguments)}, None)
        except Exception as failure:
            return ExecutionResult({self.key: None}, [located_error(failure, [self.node], [self.key])])


def alone(graph: Graph, prepared: Prepared) -> Alone | None:
    """The one field of an operation, if that is all there is in it."""
    query, selections = prepared.schema.query_type, prepared.node.selection_set.selections
    if query is None or not prepared.is_query or prepared.node.directives or len(selections) != 1:
        return None
    [node] = selections
    told = graph.told.get(node.name.value) if isinstance(node, FieldNode) else None
    if not isinstance(node, FieldNode) or told is None or not told.finished or node.directives:
        return None
    key = node.alias.value if node.alias else node.name.value
    return Alone(key, node, query.fields[node.name.value], told)
