"""The application: what serves the graph, composed from its parts."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field, fields
from functools import cached_property

from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app import console, graphiql
from app.database import Database, DatabaseUnavailable
from app.database.address import is_local
from app.database.connections import ENGINE_CONNECTIONS
from app.http import dev, health, oauth
from app.http.admission import Admission
from app.http.compressing import Compressing
from app.http.cross_origin import CrossOrigin
from app.http.graph import GraphEndpoint
from app.http.guarding import Guarding
from app.http.metrics import metrics
from app.http.requests import Refused
from app.http.streaming.events import Events
from app.http.streaming.places import Places
from app.http.streaming.socket import Bounds
from app.http.streaming.sockets import Sockets
from app.http.streaming.telling import Telling
from app.identity.authority import Authority
from app.identity.following import Following
from app.identity.key_folder import load_ring
from app.identity.keys import read_keys
from app.identity.quotas import Allowance
from app.identity.ring import Keys, keys_of
from app.identity.tokens import Tokens
from app.services.auditing import Looks
from app.settings import Settings
from graphql_schema.budgets import Budgets
from graphql_schema.budgets.counting import Counters, Here
from graphql_schema.budgets.shared import Shared, storage_at
from graphql_schema.compiler.documents import Documents
from graphql_schema.compiler.limits import Limits
from graphql_schema.engine import Engine
from graphql_schema.schema import COMPLETE
from graphql_schema.shadowing.shadowing import SECONDS, Shadowing, Time
from graphql_schema.tailoring.schemas import Schemas
from graphql_schema.trusting import Trusting
from graphql_schema.types import GRAPH

LOCAL = ["localhost", "127.0.0.1", "[::1]", "testserver"]
"""Hosts under which development mode answers, so that no foreign page gets a token by rebinding a name."""


SHADOW_DOCUMENTS, SHADOW_SCHEMAS = 200, 8
"""What is kept of documents and tailored schemas under a draft."""


def keys_in(settings: Settings) -> Keys:
    """The keys of this deployment: those given, or else those in the data directory, which are looked at again and again."""
    given = settings.token_key
    return keys_of(*read_keys(given.get_secret_value())) if given else Keys(lambda: load_ring(settings.data_dir))


def tokens_of(settings: Settings) -> Tokens:
    """The tokens of this deployment."""
    return Tokens(keys_in(settings), settings.public_url)


def limits_of(settings: Settings) -> Limits:
    """How much a document may ask."""
    return Limits(**{each.name: getattr(settings, each.name) for each in fields(Limits)})


def counters_of(settings: Settings) -> Counters:
    """Where it is counted what callers ask."""
    given = settings.valkey_url
    return Shared(storage_at(given.get_secret_value())) if given else Here()


def engine_of(database: Database, settings: Settings | None = None) -> Engine:
    """The engine over a database."""
    given = settings or Settings()
    documents = Documents(limits_of(given))
    budgets = Budgets(given.most_cost, counters_of(given))
    schemas = Schemas(COMPLETE, documents.forget)
    read, trusting = database.read, Trusting(database.read)
    authority = Authority(read, Allowance(given.requests_per_minute or None, given.cost_per_minute or None))
    return Engine(
        GRAPH,
        schemas,
        documents,
        authority,
        read,
        database.writing,
        trusting,
        database.aside(database.statement_timeout, read_only=False).read,
        Looks(database.writing, given.look_time),
        budgets,
        given.trusted_proxies,
        given.longest_answer,
        four_eyes=given.four_eyes,
    )


def shadowing_of(database: Database, settings: Settings, admission: Admission) -> Shadowing:
    """What asks a draft of the policy beside the version in force."""
    documents = Documents(limits_of(settings), SHADOW_DOCUMENTS)
    return Shadowing(
        Schemas(COMPLETE, documents.forget, SHADOW_SCHEMAS),
        documents,
        database.read,
        database.aside(SECONDS),
        database.writing,
        lambda: admission.has_leisure and not database.is_busy,
        Time(settings.shadow_time),
    )


@dataclass(frozen=True)
class Application:
    """The graph at /graphql, everything else behind Starlette's router."""

    graph: GraphEndpoint
    sockets: ASGIApp
    rest: ASGIApp
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process is about to end: what goes on for long is to end, too."""
    origins: tuple[str, ...] = ()
    """Of pages that may ask, besides our own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._shared if self.origins else self._answer)(scope, receive, send)

    @cached_property
    def _shared(self) -> ASGIApp:
        return CrossOrigin(self._answer, self.origins)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/graphql":
            await self.rest(scope, receive, send)
        elif scope["type"] == "http":
            await self.graph(scope, receive, send)
        else:
            await self.sockets(scope, receive, send)

    async def close(self) -> None:
        """Let go of what it holds beside the database."""
        await self.graph.shadowing.close()
        await self.graph.engine.looks.close()
        await self.graph.engine.budgets.counters.close()


def at_work(settings: Settings, database: Database) -> int:
    """How many requests are worked on at a time: where the database has the cores of this machine, no more than keep them busy."""
    if settings.at_work is not None:
        return settings.at_work
    connections = settings.pool_size + ENGINE_CONNECTIONS
    return min(connections, 4 * cores() + 1) if is_local(database.dsn) else connections


def cores() -> int:
    """On which this process may run."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def application(settings: Settings, database: Database) -> Application:
    """The application over an open database."""
    tokens, leaving = tokens_of(settings), asyncio.Event()
    routes = [
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz(database, leaving)),
        Route("/metrics", metrics),
        *graphiql.routes(dev=settings.dev),
        *console.routes(),
        *oauth.routes(database, tokens, settings.trusted_proxies),
        *(dev.routes(database, tokens, settings.most_bytes_of_strangers) if settings.dev else ()),
    ]
    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=LOCAL)] if settings.dev else []
    engine = engine_of(database, settings)
    working = at_work(settings, database)
    admission = Admission(settings.most_requests_per_caller, settings.most_requests, working, settings.pool_size)
    following = Following(engine.authority, database.read, leaving, settings.rights_interval)
    shadowing = shadowing_of(database, settings, admission)
    telling = Telling(engine, following, admission, settings.answer_timeout, shadowing)
    places = Places(settings.most_streams_per_caller, settings.most_streams)
    bounds = Bounds(settings.most_operations_per_socket, settings.most_message_bytes, settings.socket_begin_timeout)
    endpoint = GraphEndpoint(
        engine,
        tokens,
        lambda: graphiql.page(dev=settings.dev),
        settings.most_bytes,
        settings.answer_timeout,
        admission,
        Events(telling, tokens, places),
        Compressing(settings.compress_from),
        shadowing,
    )
    sockets = Sockets(telling, tokens, places, bounds, frozenset({settings.public_url, *settings.allowed_origins}))
    away = {DatabaseUnavailable: health.unavailable, DBAPIError: health.cancelled, Refused: health.refused}
    rest = Starlette(routes=routes, middleware=middleware, exception_handlers=away)
    rest.router.redirect_slashes = False  # to the host that a request names, whichever that is
    return Application(endpoint, sockets, Guarding(rest), leaving, settings.allowed_origins)
