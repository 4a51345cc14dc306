"""Whatever happens between the server and PostgreSQL: each caller has an answer in time, it tells nothing, no change is lost
or made twice, and nothing needs a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from uuid import uuid4

import asyncpg
import httpx2
import pytest

from app.database.connections import ENGINE_CONNECTIONS
from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.database.proxy import Proxy, proxy_to
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, store
from tests.http.asking import Asking, asking
from tests.http.oauth.scene import Client, made

IN_TIME = 5
"""Seconds within which every caller has an answer."""
AT_ONCE = {"most_requests_per_caller": 100}
CALLERS = 6
NAMES = [f"Customer {number:03}" for number in range(100)]
LIST = "{ customers(first: 100, orderBy: [{ field: DISPLAY_NAME }]) { nodes { displayName legalName email } } }"
CREATE = """mutation ($input: CustomerCreateInput!) { customerCreate(input: $input) {
    customer { displayName } userErrors { code } } }"""
TOLD = {
    200: None,
    401: "UNAUTHENTICATED",
    503: "INTERNAL",
    504: "TIMEOUT",
}
"""Code of the error in an answer, by its status."""
DRIVERS = ("asyncpg", "psycopg", "sqlalchemy", "traceback", "connection", "select ", "insert ", "postgres", "errno")
"""What would tell of the inside."""


@dataclass(frozen=True, repr=False)
class Far:
    """A process whose database is behind a network that can be cut, a partner's system, and what was answered before."""

    served: Asking
    proxy: Proxy
    partner: Client
    who: Row

    async def ready(self, status: int) -> None:
        """Waits until readiness says so."""
        async with asyncio.timeout(IN_TIME):
            while (await self.served.client.get("/readyz")).status_code != status:
                await asyncio.sleep(0.02)

    async def known(self) -> httpx2.Response:
        """A read whose plan is known."""
        return await self.served.post(self.who, LIST)

    async def new(self) -> httpx2.Response:
        """A read that was never asked."""
        return await self.served.post(self.who, f"{LIST} # {uuid4()}")

    async def token(self) -> httpx2.Response:
        """A token for the partner's system."""
        return await self.served.client.post(
            "/oauth/token", data={"grant_type": "client_credentials", **self.partner.proof}
        )

    async def write(self, name: str) -> httpx2.Response:
        """A customer of a name, under a key of its own."""
        about = {"kind": "ORGANIZATION", "displayName": name, "idempotencyKey": name}
        return await self.served.post(self.who, CREATE, {"input": about})


@pytest.fixture(scope="module")
async def customers(writer: asyncpg.Connection, company: Company) -> None:
    """A hundred, so that a list of them does not come in one packet."""
    await store(writer, *(customer(name, legal_name="n" * 200) for name in NAMES))


@pytest.fixture
async def far(database: TemporaryDatabase, company: Company, customers: None, settings: Settings) -> AsyncIterator[Far]:
    given = settings.model_copy(update=AT_ONCE)
    async with proxy_to(database.dsn) as proxy, asking(proxy.dsn, given, pool_size=given.pool_size) as served:
        about = {"scopes": ["graph"], "grant_types": ["client_credentials"], "role": "partner", "region": "DE"}
        partner = await made(served, code=f"partner-{uuid4()}", name="Partner", **about)
        found = Far(served, proxy, partner, company.admin)
        assert {(await ask()).status_code for ask in (found.known, found.known, found.token)} == {200}
        written = await asyncio.gather(*(found.write(f"Warm {uuid4()}") for _ in range(ENGINE_CONNECTIONS)))
        assert {response.status_code for response in written} == {200}
        yield found


def told(response: httpx2.Response) -> int:
    """The status of a response that says what it may, and nothing of the inside."""
    code = response.json().get("errors", [{}])[0].get("extensions", {}).get("code")
    if response.request.url.path == "/graphql":
        assert code == TOLD[response.status_code], response.text
    if response.status_code != 200:
        assert not any(word in response.text.lower() for word in DRIVERS), response.text
    return response.status_code


@dataclass(frozen=True)
class Fault:
    """What happens, and the statuses that are right then."""

    happens: Callable[[Proxy], None]
    reads: set[int]
    others: set[int]
    """Of what writes, for which there are fewer connections."""
    seconds: float = IN_TIME


FAULTS = {
    "connections break": Fault(Proxy.reset, {200}, {200, 503}),
    "it refuses": Fault(Proxy.refuse, {503}, {503}),
    "it swallows everything": Fault(Proxy.swallow, {503, 504}, {503, 504}),
    "it is late": Fault(lambda proxy: proxy.slow_down(0.3), {200}, {200, 503}, seconds=10),
    "it is cut in mid-answer": Fault(lambda proxy: proxy.cut(300), {503}, {200, 503}),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_caller_is_answered_in_time_and_all_is_well_afterwards(
    far: Far, writer: asyncpg.Connection, fault: str
) -> None:
    before = (await far.known()).json()["data"]
    names = [f"{fault} {number}" for number in range(CALLERS)]
    right = FAULTS[fault]
    right.happens(far.proxy)
    async with asyncio.timeout(right.seconds):
        found = await asyncio.gather(
            *(far.known() for _ in names), *(far.new() for _ in names), far.token(), *map(far.write, names)
        )
    statuses = [told(response) for response in found]
    assert {*statuses[: 2 * CALLERS]} <= right.reads
    assert {*statuses[2 * CALLERS :]} <= right.others

    await far.proxy.mend()
    await far.ready(200)
    answers = await asyncio.gather(far.known(), far.new(), far.token(), *map(far.write, names))
    assert {told(response) for response in answers} == {200}
    written = [answer.json()["data"]["customerCreate"]["customer"] for answer in answers[3:]]
    assert written == [{"displayName": name} for name in names]
    assert await writer.fetchval("SELECT count(*) FROM customers WHERE display_name = ANY($1)", names) == CALLERS
    events = (
        "SELECT count(*) FROM change_events e JOIN customers c ON c.id = e.entity_id WHERE c.display_name = ANY($1)"
    )
    assert await writer.fetchval(events, names) == CALLERS
    await writer.execute("DELETE FROM customers WHERE display_name = ANY($1)", names)
    assert (await far.known()).json()["data"] == before


@pytest.mark.parametrize("fault", ["it refuses", "it swallows everything"])
async def test_readiness_tells_and_liveness_stays(far: Far, fault: str) -> None:
    FAULTS[fault].happens(far.proxy)
    await far.ready(503)
    assert (await far.served.client.get("/healthz")).status_code == 200
    await far.proxy.mend()
    await far.ready(200)


async def test_readiness_tells_before_the_database_is_lost(far: Far) -> None:
    far.proxy.swallow()
    async with asyncio.timeout(IN_TIME):
        ready = await far.served.client.get("/readyz")
    assert (ready.status_code, far.served.database.pulse.is_lost) == (503, False)
