"""How much may last at a time, how long it may take, and how it ends."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import asyncpg
import orjson
import pytest
from websockets.exceptions import InvalidStatus

from app.http.streaming import expiry
from app.http.streaming.sockets import Sockets
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.http.asking import asking
from tests.http.fixtures import Log
from tests.http.gated import GATED, gate, shut, until, waiting
from tests.http.streaming.served import CHANGED, Here, Peer, served

__all__ = ["gate"]

HELLO = "{ viewer { displayName } }"

Serve = Callable[..., Awaitable[Here]]


@pytest.fixture
async def serve(database: TemporaryDatabase, company: Company, settings: Settings) -> AsyncIterator[Serve]:
    """Serves the company under settings, for one test; `taken` are the seconds within which a peer takes a message."""
    async with AsyncExitStack() as stack:

        async def found(*, taken: float = 20, **given: Any) -> Here:
            with_these = settings.model_copy(update={"rights_interval": 0.05, **given})
            graph = await stack.enter_async_context(asking(database.dsn, with_these, pool_size=4))
            sockets = graph.app.sockets
            assert isinstance(sockets, Sockets)
            bounds = replace(sockets.bounds, taken=taken)
            app = replace(graph.app, sockets=replace(sockets, bounds=bounds))
            return await stack.enter_async_context(served(replace(graph, app=app), with_these))

        yield found


async def _logged(log: Log, event: str) -> Mapping[str, Any]:
    """The first line of an event, as soon as there is one."""
    found: list[Mapping[str, Any]] = []

    async def is_there() -> bool:
        found[:] = [line for line in log.lines() if line["event"] == event]
        return bool(found)

    await until(is_there)
    return found[0]


# How much


async def test_a_caller_has_so_many_sockets_and_streams(serve: Serve, company: Company) -> None:
    streams = await serve(most_streams_per_caller=2)
    token = streams.token(company.rep)
    init = {"authorization": f"Bearer {token}"}
    async with streams.peer(company.rep) as peer, streams.peer(company.agent):
        async with streams.events(token) as events:
            assert await events.roles() == ["sales_rep"]
            async with streams.connected() as other:
                await other.say("connection_init", None, init)
                assert await other.closed() == 1013
            async with streams.events(token) as refused:
                assert (refused.response.status_code, refused.response.headers["retry-after"]) == (429, "1")
                body = orjson.loads(await refused.response.aread())
                assert body["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        await peer.ask("1", HELLO)
        await peer.told("1")

        async def is_let_in() -> bool:
            async with streams.connected() as again:
                return await again.is_let_in(token)

        await until(is_let_in)


async def test_a_server_has_so_many_sockets_and_streams(serve: Serve, company: Company) -> None:
    streams = await serve(most_streams=2)
    async with streams.connected(), streams.peer(company.rep):
        with pytest.raises(InvalidStatus) as refused:
            async with streams.connected():
                pass
        response = refused.value.response
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        assert orjson.loads(response.body or b"")["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        async with streams.events(streams.token(company.agent)) as events:
            assert (events.response.status_code, events.response.headers["retry-after"]) == (503, "1")
        assert (await streams.graph.post(company.rep, HELLO)).status_code == 200


async def test_a_socket_has_so_many_operations(serve: Serve, company: Company) -> None:
    streams = await serve(most_operations_per_socket=2)
    async with streams.peer(company.rep) as peer:
        for id_ in ("1", "2"):
            await peer.ask(id_, CHANGED)
            await peer.told(id_)
        await peer.ask("3", HELLO)
        assert await peer.errors("3") == ["RATE_LIMITED"]
        await peer.say("complete", "1")
        await peer.say("ping")
        assert await peer.hears() == {"type": "pong"}
        await peer.ask("3", HELLO)
        assert await peer.told("3") == {"viewer": {"displayName": "Rep"}}


async def test_an_operation_that_ends_before_it_begins_leaves_nothing(
    serve: Serve, company: Company, recwarn: pytest.WarningsRecorder
) -> None:
    streams = await serve()
    async with streams.peer(company.rep) as peer:
        protocol = peer.connection.protocol
        for message in ({"type": "subscribe", "id": "1", "payload": {"query": HELLO}}, {"type": "complete", "id": "1"}):
            protocol.send_text(orjson.dumps(message))
        peer.connection.transport.write(b"".join(protocol.data_to_send()))
        await peer.say("ping")
        assert await peer.hears() == {"type": "pong"}
        gc.collect()
    assert [str(warning.message) for warning in recwarn] == []


async def test_a_caller_has_so_many_answers_made_at_a_time(
    serve: Serve, company: Company, gate: asyncpg.Connection
) -> None:
    streams = await serve(most_requests_per_caller=2)
    admin = company.admin
    async with streams.told(admin), shut(gate), streams.peer(admin) as peer, streams.peer(admin) as other:
        await peer.ask("1", GATED)
        await other.ask("1", GATED)
        await waiting(gate, 2)
        await peer.ask("2", HELLO)
        assert await peer.errors("2") == ["RATE_LIMITED"]
        assert (await streams.graph.post(company.admin, HELLO)).status_code == 429
        assert (await streams.graph.post(company.rep, HELLO)).status_code == 200


OWN = "subscription { viewerAccessChanged { viewer { user { ownedSegments { totalCount } } } } }"
LOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def test_what_a_caller_is_told_unasked_is_made_one_after_another(
    serve: Serve, company: Company, writer: asyncpg.Connection
) -> None:
    streams, admin = await serve(), company.admin
    ids = [str(number) for number in range(6)]

    async def is_locked() -> bool:
        found: int = await writer.fetchval(LOCKED)
        return found > 0

    async with streams.peer(admin) as peer, streams.peer(admin) as other:
        async with writer.transaction():
            await writer.execute("LOCK TABLE segments")
            for each in (peer, other):
                for id_ in ids:
                    await each.ask(id_, OWN)
                await each.say("ping")
                assert await each.hears() == {"type": "pong"}
            await until(is_locked)
            assert (await streams.graph.post(company.rep, HELLO)).status_code == 200
            assert await writer.fetchval(LOCKED) == 1
        for each in (peer, other):
            assert {(await each.hears())["id"] for _ in ids} == set(ids)


async def test_what_is_asked_counts_as_over_http(serve: Serve, company: Company) -> None:
    streams = await serve(requests_per_minute=3)
    async with streams.peer(company.rep) as peer:
        await peer.ask("1", CHANGED)
        await peer.told("1")
        await peer.ask("2", HELLO)
        await peer.told("2")
        assert await peer.hears() == {"type": "complete", "id": "2"}
        assert (await streams.graph.post(company.rep, HELLO)).status_code == 200
        await peer.ask("3", HELLO)
        assert await peer.errors("3") == ["RATE_LIMITED"]
        async with streams.events(streams.token(company.rep)) as events:
            assert events.response.status_code == 429


async def test_pages_of_allowed_origins_may_connect(serve: Serve, company: Company) -> None:
    streams = await serve(allowed_origins=("https://app.example",))
    async with streams.connected(origin="https://app.example") as peer:
        assert await peer.is_let_in(streams.token(company.rep))
    with pytest.raises(InvalidStatus):
        async with streams.connected(origin="https://other.example"):
            pass


# How long


async def test_who_asks_is_said_in_time(serve: Serve) -> None:
    streams = await serve(socket_begin_timeout=0.1)
    async with streams.connected() as peer:
        await peer.say("ping")
        assert await peer.closed() == 4408


async def test_an_answer_that_takes_too_long_is_an_error_of_its_operation(
    serve: Serve, company: Company, gate: asyncpg.Connection
) -> None:
    streams = await serve(answer_timeout=0.3)
    async with shut(gate), streams.peer(company.admin) as peer:
        await peer.ask("1", GATED)
        assert await peer.errors("1") == ["TIMEOUT"]
        await waiting(gate, 0)
        await peer.ask("1", HELLO)
        assert await peer.told("1") == {"viewer": {"displayName": "Admin"}}


@pytest.mark.parametrize("how", ["complete", "close", "break off"])
async def test_what_nobody_waits_for_ends_in_the_database(
    serve: Serve, company: Company, gate: asyncpg.Connection, log: Log, how: str
) -> None:
    streams = await serve()
    async with shut(gate), streams.peer(company.admin) as peer:
        await peer.ask("1", GATED)
        await waiting(gate, 1)
        if how == "complete":
            await peer.say("complete", "1")
        elif how == "close":
            await peer.connection.close()
        else:
            peer.connection.transport.abort()
        await waiting(gate, 0)
    assert (await _logged(log, "request"))["status"] == 499


async def test_a_stream_that_nobody_reads_ends_in_the_database(
    serve: Serve, company: Company, gate: asyncpg.Connection
) -> None:
    streams = await serve()
    async with shut(gate):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5), streams.events(streams.token(company.admin), GATED):
                pass
        await waiting(gate, 0)


async def test_a_token_that_expires_closes_what_it_opened(
    serve: Serve, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "LOOK", 0.05)
    streams = await serve()
    token = streams.token(company.rep, -28)  # clocks may differ by thirty seconds
    async with streams.peer(company.rep, token) as peer, streams.events(token) as events:
        await peer.ask("1", CHANGED)
        assert await peer.roles("1") == await events.roles() == ["sales_rep"]
        assert await peer.closed() == 4403
        assert await events.next() is None


def _flood(peer: Peer) -> None:
    """Asks for more than any buffer holds, and takes nothing of it."""
    ping = orjson.dumps({"type": "ping", "payload": {"a": "a" * 60_000}})
    peer.connection.transport.pause_reading()
    for _ in range(400):
        peer.connection.protocol.send_text(ping)
        peer.connection.transport.write(b"".join(peer.connection.protocol.data_to_send()))


async def _alone(streams: Here) -> None:
    """Waits until nobody is connected."""

    async def is_alone() -> bool:
        return not streams.server.server_state.connections

    await until(is_alone)


@pytest.mark.parametrize("stuck", [False, True], ids=["silent", "stuck"])
async def test_a_peer_that_answers_no_ping_is_left(serve: Serve, company: Company, log: Log, *, stuck: bool) -> None:
    streams = await serve(socket_ping_interval=0.2)
    async with streams.peer(company.agent) as peer:
        _flood(peer) if stuck else peer.connection.transport.pause_reading()
        line = await _logged(log, "socket")
        assert (line["user"], line["closed"]) == (str(company.agent.key), 1006 if stuck else 1005)
        await _alone(streams)
        peer.connection.transport.abort()


async def test_a_peer_that_takes_nothing_is_left(serve: Serve, company: Company, log: Log) -> None:
    streams = await serve(taken=0.2)
    async with streams.peer(company.rep) as peer:
        _flood(peer)
        assert (await _logged(log, "socket"))["closed"] == 1013
        await _alone(streams)
        peer.connection.transport.abort()


# How it ends


async def _is_deaf(streams: Here) -> bool:
    """Whether it takes no new connections, and has told those there are."""
    return not streams.server.servers[0].is_serving()


async def test_a_server_that_ends_answers_what_runs_and_sends_everybody_elsewhere(
    serve: Serve, company: Company, gate: asyncpg.Connection
) -> None:
    streams = await serve()
    token = streams.token(company.rep)
    async with (
        streams.peer(company.admin) as busy,
        streams.peer(company.rep) as idle,
        streams.told(company.rep) as listening,
        streams.events(token) as events,
    ):
        assert await events.roles() == ["sales_rep"]
        async with shut(gate):
            await busy.ask("1", GATED)
            await waiting(gate, 1)
            streams.server.handle_exit(signal.SIGTERM, None)
            await until(lambda: _is_deaf(streams))
            assert [await peer.closed() for peer in (idle, listening)] == [1012, 1012]
            assert await events.next() is None
        assert await busy.told("1") == {"surveys": {"nodes": []}}
        assert await busy.hears() == {"type": "complete", "id": "1"}
        assert await busy.closed() == 1012


async def test_a_server_that_is_about_to_end_sends_newcomers_elsewhere(serve: Serve, company: Company) -> None:
    streams = await serve()
    streams.graph.app.leaving.set()
    token = streams.token(company.rep)
    async with streams.connected() as late:
        await late.say("connection_init", None, {"authorization": f"Bearer {token}"})
        assert await late.closed() == 1012
    async with streams.events(token) as refused:
        assert refused.response.status_code == 503
