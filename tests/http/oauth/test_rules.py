"""A client's own rules: from its next request on, whoever changed them, and wherever."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network

import asyncpg
import httpx2
import pytest

from app.identity.peers import peer_of
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import customer, store
from tests.http.asking import Asking
from tests.http.oauth.scene import Client, Signing, made

QUERY = "{ customers { nodes { displayName } } }"


@pytest.fixture(scope="module")
async def ruled(graph: Asking, company: Company, writer: asyncpg.Connection) -> Client:
    """A partner's client, which each test puts back as it was."""
    await store(
        writer,
        customer("Here", region=company.germany, department=company.sales),
        customer("There", region=company.france),
    )
    grants = ["client_credentials"]
    return await made(
        graph, code="ruled", name="Ruled", grant_types=grants, scopes=["graph"], role="partner", region="DE"
    )


async def told(signing: Signing, access: str, **headers: str) -> str:
    """What comes of a request: the names that it shows, or the status and the code of what is wrong."""
    given = {"Authorization": f"Bearer {access}", **headers}
    answer = await signing.graph.client.post("/graphql", json={"query": QUERY}, headers=given)
    if answer.status_code != 200 or "errors" in answer.json():
        return f"{answer.status_code} {answer.json()['errors'][0]['extensions']['code']}"
    return " ".join(node["displayName"] for node in answer.json()["data"]["customers"]["nodes"]) or "nothing"


CHANGES = [
    ("another region", "region_id = (SELECT id FROM regions WHERE code = 'FR')", "There"),
    ("a region around both", "region_id = (SELECT id FROM regions WHERE code = 'EU')", "Here There"),
    ("no region", "region_id = NULL", "200 BAD_USER_INPUT"),
    ("a department besides", "department_id = (SELECT id FROM departments WHERE code = 'SERVICE')", "Here"),
    ("no role", "role_id = NULL", "nothing"),
    ("another role", "role_id = (SELECT id FROM roles WHERE code = 'marketer')", "Here There"),
    ("its end", "expires_at = now()", "401 UNAUTHENTICATED"),
    ("an end to come", "expires_at = now() + interval '1 day'", "Here"),
    ("shut out", "disabled_at = now()", "401 UNAUTHENTICATED"),
    ("networks elsewhere", "networks = '{203.0.113.0/24}'", "403 FORBIDDEN"),
    ("networks here and there", "networks = '{203.0.113.0/24, 127.0.0.0/8}'", "Here"),
    ("another family of networks", "networks = '{::/0}'", "403 FORBIDDEN"),
    ("documents alone", "documents = 'ONLY'", "200 PERSISTED_QUERY_ONLY"),
    ("another name", "name = 'Renamed'", "Here"),
]


@pytest.mark.parametrize(("change", "then"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
async def test_what_is_changed_of_a_client_holds_from_its_next_request_on(
    signing: Signing, ruled: Client, writer: asyncpg.Connection, change: str, then: str
) -> None:
    access = (await signing.token(grant_type="client_credentials", **ruled.proof)).json()["access_token"]
    assert await told(signing, access) == "Here"
    columns = "role_id, department_id, region_id, expires_at, disabled_at, networks, documents, name"
    before = await writer.fetchrow(f"SELECT {columns} FROM oauth_clients WHERE code = 'ruled'")
    await writer.execute(f"UPDATE oauth_clients SET {change} WHERE code = 'ruled'")
    try:
        assert await told(signing, access) == then
    finally:
        values = ", ".join(f"${i}" for i in range(1, len(before) + 1))
        await writer.execute(f"UPDATE oauth_clients SET ({columns}) = ROW({values}) WHERE code = 'ruled'", *before)
    assert await told(signing, access) == "Here"


async def test_a_client_that_has_to_ask_from_elsewhere_gets_no_token_here(
    signing: Signing, ruled: Client, writer: asyncpg.Connection
) -> None:
    await writer.execute("UPDATE oauth_clients SET networks = '{203.0.113.0/24}' WHERE code = 'ruled'")
    try:
        refused = await signing.token(grant_type="client_credentials", **ruled.proof)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client")
    finally:
        await writer.execute("UPDATE oauth_clients SET networks = '{}' WHERE code = 'ruled'")
    assert (await signing.token(grant_type="client_credentials", **ruled.proof)).status_code == 200


FORWARDED = [
    ("nobody is believed", "", "203.0.113.7", "403 FORBIDDEN"),
    ("a proxy is believed", "127.0.0.0/8", "203.0.113.7", "Here"),
    ("the last of them", "127.0.0.0/8", "203.0.113.7, 198.51.100.1", "403 FORBIDDEN"),
    ("not what the caller wrote before", "127.0.0.0/8", "198.51.100.1, 203.0.113.7", "Here"),
    ("two proxies", "127.0.0.0/8,10.0.0.0/8", "203.0.113.7, 10.1.2.3", "Here"),
    ("nonsense", "127.0.0.0/8", "203.0.113.7, unknown", "403 FORBIDDEN"),
    ("nothing said", "127.0.0.0/8", "", "403 FORBIDDEN"),
    ("written in IPv6", "127.0.0.0/8", "::ffff:203.0.113.7", "Here"),
]


@pytest.mark.parametrize(
    ("proxies", "said", "then"), [case[1:] for case in FORWARDED], ids=[case[0] for case in FORWARDED]
)
async def test_proxies_are_believed_where_they_are_trusted(
    signing: Signing, ruled: Client, writer: asyncpg.Connection, proxies: str, said: str, then: str
) -> None:
    access = (await signing.token(grant_type="client_credentials", **ruled.proof)).json()["access_token"]
    await writer.execute("UPDATE oauth_clients SET networks = '{203.0.113.0/24}' WHERE code = 'ruled'")
    engine = signing.graph.engine
    engine.proxies = tuple(map(ip_network, proxies.split(","))) if proxies else ()
    try:
        assert await told(signing, access, **({"X-Forwarded-For": said} if said else {})) == then
    finally:
        engine.proxies = ()
        await writer.execute("UPDATE oauth_clients SET networks = '{}' WHERE code = 'ruled'")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ([], None),
        (["10.0.0.1"], None),
        (["10.0.0.1", "192.0.2.1"], "192.0.2.1"),
        (["192.0.2.1", "10.0.0.1"], "192.0.2.1"),
        (["x"], None),
    ],
    ids=["unknown", "proxies alone", "behind one", "no proxy", "nonsense"],
)
def test_who_asked_is_the_first_that_is_no_proxy(path: Sequence[str], found: str | None) -> None:
    peer = peer_of(path, [ip_network("10.0.0.0/8")])
    assert (str(peer) if peer else None) == found


async def test_a_client_asks_from_its_networks_over_get_too(
    signing: Signing, ruled: Client, writer: asyncpg.Connection
) -> None:
    access = (await signing.token(grant_type="client_credentials", **ruled.proof)).json()["access_token"]
    await writer.execute("UPDATE oauth_clients SET networks = '{203.0.113.0/24}' WHERE code = 'ruled'")
    try:
        headers = {"Authorization": f"Bearer {access}"}
        answer: httpx2.Response = await signing.graph.client.get("/graphql", params={"query": QUERY}, headers=headers)
        assert answer.status_code == 403
    finally:
        await writer.execute("UPDATE oauth_clients SET networks = '{}' WHERE code = 'ruled'")


async def test_who_asks_from_elsewhere_uses_up_nothing_of_what_a_client_may_ask(
    signing: Signing, ruled: Client, writer: asyncpg.Connection
) -> None:
    access = (await signing.token(grant_type="client_credentials", **ruled.proof)).json()["access_token"]
    elsewhere = "UPDATE oauth_clients SET networks = '{203.0.113.0/24}', requests_per_minute = 3 WHERE code = 'ruled'"
    await writer.execute(elsewhere)
    try:
        assert [await told(signing, access) for _ in range(5)] == ["403 FORBIDDEN"] * 5
        await writer.execute("UPDATE oauth_clients SET networks = '{}' WHERE code = 'ruled'")
        assert [await told(signing, access) for _ in range(4)] == ["Here"] * 3 + ["429 RATE_LIMITED"]
    finally:
        await writer.execute(
            "UPDATE oauth_clients SET networks = '{}', requests_per_minute = NULL WHERE code = 'ruled'"
        )
