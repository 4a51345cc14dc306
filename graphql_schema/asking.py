"""Who asks for what Python tells, and what it is told with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from app.identity.authority import Authority, Rights
from app.identity.principals import Read
from app.services.auditing import Looks
from graphql_schema.compiler.documents import Documents
from graphql_schema.kept import Kept
from graphql_schema.mutations.answering import Connect
from graphql_schema.tailoring.schemas import Schemas

Look: TypeAlias = Callable[[Rights, str, Mapping[str, Any], str | None], Awaitable[bytes]]
"""Answers a query under other rights: its text, variables and operation. Who asks is charged. Raises Invalid, Stale."""


@dataclass(frozen=True, slots=True)
class Met:
    """The rights of who looks, of who is looked as, and of both together."""

    asker: Rights
    person: Rights
    together: Rights


@dataclass(frozen=True, slots=True)
class Asking:
    """One request for fields of Query that Python answers."""

    rights: Rights
    """Of who asks. They are proved once all is told: what is told under rights that are gone is not sent."""
    read: Read
    """Runs one statement and gives its first row."""
    connect: Connect
    """Gives connections to write on, for what has to be noted."""
    authority: Authority
    """Knows everyone's rights."""
    schemas: Schemas
    """Knows the schema that each sees."""
    documents: Documents
    look: Look
    note: Read
    """Runs one statement that writes, by itself, and gives its first row."""
    met: Kept[tuple[UUID, UUID], Met]
    """Who lately looked as whom. That somebody still may is asked each time."""
    looks: Looks
    """Notes them for the audit."""
    request_id: str
    language: str
