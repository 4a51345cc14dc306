"""Bearers: of whom a token speaks, and under which grant it was given."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Bearer:
    """A user, or a client that acts for itself. Tokens of the house itself (`c360 token`) are given under no grant."""

    subject: UUID
    grant: UUID | None = None
