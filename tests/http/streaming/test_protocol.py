"""graphql-transport-ws: what is said in which order, and what closes the socket."""

from __future__ import annotations

from tests.graphql_schema.company import Company
from tests.http.streaming.served import CHANGED, Served

DEEP = b"[" * 20_000
HELLO = {"query": "{ viewer { displayName } }"}


async def test_a_query_is_answered_as_over_http(streams: Served, company: Company) -> None:
    async with streams.peer(company.rep) as peer:
        await peer.ask("1", "{ viewer { displayName } }")
        answer = await peer.hears()
        assert await peer.hears() == {"type": "complete", "id": "1"}
    assert answer == {
        "type": "next",
        "id": "1",
        "payload": await streams.graph.ask(company.rep, "{ viewer { displayName } }"),
    }


async def test_a_subscription_tells_the_state_at_once(streams: Served, company: Company) -> None:
    async with streams.peer(company.rep) as peer:
        await peer.ask("1", CHANGED)
        assert await peer.roles("1") == ["sales_rep"]
