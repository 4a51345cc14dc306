"""Versions come into force through the graph while a hundred requests a second are answered: each wholly old or wholly new."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from policies.loading import DEFAULT_RULES, read_folder
from tests.concurrency.changes import BY_DEPARTMENT, BY_REGION
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.process import Server

RATE = 100
"""Requests a second."""
PAUSE = 0.5
"""Seconds in which a version is in force alone."""
ACTIVATIONS = 4
HELD = {"C360_MOST_REQUESTS": "400", "C360_MOST_REQUESTS_PER_CALLER": "400"}
"""Answers wait while a version comes into force, and none of these is to be turned away."""
FILE = "sales_rep.yaml"
SEEN = """{ viewer { roles } customers(orderBy: [{field: DISPLAY_NAME}]) { totalCount nodes { displayName taxId
  access { withheld } } } regions(orderBy: [{field: NAME}], first: 3) { totalCount } contactsAggregate { nodes { count } } }"""


@dataclass
class Caller:
    """Somebody who asks over HTTP."""

    client: httpx2.AsyncClient
    token: str

    async def ask(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The response."""
        headers = {"Authorization": f"Bearer {self.token}"}
        sent = {"query": query, "variables": variables or {}}
        response = await self.client.post("/graphql", headers=headers, json=sent)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def change(self, name: str, /, **given: Any) -> dict[str, Any]:
        """The version that a mutation leaves."""
        asked = f"mutation Change($input: {name[0].upper() + name[1:]}Input!) {{ {name}(input: $input) {{ policyVersion {{ id number version }} userErrors {{ message }} }} }}"
        payload: dict[str, Any] = (await self.ask(asked, {"input": given}))["data"][name]
        assert payload["userErrors"] == []
        found: dict[str, Any] = payload["policyVersion"]
        return found


@dataclass
class Stream:
    """Answers with when they were asked for and had, at a steady rate whatever they take."""

    caller: Caller
    answers: list[tuple[float, float, Any]] = field(default_factory=list)
    asked: int = 0

    async def run(self, until: asyncio.Event) -> None:
        """Asks until it is told to stop; raises what any of the requests did."""
        start = time.monotonic()
        async with asyncio.TaskGroup() as asking:
            while not until.is_set():
                asking.create_task(self._one())
                self.asked += 1
                await asyncio.sleep(max(0.0, start + self.asked / RATE - time.monotonic()))

    async def _one(self) -> None:
        before = time.monotonic()
        answer = await self.caller.ask(SEEN)
        self.answers.append((before, time.monotonic(), answer["data"]))


@pytest.fixture(scope="module")
async def callers(database: TemporaryDatabase, company: Company, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The admin and a representative, over a server of its own."""
    server = Server(tmp_path_factory.mktemp("served"), {"C360_DATABASE_URL": database.dsn, "C360_DEV": "true", **HELD})
    try:
        await server.start()
        async with httpx2.AsyncClient(base_url=server.address, timeout=30) as client:
            yield [Caller(client, await _token(client, who)) for who in ("admin@example.com", "rep@example.com")]
    finally:
        await server.kill()


async def _token(client: httpx2.AsyncClient, email: str) -> str:
    token: str = (await client.post("/dev/token", json={"email": email})).json()["token"]
    return token


async def test_no_answer_is_mixed_while_versions_come_into_force(callers: tuple[Caller, Caller]) -> None:
    admin, rep = callers
    first = (await admin.ask("{ policy { number } }"))["data"]["policy"]["number"]
    text = read_folder(DEFAULT_RULES)[FILE]
    opened = text.replace(BY_REGION, BY_DEPARTMENT).replace("[CONTACT, FINANCIAL]", "[CONTACT, FINANCIAL, IDENTITY]")
    draft = await admin.change("policyDraftCreate", note="Departments")
    draft = await admin.change("policyDraftFileSet", id=draft["id"], name=FILE, text=opened)
    draft = await admin.change("policyDraftTestsSet", id=draft["id"], name=FILE, text=None)
    old = (await rep.ask(SEEN))["data"]

    stream, enough = Stream(rep), asyncio.Event()
    spans: list[tuple[float, float]] = []
    running = asyncio.create_task(stream.run(enough))
    for n in range(ACTIVATIONS):
        await asyncio.sleep(PAUSE)
        begun = time.monotonic()
        if n == 0:
            await admin.change("policyActivate", id=draft["id"], expectedVersion=draft["version"])
        else:
            await admin.change("policyRollback", version=(draft["number"], first)[n % 2])
        spans.append((begun, time.monotonic()))
    await asyncio.sleep(PAUSE)
    enough.set()
    await running

    new = next(data for _, _, data in stream.answers if data != old)
    assert [each["displayName"] for each in old["customers"]["nodes"]] == ["German"]
    assert [each["displayName"] for each in new["customers"]["nodes"]] == ["Fielded"]
    assert [data for _, _, data in stream.answers if data not in (old, new)] == []
    turns = [(float("-inf"), float("-inf")), *spans, (float("inf"), float("inf"))]
    for n, ((_, since), (until, _)) in enumerate(pairwise(turns)):
        between = [data for asked, had, data in stream.answers if asked >= since and had <= until]
        assert between, n
        assert all(data == (old, new)[n % 2] for data in between), n
    assert len(stream.answers) == stream.asked
