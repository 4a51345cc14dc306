"""GraphQL over server-sent events."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx2
import orjson
import pytest
from starlette.types import Message

from app.http.streaming import events
from app.http.streaming.events import Events
from graphql_schema.requests import Request
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row
from tests.http.streaming.served import CHANGED, PATIENCE, Served

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


async def test_what_fails_at_once_is_an_ordinary_response(streams: Served, company: Company) -> None:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{streams.port}") as client:
        sent = await client.post("/graphql", json={"query": "{ viewer { id } }"}, headers={"Accept": EVENTS})
        assert (sent.status_code, sent.headers["content-type"]) == (401, "application/json; charset=utf-8")
        headers = {**streams.graph.bearer(company.rep), "Accept": EVENTS}
        assert (await client.post("/graphql", json=[], headers=headers)).status_code == 400
        assert (await client.put("/graphql", json={}, headers=headers)).status_code == 405


@pytest.mark.parametrize("query", ["{ viewer {", "{ nothing }", "subscription { viewerAccessChanged }"])
async def test_a_mistake_is_told_as_an_event(streams: Served, company: Company, query: str) -> None:
    async with streams.events(streams.token(company.rep), query) as heard:
        assert heard.response.status_code == 200
        found = await heard.next()
        assert found is not None and found[0] == "next" and "data" not in found[1]
        assert {error["extensions"]["code"] for error in found[1]["errors"]} == {"BAD_USER_INPUT"}
        assert [await heard.next(), await heard.next()] == [("complete", None), None]


def test_an_event_is_one_line_of_json() -> None:
    assert events.event(b'{"a":[1,\n 2]}\n') == b'event: next\ndata: {"a":[1,  2]} \n\n'


LIKED = [
    ("application/json, text/event-stream", "application/json"),
    ("text/event-stream, application/json", EVENTS),
    ("text/event-stream;q=0.5, application/json;q=0.4", EVENTS),
    ("multipart/mixed, text/event-stream", EVENTS),
    ("text/event-stream;q=0, */*", "application/json"),
    ("*/*", "application/json"),
    (
        "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
        "application/graphql-response+json",
    ),
]
"""The last is what urql sends with queries."""


@pytest.mark.parametrize(("accept", "type_"), LIKED)
async def test_the_first_of_the_types_that_are_liked_best_is_sent(
    streams: Served, company: Company, accept: str, type_: str
) -> None:
    response = await _asked(streams, company.rep, "{ viewer { id } }", accept)
    assert response.headers["content-type"] == f"{type_}; charset=utf-8"


async def test_a_subscription_is_no_request_for_one_answer(streams: Served, company: Company) -> None:
    response = await _asked(streams, company.rep, CHANGED, "application/graphql-response+json")
    assert (response.status_code, response.json()["errors"][0]["message"]) == (
        400,
        "subscriptions are asked over a WebSocket, or for text/event-stream",
    )


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("{ viewer { displayName } }", '{"viewer":{"displayName":"Rep"}}'),
        (CHANGED, '"roles":["sales_rep"]'),
        ("mutation { customerDelete(input: {id: 1}) { userErrors { code } } }", "only queries can be asked this way"),
    ],
    ids=["query", "subscription", "mutation"],
)
async def test_an_address_asks_queries_and_subscriptions(
    streams: Served, company: Company, query: str, told: str
) -> None:
    headers = {**streams.graph.bearer(company.rep), "Accept": EVENTS}
    async with (
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{streams.port}", timeout=PATIENCE) as client,
        client.stream("GET", "/graphql", params={"query": query}, headers=headers) as response,
    ):
        assert told in await anext(response.aiter_text())


async def test_a_stream_that_is_silent_breathes(
    streams: Served, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "SILENCE", 0.05)
    headers = {**streams.graph.bearer(company.rep), "Accept": EVENTS}
    async with (
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{streams.port}", timeout=PATIENCE) as client,
        client.stream("POST", "/graphql", json={"query": CHANGED}, headers=headers) as response,
    ):
        text = ""
        async for piece in response.aiter_text():
            text += piece
            if text.endswith(2 * events.COMMENT.decode()):
                break
        assert text.startswith("event: next\ndata: {")


async def test_a_reader_who_takes_nothing_is_told_nothing_more(streams: Served, company: Company) -> None:
    given, stuck = streams.graph.app.graph.events, asyncio.Event()
    assert isinstance(given, Events)
    taken: list[Message] = []

    async def take(message: Message) -> None:
        taken.append(message)
        if len(taken) == 2:
            await stuck.wait()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    scope = {"type": "http", "method": "POST", "headers": [
        (b"authorization", streams.graph.bearer(company.rep)["Authorization"].encode())
    ]}  # fmt: skip
    bearer = streams.graph.tokens.bearer(streams.token(company.rep))
    request = Request(CHANGED, id="1")
    telling = asyncio.create_task(replace(given, taken=0.05)(scope, receive, take, request, bearer))
    async with asyncio.timeout(PATIENCE):
        while len(taken) < 3:
            await asyncio.sleep(0.01)
    stuck.set()
    await telling
    assert [message.get("more_body", False) for message in taken[1:]] == [True, False]
