"""Tokens: how they are had, what they open, and when that ends."""

from __future__ import annotations

import asyncio
import base64
from ipaddress import ip_network
from typing import Any

import asyncpg
import httpx2
import pytest
from joserfc import jwt

from app.identity.oauth import passwords, sessions
from app.identity.providers.registering import NewProvider, register
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import customer, store, ticket
from tests.http.asking import Asking
from tests.http.oauth.scene import FOR_USERS, PASSWORD, VERIFIER, Client, Signing, back, made

CUSTOMERS = "{ customers(first: 100) { nodes { displayName email } } }"


async def test_who_has_not_signed_in_is_asked_to_and_comes_back(signing: Signing, front: Client) -> None:
    asked = await signing.browser.get("/oauth/authorize", params=signing.asked(front))
    assert asked.status_code == 303
    page = await signing.browser.get(asked.headers["location"])
    assert page.status_code == 200 and "Sign in" in page.text
    to = httpx2.URL(asked.headers["location"]).params["next"]
    done = await signing.post("/oauth/sign-in", email="rep@example.com", password=PASSWORD, next=to)
    assert (done.status_code, done.headers["location"]) == (303, to)
    found = back(await signing.browser.get(to))
    assert set(found) == {"code", "state", "iss"}
    assert (found["state"], found["iss"]) == ("a state", "http://127.0.0.1:8000")


async def test_a_front_end_of_ours_acts_for_users_with_all_their_rights(signing: Signing, front: Client) -> None:
    await signing.enter()
    found = await signing.tokens(front)
    assert set(found) == {"access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"}
    answer = await signing.asks(found["access_token"])
    assert answer.json()["data"]["viewer"] == {"displayName": "Rep", "roles": ["sales_rep"]}


async def test_the_id_token_says_who_signed_in(signing: Signing, front: Client, company: Company) -> None:
    await signing.enter()
    found = await signing.tokens(front, nonce="a nonce")
    token = jwt.decode(found["id_token"], signing.graph.tokens.key, algorithms=["Ed25519"])
    claims = {name: token.claims[name] for name in ("iss", "sub", "aud", "nonce", "name", "email")}
    assert claims == {
        "iss": "http://127.0.0.1:8000",
        "sub": str(company.rep.key),
        "aud": "front",
        "nonce": "a nonce",
        "name": "Rep",
        "email": "rep@example.com",
    }
    told = await signing.browser.get("/oauth/userinfo", headers={"Authorization": f"Bearer {found['access_token']}"})
    assert told.json()["email"] == "rep@example.com"


async def test_the_published_keys_are_those_that_verify(signing: Signing) -> None:
    found = (await signing.graph.client.get("/oauth/jwks")).json()["keys"]
    assert [(key["kid"], key["use"], key["alg"]) for key in found] == [(signing.graph.tokens.key.kid, "sig", "Ed25519")]
    assert all(set(key) == {"kid", "use", "alg", "kty", "crv", "x"} for key in found)


async def test_a_partner_that_acts_for_a_user_has_what_both_have(
    signing: Signing, partner: Client, company: Company, writer: asyncpg.Connection
) -> None:
    both = customer("Both", owner=company.rep, region=company.germany, email="both@x.example")
    other = customer("Other", region=company.france, email="other@x.example")
    await store(writer, both, other)
    await signing.enter()
    access = (await signing.tokens(partner))["access_token"]
    answer = (await signing.asks(access, CUSTOMERS.replace("email", "id"))).json()
    assert [node["displayName"] for node in answer["data"]["customers"]["nodes"]] == ["Both"]
    refused = (await signing.asks(access, CUSTOMERS)).json()
    assert refused["errors"][0]["extensions"]["code"] in ("BAD_USER_INPUT", "FIELD_NOT_READABLE")


async def test_a_partner_that_asks_for_itself_has_its_role(
    signing: Signing, partner: Client, company: Company, writer: asyncpg.Connection
) -> None:
    await store(writer, customer("Here", region=company.germany), customer("There", region=company.france))
    found = (await signing.token(grant_type="client_credentials", **partner.proof)).json()
    assert set(found) == {"access_token", "expires_in", "scope", "token_type"}
    answer = (await signing.asks(found["access_token"], CUSTOMERS.replace("email", "id"))).json()
    names = [node["displayName"] for node in answer["data"]["customers"]["nodes"]]
    assert "Here" in names and "There" not in names


async def test_a_token_without_a_scope_of_the_graph_opens_nothing(signing: Signing, partner: Client) -> None:
    found = (await signing.token(grant_type="client_credentials", scope="openid", **partner.proof)).json()
    answer = (await signing.asks(found["access_token"], '{ __type(name: "Customer") { name } }')).json()
    assert "Customer" not in str(answer.get("data"))


async def test_a_refresh_token_is_used_once_and_its_theft_ends_the_family(signing: Signing, front: Client) -> None:
    await signing.enter()
    first = await signing.tokens(front)
    second = await signing.token(grant_type="refresh_token", refresh_token=first["refresh_token"], **front.proof)
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert (await signing.asks(second.json()["access_token"])).status_code == 200
    again = await signing.token(grant_type="refresh_token", refresh_token=first["refresh_token"], **front.proof)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    for access in (first["access_token"], second.json()["access_token"]):
        assert (await signing.asks(access)).status_code == 401
    last = second.json()["refresh_token"]
    assert (await signing.token(grant_type="refresh_token", refresh_token=last, **front.proof)).status_code == 400


async def test_of_refreshes_at_once_at_most_one_succeeds_and_the_family_ends(signing: Signing, front: Client) -> None:
    await signing.enter()
    token = (await signing.tokens(front))["refresh_token"]
    answers = await asyncio.gather(
        *(signing.token(grant_type="refresh_token", refresh_token=token, **front.proof) for _ in range(4))
    )
    good = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(good) == 1
    assert (await signing.asks(good[0]["access_token"])).status_code == 401


COUNT = "{ customers { totalCount } viewer { scopes email } }"


async def _user_told(signing: Signing, access: str) -> httpx2.Response:
    """What the holder of an access token is told of its user."""
    headers = {"Authorization": f"Bearer {access}"}
    return await signing.graph.client.get("/oauth/userinfo", headers=headers)


async def test_who_the_user_is_is_told_to_tokens_that_were_asked_for_it(signing: Signing, partner: Client) -> None:
    await signing.enter()
    for scope, status in (("openid graph", 200), ("graph", 403)):
        found = await signing.tokens(partner, scope=scope)
        assert (await _user_told(signing, found["access_token"])).status_code == status
    own = await signing.token(grant_type="client_credentials", **partner.proof)
    assert (await _user_told(signing, own.json()["access_token"])).status_code == 401


async def test_who_the_user_is_is_told_where_the_client_may_ask_from(
    signing: Signing, partner: Client, writer: asyncpg.Connection
) -> None:
    await signing.enter()
    access = (await signing.tokens(partner, scope="openid"))["access_token"]
    networks = "UPDATE oauth_clients SET networks = $2 WHERE code = $1"
    await writer.execute(networks, partner.code, [ip_network("203.0.113.0/24")])
    try:
        refused = await _user_told(signing, access)
        assert (refused.status_code, refused.json()) == (401, {"error": "invalid_token"})
    finally:
        await writer.execute(networks, partner.code, [])
    assert (await _user_told(signing, access)).status_code == 200


async def test_a_token_that_was_asked_for_less_opens_less(
    signing: Signing, front: Client, company: Company, writer: asyncpg.Connection
) -> None:
    await store(writer, customer("Theirs", region=company.germany, owner=company.rep))
    await signing.enter()
    whole = await signing.tokens(front)
    less = (
        await signing.token(
            grant_type="refresh_token", refresh_token=whole["refresh_token"], scope="openid email", **front.proof
        )
    ).json()
    assert less["scope"] == "openid email"
    answers = [(await signing.asks(each["access_token"], COUNT)).json()["data"] for each in (whole, less)]
    assert answers[0]["customers"]["totalCount"] > 0
    assert answers[1] == {
        "customers": {"totalCount": 0},
        "viewer": {"scopes": ["email", "openid"], "email": answers[0]["viewer"]["email"]},
    }
    told = await _user_told(signing, less["access_token"])
    assert set(told.json()) == {"sub", "email"}
    again = await signing.token(grant_type="refresh_token", refresh_token=less["refresh_token"], **front.proof)
    assert set(again.json()["scope"].split()) == {"openid", "profile", "email", "graph"}
    assert (await signing.asks(again.json()["access_token"], COUNT)).json()["data"] == answers[0]


async def test_a_scope_that_is_taken_from_a_client_is_gone_at_the_next_request(
    signing: Signing, rival: Client, writer: asyncpg.Connection
) -> None:
    await signing.enter()
    found = await signing.tokens(rival)
    ask = "{ viewer { scopes } }"
    assert (await signing.asks(found["access_token"], ask)).json()["data"]["viewer"]["scopes"] == ["graph", "openid"]
    await writer.execute("UPDATE oauth_clients SET scopes = '{openid}' WHERE code = 'rival'")
    try:
        assert (await signing.asks(found["access_token"], ask)).json()["data"]["viewer"]["scopes"] == ["openid"]
        again = await signing.token(grant_type="refresh_token", refresh_token=found["refresh_token"], **rival.proof)
        assert again.json()["scope"] == "openid"
    finally:
        await writer.execute("UPDATE oauth_clients SET scopes = '{openid, graph}' WHERE code = 'rival'")


async def test_a_code_that_comes_twice_ends_what_came_of_it(signing: Signing, front: Client) -> None:
    await signing.enter()
    code = await signing.code(front)
    found = (await signing.exchange(front, code)).json()
    again = await signing.exchange(front, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await signing.asks(found["access_token"])).status_code == 401


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_a_token_that_is_revoked_opens_nothing_from_the_next_request_on(
    signing: Signing, partner: Client, rival: Client, kind: str
) -> None:
    await signing.enter()
    found = await signing.tokens(partner)
    asks = {"token": found["access_token"], **partner.proof}
    assert (await signing.graph.client.post("/oauth/introspect", data=asks)).json()["active"] is True
    other = {"token": found["access_token"], **rival.proof}
    assert (await signing.graph.client.post("/oauth/introspect", data=other)).json() == {"active": False}
    foreign = await signing.graph.client.post("/oauth/revoke", data={"token": found[kind], **rival.proof})
    assert foreign.status_code == 400
    assert (await signing.asks(found["access_token"])).status_code == 200
    done = await signing.graph.client.post("/oauth/revoke", data={"token": found[kind], **partner.proof})
    assert done.status_code == 200
    assert (await signing.asks(found["access_token"])).status_code == 401
    assert (await signing.graph.client.post("/oauth/introspect", data=asks)).json() == {"active": False}


@pytest.mark.parametrize(
    "ended",
    [
        "UPDATE oauth_clients SET disabled_at = now() WHERE code = 'rival'",
        "UPDATE oauth_clients SET expires_at = now() WHERE code = 'rival'",
        "UPDATE users SET status = 'SUSPENDED' WHERE email = 'rep@example.com'",
    ],
    ids=["client disabled", "client expired", "user disabled"],
)
async def test_what_rights_rest_on_ends_them_at_once(
    signing: Signing, rival: Client, writer: asyncpg.Connection, ended: str
) -> None:
    await signing.enter()
    found: dict[str, Any] = await signing.tokens(rival)
    assert (await signing.asks(found["access_token"])).status_code == 200
    await writer.execute(ended)
    try:
        assert (await signing.asks(found["access_token"])).status_code == 401
        refreshed = await signing.token(grant_type="refresh_token", refresh_token=found["refresh_token"], **rival.proof)
        assert refreshed.status_code in (400, 401)
    finally:
        await writer.execute("UPDATE oauth_clients SET disabled_at = NULL, expires_at = NULL WHERE code = 'rival'")
        await writer.execute("UPDATE users SET status = 'ACTIVE' WHERE email = 'rep@example.com'")


async def test_what_rests_on_a_password_ends_where_another_is_set(
    signing: Signing, rival: Client, company: Company, writer: asyncpg.Connection
) -> None:
    await signing.enter(company.admin.key)
    other = await signing.tokens(rival)
    await signing.enter()
    found = await signing.tokens(rival)
    here = NewProvider(
        code="company", name="Company", issuer="http://127.0.0.1:9", client_id="us", here="http://127.0.0.1:8000"
    )
    async with signing.graph.database.writing() as connection, connection.begin():
        await register(connection, here)
    key = await writer.fetchval("SELECT id FROM oidc_providers WHERE code = 'company'")
    async with signing.graph.database.writing() as connection, connection.begin():
        there = await sessions.begin(connection, signing.user, provider=key)
    async with signing.graph.database.writing() as connection, connection.begin():
        await passwords.put(connection, signing.user, PASSWORD)
    assert (await signing.browser.get("/oauth/authorize", params=signing.asked(rival))).status_code == 303
    assert (await signing.asks(found["access_token"])).status_code == 401
    refreshed = await signing.token(grant_type="refresh_token", refresh_token=found["refresh_token"], **rival.proof)
    assert refreshed.json()["error"] == "invalid_grant"
    assert (await signing.asks(other["access_token"])).status_code == 200
    signing.browser.cookies.set("c360-session", there)
    assert (await signing.browser.get("/oauth/authorize", params=signing.asked(rival))).status_code == 200


async def test_a_verifier_has_to_fit(signing: Signing, front: Client) -> None:
    await signing.enter()
    wrong = await signing.exchange(front, await signing.code(front), code_verifier="w" * 43)
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")
    assert VERIFIER != "w" * 43


@pytest.mark.parametrize("quoted", [False, True])
async def test_a_client_proves_itself_by_basic_as_the_standard_encodes_it(
    signing: Signing, partner: Client, *, quoted: bool
) -> None:
    parts = [partner.code, partner.secret or ""]
    if quoted:
        parts = ["".join(f"%{ord(letter):02X}" for letter in part) for part in parts]
    header = {"Authorization": f"Basic {base64.b64encode(':'.join(parts).encode()).decode()}"}
    asked = {"grant_type": "client_credentials"}
    assert (await signing.graph.client.post("/oauth/token", data=asked, headers=header)).status_code == 200


SEGMENT = """mutation ($input: SegmentCreateInput!) { segmentCreate(input: $input) { segment { id } userErrors { code field } } }"""


async def test_a_client_writes_no_rule_that_would_be_asked_without_its_bounds(
    signing: Signing, marketing: Client, company: Company, writer: asyncpg.Connection
) -> None:
    await signing.enter(company.admin.key)
    access = (await signing.tokens(marketing))["access_token"]

    given = {"code": "PROBE", "name": "Probe", "kind": "DYNAMIC", "rule": {"email": {"startsWith": "a"}}}
    refused = (await signing.asks(access, SEGMENT, {"input": given})).json()["data"]["segmentCreate"]
    assert refused["userErrors"] == [{"code": "FORBIDDEN", "field": ["rule"]}]
    assert await writer.fetchval("SELECT count(*) FROM segments WHERE code = 'PROBE'") == 0


CHANGE = """mutation ($input: CustomerUpdateInput!) {
    customerUpdate(input: $input) { customer { tier } userErrors { code field } } }"""


async def test_a_client_does_not_ask_again_for_what_its_user_asked_without_it(
    signing: Signing, partner: Client, marketing: Client, company: Company, writer: asyncpg.Connection
) -> None:
    hers = customer("Hers", region=company.germany)
    await store(writer, hers)
    given = {"input": {"id": hers.node, "tier": "KEY", "idempotencyKey": "once"}}
    done = await signing.graph.data(company.admin, CHANGE, given)
    assert done["customerUpdate"]["userErrors"] == []
    await signing.enter(company.admin.key)
    access = (await signing.tokens(marketing))["access_token"]
    again = (await signing.asks(access, CHANGE, given)).json()["data"]["customerUpdate"]
    assert again == {"customer": None, "userErrors": [{"code": "FORBIDDEN", "field": ["tier"]}]}
    assert (await signing.graph.data(company.admin, CHANGE, given))["customerUpdate"]["userErrors"] == []


async def test_a_client_is_told_nothing_of_what_another_calls_its_requests(
    signing: Signing, marketing: Client, company: Company, writer: asyncpg.Connection
) -> None:
    twin = await made(signing.graph, code="twin", name="Twin", scopes=["graph"], role="marketer", **FOR_USERS)
    theirs = customer("Theirs", region=company.germany)
    await store(writer, theirs)
    await signing.enter(company.admin.key)
    told = []
    for client, tier in ((marketing, "KEY"), (twin, "STANDARD")):
        given = {"input": {"id": theirs.node, "tier": tier, "idempotencyKey": "probe"}}
        found = await signing.asks((await signing.tokens(client))["access_token"], CHANGE, given)
        told.append(found.json()["data"]["customerUpdate"]["userErrors"])
    assert told == [[{"code": "FORBIDDEN", "field": ["tier"]}]] * 2


REPLY = """mutation ($input: TicketReplyInput!) {
    ticketReply(input: $input) { message { body authorUser { displayName } } userErrors { code field } } }"""


async def test_a_client_for_itself_writes_as_nobody_of_us(
    signing: Signing, graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    desk = await made(
        graph, code="desk", name="Desk", scopes=["graph"], role="admin", grant_types=["client_credentials"]
    )
    hers = customer("Asking", region=company.germany)
    asked = ticket(hers, status="IN_PROGRESS")
    await store(writer, hers, asked)
    access = (await signing.token(grant_type="client_credentials", **desk.proof)).json()["access_token"]
    given = {"id": asked.node, "body": "We look into it."}
    said = (await signing.asks(access, REPLY, {"input": given})).json()["data"]["ticketReply"]
    assert said == {"message": {"body": "We look into it.", "authorUser": None}, "userErrors": []}
    actor = await writer.fetchval(
        "SELECT actor FROM change_events WHERE entity = 'ticket_messages' ORDER BY seq DESC LIMIT 1"
    )
    assert actor == await writer.fetchval("SELECT id FROM oauth_clients WHERE code = 'desk'")
