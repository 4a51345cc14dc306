"""Documents come into force at the command line, which asks nobody: it is noted, as whatever changes rights is."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg

from app.services import auditing
from app.services.auditing import By, Kind
from app.services.policies.documents import Documents
from app.services.policies.store import activate


@dataclass(frozen=True, slots=True)
class Command:
    """What an operator does, why, and by which command."""

    kind: Kind
    said: str
    """The command, as it is told."""
    note: str = ""
    based_on: int | None = None
    """Number of the version that is brought back."""


async def apply(connection: asyncpg.Connection, documents: Documents, command: Command) -> int:
    """Makes documents the active policy and returns the number of the new version. Raises PolicyError."""
    async with connection.transaction():
        number = await activate(
            connection, documents.files, command.note, tests=documents.tests, based_on=command.based_on
        )
        details = {"command": command.said, **({"version": command.based_on} if command.based_on else {})}
        await auditing.record_on(connection, command.kind, str(number), By(), details)
    return number
