"""A request: what is asked, what it comes to, and what is known of it while it is answered."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.identity.authority import Rights
from app.identity.bearer import Bearer
from app.services.messages import ENGLISH
from graphql_schema.compiler.documents import Prepared
from graphql_schema.noting import Note


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller asks."""

    text: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation: str | None = None
    id: str = ""
    explain: bool = False
    """Whether what it costs is asked, and no more."""
    purpose: str | None = None
    """What it is for, as the caller declares."""
    language: str = ENGLISH
    """In which mistakes are told."""
    key: str | None = None
    """What the caller calls it, so that it can be sent again."""
    digest: bytes | None = None
    """SHA-256 of the trusted document that it names; then its text may be empty."""
    path: Callable[[], Sequence[str]] = tuple
    """Gives the addresses that it came by, the nearest first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The response's bytes, the code of the first error in it, and what went wrong inside, if anything did."""

    body: bytes
    code: str = ""
    failure: Exception | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that can be executed: its operation with the variables' values, and the rights of who asks."""

    request: Request
    prepared: Prepared
    variables: Mapping[str, Any]
    rights: Rights
    bearer: Bearer
    note: Note


def plan_key(text: str, asked: Asked) -> Hashable:
    """All that a plan depends on."""
    access, prepared = asked.rights.access, asked.prepared
    return (text, asked.request.operation, prepared.shape(asked.variables), access.shape, access.policy.digest)
