"""What operators change at the command line, noted in the audit trail with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services import auditing
from app.services.auditing import By, Kind

T = TypeVar("T")


def noted(
    kind: Kind, subject: str, work: Callable[[AsyncConnection], Awaitable[T]], **details: str
) -> Callable[[AsyncConnection], Awaitable[T]]:
    """A piece of work that is noted with what it writes."""

    async def all_of_it(connection: AsyncConnection) -> T:
        found = await work(connection)
        await auditing.record(connection, kind, subject, By(), details)
        return found

    return all_of_it
