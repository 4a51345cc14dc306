"""Asking the real application over HTTP, with real tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from app.database import Database
from app.http.graph import GraphEndpoint
from app.identity.tokens import Tokens
from app.main import Application, application, tokens_of
from app.settings import Settings
from graphql_schema.engine import Engine
from tests.graphql_schema.rows import Row

Answer = Mapping[str, Any]


@dataclass(frozen=True, repr=False)
class Asking:
    """One process that serves a database, and a client of it."""

    database: Database
    app: Application
    tokens: Tokens
    client: httpx2.AsyncClient

    def _repr_pretty_(self, printer: Any, cycle: object) -> None:
        printer.text("asking")

    @property
    def engine(self) -> Engine:
        """What answers, for its counters."""
        assert isinstance(self.app.graph, GraphEndpoint)
        return self.app.graph.engine

    def bearer(self, who: Row) -> dict[str, str]:
        """The header by which a user is known."""
        return {"Authorization": f"Bearer {self.tokens.issue(who.key)}"}

    async def post(self, who: Row, query: str, variables: Answer | None = None, **more: Any) -> httpx2.Response:
        """The response to a request."""
        asked = {"query": query, "variables": variables, **more}
        return await self.client.post("/graphql", json=asked, headers=self.bearer(who))

    async def ask(self, who: Row, query: str, variables: Answer | None = None, **more: Any) -> Answer:
        """The whole answer."""
        response = await self.post(who, query, variables, **more)
        found: Answer = response.json()
        assert response.status_code == 200, found
        return found

    async def data(self, who: Row, query: str, variables: Answer | None = None, **more: Any) -> Any:
        """The data of an answer without errors."""
        answer = await self.ask(who, query, variables, **more)
        assert list(answer) == ["data", "extensions"], answer
        return answer["data"]

    async def faults(self, who: Row, query: str, variables: Answer | None = None) -> list[tuple[str, str | None]]:
        """What is wrong with a request: code and argument of each error."""
        answer = await self.ask(who, query, variables)
        return faults_of(answer)


def faults_of(answer: Answer) -> list[tuple[str, str | None]]:
    """Code and argument of each error in an answer."""
    errors: Sequence[Any] = answer.get("errors", ())
    return [(error["extensions"]["code"], error["extensions"].get("argument")) for error in errors]


@asynccontextmanager
async def asking(
    dsn: str, settings: Settings, *, pool_size: int = 2, statement_timeout: float = 5
) -> AsyncIterator[Asking]:
    """A process over a database."""
    database = Database(dsn, pool_size=pool_size, statement_timeout=statement_timeout)
    await database.open()
    try:
        app = application(settings, database)
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            yield Asking(database, app, tokens_of(settings), client)
        await app.close()
    finally:
        await database.close()
