"""Strangers who ask the authorization server for much keep nothing from those who ask the graph."""

from __future__ import annotations

import asyncio
import threading

import asyncpg
import pytest

from app.http.oauth.asking import MOST_PASSWORDS, Desk
from app.http.oauth.turns import Turns
from app.http.requests import Refused
from app.identity.oauth import passwords
from app.settings import Settings
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import customer, store
from tests.http.asking import asking
from tests.http.fixtures import Log
from tests.http.oauth.scene import PASSWORD, Client, Signing

CHANGE = """mutation ($i: CustomerUpdateInput!) { customerUpdate(input: $i) { userErrors { code } } }"""


class Held:
    """Finds each password wrong, once it is let."""

    def __init__(self) -> None:
        self.free = threading.Event()

    def verify(self, password: str, kept: str) -> bool:
        """Waits."""
        return not self.free.wait()


async def test_passwords_that_are_being_compared_keep_nobody_from_writing(
    signing: Signing, company: Company, writer: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers, held = customer("Hers", region=company.germany), Held()
    await store(writer, hers)
    monkeypatch.setattr(passwords, "_HASH", held)
    monkeypatch.setattr(passwords, "_nobody", lambda: "")
    tasks = []
    try:
        tasks = [asyncio.create_task(signing.sign_in(f"nobody{n}@example.com")) for n in range(MOST_PASSWORDS + 3)]
        for first in asyncio.as_completed(tasks):
            refused = await first
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
            assert "try again" in refused.text and "set-cookie" not in refused.headers
            if sum(task.done() for task in tasks) == 3:
                break
        done = await signing.graph.data(company.admin, CHANGE, {"i": {"id": hers.node, "tier": "KEY"}})
        assert done["customerUpdate"]["userErrors"] == []
    finally:
        held.free.set()
    answers = [answer.status_code for answer in await asyncio.gather(*tasks)]
    assert sorted(answers) == [401] * MOST_PASSWORDS + [503] * 3


async def test_a_password_that_is_changed_while_it_is_compared_opens_nothing(
    signing: Signing, company: Company
) -> None:
    database = signing.graph.database
    async with database.writing() as connection, connection.begin():
        tried = await passwords.attempt(connection, "rep@example.com")
    assert tried is not None and tried[0] == company.rep.key
    async with database.writing() as connection, connection.begin():
        await passwords.put(connection, company.rep.key, f"{PASSWORD} of now")
    async with database.writing() as connection, connection.begin():
        assert await passwords.settle(connection, *tried) is False
        await passwords.put(connection, company.rep.key, PASSWORD)
    assert (await signing.sign_in()).status_code == 200


async def test_half_of_the_connections_are_left_to_who_asks_the_graph(signing: Signing) -> None:
    database, here = signing.graph.database, Desk(signing.graph.database, signing.graph.tokens)

    left = asyncio.Event()

    async def stay() -> None:
        async with here.writing():
            await left.wait()

    async with here.writing(), here.writing():
        third = asyncio.create_task(stay())
        await asyncio.sleep(0)
        try:
            async with database.writing(), database.writing():
                assert not third.done()
        finally:
            left.set()
    await third


async def test_who_comes_while_too_many_wait_is_sent_away() -> None:
    turns = Turns(at_once=1, most=2)

    async def wait() -> None:
        async with turns.turn():
            pass

    async with turns.turn():
        second = asyncio.create_task(wait())
        await asyncio.sleep(0)
        with pytest.raises(Refused) as refused:
            await wait()
        assert refused.value.status == 503
    await second
    await wait()


async def test_who_ends_a_token_while_rights_are_held_is_told_to_come_again(
    signing: Signing, partner: Client, settings: Settings, writer: asyncpg.Connection
) -> None:
    await signing.enter()
    found = await signing.tokens(partner)
    asked = {"token": found["access_token"], **partner.proof}
    async with asking(signing.graph.database.dsn, settings, statement_timeout=0.3) as hasty, writer.transaction():
        await writer.execute("SELECT hold_rights()")
        later = await hasty.client.post("/oauth/revoke", data=asked)
        assert (later.status_code, later.headers["retry-after"]) == (503, "1")
    assert (await signing.graph.client.post("/oauth/revoke", data=asked)).status_code == 200
    assert (await signing.asks(found["access_token"])).status_code == 401


BROKEN = """
    CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'secretvalue'; END $$;
    CREATE TRIGGER broken BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION broken()"""


async def test_what_fails_inside_is_one_line_that_says_where_and_nothing_else(
    signing: Signing, writer: asyncpg.Connection, log: Log
) -> None:
    await writer.execute(BROKEN)
    try:
        answer = await signing.sign_in()
    finally:
        await writer.execute("DROP TRIGGER broken ON sessions; DROP FUNCTION broken()")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")
    [line] = log.lines()
    assert (line["event"], line["path"]) == ("failed", "/oauth/sign-in")
    assert "sessions.py" in line["exception"] and "secretvalue" not in log.text()
