"""Documents: parsed once per text, validated once per text and schema.

With each operation goes what is needed to tell its requests apart by their variables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    get_variable_values,
    is_input_type,
    parse,
    type_from_ast,
    validate,
)

from graphql_schema.compiler.limits import LONGEST_DOCUMENT, Limits, too_large, too_many
from graphql_schema.compiler.selection import Operation, select
from graphql_schema.ids import decode
from graphql_schema.kept import Kept


class Invalid(Exception):
    """A request that cannot be executed: syntax, validation, operation name or variables.

    Whatever made a value no value of its type, the error is the request's.
    """

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = [GraphQLError(e.message, e.nodes, e.source, e.positions, e.path) for e in errors]


class Subscribes(Invalid):
    """A subscription where one answer is expected."""

    def __init__(self) -> None:
        super().__init__([GraphQLError("subscriptions are asked over a WebSocket, or for text/event-stream")])


class Unread(Invalid):
    """A document that is refused for its text alone, whoever asks."""


Skeleton = Callable[[Any], Hashable]


LARGEST = 1_000_000
"""Characters of the documents that are kept; one takes about a hundred times as many bytes."""
_PLAIN = frozenset({str, int, float, bool})
SHAPING = frozenset({"Boolean", "FieldPath"})
"""Scalars whose values shape a plan."""


def _skeleton(type_: Any) -> Skeleton:
    """What planning reads of a variable's value: presence, enum values, booleans, paths, the types in ids; never the rest."""
    if isinstance(type_, GraphQLNonNull):
        return _skeleton(type_.of_type)
    if isinstance(type_, GraphQLList):
        return _listed(_skeleton(type_.of_type)) if _shapes(type_.of_type) else _present
    if isinstance(type_, GraphQLInputObjectType):
        return _composed(type_)
    if type_ is GraphQLID:
        return _tag
    if isinstance(type_, GraphQLEnumType) or (isinstance(type_, GraphQLScalarType) and type_.name in SHAPING):
        return _itself
    return _present


def _shapes(type_: Any) -> bool:
    """Whether a list's items shape the plan; lists of scalars are bound whole."""
    if isinstance(type_, (GraphQLList, GraphQLNonNull)):
        return _shapes(type_.of_type)
    if isinstance(type_, GraphQLScalarType) and type_.name in SHAPING:
        return True
    return type_ is GraphQLID or isinstance(type_, (GraphQLInputObjectType, GraphQLEnumType))


def _present(value: Any) -> Hashable:
    return value is not None


def _itself(value: Any) -> Hashable:
    return value if value is None or isinstance(value, bool) else str(value)


def _tag(value: Any) -> Hashable:
    if value is None:
        return None
    found = decode(value)
    return found.tag if found else "none"


def _listed(item: Skeleton) -> Skeleton:
    return lambda values: None if values is None else tuple(item(value) for value in values)


def _composed(type_: GraphQLInputObjectType) -> Skeleton:
    parts: dict[str, Skeleton] = {}

    def skeleton(value: Any) -> Hashable:
        if value is None:
            return None
        for name in value:
            if name not in parts:
                parts[name] = _skeleton(type_.fields[name].type)
        return tuple((name, parts[name](part)) for name, part in value.items())

    return skeleton


@dataclass(frozen=True)
class Prepared:
    """One operation of a document, ready to be planned."""

    schema: GraphQLSchema = field(repr=False)
    document: DocumentNode = field(repr=False)
    node: OperationDefinitionNode = field(repr=False)
    most_errors: int

    @cached_property
    def name(self) -> str | None:
        return self.node.name.value if self.node.name else None

    @cached_property
    def digest(self) -> str:
        """By which the document is known in the log: the first digits of SHA-256 of its text."""
        assert self.document.loc is not None
        return hashlib.sha256(self.document.loc.source.body.encode()).hexdigest()[:16]

    @cached_property
    def is_query(self) -> bool:
        return self.node.operation is OperationType.QUERY

    @cached_property
    def fragments(self) -> Mapping[str, FragmentDefinitionNode]:
        found = self.document.definitions
        return {part.name.value: part for part in found if isinstance(part, FragmentDefinitionNode)}

    @cached_property
    def _skeletons(self) -> tuple[tuple[str, Skeleton], ...]:
        found = []
        for definition in self.node.variable_definitions or ():
            type_ = type_from_ast(self.schema, definition.type)
            assert is_input_type(type_)
            found.append((definition.variable.name.value, _skeleton(type_)))
        return tuple(found)

    def coerce(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The variables' values. Raises Invalid."""
        found = self._plainly(given)
        if found is not None:
            return found
        if faults := too_many(given):
            raise Invalid(faults)
        values = get_variable_values(
            self.schema, self.node.variable_definitions or (), dict(given), self.most_errors, hide_suggestions=True
        )
        if isinstance(values, list):
            raise Invalid(values)
        return values.coerced

    @cached_property
    def _scalars(self) -> tuple[tuple[str, GraphQLScalarType], ...] | None:
        """The variables with their types, where these are scalars without exception."""
        found = []
        for definition in self.node.variable_definitions or ():
            type_ = type_from_ast(self.schema, definition.type)
            bare = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
            if not isinstance(bare, GraphQLScalarType):
                return None
            found.append((definition.variable.name.value, bare))
        return tuple(found)

    def _plainly(self, given: Mapping[str, Any]) -> dict[str, Any] | None:
        """The variables' values where each is a scalar, given and valid; else None: then the long way says what it is."""
        if self._scalars is None:
            return None
        found = {}
        for name, type_ in self._scalars:
            value = given.get(name)
            if type(value) not in _PLAIN and (type(value) is not dict or too_many(given)):
                return None
            try:
                found[name] = type_.coerce_input_value(value)
            except Exception:  # whatever it is, the long way says so
                return None
        return None if any(value is Undefined for value in found.values()) else found

    def shape(self, variables: Mapping[str, Any]) -> Hashable:
        """What of the variables' values a plan depends on."""
        return tuple(skeleton(variables[name]) if name in variables else ... for name, skeleton in self._skeletons)

    def operation(self, variables: Mapping[str, Any]) -> Operation:
        """The operation with its variables' values."""
        return Operation(self.schema, self.fragments, variables)

    def pure(self, variables: Mapping[str, Any]) -> bool:
        """Whether SQL answers all of it: a query without introspection, or an event of a subscription."""
        root_type = self.schema.get_root_type(self.node.operation)
        if self.node.operation is OperationType.MUTATION or root_type is None:
            return False
        asked = select(self.operation(variables), root_type, [self.node.selection_set])
        return not any(item.name in ("__schema", "__type") for item in asked)


@dataclass
class Documents:
    """Documents by their text, and what is valid of them by the schema that they were validated against."""

    limits: Limits = field(default_factory=Limits)
    remembered: int = 1_000

    def __post_init__(self) -> None:
        self._parsed: Kept[str, DocumentNode] = Kept(self.remembered, LARGEST)
        self._prepared: Kept[tuple[GraphQLSchema, str, str | None], Prepared] = Kept(self.remembered, LARGEST)

    def prepare(self, schema: GraphQLSchema, text: str, name: str | None) -> Prepared:
        """The operation of a name in a text, valid for a schema. Raises Invalid, Unread for what no schema allows."""
        key = (schema, text, name)
        found = self._prepared.get(key)
        if found is not None:
            self._prepared.move_to_end(key)
            return found
        found = self._validated(schema, text, name)
        self._prepared.put(key, found, len(text))
        return found

    def faults(self, schema: GraphQLSchema, text: str) -> list[GraphQLError]:
        """What is wrong with a text as a document of a schema, whichever of its operations is asked."""
        try:
            return validate(schema, self._document(text), max_errors=self.limits.most_errors, hide_suggestions=True)
        except Unread as unread:
            return unread.errors

    def forget(self, schema: GraphQLSchema) -> None:
        """Drops what is valid for a schema that is no longer used."""
        for key in [key for key in self._prepared if key[0] is schema]:
            self._prepared.drop(key)

    def _validated(self, schema: GraphQLSchema, text: str, name: str | None) -> Prepared:
        document = self._document(text)
        most = self.limits.most_errors
        errors = validate(schema, document, max_errors=most, hide_suggestions=True)
        if errors:
            raise Invalid(errors[:most])
        return Prepared(schema, document, _operation(document, name), most)

    def _document(self, text: str) -> DocumentNode:
        known = self._parsed.get(text)
        if known is not None:
            self._parsed.move_to_end(text)
            return known
        found = _read(text, self.limits)
        self._parsed.put(text, found, len(text))
        return found


def _read(text: str, limits: Limits) -> DocumentNode:
    if len(text) > LONGEST_DOCUMENT:
        raise Unread([GraphQLError(f"a document has at most {LONGEST_DOCUMENT} characters")])
    try:
        document = parse(text, max_tokens=limits.most_tokens)
    except GraphQLError as error:
        raise Unread([error]) from None
    if faults := too_large(document, limits):
        raise Unread(faults[: limits.most_errors])
    return document


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    found = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    if name is None and len(found) == 1:
        return found[0]
    for operation in found:
        if name is not None and operation.name and operation.name.value == name:
            return operation
    asked = "the document has several operations: name one" if name is None else "there is no operation of this name"
    raise Invalid([GraphQLError(asked if found else "the document has no operation")])
