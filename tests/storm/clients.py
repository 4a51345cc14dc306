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
ORDER = "mutation ($input: OrderCreateInput!) { done: orderCreate(input: $input) { order { id } userErrors { code } } }"
LINE = "mutation ($input: OrderLineCreateInput!) { done: orderLineCreate(input: $input) { userErrors { code } } }"
CONFIRM = "mutation ($input: OrderConfirmInput!) { done: orderConfirm(input: $input) { userErrors { code } } }"
KINDS = ("call", "rename", "line", "confirm")
"""What is acknowledged; an order is made, gets a line and is confirmed in three requests."""
PRICE = {"amount": "10", "currency": "EUR"}
SOLD_OUT = [{"code": "INSUFFICIENT_STOCK"}]
AWAY = {503, 504}
"""Statuses that say: not now."""
AGAIN = 0.05
"""Seconds before a request is sent again."""


@dataclass
class Sent:
    """What was sent and what was acknowledged, by kind: keys, each standing in the record that it writes."""

    sent: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    acknowledged: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    sold_out: int = 0
    retries: int = 0
    refused: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Crowd:
    """Clients of a server. `customers` are ids; all write about the same few."""

    address: str
    bearer: str
    customers: Sequence[str]
    product: str
    """Of which there are few."""
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
            kind, customer = drawn.choice(("call", "rename", "buy")), drawn.choice(self.customers)
            one = _One(self, client, until, uuid7().hex)
            if kind == "buy":
                await one.buy(customer)
            elif kind == "call":
                await one.ask("call", CALL, {"customer": customer, "kind": "CALL", "subject": one.key})
            else:
                await one.ask("rename", RENAME, {"id": customer, "displayName": one.key})


@dataclass(frozen=True)
class _One:
    """What a client does once, under a key that stands in all that it writes."""

    crowd: Crowd
    client: httpx2.AsyncClient
    until: asyncio.Event
    key: str

    async def buy(self, customer: str) -> None:
        """Orders one piece of what is scarce."""
        made = await self.ask(None, ORDER, {"customer": customer, "currency": "EUR"})
        if made is None:
            return
        order = made["order"]["id"]
        line = {
            "customer": customer,
            "order": order,
            "product": self.crowd.product,
            "quantity": "1",
            "unitPrice": PRICE,
        }
        if await self.ask("line", LINE, {**line, "description": self.key}):
            await self.ask("confirm", CONFIRM, {"id": order})

    async def ask(self, kind: str | None, query: str, given: Mapping[str, Any]) -> Any:
        """Sends a request until it is answered, and notes that; None where it was not, or was refused."""
        sent = self.crowd.sent
        if kind is not None:
            sent.sent[kind].add(self.key)
        body = {"query": query, "variables": {"input": {**given, "idempotencyKey": f"{kind} {self.key}"}}}
        while (answer := await self._answer(body)) is None:
            sent.retries += 1
            if self.until.is_set():
                return None
            await asyncio.sleep(AGAIN)
        done = answer.get("data", {}).get("done")
        if kind == "confirm" and done and done["userErrors"] == SOLD_OUT:
            sent.sold_out += 1
        elif not done or done["userErrors"]:
            sent.refused.append(answer)
        else:
            if kind is not None:
                sent.acknowledged[kind].add(self.key)
            return done
        return None

    async def _answer(self, body: Mapping[str, Any]) -> Any:
        """The answer to a request; None where there was none."""
        try:
            response = await self.client.post("/graphql", json=body)
        except httpx2.TransportError:
            return None
        return None if response.status_code in AWAY else response.json()
