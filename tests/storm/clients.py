"""Clients that write without a pause; what is not answered is sent again under the same key."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from app.models.ids import uuid7

CALL = "mutation ($input: InteractionCreateInput!) { done: interactionCreate(input: $input) { userErrors { code } } }"
RENAME = "mutation ($input: CustomerUpdateInput!) { done: customerUpdate(input: $input) { userErrors { code } } }"
AWAY = {503, 504}
"""Statuses that say: not now."""
AGAIN = 0.05
"""Seconds before a request is sent again."""


@dataclass
class Sent:
    """What was sent and what was acknowledged, by kind: keys, each standing in the record that it writes."""

    sent: dict[str, set[str]] = field(default_factory=lambda: {"call": set(), "rename": set()})
    acknowledged: dict[str, set[str]] = field(default_factory=lambda: {"call": set(), "rename": set()})
    retries: int = 0
    refused: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Crowd:
    """Clients of a server. `customers` are ids; all write about the same few."""

    address: str
    bearer: str
    customers: Sequence[str]
    sent: Sent = field(default_factory=Sent)

    async def write(self, clients: int, until: asyncio.Event) -> None:
        """Has so many clients write until told otherwise."""
        limits = httpx2.Limits(max_connections=clients)
        headers = {"Authorization": f"Bearer {self.bearer}"}
        async with httpx2.AsyncClient(base_url=self.address, headers=headers, limits=limits, timeout=10) as client:
            draws = [random.Random(i) for i in range(clients)]  # noqa: S311 the same again, not secret
            await asyncio.gather(*(self._one(client, drawn, until) for drawn in draws))

    async def _one(self, client: httpx2.AsyncClient, drawn: random.Random, until: asyncio.Event) -> None:
        while not until.is_set():
            kind = drawn.choice(("call", "rename"))
            key, customer = uuid7().hex, drawn.choice(self.customers)
            self.sent.sent[kind].add(key)
            body = _body(kind, key, customer)
            while not await self._done(client, kind, key, body):
                self.sent.retries += 1
                if until.is_set():
                    return
                await asyncio.sleep(AGAIN)

    async def _done(self, client: httpx2.AsyncClient, kind: str, key: str, body: Mapping[str, Any]) -> bool:
        """Whether a request was answered; what it answered is noted."""
        try:
            response = await client.post("/graphql", json=body)
        except httpx2.TransportError:
            return False
        if response.status_code in AWAY:
            return False
        if response.status_code != 200:
            self.sent.refused.append(response.text)
            return True
        answer = response.json()
        if answer.get("errors") or answer["data"]["done"]["userErrors"]:
            self.sent.refused.append(answer)
        else:
            self.sent.acknowledged[kind].add(key)
        return True


def _body(kind: str, key: str, customer: str) -> Mapping[str, Any]:
    if kind == "call":
        given = {"customer": customer, "kind": "CALL", "subject": key, "idempotencyKey": key}
        return {"query": CALL, "variables": {"input": given}}
    given = {"id": customer, "displayName": key, "idempotencyKey": key}
    return {"query": RENAME, "variables": {"input": given}}
