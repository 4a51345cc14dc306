"""What ends in one process ends in the other with its next request; and signing in with a real provider."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import asyncpg
import httpx2
import pytest

from app.identity import key_folder
from app.identity.oauth import registering as clients
from app.identity.oauth import sessions
from app.identity.providers import registering
from app.identity.ring import keys_of
from app.identity.tokens import Tokens
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import assign, store, user
from tests.http.oauth.scene import PASSWORD, Client
from tests.http.processes.scene import Office, Three
from tests.http.providers.scene import asked_by

Tokens_: TypeAlias = dict[str, Any]


@asynccontextmanager
async def _browser(three: Three) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=three.here.address) as browser:
        yield browser


async def _elsewhere(
    office: Office, browser: httpx2.AsyncClient, client: Client, password: str = PASSWORD
) -> httpx2.Response:
    """Signs in at the provider, as a person does: page by page. What comes of the client's request."""
    sent = await browser.get(asked_by(client))
    page = await browser.get(sent.headers["location"])
    assert ">Sign in with Company</a>" in page.text
    start = page.text.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    sent = await browser.get(f"/oauth/{start}")
    while urlsplit(sent.headers["location"]).hostname != "app.example":
        to = sent.headers["location"]
        at = urlsplit(str(sent.url.join(to)))
        sent = await browser.get(sent.url.join(to))
        origin = f"{at.scheme}://{at.netloc}"
        if sent.status_code == 200 and at.path == "/oauth/authorize":
            given = {**dict(parse_qsl(at.query)), "decision": "allow"}
            sent = await browser.post(f"{origin}/oauth/authorize", data=given, headers={"Origin": origin})
        if sent.status_code == 200 and at.path == "/oauth/sign-in":
            given = {"email": "rep@example.com", "password": password, "next": sent.url.params["next"]}
            sent = await browser.post(f"{origin}/oauth/sign-in", data=given, headers={"Origin": origin})
        if "location" not in sent.headers:
            return sent
    return sent


async def test_users_sign_in_with_another_server_of_ours(
    office: Office, three: Three, company: Company, writer: asyncpg.Connection
) -> None:
    async with _browser(three) as browser:
        refused = await _elsewhere(office, browser, office.front)
        assert refused.status_code == 403
        subject = str(three.at_provider.rep.key)
        assert subject in refused.text
    await office.do(lambda connection: registering.link(connection, "company", subject, company.rep.key))
    async with _browser(three) as browser:
        sent = await _elsewhere(office, browser, office.front)
        assert "code=" in sent.headers["location"]
        access = (await office.token(browser, office.front))["access_token"]
    for server in (three.here, three.there):
        assert await office.asks(server, access) == (200, ["sales_rep"])


async def test_a_provider_that_rotates_its_keys_is_followed(office: Office, three: Three) -> None:
    """Its process learns of another key by a token that names one it does not know, as ours does by an ID token."""
    old = key_folder.load_ring(three.folder).signing(time.time()).kid
    new = key_folder.rotate(three.folder, time.time())
    key_folder.retire(three.folder, old)
    forged = Tokens(keys_of(new.key)).issue(UUID(int=1))
    assert (await office.asks(three.provider, forged))[0] == 401
    async with httpx2.AsyncClient(base_url=three.provider.address) as asker:
        published = (await asker.get("/oauth/jwks")).json()["keys"]
    assert [key["kid"] for key in published] == [new.kid]
    async with _browser(three) as browser:
        assert "code=" in (await _elsewhere(office, browser, office.front)).headers["location"]


# Ends

Ending: TypeAlias = Callable[[Office, asyncpg.Connection, UUID, Tokens_], Awaitable[object]]


async def _revoked(office: Office, client: Client, token: str) -> None:
    async with _browser(office.three) as asker:
        assert (await asker.post("/oauth/revoke", data={"token": token, **client.proof})).status_code == 200


async def _replayed(office: Office, tokens: Tokens_) -> None:
    async with _browser(office.three) as asker:
        given = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], **office.partner.proof}
        answers = [(await asker.post("/oauth/token", data=given)).status_code for _ in range(2)]
    assert answers == [200, 400]


def _sql(statement: str) -> Ending:
    async def end(_office: Office, writer: asyncpg.Connection, user: UUID, _tokens: Tokens_) -> object:
        return await writer.execute(statement, *([user] if "$1" in statement else []))

    return end


ENDS: dict[str, tuple[Ending, tuple[int, list[str]]]] = {
    "user suspended": (_sql("UPDATE users SET status = 'SUSPENDED' WHERE id = $1"), (401, [])),
    "user deleted": (_sql("UPDATE users SET deleted_at = now() WHERE id = $1"), (401, [])),
    "client disabled": (lambda o, w, u, t: o.do(lambda c: clients.disable(c, "partner")), (401, [])),
    "client expired": (_sql("UPDATE oauth_clients SET expires_at = now() WHERE code = 'partner'"), (401, [])),
    "access token revoked": (lambda o, w, u, t: _revoked(o, o.partner, t["access_token"]), (401, [])),
    "refresh token revoked": (lambda o, w, u, t: _revoked(o, o.partner, t["refresh_token"]), (401, [])),
    "refresh token used twice": (lambda o, w, u, t: _replayed(o, t), (401, [])),
    "assignment removed": (_sql("DELETE FROM role_assignments WHERE user_id = $1"), (200, [])),
    "assignment ended": (_sql("UPDATE role_assignments SET valid_to = now() WHERE user_id = $1"), (200, [])),
    "role taken": (_sql("UPDATE role_assignments SET deleted_at = now() WHERE user_id = $1"), (200, [])),
}


async def _somebody(writer: asyncpg.Connection, name: str, **more: Any) -> UUID:
    row = user(name, email=f"{name.replace(' ', '-')}@example.com")
    await store(writer, row)
    await assign(writer, row, "finance", **more)
    return row.key


async def _enter(office: Office, browser: httpx2.AsyncClient, user_: UUID, **more: Any) -> None:
    """Has a user signed in already."""
    browser.cookies.set("c360-session", await office.do(lambda connection: sessions.begin(connection, user_, **more)))


@pytest.mark.parametrize("how", ENDS)
async def test_what_ends_in_one_process_has_ended_in_the_other(
    office: Office, three: Three, writer: asyncpg.Connection, how: str
) -> None:
    end, told = ENDS[how]
    someone = await _somebody(writer, how)
    async with _browser(three) as browser:
        await _enter(office, browser, someone)
        tokens = await office.token(browser, office.partner)
    for server in (three.there, three.here, three.there):
        assert await office.asks(server, tokens["access_token"]) == (200, ["finance"])
    try:
        await end(office, writer, someone, tokens)
        assert await office.asks(three.there, tokens["access_token"]) == told
        assert await office.asks(three.here, tokens["access_token"]) == told
    finally:
        await writer.execute("UPDATE oauth_clients SET disabled_at = NULL, expires_at = NULL WHERE code = 'partner'")


async def test_an_assignment_ends_at_its_time_in_every_process(
    office: Office, three: Three, writer: asyncpg.Connection
) -> None:
    until = await writer.fetchval("SELECT now()") + dt.timedelta(seconds=2)
    someone = await _somebody(writer, "for a while", valid_to=until)
    async with _browser(three) as browser:
        await _enter(office, browser, someone)
        access = (await office.token(browser, office.front))["access_token"]
    for server in (three.here, three.there):
        assert await office.asks(server, access) == (200, ["finance"])
    await writer.execute("SELECT pg_sleep_until($1)", until)
    for server in (three.here, three.there):
        assert await office.asks(server, access) == (200, [])


async def test_what_rests_on_a_provider_ends_with_it_and_nothing_else_does(
    office: Office, three: Three, writer: asyncpg.Connection
) -> None:
    someone = await _somebody(writer, "of a provider")
    key = await writer.fetchval("SELECT id FROM oidc_providers WHERE code = 'company'")
    async with _browser(three) as by_provider, _browser(three) as by_password:
        await _enter(office, by_provider, someone, provider=key)
        await _enter(office, by_password, someone)
        rests, other = await office.token(by_provider, office.front), await office.token(by_password, office.front)
        for tokens in (rests, other):
            assert await office.asks(three.there, tokens["access_token"]) == (200, ["finance"])
        await office.do(lambda connection: registering.disable(connection, "company"))
        try:
            assert await office.asks(three.there, rests["access_token"]) == (401, [])
            assert await office.asks(three.here, rests["access_token"]) == (401, [])
            given = {"grant_type": "refresh_token", "refresh_token": rests["refresh_token"], "client_id": "front"}
            assert (await by_provider.post("/oauth/token", data=given)).status_code == 400
            asked = [await browser.get(asked_by(office.front)) for browser in (by_provider, by_password)]
            assert [sent.status_code for sent in asked] == [303, 302]
            assert (await by_provider.get("/oauth/sign-in/company")).status_code == 400
            assert "Sign in with" not in (await by_provider.get("/oauth/sign-in")).text
            assert await office.asks(three.there, other["access_token"]) == (200, ["finance"])
        finally:
            await office.do(lambda connection: registering.enable(connection, "company"))
        assert await office.asks(three.there, rests["access_token"]) == (401, [])


async def test_nobody_is_anybody_there_any_more_once_unlinked(
    office: Office, three: Three, writer: asyncpg.Connection
) -> None:
    someone = await _somebody(writer, "unlinked")
    key = await writer.fetchval("SELECT id FROM oidc_providers WHERE code = 'company'")
    await office.do(lambda connection: registering.link(connection, "company", "unlinked there", someone))
    async with _browser(three) as browser:
        await _enter(office, browser, someone, provider=key)
        access = (await office.token(browser, office.front))["access_token"]
        assert await office.asks(three.there, access) == (200, ["finance"])
        await office.do(lambda connection: registering.unlink(connection, "company", someone))
        assert await office.asks(three.there, access) == (401, [])
        assert (await browser.get(asked_by(office.front))).status_code == 303


async def test_a_new_key_of_ours_is_known_in_both_at_once(office: Office, three: Three, company: Company) -> None:
    folder = three.here.folder
    old = key_folder.load_ring(folder).signing(time.time())
    new = key_folder.rotate(folder, time.time())
    for server in (three.here, three.there):
        for each in (new, old):
            token = Tokens(keys_of(each.key)).issue(company.rep.key)
            assert await office.asks(server, token) == (200, ["sales_rep"])


async def test_no_secret_and_no_token_is_in_a_log(office: Office, three: Three) -> None:
    for server in (three.here, three.there, three.provider):
        assert PASSWORD not in server.log
        assert "eyJ" not in server.log
        assert "Traceback" not in server.log
