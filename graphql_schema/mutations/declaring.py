"""One declaration for each mutation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import GraphQLSchema
from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.records.drafts import Draft
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork
from graphql_schema.entities import Entity, Graph
from policies.access import Access

Given: TypeAlias = Mapping[str, Any]
"""An input, as GraphQL coerced it: by name, without what is absent."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a mutation is asked to do."""

    graph: Graph
    given: Given
    only_validate: bool
    schema: GraphQLSchema
    """The schema of everything."""


Run: TypeAlias = Callable[[UnitOfWork, Request], Awaitable[Outcome]]
"""Does it. Raises Refused."""


Before: TypeAlias = Callable[[AsyncConnection, Request], Awaitable[None]]
Find: TypeAlias = Callable[[UnitOfWork, Draft], Awaitable[Sequence[Draft]]]
"""Finds records beside one that was written, under the rights of now; each with what is told of it."""

RESULTS = "results"
"""The field of a payload with one result for each input."""


@dataclass(frozen=True)
class Shown:
    """A field of a payload: a record that was written, or several."""

    name: str
    entity: Entity
    many: bool = False
    gone: bool = False
    """Whether the record is deleted, so that its id alone is told."""


@dataclass(frozen=True)
class Mutation:
    """A field of Mutation.

    `possible` says whether anybody with an access can ever do it; `closed` names input fields, each by its type, that such a
    caller can never set.
    """

    name: str
    description: str
    input: type
    payload: type
    shown: tuple[Shown, ...]
    run: Run
    possible: Callable[[Access], bool]
    closed: Callable[[Access], Iterable[tuple[str, str]]] = field(default=lambda access: ())
    changes_rights: bool = False
    """Whether it writes what rights rest on."""
    before: Before | None = None
    """What takes long and may be done before it has its turn; it writes nothing."""
    beside: Mapping[str, Find] = field(default_factory=dict)
    """By field of the payload, what finds the records that it lists."""
