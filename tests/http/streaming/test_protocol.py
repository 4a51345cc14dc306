"""graphql-transport-ws: what is said in which order, and what closes the socket."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from websockets.exceptions import InvalidStatus
from websockets.frames import Opcode

from tests.graphql_schema.company import Company
from tests.http.fixtures import Log
from tests.http.streaming.served import CHANGED, PATIENCE, Served

HELLO = "{ viewer { displayName } }"


async def test_a_query_is_answered_as_over_http(streams: Served, company: Company) -> None:
    async with streams.peer(company.rep) as peer:
        await peer.ask("1", HELLO)
        answer = await peer.hears()
        assert await peer.hears() == {"type": "complete", "id": "1"}
    assert answer == {"type": "next", "id": "1", "payload": await streams.graph.ask(company.rep, HELLO)}


async def test_a_subscription_tells_the_state_at_once(streams: Served, company: Company) -> None:
    asked = "subscription { viewerAccessChanged { __typename at viewer { id roles } policy { number note } } }"
    async with streams.peer(company.admin) as peer:
        await peer.ask("1", asked)
        told = (await peer.told("1"))["viewerAccessChanged"]
    assert told.pop("at").endswith("+00:00")
    assert told == {
        "__typename": "ViewerAccess",
        "viewer": {"id": company.admin.node, "roles": ["admin"]},
        "policy": {"number": 1, "note": "The policy that is shipped."},
    }


async def test_what_is_not_in_view_is_not_told_of_the_policy(streams: Served, company: Company) -> None:
    async with streams.peer(company.rep) as peer:
        await peer.ask("1", "subscription { viewerAccessChanged { policy { number } viewer { roles } } }")
        assert await peer.told("1") == {"viewerAccessChanged": {"policy": None, "viewer": {"roles": ["sales_rep"]}}}


async def test_operations_run_beside_each_other_under_their_ids(streams: Served, company: Company) -> None:
    async with streams.peer(company.rep) as peer:
        await peer.ask("a", CHANGED)
        assert await peer.roles("a") == ["sales_rep"]
        for id_ in ("b", "c"):
            await peer.ask(id_, HELLO)
        heard = [await peer.hears() for _ in range(4)]
    assert sorted((found["type"], found["id"]) for found in heard) == sorted(
        (type_, id_) for type_ in ("next", "complete") for id_ in ("b", "c")
    )


async def test_an_id_is_free_again_once_its_operation_is_complete(streams: Served, company: Company) -> None:
    async with streams.peer(company.rep) as peer:
        for _ in range(2):
            await peer.ask("1", HELLO)
            assert await peer.told("1") == {"viewer": {"displayName": "Rep"}}
            assert await peer.hears() == {"type": "complete", "id": "1"}
        await peer.ask("1", CHANGED)
        assert await peer.roles("1") == ["sales_rep"]
        await peer.say("complete", "1")
        await peer.ask("1", HELLO)
        assert await peer.told("1") == {"viewer": {"displayName": "Rep"}}


async def test_a_token_may_come_with_the_handshake(streams: Served, company: Company) -> None:
    async with streams.connected(additional_headers=streams.graph.bearer(company.rep)) as peer:
        await peer.say("connection_init")
        assert await peer.hears() == {"type": "connection_ack"}
        await peer.ask("1", HELLO)
        assert await peer.told("1") == {"viewer": {"displayName": "Rep"}}


async def test_the_payload_goes_before_the_handshake(streams: Served, company: Company) -> None:
    async with streams.connected(additional_headers=streams.graph.bearer(company.rep)) as peer:
        await peer.say("connection_init", None, {"Authorization": f"bearer {streams.token(company.agent)}"})
        assert await peer.hears() == {"type": "connection_ack"}
        await peer.ask("1", HELLO)
        assert await peer.told("1") == {"viewer": {"displayName": "Agent"}}


async def test_what_is_said_of_all_operations_is_said_at_the_beginning(streams: Served, company: Company) -> None:
    asked = 'mutation { customerCreate(input: {kind: ORGANIZATION, displayName: ""}) { userErrors { message } } }'
    async with streams.connected(additional_headers={"Accept-Language": "en", "Idempotency-Key": "k"}) as peer:
        said = {"authorization": f"Bearer {streams.token(company.rep)}", "Accept-Language": "zh"}
        await peer.say("connection_init", None, said)
        assert await peer.hears() == {"type": "connection_ack"}
        for id_ in ("1", "2"):
            await peer.ask(id_, asked)
            found = await peer.told(id_)
            assert await peer.hears() == {"type": "complete", "id": id_}
    told = [error["message"] for error in found["customerCreate"]["userErrors"]]
    assert told and not any(message.isascii() for message in told)


async def test_a_mutation_writes(streams: Served, company: Company) -> None:
    asked = """mutation ($input: CustomerCreateInput!) {
      customerCreate(input: $input) { customer { displayName } userErrors { code } }
    }"""
    given = {"kind": "ORGANIZATION", "displayName": "Socket & Sons", "region": company.germany.node}
    given["owner"] = company.rep.node
    async with streams.peer(company.rep) as peer:
        await peer.ask("1", asked, variables={"input": given})
        assert await peer.told("1") == {
            "customerCreate": {"customer": {"displayName": "Socket & Sons"}, "userErrors": []}
        }
    found = await streams.graph.data(
        company.rep, '{ customers(where: {displayName: {eq: "Socket & Sons"}}) { totalCount } }'
    )
    assert found == {"customers": {"totalCount": 1}}


async def test_pings_are_answered_before_and_after_it_is_known_who_asks(streams: Served, company: Company) -> None:
    async with streams.connected() as peer:
        await peer.say("ping")
        assert await peer.hears() == {"type": "pong"}
        assert await peer.is_let_in(streams.token(company.rep))
        await peer.say("pong")
        await peer.say("ping", None, {"at": 1})
        assert await peer.hears() == {"type": "pong", "payload": {"at": 1}}


async def test_a_message_may_come_in_pieces(streams: Served, company: Company) -> None:
    async with streams.peer(company.rep) as peer:
        text = orjson.dumps({"type": "subscribe", "id": "ü", "payload": {"query": HELLO}}).decode()
        await peer.connection.send([text[:20], text[20:40], text[40:]])
        assert await peer.told("ü") == {"viewer": {"displayName": "Rep"}}


# What is wrong with one operation


MISTAKEN = [
    ("{ viewer {", "BAD_USER_INPUT", {}),
    ("", "BAD_USER_INPUT", {}),
    ("{ nothing }", "BAD_USER_INPUT", {}),
    ("query ($a: Int!) { customers(first: $a) { totalCount } }", "BAD_USER_INPUT", {"variables": {"a": "x"}}),
    ("query A { viewer { id } } query B { viewer { id } }", "BAD_USER_INPUT", {"operationName": "C"}),
    ("subscription { a: viewerAccessChanged { at } b: viewerAccessChanged { at } }", "BAD_USER_INPUT", {}),
    ("subscription { __typename }", "BAD_USER_INPUT", {}),
    ("subscription { viewerAccessChanged }", "BAD_USER_INPUT", {}),
    ("{ customers { nodes { " + 12 * "customer { " + "id" + 12 * " }" + " } } }", "BAD_USER_INPUT", {}),
    ("{ viewer { id } }", "BAD_USER_INPUT", {"extensions": {"explainCost": 1}}),
    (None, "BAD_USER_INPUT", {"documentId": "x"}),
    (None, "PERSISTED_QUERY_NOT_SUPPORTED", {"documentId": 64 * "0"}),
    (None, "PERSISTED_QUERY_NOT_SUPPORTED",
     {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 64 * "0"}}}),
    ("{ customers(first: 100) { nodes { orders(first: 100) { nodes { lines(first: 100) { nodes { id } } } } } } }",
     "COST_EXCEEDED", {}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "code", "more"), MISTAKEN, ids=[str(i) for i in range(len(MISTAKEN))])
async def test_a_mistake_ends_an_operation_and_not_the_socket(
    streams: Served, company: Company, query: str | None, code: str, more: dict[str, Any]
) -> None:
    async with streams.peer(company.rep) as peer:
        await peer.ask("1", query, **more)
        assert set(await peer.errors("1")) == {code}
        await peer.ask("1", HELLO)
        assert await peer.told("1") == {"viewer": {"displayName": "Rep"}}


async def test_a_field_that_fails_is_part_of_the_answer(streams: Served, company: Company) -> None:
    async with streams.peer(company.rep) as peer:
        await peer.ask("1", "{ customers(first: 0) { totalCount } }")
        found = await peer.hears()
        assert (found["type"], found["payload"]["data"]) == ("next", {"customers": None})
        assert found["payload"]["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert await peer.hears() == {"type": "complete", "id": "1"}


# What closes the socket


WRONG: list[tuple[str, str | bytes, int]] = [
    ("nothing", "", 4400),
    ("text", "hello", 4400),
    ("null", "null", 4400),
    ("number", "1", 4400),
    ("string", '"ping"', 4400),
    ("array", '[{"type":"ping"}]', 4400),
    ("no type", "{}", 4400),
    ("type of a list", '{"type":[]}', 4400),
    ("unknown type", '{"type":"start","id":"1","payload":{"query":"{ viewer { id } }"}}', 4400),
    ("what servers say", '{"type":"next","id":"1","payload":{}}', 4400),
    ("binary", b'{"type":"ping"}', 4400),
    ("deep", "[" * 20_000, 4400),
    ("deep inside", '{"type":"ping","payload":' + "[" * 20_000, 4400),
    ("long number", '{"type":"ping","payload":' + "1" * 6_000 + "}", 4400),
    ("lone surrogate", '{"type":"ping","payload":{"a":"\\ud800"}}', 4400),
    ("payload of ping", '{"type":"ping","payload":1}', 4400),
    ("payload of pong", '{"type":"pong","payload":[]}', 4400),
    ("no id", '{"type":"subscribe","payload":{"query":"{ viewer { id } }"}}', 4400),
    ("empty id", '{"type":"subscribe","id":"","payload":{"query":"{ viewer { id } }"}}', 4400),
    ("id of a number", '{"type":"subscribe","id":1,"payload":{"query":"{ viewer { id } }"}}', 4400),
    ("complete without id", '{"type":"complete"}', 4400),
    ("no payload", '{"type":"subscribe","id":"1"}', 4400),
    ("payload of a list", '{"type":"subscribe","id":"1","payload":[]}', 4400),
    ("no query", '{"type":"subscribe","id":"1","payload":{}}', 4400),
    ("query of a list", '{"type":"subscribe","id":"1","payload":{"query":[]}}', 4400),
    ("variables", '{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":"x"}}', 4400),
    ("variables of a list", '{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":[]}}', 4400),
    ("operationName", '{"type":"subscribe","id":"1","payload":{"query":"{ a }","operationName":1}}', 4400),
    ("extensions", '{"type":"subscribe","id":"1","payload":{"query":"{ a }","extensions":"x"}}', 4400),
    ("again", '{"type":"connection_init"}', 4429),
    ("too long", '{"type":"ping","payload":{"a":"' + "a" * 65_536 + '"}}', 1009),
    ("long for its letters", '{"type":"ping","payload":{"a":"' + "€" * 22_000 + '"}}', 1009),
]


@pytest.mark.parametrize(("message", "code"), [wrong[1:] for wrong in WRONG], ids=[wrong[0] for wrong in WRONG])
async def test_what_is_no_message_closes_the_socket(
    streams: Served, company: Company, log: Log, message: str | bytes, code: int
) -> None:
    async with streams.peer(company.rep) as peer:
        await peer.connection.send(message)
        assert await peer.closed() == code
    assert [line["event"] for line in log.lines()] in ([], ["socket"])


async def test_text_that_is_no_utf8_closes_the_socket(streams: Served, company: Company, log: Log) -> None:
    async with streams.peer(company.rep) as peer:
        peer.connection.protocol.send_text(b'{"type":"\xff\xfe"}')
        peer.connection.transport.write(b"".join(peer.connection.protocol.data_to_send()))
        assert await peer.closed() == 4400
    assert "Traceback" not in log.text()


@pytest.mark.parametrize("opcode", [Opcode.CONT, 3, 11], ids=["continuation", "reserved", "reserved control"])
async def test_frames_that_are_none_close_the_socket(streams: Served, company: Company, opcode: int) -> None:
    async with streams.peer(company.rep) as peer:
        peer.connection.transport.write(_frame(opcode))
        assert await peer.closed() == 1002


def _frame(opcode: int, payload: bytes = b"", *, last: bool = True) -> bytes:
    """A frame of less than 126 bytes, masked with zeros."""
    return bytes([(0x80 if last else 0) | opcode, 0x80 | len(payload), 0, 0, 0, 0]) + payload


async def test_a_message_has_so_many_pieces(streams: Served, company: Company) -> None:
    async with streams.peer(company.rep) as peer:
        peer.connection.transport.write(_frame(Opcode.TEXT, last=False) + 1_100 * _frame(Opcode.CONT, last=False))
        assert await peer.closed() == 1009


async def test_who_pings_and_takes_no_answer_is_left(streams: Served, company: Company, log: Log) -> None:
    async with streams.peer(company.rep) as peer:
        transport = peer.connection.transport
        transport.pause_reading()
        flood = 10_000 * _frame(Opcode.PING, 125 * b"a")
        async with asyncio.timeout(PATIENCE):
            while not log.lines():
                if not transport.is_closing():
                    transport.write(flood)
                await asyncio.sleep(0.01)
        assert [(line["event"], line["closed"]) for line in log.lines()] == [("socket", 1005)]
        transport.abort()


async def test_an_id_in_use_closes_the_socket(streams: Served, company: Company) -> None:
    async with streams.peer(company.rep) as peer:
        for _ in range(2):
            await peer.ask("1", CHANGED)
        assert await peer.closed() == 4409


async def test_nothing_is_asked_before_it_is_known_who_asks(streams: Served) -> None:
    async with streams.connected() as peer:
        await peer.ask("1", HELLO)
        assert await peer.closed() == 4401


STRANGERS: list[tuple[str, Any]] = [
    ("nothing", None),
    ("no token", {}),
    ("another scheme", {"authorization": "Basic YTpi"}),
    ("no text", {"authorization": 1}),
    ("no token of ours", {"authorization": "Bearer x"}),
    ("no latin", {"authorization": "Bearer 密"}),
    ("line breaks", {"authorization": "Bearer x\r\ny: z"}),
]


@pytest.mark.parametrize("payload", [found[1] for found in STRANGERS], ids=[found[0] for found in STRANGERS])
async def test_whoever_is_unknown_is_turned_away(streams: Served, payload: Any) -> None:
    async with streams.connected() as peer:
        await peer.say("connection_init", None, payload)
        assert await peer.closed() == 4403


@pytest.mark.parametrize("lifetime", [-60, -31])
async def test_a_token_that_has_expired_opens_nothing(streams: Served, company: Company, lifetime: int) -> None:
    async with streams.connected() as peer:
        token = streams.token(company.rep, lifetime)
        await peer.say("connection_init", None, {"authorization": f"Bearer {token}"})
        assert await peer.closed() == 4403


@pytest.mark.parametrize(
    "offered", [["graphql-ws"], ["soap"], ["graphql-ws", "soap"], ["GRAPHQL-TRANSPORT-WS"]], ids=" ".join
)
async def test_no_other_subprotocol_is_spoken(streams: Served, offered: list[str]) -> None:
    async with streams.connected(*offered) as peer:
        assert peer.connection.subprotocol is None
        assert await peer.closed() == 4406


async def test_of_several_subprotocols_ours_is_chosen(streams: Served) -> None:
    async with streams.connected("graphql-ws", "graphql-transport-ws") as peer:
        assert peer.connection.subprotocol == "graphql-transport-ws"


HANDSHAKES = [
    ("long header", f"x: {'x' * 9_000}\r\n", 431),
    ("many headers", "".join(f"x{i}: x\r\n" for i in range(200)), 431),
    ("old version", "sec-websocket-version: 8\r\n", 400),
]


@pytest.mark.parametrize(("more", "status"), [each[1:] for each in HANDSHAKES], ids=[each[0] for each in HANDSHAKES])
async def test_a_handshake_that_cannot_be_read_is_refused_in_silence(
    streams: Served, log: Log, caplog: pytest.LogCaptureFixture, more: str, status: int
) -> None:
    version = "" if "version" in more else "sec-websocket-version: 13\r\n"
    head = (
        "GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
        f"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{version}{more}\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", streams.port)
    writer.write(head.encode())
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert "Traceback" not in log.text() + caplog.text


async def test_sockets_connect_to_the_graph_alone(streams: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with streams.connected(path="/healthz"):
            pass
    assert refused.value.response.status_code == 403


ORIGINS = [
    (None, True),
    ("http://127.0.0.1:{port}", True),
    ("https://127.0.0.1:{port}", True),
    ("http://127.0.0.1:8000", True),
    ("http://127.0.0.1:1", False),
    ("http://evil.example", False),
    ("null", False),
    ("http://evil.example@127.0.0.1:{port}", False),
    ("http://[", False),
]
"""The third is a page behind a proxy that ends TLS, the fourth has the address under which people reach the server."""


@pytest.mark.parametrize(("origin", "welcome"), ORIGINS, ids=[str(origin[0]) for origin in ORIGINS])
async def test_pages_of_other_origins_may_not_connect(streams: Served, origin: str | None, *, welcome: bool) -> None:
    given = origin and origin.format(port=streams.port)
    if welcome:
        async with streams.connected(origin=given):
            return
    with pytest.raises(InvalidStatus) as refused:
        async with streams.connected(origin=given):
            pass
    assert refused.value.response.status_code == 403
