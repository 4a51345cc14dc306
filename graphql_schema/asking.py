"""Who asks for what Python tells, and what it is told with."""

from __future__ import annotations

from dataclasses import dataclass

from app.identity.authority import Rights
from app.identity.principals import Read
from graphql_schema.mutations.answering import Connect


@dataclass(frozen=True, slots=True)
class Asking:
    """One request for fields of Query that Python answers."""

    rights: Rights
    """Of who asks. They are proved once all is told: what is told under rights that are gone is not sent."""
    read: Read
    """Runs one statement and gives its first row."""
    connect: Connect
    """Gives connections to write on, for what has to be noted."""
    request_id: str
    language: str
