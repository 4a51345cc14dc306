"""What has ended is forgotten, a few rows at a time; what holds is not, and nobody waits for it."""

from __future__ import annotations

import asyncpg
import pytest

from app.identity.oauth.forgetting import AT_ONCE
from app.identity.oauth.registering import rotate
from tests.http.oauth.scene import Client, Signing

OLD = """
    INSERT INTO oauth_grants (id, client_id, scopes, kept_until)
    SELECT gen_random_uuid(), c.id, '{graph}', now() - interval '1 minute' * n
    FROM oauth_clients c, generate_series(1, $2::int) n WHERE c.code = $1 RETURNING id"""
COUNTS = {
    "oauth_grants": "SELECT count(*) FROM oauth_grants WHERE kept_until < now()",
    "oauth_refresh_tokens": "SELECT count(*) FROM oauth_refresh_tokens WHERE expires_at < now()",
    "sessions": "SELECT count(*) FROM sessions WHERE expires_at < now()",
}


async def _count(writer: asyncpg.Connection, table: str) -> int:
    found: int = await writer.fetchval(COUNTS[table])
    return found


async def test_grants_that_have_ended_are_forgotten_with_each_that_is_made(
    signing: Signing, partner: Client, writer: asyncpg.Connection
) -> None:
    await signing.enter()
    held = await signing.tokens(partner)
    old = [row["id"] for row in await writer.fetch(OLD, partner.code, 2 * AT_ONCE)]
    for grant in old[-2:]:
        token = "INSERT INTO oauth_refresh_tokens VALUES (sha256($1::uuid::text::bytea), $1::uuid, now())"
        await writer.execute(token, grant)
        await writer.execute("UPDATE oauth_grants SET revoked_at = now() WHERE id = $1", grant)
    left = []
    for _ in range(3):
        assert (await signing.token(grant_type="client_credentials", **partner.proof)).status_code == 200
        left.append(await _count(writer, "oauth_grants"))
    assert left == [AT_ONCE, 0, 0]
    for table, column in (("oauth_refresh_tokens", "grant_id"), ("access_versions", "subject_id")):
        assert await writer.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = ANY($1)", old) == 0
    assert (await signing.asks(held["access_token"])).status_code == 200
    again = await signing.token(grant_type="refresh_token", refresh_token=held["refresh_token"], **partner.proof)
    assert again.status_code == 200


async def test_nobody_waits_for_what_is_forgotten(
    signing: Signing, partner: Client, writer: asyncpg.Connection
) -> None:
    await writer.fetch(OLD, partner.code, 1)
    before = await _count(writer, "oauth_grants")
    async with writer.transaction():
        await writer.execute("SELECT hold_rights()")
        assert (await signing.token(grant_type="client_credentials", **partner.proof)).status_code == 200
    assert await _count(writer, "oauth_grants") == max(0, before - AT_ONCE)


async def test_secrets_that_have_ended_are_forgotten_with_the_next_of_the_client(
    signing: Signing, partner: Client, writer: asyncpg.Connection
) -> None:
    add = "INSERT INTO oauth_secrets (digest, client_id, expires_at) SELECT sha256($2), id, {} FROM oauth_clients WHERE code = $1"
    await writer.execute(add.format("now() - interval '1 second'"), partner.code, b"ended")
    await writer.execute(add.format("now() + interval '1 hour'"), partner.code, b"holds")
    async with signing.graph.database.writing() as connection, connection.begin():
        await rotate(connection, partner.code)
    left = "SELECT digest = sha256('ended'), digest = sha256('holds') FROM oauth_secrets s JOIN oauth_clients c ON c.id = s.client_id WHERE c.code = $1"
    found = [tuple(row) for row in await writer.fetch(left, partner.code)]
    assert sorted(found) == [(False, False), (False, False), (False, True)]
    assert (await signing.token(grant_type="client_credentials", **partner.proof)).status_code == 200


@pytest.mark.parametrize("table", ["oauth_refresh_tokens", "sessions"])
async def test_refresh_tokens_and_sessions_that_have_ended_are_forgotten(
    signing: Signing, front: Client, writer: asyncpg.Connection, table: str
) -> None:
    await signing.enter()
    await signing.tokens(front)
    copied = {"oauth_refresh_tokens": "grant_id", "sessions": "user_id"}[table]
    await writer.execute(
        f"INSERT INTO {table} (digest, {copied}, expires_at) SELECT sha256(n::text::bytea), o.{copied},"
        f" now() - interval '1 minute' * n FROM (SELECT {copied} FROM {table} LIMIT 1) o, generate_series(1, $1::int) n",
        2 * AT_ONCE,
    )
    left = []
    for _ in range(3):
        await signing.enter()
        await signing.tokens(front)
        left.append(await _count(writer, table))
    assert left == [AT_ONCE, 0, 0]


async def test_a_grant_that_holds_ends_where_it_is_deleted(
    signing: Signing, partner: Client, writer: asyncpg.Connection
) -> None:
    access = (await signing.token(grant_type="client_credentials", **partner.proof)).json()["access_token"]
    assert (await signing.asks(access)).status_code == 200
    await writer.execute(
        "DELETE FROM oauth_grants WHERE kept_until = (SELECT max(kept_until) FROM oauth_grants g"
        " JOIN oauth_clients c ON c.id = g.client_id WHERE c.code = $1 AND g.user_id IS NULL)",
        partner.code,
    )
    assert (await signing.asks(access)).status_code == 401
