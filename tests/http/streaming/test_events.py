"""GraphQL over server-sent events."""

from __future__ import annotations

import httpx2
import orjson

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row
from tests.http.streaming.served import Served

EVENTS = "text/event-stream"


async def _asked(streams: Served, who: Row, query: str, accept: str = EVENTS) -> httpx2.Response:
    headers = {**streams.graph.bearer(who), "Accept": accept}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{streams.port}") as client:
        return await client.post("/graphql", json={"query": query}, headers=headers)


async def test_a_query_is_one_event(streams: Served, company: Company) -> None:
    response = await _asked(streams, company.rep, "{ viewer { displayName } }")
    assert (response.status_code, response.headers["content-type"]) == (200, f"{EVENTS}; charset=utf-8")
    answer = orjson.dumps(await streams.graph.ask(company.rep, "{ viewer { displayName } }")).decode()
    assert response.text == f"event: next\ndata: {answer}\n\nevent: complete\ndata: \n\n"
