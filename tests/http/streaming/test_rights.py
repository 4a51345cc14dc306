"""Rights that change while somebody listens: told by another process than that in which they were changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from app.identity.oauth import documents
from app.identity.oauth.documents import Document
from app.identity.oauth.registering import disable
from app.services.policies.store import activate
from app.settings import Settings
from policies.loading import DEFAULT_RULES, read_folder
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, assign, store, user
from tests.http.asking import Asking
from tests.http.fixtures import graph
from tests.http.oauth.scene import Client, Signing, _password, front, made, signing
from tests.http.streaming.served import CHANGED, Served
from tests.process import serving

__all__ = ["_password", "front", "graph", "signing"]


@pytest.fixture(scope="module")
async def elsewhere(database: TemporaryDatabase, graph: Asking, settings: Settings) -> AsyncIterator[Served]:
    """Another process over the same database, with the same keys."""
    folder, issuer = settings.data_dir, settings.public_url
    async with serving(folder, database.dsn, issuer=issuer, rights_interval="0.05") as server:
        yield Served(graph, server.port)


async def _somebody(writer: asyncpg.Connection, company: Company, name: str) -> Row:
    """A new representative in Germany."""
    found = user(name, department=company.sales, region=company.germany)
    await store(writer, found)
    await assign(writer, found, "sales_rep", region=company.germany, department=company.sales)
    return found


def _soon(seconds: float = 0.5) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)


Change = Callable[[asyncpg.Connection, Row], Awaitable[object]]


async def _begins(writer: asyncpg.Connection, who: Row) -> None:
    await assign(writer, who, "marketer")


async def _begins_soon(writer: asyncpg.Connection, who: Row) -> None:
    await assign(writer, who, "marketer", valid_from=_soon())


async def _ends(writer: asyncpg.Connection, who: Row) -> None:
    await writer.execute("UPDATE role_assignments SET deleted_at = now() WHERE user_id = $1", who.key)


async def _ends_soon(writer: asyncpg.Connection, who: Row) -> None:
    await writer.execute("UPDATE role_assignments SET valid_to = $2 WHERE user_id = $1", who.key, _soon())


async def _goes(writer: asyncpg.Connection, who: Row) -> None:
    await writer.execute("UPDATE roles SET deleted_at = now() WHERE code = 'sales_rep'")


async def _comes_back(writer: asyncpg.Connection) -> None:
    await writer.execute("UPDATE roles SET deleted_at = NULL WHERE code = 'sales_rep'")


CHANGES: dict[str, tuple[Change, list[str]]] = {
    "an assignment begins": (_begins, ["marketer", "sales_rep"]),
    "the time of an assignment comes": (_begins_soon, ["marketer", "sales_rep"]),
    "an assignment ends": (_ends, []),
    "the time of an assignment is over": (_ends_soon, []),
    "a role goes": (_goes, []),
}


@pytest.mark.parametrize(("change", "roles"), CHANGES.values(), ids=CHANGES)
async def test_a_change_of_rights_is_told(
    elsewhere: Served, writer: asyncpg.Connection, company: Company, change: Change, roles: list[str]
) -> None:
    who = await _somebody(writer, company, change.__name__)
    async with elsewhere.told(who) as peer, elsewhere.events(elsewhere.token(who)) as events:
        assert await events.roles() == ["sales_rep"]
        await change(writer, who)
        try:
            assert await peer.roles("rights") == roles
            assert await events.roles() == roles
        finally:
            await _comes_back(writer)


async def test_another_policy_is_told_with_its_number_to_those_who_see_it(
    elsewhere: Served, writer: asyncpg.Connection, company: Company
) -> None:
    asked = "subscription { viewerAccessChanged { policy { number note } } }"
    async with elsewhere.peer(company.admin) as peer, elsewhere.told(company.rep) as other:
        await peer.ask("1", asked)
        before = (await peer.told("1"))["viewerAccessChanged"]["policy"]["number"]
        number = await activate(writer, read_folder(DEFAULT_RULES), "Another.")
        assert (await peer.told("1"))["viewerAccessChanged"]["policy"] == {"number": number, "note": "Another."}
        assert number == before + 1
        assert await other.roles("rights") == ["sales_rep"]


async def test_what_changes_nothing_for_a_caller_is_not_told(
    elsewhere: Served, writer: asyncpg.Connection, company: Company
) -> None:
    who, other = [await _somebody(writer, company, name) for name in ("quiet", "loud")]
    async with elsewhere.told(who) as peer, elsewhere.told(other) as loud:
        await writer.execute("UPDATE departments SET path = '/elsewhere/' WHERE id = $1", company.service.key)
        await assign(writer, other, "marketer")
        assert await loud.roles("rights") == ["marketer", "sales_rep"]
        await assign(writer, who, "auditor")
        assert await peer.roles("rights") == ["auditor", "sales_rep"]


# Ends


async def _unauthenticated(elsewhere: Served, token: str, end: Callable[[], Awaitable[object]]) -> None:
    """Sees all that lasts end with a token, and nothing opened by it anew."""
    async with (
        elsewhere.events(token) as events,
        elsewhere.connected() as idle,
        elsewhere.connected() as peer,
        elsewhere.connected() as late,
    ):
        assert await events.next() is not None
        for each in (idle, peer):
            assert await each.is_let_in(token)
        await peer.ask("1", CHANGED)
        await peer.told("1")
        await end()
        assert await peer.errors("1") == ["UNAUTHENTICATED"]
        assert [await each.closed() for each in (peer, idle)] == [4401, 4401]
        last = await events.next()
        assert last is not None and last[0] == "next" and "data" not in last[1]
        assert [error["extensions"]["code"] for error in last[1]["errors"]] == ["UNAUTHENTICATED"]
        assert [await events.next(), await events.next()] == [("complete", None), None]
        await late.say("connection_init", None, {"authorization": f"Bearer {token}"})
        assert await late.closed() == 4403


@pytest.mark.parametrize("end", ["status = 'SUSPENDED'", "deleted_at = now()"], ids=["suspended", "deleted"])
async def test_a_user_who_may_not_sign_in_hears_nothing_more(
    elsewhere: Served, writer: asyncpg.Connection, company: Company, end: str
) -> None:
    who = await _somebody(writer, company, end[:5])
    await _unauthenticated(
        elsewhere, elsewhere.token(who), lambda: writer.execute(f"UPDATE users SET {end} WHERE id = $1", who.key)
    )


async def test_a_grant_that_is_revoked_ends_what_it_opened(elsewhere: Served, signing: Signing, front: Client) -> None:
    await signing.enter()
    tokens = await signing.tokens(front)

    async def revoke() -> None:
        sent = {"token": tokens["refresh_token"], **front.proof}
        assert (await signing.graph.client.post("/oauth/revoke", data=sent)).status_code == 200

    await _unauthenticated(elsewhere, tokens["access_token"], revoke)


async def test_a_client_that_is_shut_out_ends_what_it_opened(elsewhere: Served, signing: Signing) -> None:
    about = {"name": "Partner", "scopes": ["graph"], "grant_types": ["client_credentials"], "role": "partner"}
    client = await made(signing.graph, code="shut", region="DE", **about)
    token = (await signing.token(grant_type="client_credentials", **client.proof)).json()["access_token"]

    async def shut_out() -> None:
        async with signing.graph.database.writing() as connection, connection.begin():
            await disable(connection, client.code)

    await _unauthenticated(elsewhere, token, shut_out)


async def test_a_client_hears_of_its_own_rights(
    elsewhere: Served, signing: Signing, writer: asyncpg.Connection
) -> None:
    about = {"name": "Partner", "scopes": ["graph"], "grant_types": ["client_credentials"], "role": "partner"}
    client = await made(signing.graph, code="other", region="DE", **about)
    token = (await signing.token(grant_type="client_credentials", **client.proof)).json()["access_token"]
    async with elsewhere.events(token) as events:
        assert await events.roles() == ["partner"]
        await writer.execute(
            "UPDATE oauth_clients SET role_id = (SELECT id FROM roles WHERE code = 'marketer') WHERE code = 'other'"
        )
        assert await events.roles() == ["marketer"]


# A client's own rules


async def test_over_a_socket_a_client_asks_what_it_may_and_from_where_it_may(
    elsewhere: Served, signing: Signing, writer: asyncpg.Connection, company: Company
) -> None:
    about = {"name": "Only", "scopes": ["graph"], "grant_types": ["client_credentials"], "role": "partner"}
    client = await made(signing.graph, code="only", region="DE", **about)
    token = (await signing.token(grant_type="client_credentials", **client.proof)).json()["access_token"]
    known, free = "{ viewer { scopes } }", "{ viewer { roles } }"
    key = await writer.fetchval("SELECT id FROM oauth_clients WHERE code = 'only'")
    async with signing.graph.database.writing() as connection, connection.begin():
        await documents.add(connection, key, [Document("known", known)])
    digest = {"documentId": Document("known", known).id}
    async with elsewhere.connected() as peer:
        assert await peer.is_let_in(token)
        await peer.ask("lasting", CHANGED)
        assert await peer.roles("lasting") == ["partner"]
        await writer.execute("UPDATE oauth_clients SET documents = 'ONLY' WHERE code = 'only'")
        for text in (free, known, CHANGED, "{ __schema { queryType { name } } }"):
            await peer.ask("free", text)
            assert await peer.errors("free") == ["PERSISTED_QUERY_ONLY"]
        await peer.ask("known", None, **digest)
        assert await peer.told("known") == {"viewer": {"scopes": ["graph"]}}
        assert (await peer.hears())["type"] == "complete"
        await writer.execute("UPDATE oauth_clients SET networks = '{203.0.113.0/24}' WHERE code = 'only'")
        await peer.ask("known", None, **digest)
        assert await peer.errors("known") == ["FORBIDDEN"]
        await writer.execute(
            "UPDATE oauth_clients SET role_id = (SELECT id FROM roles WHERE code = 'marketer') WHERE code = 'only'"
        )
        assert await peer.errors("lasting") == ["FORBIDDEN"]
    forged = {"X-Forwarded-For": "203.0.113.7"}
    async with elsewhere.connected(additional_headers=forged) as peer:
        said = {"authorization": f"Bearer {token}", "x-forwarded-for": "203.0.113.7", "forwarded": "for=203.0.113.7"}
        await peer.say("connection_init", None, said)
        assert await peer.hears() == {"type": "connection_ack"}
        await peer.ask("known", None, **digest)
        assert await peer.errors("known") == ["FORBIDDEN"]
