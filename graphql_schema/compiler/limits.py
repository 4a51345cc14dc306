"""How large a document is, told from its text alone.

It is measured before validation, whose time grows with the square of a large document's size, and
with fragments counted wherever they are spread, so that small texts that stand for much are seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass, field, replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

LONGEST_DOCUMENT = 32_768
"""Characters; graphql-core reads a million of them in half a second, whatever they are."""
MOST_FIELDS = 1_000
"""Fields and fragments."""
MOST_OBJECTS = 200
"""Fields that have fields of their own, `edges`, `node` and `nodes` left out."""
MOST_PAIRS = 2_000
"""Pairs of fields that become one in the answer: validation compares each with each."""
PAIR_OF_FRAGMENTS = 4
"""Pairs of fields that two fragments in one place count as, for they are compared as a whole."""

OF_A_LIST = frozenset({"edges", "node", "nodes"})
OF_THE_SCHEMA = frozenset({"__schema", "__type"})


MOST_INPUTS = 1_100
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
class Limits:
    """How much one document may ask, by settings of these names."""

    most_levels: int = 10
    """Levels of fields; a connection's `edges`, `node` and `nodes` are none of their own."""
    most_schema_levels: int = 16
    """Levels of fields below `__schema` and `__type`."""
    most_aliases: int = 30
    most_root_fields: int = 20
    """Of each operation."""
    most_directives: int = 50
    most_tokens: int = 2_000
    most_operations: int = 10
    longest_key: int = 63
    """Bytes of a response key; PostgreSQL cuts longer column names in silence."""
    most_errors: int = 10
    """Errors told of a document or of variables."""


@dataclass(frozen=True, slots=True)
class Size:
    """What selections ask, fragments spread."""

    levels: int = 0
    schema_levels: int = 0
    longest_key: int = 0
    direct: int = 0
    """Fields that stand in the selections themselves, not in others."""
    fields: int = 0
    objects: int = 0
    aliases: int = 0
    directives: int = 0

    def beside(self, other: Size) -> Size:
        """The size of both together."""
        return Size(
            max(self.levels, other.levels),
            max(self.schema_levels, other.schema_levels),
            max(self.longest_key, other.longest_key),
            self.direct + other.direct,
            self.fields + other.fields,
            self.objects + other.objects,
            self.aliases + other.aliases,
            self.directives + other.directives,
        )

    def faults(self, limits: Limits) -> Iterable[str]:
        """What of it is too much."""
        if self.levels > limits.most_levels:
            yield f"fields are nested deeper than {limits.most_levels} levels"
        if self.schema_levels > limits.most_schema_levels:
            yield f"introspection is nested deeper than {limits.most_schema_levels} levels"
        if self.direct > limits.most_root_fields:
            yield f"an operation has more than {limits.most_root_fields} root fields"
        if self.aliases > limits.most_aliases:
            yield f"more than {limits.most_aliases} aliases are used"
        if self.directives > limits.most_directives:
            yield f"more than {limits.most_directives} directives are used"
        if self.fields > MOST_FIELDS or self.objects > MOST_OBJECTS:
            yield f"more than {MOST_FIELDS} fields, or {MOST_OBJECTS} with fields of their own, are asked for"
        if self.longest_key > limits.longest_key:
            yield f"a response key has at most {limits.longest_key} characters"


ONE = Size(fields=1)


@dataclass
class _Measure:
    """Measures selections; each fragment once."""

    fragments: Mapping[str, FragmentDefinitionNode]
    known: dict[str, Size | None] = field(default_factory=dict)
    """None while it is measured."""
    cyclic: bool = False

    def operation(self, node: OperationDefinitionNode) -> Size:
        given = (variable.directives for variable in node.variable_definitions or ())
        directives = sum(len(found or ()) for found in (node.directives, *given))
        return self._selections(node.selection_set).beside(Size(directives=directives))

    def _selections(self, found: SelectionSetNode | None) -> Size:
        total, leaves = Size(), 0
        for node in found.selections if found else ():
            if isinstance(node, FieldNode) and not (node.selection_set or node.alias or node.directives):
                leaves += 1
            else:
                total = total.beside(self._selection(node)).beside(Size(directives=len(node.directives or ())))
        return total.beside(Size(levels=1, direct=leaves, fields=leaves)) if leaves else total

    def _selection(self, node: SelectionNode) -> Size:
        if isinstance(node, FieldNode):
            return self._field(node)
        if isinstance(node, InlineFragmentNode):
            return self._selections(node.selection_set).beside(ONE)
        assert isinstance(node, FragmentSpreadNode)
        return self._fragment(node.name.value).beside(ONE)

    def _field(self, node: FieldNode) -> Size:
        name, inside = node.name.value, self._selections(node.selection_set)
        own = name not in OF_A_LIST
        found = replace(
            inside,
            levels=inside.levels + own,
            direct=1,
            fields=inside.fields + 1,
            objects=inside.objects + (own and node.selection_set is not None),
        )
        if node.alias:
            key = max(inside.longest_key, len(node.alias.value))
            found = replace(found, longest_key=key, aliases=inside.aliases + 1)
        if name in OF_THE_SCHEMA:
            found = replace(found, levels=0, schema_levels=1 + inside.levels, objects=inside.objects)
        return found

    def _fragment(self, name: str) -> Size:
        if name not in self.fragments:
            return Size()
        if name not in self.known:
            self.known[name] = None
            found = self.fragments[name]
            own = Size(directives=len(found.directives or ()))
            self.known[name] = self._selections(found.selection_set).beside(own)
        size = self.known[name]
        self.cyclic |= size is None
        return size or Size()

    def pairs(self, sets: Iterable[SelectionSetNode]) -> int:
        """How many pairs of fields have the same place in the answer; only of what has few fields and no cycles."""
        merged: dict[str, list[FieldNode]] = {}
        spread: list[str] = []
        for found in sets:
            for node in self._direct(found, spread):
                merged.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        inside = (self.pairs(node.selection_set for node in nodes if node.selection_set) for nodes in merged.values())
        return PAIR_OF_FRAGMENTS * _pairs(spread) + sum(map(_pairs, merged.values())) + sum(inside)

    def _direct(self, found: SelectionSetNode, spread: list[str]) -> Iterable[FieldNode]:
        for node in found.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._direct(node.selection_set, spread)
            elif isinstance(node, FragmentSpreadNode):
                spread.append(node.name.value)
                if node.name.value in self.fragments:
                    yield from self._direct(self.fragments[node.name.value].selection_set, spread)


def _pairs(of: Sized) -> int:
    return len(of) * (len(of) - 1) // 2


def too_large(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """What of a document is too much; nothing for one that may be validated."""
    definitions = document.definitions
    measure = _Measure({part.name.value: part for part in definitions if isinstance(part, FragmentDefinitionNode)})
    operations = [part for part in definitions if isinstance(part, OperationDefinitionNode)]
    if len(operations) > limits.most_operations:
        return [GraphQLError(f"a document has at most {limits.most_operations} operations")]
    total, widest = Size(), 0
    try:
        for size in map(measure.operation, operations):
            total, widest = total.beside(size), max(widest, size.direct)
    except RecursionError:
        return [GraphQLError("the document is nested too deeply")]
    faults = [*replace(total, direct=widest).faults(limits)]
    if measure.cyclic:
        faults.append("a fragment is spread within itself")
    if measure.known.keys() != measure.fragments.keys():
        faults.append("a fragment is defined and not used")
    if not faults and sum(measure.pairs([part.selection_set]) for part in operations) > MOST_PAIRS:
        faults.append("the same fields are asked for again and again")
    return [GraphQLError(fault) for fault in faults]
