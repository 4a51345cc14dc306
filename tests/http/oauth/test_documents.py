"""Trusted documents: asked by digest, as the client may, and no longer once they are removed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx2
import pytest
import sqlalchemy as sa

from app.identity.oauth import documents
from app.identity.oauth.documents import CLIENTS, Document
from app.settings import Settings
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import customer, store
from tests.http.asking import Asking, asking
from tests.http.oauth.scene import Client, Signing, made

COUNT = "query Count { viewer { client { code } } }"
LIST = "query List($first: Int) { customers(first: $first) { nodes { displayName } } }"
TWO = "query One { viewer { id } } query Two { viewer { scopes } }"
INTROSPECTION = "{ __schema { queryType { name } } }"
KNOWN = [Document(name, text) for name, text in (("count", COUNT), ("list", LIST), ("two", TWO))]
MODES = ("OFF", "ALLOWED", "ONLY")


def sha(text: str) -> str:
    """The digest of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def apollo(text: str) -> Mapping[str, Any]:
    """How Apollo names a document."""
    return {"persistedQuery": {"version": 1, "sha256Hash": sha(text)}}


@dataclass(frozen=True)
class Scene:
    """A token of a partner's for itself, and one for each mode that its client can be in."""

    graph: Asking
    tokens: Mapping[str, str]
    clients: Mapping[str, Client]

    async def ask(self, token: str, body: Mapping[str, Any], **headers: str) -> httpx2.Response:
        """The response to a body."""
        given = {"Authorization": f"Bearer {token}", **headers}
        return await self.graph.client.post("/graphql", json=body, headers=given)

    async def told(self, token: str, body: Mapping[str, Any]) -> str:
        """The code of the first mistake, or else that there is data."""
        answer = (await self.ask(token, body)).json()
        return str(answer["errors"][0]["extensions"]["code"]) if "errors" in answer else "data"


async def key_of(graph: Asking, code: str) -> Any:
    """The key of a client."""
    async with graph.database.writing() as connection:
        return (await connection.execute(sa.select(CLIENTS.c.id).where(CLIENTS.c.code == code))).scalar_one()


async def trusted(graph: Asking, code: str, mode: str) -> tuple[Client, str]:
    """A client in a mode, with the documents, and a token for itself."""
    grants = ["client_credentials"]
    client = await made(graph, code=code, name=code, grant_types=grants, scopes=["graph"], role="partner", region="DE")
    key = await key_of(graph, code)
    async with graph.database.writing() as connection, connection.begin():
        await connection.execute(sa.update(CLIENTS).where(CLIENTS.c.id == key).values(documents=mode))
        await documents.add(connection, key, KNOWN)
    found = await graph.client.post("/oauth/token", data={"grant_type": "client_credentials", **client.proof})
    return client, found.json()["access_token"]


@pytest.fixture(scope="module")
async def scene(graph: Asking, company: Company, writer: asyncpg.Connection) -> Scene:
    """A client in each mode."""
    await store(writer, customer("Here", region=company.germany))
    found = {mode: await trusted(graph, f"documents-{mode.lower()}", mode) for mode in MODES}
    return Scene(
        graph, {mode: token for mode, (_, token) in found.items()}, {mode: c for mode, (c, _) in found.items()}
    )


OF_MODES = [
    ("a text", {"query": COUNT}, ("data", "data", "PERSISTED_QUERY_ONLY")),
    ("another text", {"query": "{ viewer { id } }"}, ("data", "data", "PERSISTED_QUERY_ONLY")),
    ("introspection", {"query": INTROSPECTION}, ("data", "data", "PERSISTED_QUERY_ONLY")),
    ("no document at all", {"query": "{"}, ("BAD_USER_INPUT", "BAD_USER_INPUT", "PERSISTED_QUERY_ONLY")),
    ("an id", {"documentId": f"sha256:{sha(COUNT)}"}, ("PERSISTED_QUERY_NOT_SUPPORTED", "data", "data")),
    ("an id by itself", {"documentId": sha(COUNT)}, ("PERSISTED_QUERY_NOT_SUPPORTED", "data", "data")),
    ("Apollo's", {"extensions": apollo(COUNT)}, ("PERSISTED_QUERY_NOT_SUPPORTED", "data", "data")),
    ("Apollo's, with the text", {"query": COUNT, "extensions": apollo(COUNT)}, ("data", "data", "data")),
    (
        "an unknown id",
        {"documentId": f"sha256:{sha(INTROSPECTION)}"},
        ("PERSISTED_QUERY_NOT_SUPPORTED", "PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_FOUND"),
    ),
    (
        "Apollo's, unknown",
        {"extensions": apollo(INTROSPECTION)},
        ("PERSISTED_QUERY_NOT_SUPPORTED", "PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_FOUND"),
    ),
    (
        "Apollo's attempt to register",
        {"query": INTROSPECTION, "extensions": apollo(INTROSPECTION)},
        ("data", "data", "PERSISTED_QUERY_ONLY"),
    ),
    (
        "one of two operations",
        {"documentId": f"sha256:{sha(TWO)}", "operationName": "Two"},
        ("PERSISTED_QUERY_NOT_SUPPORTED", "data", "data"),
    ),
    (
        "neither of two operations",
        {"documentId": f"sha256:{sha(TWO)}"},
        ("PERSISTED_QUERY_NOT_SUPPORTED", "BAD_USER_INPUT", "BAD_USER_INPUT"),
    ),
    ("both", {"query": COUNT, "documentId": f"sha256:{sha(COUNT)}"}, ("BAD_USER_INPUT",) * 3),
    ("another text's digest", {"query": LIST, "extensions": apollo(COUNT)}, ("BAD_USER_INPUT",) * 3),
    ("a digest of another kind", {"documentId": f"md5:{sha(COUNT)}"}, ("BAD_USER_INPUT",) * 3),
    ("capital letters", {"documentId": f"sha256:{sha(COUNT).upper()}"}, ("BAD_USER_INPUT",) * 3),
    ("a number", {"documentId": 7}, ("BAD_USER_INPUT",) * 3),
    (
        "another version",
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": sha(COUNT)}}},
        ("BAD_USER_INPUT",) * 3,
    ),
    ("no object", {"extensions": {"persistedQuery": sha(COUNT)}}, ("BAD_USER_INPUT",) * 3),
    ("nothing", {}, ("BAD_USER_INPUT",) * 3),
]


@pytest.mark.parametrize(("body", "told"), [case[1:] for case in OF_MODES], ids=[case[0] for case in OF_MODES])
async def test_a_client_asks_as_its_mode_lets_it(scene: Scene, body: Mapping[str, Any], told: tuple[str, ...]) -> None:
    assert tuple([await scene.told(scene.tokens[mode], body) for mode in MODES]) == told
    assert tuple([await scene.told(scene.tokens[mode], body) for mode in MODES]) == told


@pytest.mark.parametrize(
    ("body", "message", "status"),
    [
        ({"extensions": apollo(INTROSPECTION)}, "PersistedQueryNotFound", 400),
        ({"documentId": f"sha256:{sha(INTROSPECTION)}"}, "PersistedQueryNotFound", 400),
        ({"query": INTROSPECTION}, "this client asks its trusted documents, and nothing else", 400),
    ],
    ids=["apollo", "id", "text"],
)
async def test_what_is_not_trusted_is_an_answer_of_its_media_type(
    scene: Scene, body: Mapping[str, Any], message: str, status: int
) -> None:
    plain = await scene.ask(scene.tokens["ONLY"], body)
    assert (plain.status_code, plain.json()["errors"][0]["message"]) == (200, message)
    new = await scene.ask(scene.tokens["ONLY"], body, Accept="application/graphql-response+json")
    assert (new.status_code, new.json()["errors"][0]["message"]) == (status, message)


@pytest.mark.parametrize(
    "named",
    [{"documentId": f"sha256:{sha(LIST)}"}, {"extensions": json.dumps(apollo(LIST))}],
    ids=["documentId", "persistedQuery"],
)
async def test_a_document_is_asked_by_get(scene: Scene, named: Mapping[str, str]) -> None:
    headers = {"Authorization": f"Bearer {scene.tokens['ONLY']}"}
    given = {**named, "variables": '{"first": 1}'}
    answer = await scene.graph.client.get("/graphql", params=given, headers=headers)
    assert answer.json()["data"] == {"customers": {"nodes": [{"displayName": "Here"}]}}


async def test_tokens_of_the_house_are_bound_by_no_client(scene: Scene, company: Company) -> None:
    token = scene.graph.tokens.issue(company.admin.key)
    assert await scene.told(token, {"query": INTROSPECTION}) == "data"
    assert await scene.told(token, {"documentId": sha(COUNT)}) == "PERSISTED_QUERY_NOT_SUPPORTED"


async def test_users_who_act_through_a_client_are_bound_as_it_is(signing: Signing, front: Client, scene: Scene) -> None:
    await signing.enter()
    access = (await signing.tokens(front))["access_token"]
    assert await scene.told(access, {"documentId": sha(COUNT)}) == "PERSISTED_QUERY_NOT_SUPPORTED"
    key = await key_of(scene.graph, front.code)
    async with scene.graph.database.writing() as connection, connection.begin():
        await documents.add(connection, key, KNOWN)
        await connection.execute(sa.update(CLIENTS).where(CLIENTS.c.id == key).values(documents="ONLY"))
    try:
        assert await scene.told(access, {"query": COUNT}) == "PERSISTED_QUERY_ONLY"
        answer = (await scene.ask(access, {"documentId": sha(COUNT)})).json()
        assert answer["data"] == {"viewer": {"client": {"code": "front"}}}
    finally:
        async with scene.graph.database.writing() as connection, connection.begin():
            await connection.execute(sa.update(CLIENTS).where(CLIENTS.c.id == key).values(documents="OFF"))
    assert await scene.told(access, {"query": COUNT}) == "data"


async def test_a_document_is_no_right(scene: Scene, writer: asyncpg.Connection) -> None:
    text = "{ customers { nodes { email } } }"
    key = await key_of(scene.graph, scene.clients["ONLY"].code)
    async with scene.graph.database.writing() as connection, connection.begin():
        await documents.add(connection, key, [Document("email", text)])
    assert await scene.told(scene.tokens["ONLY"], {"documentId": sha(text)}) == "BAD_USER_INPUT"


async def test_a_document_of_another_client_is_unknown(scene: Scene) -> None:
    key = await key_of(scene.graph, scene.clients["ALLOWED"].code)
    text = "{ viewer { roles } }"
    async with scene.graph.database.writing() as connection, connection.begin():
        await documents.add(connection, key, [Document("roles", text)])
    assert await scene.told(scene.tokens["ALLOWED"], {"documentId": sha(text)}) == "data"
    assert await scene.told(scene.tokens["ONLY"], {"documentId": sha(text)}) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_document_that_was_asked_before_is_one_statement(scene: Scene) -> None:
    body = {"documentId": sha(LIST), "variables": {"first": 1}}
    await scene.ask(scene.tokens["ONLY"], body)
    reads: list[str] = []
    read = scene.graph.engine.read

    async def counting(statement: str, *arguments: object) -> Any:
        reads.append(statement)
        return await read(statement, *arguments)

    engine = scene.graph.engine
    engine.read = engine.authority.read = engine.trusting.read = counting
    try:
        assert await scene.told(scene.tokens["ONLY"], body) == "data"
    finally:
        engine.read = engine.authority.read = engine.trusting.read = read
    assert len(reads) == 1


async def test_a_document_that_is_removed_opens_nothing_from_the_next_request_on_in_any_process(
    scene: Scene, settings: Settings
) -> None:
    text = "query Gone { viewer { scopes } }"
    key = await key_of(scene.graph, scene.clients["ONLY"].code)
    async with scene.graph.database.writing() as connection, connection.begin():
        await documents.add(connection, key, [Document("gone", text)])
    body, token = {"documentId": sha(text)}, scene.tokens["ONLY"]
    async with asking(scene.graph.database.dsn, settings) as other:
        there = Scene(other, scene.tokens, scene.clients)
        for each in (scene, there):
            assert [await each.told(token, body) for _ in range(2)] == ["data", "data"]
        async with other.database.writing() as connection, connection.begin():
            await documents.remove(connection, key, [Document("gone", text).digest])
        for each in (scene, there):
            assert await each.told(token, body) == "PERSISTED_QUERY_NOT_FOUND"
        async with scene.graph.database.writing() as connection, connection.begin():
            await documents.add(connection, key, [Document("gone", text)])
        for each in (there, scene):
            assert await each.told(token, body) == "data"
