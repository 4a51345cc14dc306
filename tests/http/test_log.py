"""The log: one line for a request, whatever becomes of it, and nothing in it that is anybody's business."""

from __future__ import annotations

import hashlib
from typing import Any

import asyncpg
import pytest

from graphql_schema.compiler.roots import root
from graphql_schema.engine import Engine
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import customer, store
from tests.http.asking import Asking
from tests.http.fixtures import Log
from tests.http.wire import send

KEYS = {
    "request_id", "principal", "client", "operation", "document", "cost", "objects", "bytes", "ms", "status", "code",
    "event", "level", "timestamp",
}  # fmt: skip
SECRETS = ["Secretname", "secret@example.com", "secretalias", "secretvalue"]


@pytest.fixture(scope="module")
async def _secrets(writer: asyncpg.Connection, company: Company) -> None:
    await store(writer, customer("Secretname", email="secret@example.com", region=company.germany))


ASKED: list[tuple[str, Any, int, str | None]] = [
    ("query named { secretalias: customers { nodes { displayName email } } }", None, 200, None),
    ("query($secretvalue: String) { customers(where: {email: {eq: $secretvalue}}) { totalCount } }",
     {"secretvalue": "secret@example.com"}, 200, None),
    ('{ customers(where: {email: {eq: "secret@example.com"}}) { nodes { email } } }', None, 200, None),
    ('{ secretalias: node(id: "secretvalue") { id } }', None, 200, "BAD_USER_INPUT"),
    ('{ customers(where: {birthDate: {eq: "secretvalue"}}) { totalCount } }', None, 200, "BAD_USER_INPUT"),
    ("{ secretvalue }", None, 200, "BAD_USER_INPUT"),
    ("{ secretvalue", None, 200, "BAD_USER_INPUT"),
    ("query($d: Date) { customers(where: {birthDate: {eq: $d}}) { totalCount } }", {"d": "secretvalue"}, 200,
     "BAD_USER_INPUT"),
    ("", None, 400, "BAD_USER_INPUT"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "variables", "status", "code"), ASKED)
@pytest.mark.usefixtures("_secrets")
async def test_a_request_is_one_line_and_says_nothing_personal(
    graph: Asking, company: Company, log: Log, query: str, variables: Any, status: int, code: str | None
) -> None:
    for _ in range(2):
        await graph.post(company.admin, query, variables)
    lines = log.lines()
    assert [(line["event"], line["status"], line["code"], line["principal"]) for line in lines] == [
        ("request", status, code, str(company.admin.key))
    ] * 2
    assert {frozenset(line) for line in lines} == {frozenset(KEYS)}
    _says_nothing(graph, company, log)


def _says_nothing(graph: Asking, company: Company, log: Log) -> None:
    text = log.text()
    token = graph.bearer(company.admin)["Authorization"].split()[1]
    for secret in (*SECRETS, *token.split("."), "Bearer", "admin@example.com", "Admin"):
        assert secret not in text


async def test_a_stranger_is_one_line_without_a_user(graph: Asking, company: Company, log: Log) -> None:
    await graph.client.post(
        "/graphql", json={"query": "{ secretvalue }"}, headers={"Authorization": "Bearer secretvalue"}
    )
    (line,) = log.lines()
    assert (line["status"], line["code"], line["principal"]) == (401, "UNAUTHENTICATED", None)
    _says_nothing(graph, company, log)


async def test_denied_fields_are_no_exceptions(graph: Asking, company: Company, log: Log) -> None:
    denied = " ".join(f'a{i}: users(where: {{email: {{eq: "secretvalue"}}}}) {{ totalCount }}' for i in range(20))
    query = f"{{ {denied} }}"
    response = await graph.post(company.rep, query)
    assert len(response.json()["errors"]) == 20
    (line,) = log.lines()
    assert line["code"] == "FIELD_NOT_READABLE"
    assert len(log.text()) < 500


async def test_twelve_thousand_denied_fields_are_refused_in_a_line(graph: Asking, company: Company, log: Log) -> None:
    for query in (
        "{ " + " ".join(f"a{i}: denied" for i in range(12_500)) + " }",
        "{ " + "denied " * 12_500 + "}",
        "{ " + " ".join(f'a{i}: users(where: {{email: {{eq: "x"}}}}) {{ totalCount }}' for i in range(12_500)) + " }",
    ):
        response = await graph.post(company.rep, query)
        assert len(response.json()["errors"]) <= 10
        assert len(response.content) < 3_000
    assert len(log.lines()) == 3
    assert len(log.text()) < 1_500


async def test_a_bug_is_one_line_that_says_where_and_with_what_not(
    graph: Asking, company: Company, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: Engine, *arguments: object, **more: object) -> None:
        try:
            raise KeyError("secretvalue")
        except KeyError as cause:
            raise asyncpg.DataError("invalid input for query argument $1: 'secretvalue'") from cause

    monkeypatch.setattr(Engine, "run", broken)
    response = await graph.post(company.admin, "{ customers { totalCount } }")
    assert response.status_code == 500
    assert response.json() == {
        "errors": [
            {
                "message": "something went wrong here",
                "extensions": {"code": "INTERNAL", "requestId": response.headers["x-request-id"]},
            }
        ]
    }
    (line,) = log.lines()
    assert (line["status"], line["code"], line["level"]) == (500, "INTERNAL", "error")
    assert set(line) == KEYS | {"exception"}
    assert "test_log.py" in line["exception"]
    assert line["exception"].splitlines()[-1] == "DataError"
    assert "KeyError" in line["exception"]
    _says_nothing(graph, company, log)


async def test_a_bug_in_one_field_spares_its_siblings_and_is_one_line(
    graph: Asking, company: Company, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(reader: Any, selected: Any) -> Any:
        if selected.name == "customers":
            raise RuntimeError("secretvalue")
        return root(reader, selected)

    monkeypatch.setattr("graphql_schema.reading.root", broken)
    response = await graph.post(
        company.admin, "{ a: customers { totalCount } viewer { displayName } b: customers { totalCount } }"
    )
    assert response.status_code == 200
    answer = response.json()
    assert answer["data"] == {"a": None, "viewer": {"displayName": "Admin"}, "b": None}
    assert [(error["message"], error["path"]) for error in answer["errors"]] == [
        ("Something went wrong here.", ["a"]),
        ("Something went wrong here.", ["b"]),
    ]
    (line,) = log.lines()
    assert (line["status"], line["code"], line["level"]) == (200, "INTERNAL", "error")
    assert line["exception"].splitlines()[-1] == "RuntimeError"
    assert "secretvalue" not in log.text()


async def test_a_statement_that_takes_too_long_is_a_timeout(
    graph: Asking, company: Company, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(self: Engine, *arguments: object) -> None:
        raise asyncpg.QueryCanceledError("canceling statement due to statement timeout")

    monkeypatch.setattr(Engine, "run", slow)
    response = await graph.post(company.admin, "{ customers { totalCount } }")
    assert response.status_code == 504
    assert response.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"
    (line,) = log.lines()
    assert (line["status"], line["code"]) == (504, "TIMEOUT")


async def test_the_page_and_health_are_not_logged(graph: Asking, log: Log) -> None:
    await send(graph.app, "GET", headers=[(b"accept", b"text/html")])
    for path in ("/healthz", "/readyz", "/metrics"):
        await graph.client.get(path)
    assert log.text() == ""


SECRET = "Xk3vQ9secret7Pq2Lm8Rt4Wz6Ny1Bc5Df0Gh"
ASKS = "{ viewer { displayName } }"
PLACES: dict[str, dict[str, Any]] = {
    "a bad token": {"headers": {"Authorization": f"Bearer {SECRET}"}},
    "another scheme": {"headers": {"Authorization": f"Basic {SECRET}"}},
    "a cookie": {"headers": {"Cookie": f"c360-session={SECRET}"}},
    "a foreign header": {"headers": {"User-Agent": SECRET, "Referer": f"https://x.example/{SECRET}", "X-Api-Key": SECRET}},
    "an id of the request that is none": {"headers": {"X-Request-Id": f"{SECRET} {SECRET}"}},
    "a purpose": {"headers": {"X-Purpose": SECRET}},
    "a key of the request": {"headers": {"Idempotency-Key": SECRET}},
    "a language": {"headers": {"Accept-Language": SECRET}},
    "a type": {"headers": {"Content-Type": f"text/{SECRET}"}},
    "what is accepted": {"headers": {"Accept": f"text/{SECRET}"}},
    "an encoding": {"headers": {"Content-Encoding": SECRET}},
    "a literal": {"json": {"query": f'{{ customers(where: {{email: {{eq: "{SECRET}"}}}}) {{ totalCount }} }}'}},
    "a comment": {"json": {"query": f"# {SECRET}\n{ASKS}"}},
    "a field": {"json": {"query": f"{{ {SECRET} }}"}},
    "an alias": {"json": {"query": f"{{ {SECRET}: viewer {{ displayName }} }}"}},
    "a fragment": {"json": {"query": f"{{ ...{SECRET} }} fragment {SECRET} on Query {{ viewer {{ id }} }}"}},
    "a variable": {"json": {"query": "query($w: CustomerWhere) { customers(where: $w) { totalCount } }", "variables": {"w": {"email": {"eq": SECRET}}}}},
    "a variable that is wrong": {"json": {"query": "query($d: Date) { customers(where: {birthDate: {eq: $d}}) { totalCount } }", "variables": {"d": SECRET}}},
    "a variable's name": {"json": {"query": f"query(${SECRET}: Int) {{ customers(first: ${SECRET}) {{ totalCount }} }}"}},
    "a variable that nobody knows": {"json": {"query": ASKS, "variables": {SECRET: SECRET}}},
    "an operation that is not there": {"json": {"query": ASKS, "operationName": SECRET}},
    "an extension": {"json": {"query": ASKS, "extensions": {SECRET: SECRET}}},
    "an input": {"json": {"query": "mutation($i: CustomerCreateInput!) { customerCreate(input: $i) { userErrors { code message } } }", "variables": {"i": {"kind": "PERSON", "displayName": SECRET, "email": f"{SECRET}@example.com", "taxId": SECRET}}}},
    "half a body": {"content": f'{{"query": "{SECRET}'},
    "the address": {"method": "GET", "params": {"query": f'{{ node(id: "{SECRET}") {{ id }} }}', "access_token": SECRET}},
    "another address": {"method": "GET", "url": f"/{SECRET}"},
    "a form of the token endpoint": {"url": "/oauth/token", "data": {"grant_type": "client_credentials", "client_id": SECRET, "client_secret": SECRET}},
    "a code": {"url": "/oauth/token", "data": {"grant_type": "authorization_code", "client_id": "x", "code": SECRET, "code_verifier": SECRET * 2}},
    "a refresh token": {"url": "/oauth/token", "data": {"grant_type": "refresh_token", "refresh_token": SECRET}},
    "a token to be revoked": {"url": "/oauth/revoke", "data": {"token": SECRET}},
    "a form of the page": {"url": "/oauth/sign-in", "data": {"email": f"{SECRET}@example.com", "password": SECRET}},
    "the page's address": {"method": "GET", "url": "/oauth/authorize", "params": {"client_id": SECRET, "state": SECRET, "login_hint": SECRET}},
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
async def test_a_secret_is_told_in_no_place_where_it_may_stand(
    graph: Asking, company: Company, log: Log, place: str
) -> None:
    asked = {"method": "POST", "url": "/graphql", "headers": {}, **PLACES[place]}
    if not asked.keys() & {"json", "data", "content"} and asked["method"] == "POST":
        asked["json"] = {"query": ASKS}
    asked["headers"] = {**graph.bearer(company.admin), **asked["headers"]}
    if "content" in asked:
        asked["headers"]["Content-Type"] = "application/json"
    await graph.client.request(**asked)
    assert SECRET not in log.text()
    assert len(log.lines()) == (asked["url"] == "/graphql")


async def test_a_request_names_its_document_its_operation_and_what_it_cost(
    graph: Asking, company: Company, log: Log
) -> None:
    query = "query Names { customers(first: 7) { nodes { id } } viewer { displayName } }"
    for _ in range(2):
        await graph.post(company.admin, query, operationName="Names")
    for line in log.lines():
        assert line["document"] == hashlib.sha256(query.encode()).hexdigest()[:16]
        assert (line["operation"], line["cost"], line["client"]) == ("Names", 7, None)
        assert line["objects"] >= 4
    await graph.post(company.admin, f"query {'n' * 100} {{ __typename }}")
    assert log.lines()[-1]["operation"] == "n" * 64
