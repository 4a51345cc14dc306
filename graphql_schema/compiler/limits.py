"""How large a document is, told from its text alone.

It is measured before validation, whose time grows with the square of a large document's size, and
with fragments counted wherever they are spread, so that small texts that stand for much are seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MOST_LEVELS = 10
"""Levels of fields; a connection's `edges`, `node` and `nodes` are none of their own."""
MOST_LEVELS_OF_SCHEMA = 16
"""Levels of fields below `__schema` and `__type`."""
MOST_FIELDS = 1_000
MOST_OBJECTS = 200
"""Fields that have fields of their own, `edges`, `node` and `nodes` left out."""
LONGEST_KEY = 63
"""Bytes of a response key; PostgreSQL cuts longer column names in silence."""

OF_A_LIST = frozenset({"edges", "node", "nodes"})
OF_THE_SCHEMA = frozenset({"__schema", "__type"})


MOST_INPUTS = 1_500
"""Objects and lists within variables; each costs a look at all fields of its type."""
MOST_ITEMS = 10_000
"""Values within variables."""


def too_many(variables: Mapping[str, object]) -> list[GraphQLError]:
    """What of the variables' values is too much; nothing for those that may be coerced."""
    waiting: list[object] = [variables]
    inputs = items = 0
    while waiting:
        found = waiting.pop()
        inside = list(found.values()) if isinstance(found, Mapping) else found
        if isinstance(inside, list):
            inputs += 1
            items += len(inside)
            if inputs > MOST_INPUTS or items > MOST_ITEMS:
                fault = f"variables hold at most {MOST_INPUTS} objects and lists, and {MOST_ITEMS} values"
                return [GraphQLError(fault)]
            waiting.extend(inside)
    return []


@dataclass(frozen=True, slots=True)
class Size:
    """What selections ask, fragments spread."""

    levels: int = 0
    schema_levels: int = 0
    fields: int = 0
    objects: int = 0
    longest_key: int = 0

    def beside(self, other: Size) -> Size:
        """The size of both together."""
        return Size(
            max(self.levels, other.levels),
            max(self.schema_levels, other.schema_levels),
            self.fields + other.fields,
            self.objects + other.objects,
            max(self.longest_key, other.longest_key),
        )

    def faults(self) -> Iterable[str]:
        """What of it is too much."""
        if self.levels > MOST_LEVELS:
            yield f"fields are nested deeper than {MOST_LEVELS} levels"
        if self.schema_levels > MOST_LEVELS_OF_SCHEMA:
            yield f"introspection is nested deeper than {MOST_LEVELS_OF_SCHEMA} levels"
        if self.fields > MOST_FIELDS or self.objects > MOST_OBJECTS:
            yield f"more than {MOST_FIELDS} fields, or more than {MOST_OBJECTS} with fields of their own, are asked for"
        if self.longest_key > LONGEST_KEY:
            yield f"a response key has at most {LONGEST_KEY} characters"


@dataclass
class _Measure:
    """Measures selections; each fragment once."""

    fragments: Mapping[str, FragmentDefinitionNode]
    known: dict[str, Size] = field(default_factory=dict)

    def selections(self, found: SelectionSetNode | None) -> Size:
        total = Size()
        for node in found.selections if found else ():
            if isinstance(node, FieldNode):
                total = total.beside(self._field(node))
            elif isinstance(node, InlineFragmentNode):
                total = total.beside(self.selections(node.selection_set))
            elif isinstance(node, FragmentSpreadNode):
                total = total.beside(self._fragment(node.name.value))
        return total

    def _field(self, node: FieldNode) -> Size:
        name, inside = node.name.value, self.selections(node.selection_set)
        key = max(inside.longest_key, len(node.alias.value) if node.alias else 0)
        fields = inside.fields + 1
        if name in OF_THE_SCHEMA:
            return Size(0, 1 + inside.levels, fields, inside.objects, key)
        own = name not in OF_A_LIST
        levels = inside.levels + own
        objects = inside.objects + (own and node.selection_set is not None)
        return Size(levels, inside.schema_levels, fields, objects, key)

    def _fragment(self, name: str) -> Size:
        if name not in self.known:
            self.known[name] = Size()  # one that spreads itself is refused by validation
            if name in self.fragments:
                self.known[name] = self.selections(self.fragments[name].selection_set)
        return self.known[name]


def too_large(document: DocumentNode) -> list[GraphQLError]:
    """What of a document's operations is too much; nothing for one that may be validated."""
    definitions = document.definitions
    measure = _Measure({part.name.value: part for part in definitions if isinstance(part, FragmentDefinitionNode)})
    try:
        sizes = [
            measure.selections(part.selection_set) for part in definitions if isinstance(part, OperationDefinitionNode)
        ]
    except RecursionError:
        return [GraphQLError("the document is nested too deeply")]
    return [GraphQLError(fault) for size in sizes for fault in size.faults()]
