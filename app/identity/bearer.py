"""Bearers: of whom a token speaks, and under which grant it was given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Bearer:
    """A user, or a client that acts for itself. Tokens of the house itself (`c360 token`) are given under no grant."""

    subject: UUID
    grant: UUID | None = None
    scope: str | None = None
    """What the token was asked for, of what was granted; None where it says nothing of it."""

    def opens(self, granted: Iterable[str]) -> list[str]:
        """The scopes that a token opens, of those that were granted."""
        asked = None if self.scope is None else self.scope.split()
        return [name for name in granted if asked is None or name in asked]
