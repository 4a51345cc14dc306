"""What the README shows is what comes back."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.commands.common import migrate
from app.services.demo import DEMO_USERS, load_demo
from app.services.directory import find_user
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.http.asking import Asking, asking

README = Path(__file__).parents[1].joinpath("README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The README's blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
async def demo(database: TemporaryDatabase, settings: Settings) -> AsyncIterator[Asking]:
    """The demo company, served."""
    await migrate(database.url)
    await load_demo(database.dsn)
    async with asking(database.dsn, settings) as served:
        yield served


async def ask(demo: Asking, email: str, query: str) -> Any:
    """The data of an answer to a user of the demo company."""
    user = await find_user(demo.database.read, email)
    assert user is not None
    headers = {"Authorization": f"Bearer {demo.tokens.issue(user)}"}
    answer = (await demo.client.post("/graphql", json={"query": query}, headers=headers)).json()
    assert list(answer) == ["data", "extensions"], answer
    return answer["data"]


@pytest.mark.parametrize(("position", "email"), [(0, "henri.dubois@example.com"), (1, "sofia.ramirez@example.com")])
async def test_the_two_answers_are_what_the_two_people_get(demo: Asking, position: int, email: str) -> None:
    found = await ask(demo, email, blocks("graphql")[0])
    assert found["customers"]["nodes"] == [json.loads(blocks("json")[position])]


@pytest.mark.parametrize(("position", "email"), [(2, "henri.dubois@example.com"), (3, "sofia.ramirez@example.com")])
async def test_the_two_find_what_is_shown(demo: Asking, position: int, email: str) -> None:
    found = await ask(demo, email, blocks("graphql")[1])
    assert found["search"] == json.loads(blocks("json")[position])


def test_the_table_of_users_names_everyone() -> None:
    listed = set(re.findall(r"[a-z.]+@example\.com", README.partition("| e-mail |")[2].partition("## Your own")[0]))
    assert listed == {user.email for user in DEMO_USERS}


async def test_the_token_that_the_readme_gets_answers(demo: Asking) -> None:
    query = re.search(r'"query": "(.*?)"}', README)
    assert query is not None
    found = await ask(demo, "sofia.ramirez@example.com", query[1])
    assert found["viewer"] == {"displayName": "Sofia Ramirez", "roles": ["sales_rep"]}
    assert found["customers"]["totalCount"] > 0


async def test_nobody_is_without_an_answer(demo: Asking, database: TemporaryDatabase) -> None:
    connection = await asyncpg.connect(database.dsn)
    try:
        emails = [row["email"] for row in await connection.fetch("SELECT email FROM users")]
    finally:
        await connection.close()
    for email in emails:
        assert (await ask(demo, email, "{ viewer { email } }"))["viewer"] == {"email": email}
