"""The clients that come with the product."""

from __future__ import annotations

import asyncpg
import pytest

from app.identity.oauth.built_in import addresses, ensure
from tests.http.oauth.scene import Signing


@pytest.mark.parametrize(
    ("here", "found"),
    [
        ("https://c360.example", ["https://c360.example/graphql"]),
        ("https://c360.example:8443", ["https://c360.example:8443/graphql"]),
        ("http://127.0.0.1:8000", ["http://127.0.0.1:8000/graphql", "http://localhost:8000/graphql"]),
        ("http://localhost", ["http://localhost/graphql", "http://127.0.0.1/graphql"]),
        ("http://0.0.0.0:8000", []),
        ("http://c360.example", []),
    ],
)
def test_the_page_is_where_browsers_keep_a_secret(here: str, found: list[str]) -> None:
    assert addresses(here, "/graphql") == found
    assert addresses(here, "/admin") == [each.replace("/graphql", "/admin") for each in found]


async def test_it_comes_back_to_every_address_and_stays_shut_out(signing: Signing, writer: asyncpg.Connection) -> None:
    asked = "SELECT redirect_uris, disabled_at IS NULL FROM oauth_clients WHERE code = 'graphiql'"

    async def ensured(here: str) -> tuple[list[str], bool]:
        async with signing.graph.database.writing() as connection, connection.begin():
            await ensure(connection, here)
        uris, is_open = await writer.fetchrow(asked)
        return sorted(uris), is_open

    one, two = "https://one.example", "https://two.example"
    assert await ensured(one) == ([f"{one}/graphql"], True)
    assert await ensured(one) == ([f"{one}/graphql"], True)
    assert await ensured(two) == ([f"{one}/graphql", f"{two}/graphql"], True)
    for number in range(30):
        await ensured(f"https://{number}.example")
    assert len((await ensured(one))[0]) == 20
    await ensured(two)
    await writer.execute("UPDATE oauth_clients SET disabled_at = now() WHERE code = 'graphiql'")
    uris, is_open = await ensured(one)
    assert ({f"{one}/graphql", f"{two}/graphql"} <= set(uris), is_open) == (True, False)


async def test_a_client_of_that_name_that_is_not_ours_is_left_alone(
    signing: Signing, writer: asyncpg.Connection
) -> None:
    await writer.execute("UPDATE oauth_clients SET is_own = false, redirect_uris = '{}' WHERE code = 'graphiql'")
    async with signing.graph.database.writing() as connection, connection.begin():
        await ensure(connection, "https://one.example")
    assert await writer.fetchval("SELECT redirect_uris FROM oauth_clients WHERE code = 'graphiql'") == []


async def test_the_console_comes_back_to_where_it_is(signing: Signing, writer: asyncpg.Connection) -> None:
    async with signing.graph.database.writing() as connection, connection.begin():
        await ensure(connection, "https://console.example")
    told = await writer.fetchrow(
        "SELECT name, is_public, is_own, redirect_uris FROM oauth_clients WHERE code = 'console'"
    )
    assert tuple(told)[:3] == ("Policy console", True, True)
    assert told["redirect_uris"][0] == "https://console.example/admin"
