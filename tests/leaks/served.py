"""A database served by the real application, asked at its front door."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

import asyncpg

from app.database import Database
from app.http.graph import GraphEndpoint
from app.identity.authority import Authority
from app.identity.bearer import Bearer
from app.identity.principals import Known
from app.identity.tokens import Tokens
from app.main import Application, application, tokens_of
from app.settings import Settings
from policies.principal import Party
from tests.http.wire import Header, send
from tests.leaks.operations.operation import Operation

REQUEST_ID = "the-same-in-both"
A_DAY = 24 * 60 * 60
TIMEOUT = 10
AT_ANY_COST = {"most_cost": 1_000_000_000, "shadow_time": 0.0, "look_time": 0.0}
"""Pages may be as large as they like, so that whatever is drawn is answered; and nothing is asked between answers."""


class Watched(Database):
    """A database that notes the statements it is asked."""

    asked: list[str]

    async def read(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        """The first row of one statement, which is noted."""
        self.asked.append(statement)
        return await super().read(statement, *arguments)


@dataclass(frozen=True)
class Answer:
    """All that a caller is sent, and the statements that it took."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statements: tuple[str, ...]

    @property
    def json(self) -> Any:
        """The body's data."""
        return json.loads(self.body)

    @property
    def codes(self) -> list[str]:
        """The codes of its errors."""
        return [error["extensions"]["code"] for error in self.json.get("errors", ())]


@dataclass(frozen=True)
class Served:
    """One database behind its own application."""

    database: Watched
    app: Application
    tokens: Tokens
    _issued: dict[UUID, Header] = field(default_factory=dict)

    def _bearer(self, user: UUID) -> Header:
        if user not in self._issued:
            token = self.tokens.issue(user, A_DAY)
            self._issued[user] = (b"authorization", f"Bearer {token}".encode())
        return self._issued[user]

    async def ask(self, user: UUID, operation: Operation) -> Answer:
        """The answer to a user."""
        asked: dict[str, Any] = {"query": operation.text, "variables": operation.variables}
        if operation.name is not None:
            asked["operationName"] = operation.name
        headers = [self._bearer(user), (b"x-request-id", REQUEST_ID.encode()), (b"content-type", b"application/json")]
        before = len(self.database.asked)
        if operation.by_get:
            query = urlencode({**asked, "variables": json.dumps(operation.variables)})
            sent = await send(self.app, "GET", headers=headers, query=query.encode())
        else:
            sent = await send(self.app, headers=headers, body=[json.dumps(asked).encode()])
        statements = tuple(self.database.asked[before:])
        return Answer(sent.status, tuple(sent.headers.items()), sent.body, statements)


VERSION = "SELECT coalesce(sum(version), 0)::bigint AS version FROM access_versions WHERE subject_id = ANY ($1::uuid[])"


@dataclass
class Bounding(Authority):
    """An authority that knows of ceilings, by user, as one that loads clients and scopes would."""

    ceilings: Ceilings = field(default_factory=dict)

    async def _load(self, bearer: Bearer) -> Known | None:
        known = await super()._load(bearer)
        if known is not None and bearer.subject in self.ceilings:
            bound = replace(known.principal, ceilings=self.ceilings[bearer.subject])
            row = await self.read(VERSION, list(bound.subjects))
            known = Known(bound, replace(known.proof, access_version=row["version"]))
            self._known[bearer] = known
        return known


Ceilings: TypeAlias = Mapping[UUID, tuple[Party, ...]]


@asynccontextmanager
async def served(dsn: str, settings: Settings, ceilings: Ceilings) -> AsyncIterator[Served]:
    """A database, served; some users ask within ceilings."""
    database = Watched(dsn, pool_size=1, statement_timeout=TIMEOUT)
    database.asked = []
    await database.open()
    try:
        app = application(settings.model_copy(update=AT_ANY_COST), database)
        assert isinstance(app.graph, GraphEndpoint)
        app.graph.engine.authority = Bounding(database.read, ceilings=ceilings)
        yield Served(database, app, tokens_of(settings))
    finally:
        await database.close()
