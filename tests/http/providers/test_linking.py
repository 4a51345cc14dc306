"""Who signs in elsewhere: by its subject, by an address that somebody trusted has verified, or not at all."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app import models
from app.identity.oauth import sessions
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, store, user
from tests.http.oauth.scene import VERIFIER, Client, back
from tests.http.providers.scene import Elsewhere, asked_by, provider, token_of
from tests.http.providers.stray import GONE, Stray

VIEWER = "{ viewer { displayName } }"
SESSION = "c360-session"


async def _name(elsewhere: Elsewhere, front: Client) -> str | None:
    """Who the browser is to the graph after signing in; None for nobody."""
    done = await elsewhere.sign_in(asked_by(front))
    if done.status_code != 303:
        assert (done.status_code, SESSION in elsewhere.browser.cookies) == (403, False)
        return None
    code = back(await elsewhere.browser.get(done.headers["location"]))["code"]
    access = await token_of(elsewhere.graph, front, code)
    headers = {"Authorization": f"Bearer {access}"}
    answer = await elsewhere.browser.post("/graphql", json={"query": VIEWER}, headers=headers)
    name: str = answer.json()["data"]["viewer"]["displayName"]
    return name


async def test_who_is_linked_is_that_user_whatever_else_is_said(
    elsewhere: Elsewhere, front: Client, company: Company
) -> None:
    elsewhere.stray.claims.update(email="admin@example.com", email_verified=True, name="Somebody Else")
    assert await _name(elsewhere, front) == "Rep"


VERIFIED = {"sub": "someone", "email": "manager@example.com", "email_verified": True}


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({}, "Manager"),
        ({"email": "Manager@Example.com"}, "Manager"),
        ({"email_verified": False}, None),
        ({"email_verified": GONE}, None),
        ({"email_verified": "true"}, None),
        ({"email_verified": 1}, None),
        ({"email": GONE}, None),
        ({"email": ["manager@example.com"]}, None),
        ({"email": "manager@example.com\0"}, None),
        ({"email": "manager@example.com@example.com"}, None),
        ({"email": "manager+there@example.com"}, None),
        ({"email": "nobody-there@example.com"}, None),
        ({"email": "x" * 400 + "@example.com"}, None),
    ],
    ids=["verified", "in capitals", "not verified", "no word", "a text", "a number", "none", "a list", "NUL", "two", "with a tag", "nobody's", "long"],
)  # fmt: skip
async def test_an_address_links_where_it_is_verified_and_somebodys(
    elsewhere: Elsewhere, front: Client, claims: dict[str, Any], name: str | None
) -> None:
    elsewhere.stray.claims.update(VERIFIED | claims)
    assert await _name(elsewhere, front) == name


@pytest.mark.parametrize("domains", [[], ["example.org"], ["sub.example.com"], ["xample.com"]])
async def test_an_address_links_only_by_a_provider_that_is_trusted_with_its_domain(
    elsewhere: Elsewhere, front: Client, writer: asyncpg.Connection, domains: list[str]
) -> None:
    await writer.execute("UPDATE oidc_providers SET domains = $1 WHERE code = 'stray'", domains)
    try:
        elsewhere.stray.claims.update(VERIFIED)
        assert await _name(elsewhere, front) is None
    finally:
        await writer.execute("UPDATE oidc_providers SET domains = '{example.com}' WHERE code = 'stray'")


async def test_an_address_links_once(elsewhere: Elsewhere, front: Client, writer: asyncpg.Connection) -> None:
    """Whoever has the address there later is not who had it."""
    elsewhere.stray.claims.update(VERIFIED)
    assert await _name(elsewhere, front) == "Manager"
    elsewhere.browser.cookies.clear()
    elsewhere.stray.claims["sub"] = "somebody else"
    assert await _name(elsewhere, front) is None
    elsewhere.stray.claims.update(sub="someone", email="changed@example.com")
    assert await _name(elsewhere, front) == "Manager"
    assert await writer.fetchval("SELECT count(*) FROM oidc_links") == 2


@pytest.mark.parametrize("status", ["SUSPENDED", "LEFT", "INVITED"])
async def test_who_may_not_sign_in_does_not_elsewhere(
    elsewhere: Elsewhere, front: Client, writer: asyncpg.Connection, status: str
) -> None:
    someone = user(f"{status.lower()} elsewhere", status=status, email=f"{status.lower()}@example.com")
    await store(writer, someone)
    elsewhere.stray.claims.update(VERIFIED | {"email": f"{status.lower()}@example.com"})
    assert await _name(elsewhere, front) is None
    await elsewhere.link(writer, "linked", someone)
    elsewhere.stray.claims["sub"] = "linked"
    assert await _name(elsewhere, front) is None


async def test_a_subject_is_one_of_its_provider(elsewhere: Elsewhere, stray: Stray, front: Client) -> None:
    await provider(elsewhere.graph, stray, code="second", name="Second")
    second = Elsewhere(elsewhere.graph, elsewhere.browser, stray, "second")
    assert await _name(second, front) is None


async def test_who_is_not_known_is_told_so_and_as_whom(elsewhere: Elsewhere) -> None:
    elsewhere.stray.claims["sub"] = '<b>"there"</b>'
    refused = await elsewhere.sign_in()
    assert refused.status_code == 403
    assert "&lt;b&gt;&#34;there&#34;&lt;/b&gt;" in refused.text


# Users whom the provider brings

MADE = "SELECT id, display_name, email, status FROM users WHERE created_by = (SELECT id FROM oidc_providers WHERE code = 'brings')"
EVENTS = "SELECT entity, op FROM change_events WHERE actor = (SELECT id FROM oidc_providers WHERE code = 'brings') ORDER BY seq"
NOTED = "SELECT kind FROM audit_events WHERE subject = $1 ORDER BY seq"


@pytest.fixture
async def brings(elsewhere: Elsewhere, stray: Stray, writer: asyncpg.Connection) -> Elsewhere:
    """A provider that brings its own users."""
    if not await writer.fetchval("SELECT count(*) FROM oidc_providers WHERE code = 'brings'"):
        rules = [{"claim": "groups", "contains": "reps", "role": "sales_rep", "region": "DE"}]
        await provider(
            elsewhere.graph, stray, code="brings", name="Brings", provisions=True, domains=["example.net"], rules=rules
        )
    return Elsewhere(elsewhere.graph, elsewhere.browser, stray, "brings")


@pytest.mark.parametrize(
    ("claims", "name", "email"),
    [
        ({"name": "Ann New", "email": "ann@example.net", "email_verified": True}, "Ann New", "ann@example.net"),
        ({"name": "Ben New", "email": "ben@example.net"}, "Ben New", None),
        ({"name": "Cai New", "email": "cai@example.org", "email_verified": True}, "Cai New", None),
        ({"name": " ", "preferred_username": "dora"}, "dora", None),
        ({"name": "x" * 201, "email": "eva@example.net", "email_verified": True}, "eva@example.net", "eva@example.net"),
    ],
    ids=["all of it", "not verified", "of another domain", "no name", "a long name"],
)
async def test_who_is_not_known_becomes_a_user_where_the_provider_brings_its_own(
    brings: Elsewhere, front: Client, writer: asyncpg.Connection, claims: dict[str, Any], name: str, email: str | None
) -> None:
    brings.stray.claims.update({"sub": name, "groups": ["reps"], **claims})
    assert await _name(brings, front) == name
    assert await _name(brings, front) == name
    (found,) = [row for row in await writer.fetch(MADE) if row["display_name"] == name]
    assert (found["email"], found["status"]) == (email, "ACTIVE")
    events = [tuple(row) for row in await writer.fetch(EVENTS)]
    assert events[-2:] == [("users", "CREATE"), ("role_assignments", "CREATE")]
    noted = [tuple(row) for row in await writer.fetch(NOTED, Row(models.User, {"id": found["id"]}).node)]
    assert noted == [("USER_CREATED",), ("ASSIGNMENT_CREATED",)]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "admin@example.com", "email_verified": True},
        {"email": "admin@example.com"},
        {"name": GONE},
        {"name": "\u202e", "preferred_username": 1},
    ],
    ids=["somebody's address", "somebody's address, not verified", "no name", "no name that can be read"],
)
async def test_nobody_becomes_a_user_beside_another_or_without_a_name(
    brings: Elsewhere, front: Client, writer: asyncpg.Connection, claims: dict[str, Any]
) -> None:
    before = await writer.fetch(MADE)
    brings.stray.claims.update({"sub": "nobody", **claims})
    assert await _name(brings, front) is None
    assert await writer.fetch(MADE) == before


# What rests on a provider that is shut out meanwhile

REVIVED = "UPDATE oauth_grants SET revoked_at = NULL WHERE provider_id IS NOT NULL"


async def test_what_is_granted_at_the_very_moment_in_which_a_provider_is_shut_out_opens_nothing(
    elsewhere: Elsewhere, front: Client, company: Company, writer: asyncpg.Connection
) -> None:
    """Whoever was let in just before inserts session and grant just after: neither holds, as neither is revoked."""
    done = await elsewhere.sign_in(asked_by(front))
    codes = [back(await elsewhere.browser.get(done.headers["location"]))["code"] for _ in range(2)]
    access = await token_of(elsewhere.graph, front, codes[0])
    await writer.execute("UPDATE oidc_providers SET disabled_at = now() WHERE code = 'stray'")
    try:
        await writer.execute(REVIVED)
        key = await writer.fetchval("SELECT id FROM oidc_providers WHERE code = 'stray'")
        async with elsewhere.graph.database.writing() as connection, connection.begin():
            cookie = await sessions.begin(connection, company.rep.key, provider=key)
        headers = {"Authorization": f"Bearer {access}"}
        answer = await elsewhere.browser.post("/graphql", json={"query": VIEWER}, headers=headers)
        assert answer.status_code == 401
        given = {
            "grant_type": "authorization_code",
            "code": codes[1],
            "redirect_uri": front.uri,
            "code_verifier": VERIFIER,
        }
        assert (await elsewhere.browser.post("/oauth/token", data={**given, **front.proof})).status_code == 400
        elsewhere.browser.cookies.clear()
        elsewhere.browser.cookies.set(SESSION, cookie)
        sent = await elsewhere.browser.get(asked_by(front))
        assert "/oauth/sign-in?" in sent.headers["location"]
    finally:
        await writer.execute("UPDATE oidc_providers SET disabled_at = NULL WHERE code = 'stray'")
