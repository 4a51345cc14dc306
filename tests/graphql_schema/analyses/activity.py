"""What happened with the customers of a small company, by day, and what analyses should make of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, interaction, order, owned, row, store, ticket

CUSTOMERS = {
    "ada": ("germany", "rep", "2026-01-20T10:00"),
    "bo": ("germany", "colleague", "2025-12-31T23:30"),
    "cy": ("france", "colleague", "2026-03-01T00:00"),
    "di": ("china", "colleague", None),
}
"""By name: the region, the owner and the moment of the first order."""


@dataclass(frozen=True)
class Event:
    """Something that happened."""

    kind: str
    of: str
    at: str
    channel: str | None = "EMAIL"
    status: str = ""
    amount: str = "0"
    currency: str = "EUR"
    rate: str | None = "1"

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.at).replace(tzinfo=dt.UTC)

    @property
    def counts(self) -> bool:
        """Whether it is no draft, and took place."""
        return self.status not in ("DRAFT", "CANCELED", "EXPIRED", "PLANNED", "NOT_HELD")

    @property
    def base(self) -> Decimal | None:
        return None if self.rate is None else Decimal(self.amount) * Decimal(self.rate)


EVENTS = (
    Event("order", "ada", "2026-01-20T10:00", amount="100"),
    Event("order", "ada", "2026-01-31T23:30", "WEB", amount="50"),
    Event("order", "bo", "2025-12-31T23:30", "WEB", amount="7"),
    Event("order", "bo", "2026-03-02T10:00", amount="30", currency="USD", rate="0.5"),
    Event("order", "cy", "2026-03-01T00:00", "WEB", amount="11", currency="USD", rate=None),
    Event("order", "cy", "2026-03-15T10:00", None, "DRAFT", "999"),
    Event("order", "ada", "2026-03-20T10:00", "WEB", "CANCELED", "999"),
    Event("order", "ada", "2025-03-20T10:00", amount="40"),
    Event("interaction", "ada", "2026-01-05T10:00", "PHONE"),
    Event("interaction", "ada", "2026-01-06T10:00", "PHONE", "PLANNED"),
    Event("interaction", "bo", "2026-03-31T23:59", None),
    Event("interaction", "di", "2026-03-31T23:59", "PHONE"),
    Event("ticket", "cy", "2026-03-09T10:00", "PHONE"),
    Event("ticket", "di", "2026-01-01T00:00"),
    Event("member", "ada", "2026-01-10T10:00", status="SENT"),
    Event("member", "bo", "2026-01-10T10:00", status="OPTED_OUT"),
    Event("member", "cy", "2026-01-10T10:00", status="RESPONDED"),
    Event("member", "di", "2026-01-10T10:00", status="CONVERTED"),
)


async def store_events(connection: asyncpg.Connection, company: Company) -> None:
    """Stores customers and events."""
    customers = {
        name: customer(
            name,
            region=getattr(company, region),
            owner=getattr(company, owner),
            first_ordered_at=first and dt.datetime.fromisoformat(first).replace(tzinfo=dt.UTC),
        )
        for name, (region, owner, first) in CUSTOMERS.items()
    }
    campaign = row(models.Campaign, code="SPRING", name="Spring", type="EMAIL", channel="EMAIL")
    await store(connection, *customers.values(), campaign)
    await store(connection, *(_row(event, customers[event.of], campaign) for event in EVENTS))


def _row(event: Event, of: Row, campaign: Row) -> Row:
    placed = "FULFILLED" if event.kind == "order" else ""
    status: dict[str, Any] = {"status": event.status or placed} if event.status or placed else {}
    if event.kind == "order":
        money = {"fx_rate": event.rate and Decimal(event.rate), "fx_date": event.rate and event.moment.date()}
        amount = Decimal(event.amount)
        return order(of, ordered_at=event.moment, channel=event.channel, subtotal=amount, currency=event.currency, **money, **status)  # fmt: skip
    if event.kind == "interaction":
        return interaction(of, occurred_at=event.moment, channel=event.channel, **status)
    if event.kind == "member":
        return owned(models.CampaignMember, of, campaign=campaign, status_at=event.moment, **status)
    return ticket(of, opened_at=event.moment, channel=event.channel)


def of(kind: str, events: Iterable[Event]) -> list[Event]:
    """The events of a kind that count."""
    return [event for event in events if event.kind == kind and event.counts]


def money(orders: Iterable[Event]) -> dict[str, Any]:
    """The sum in the base currency of those that have a rate, and the sums by currency."""
    found = list(orders)
    bases = [event.base for event in found if event.base is not None]
    sums = {event.currency: Decimal(0) for event in found}
    for event in found:
        sums[event.currency] += Decimal(event.amount)
    return {
        "base": f"{sum(bases):.4f}" if bases else None,
        "byCurrency": [{"currency": name, "amount": f"{sums[name]:.4f}"} for name in sorted(sums)],
    }
