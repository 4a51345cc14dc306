"""The demo company, piece by piece: first what all customers share, then customer after customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count as counting
from typing import Any
from uuid import UUID

from app.services.demo import activity, customers, insight, marketing, sales, service
from app.services.demo.account import PROFILES, Account
from app.services.demo.founding import Founding
from app.services.demo.organisation import organise
from app.services.demo.planning import define_fields, quote_rates, set_targets, stock
from app.services.demo.programs import ask, campaign, gather
from app.services.demo.source import Source
from app.services.demo.world import World, phrases, read
from app.services.demo.writer import Writer
from app.services.stages import STAGES

Rows = Mapping[str, list[dict[str, Any]]]

CHUNK = 500
"""Customers whose rows are held in memory at once."""
CUSTOMERS_PER_CAMPAIGN = 100
ALL_FULL = 2_000
"""Up to so many customers each has rows in every table; of more, only every tenth ten."""


def found(
    source: Source, stages: Mapping[tuple[str, str], UUID], roles: Mapping[str, UUID], customers: int
) -> tuple[World, Rows, Mapping[UUID, UUID]]:
    """What all customers share, its rows, and who leads each department."""
    founding = Founding(source)
    organisation = organise(founding, roles)
    world = World(
        areas=organisation.areas,
        departments=organisation.departments,
        users=organisation.users,
        products=stock(founding),
        stages={stage: stages[stage.pipeline, stage.code] for stage in STAGES},
        campaigns=campaign(founding, organisation, customers // CUSTOMERS_PER_CAMPAIGN),
        surveys=ask(founding),
        segments=gather(founding, organisation),
        names=read("names"),
        phrases=phrases(),
    )
    quote_rates(founding)
    set_targets(founding, organisation)
    define_fields(founding)
    return world, founding.rows, organisation.leaders


def grow(world: World, source: Source, customers: int) -> Iterator[Rows]:
    """The rows of so many customers, some customers at a time, each table's rows after those they refer to."""
    writer, numbered, earlier = Writer(world, source), counting(), list[Account]()
    for number in range(customers):
        earlier.append(_customer(writer, number, customers, numbered, earlier))
        del earlier[: -len(PROFILES)]
        if (number + 1) % CHUNK == 0 or number + 1 == customers:
            yield writer.take()


def _customer(writer: Writer, number: int, count: int, numbered: Iterator[int], earlier: list[Account]) -> Account:
    full = count <= ALL_FULL or number // len(PROFILES) % 10 == 0
    account, row = customers.open_account(writer, number, count, full=full)
    for make in (
        customers.people,
        customers.addresses,
        customers.consents,
        sales.opportunities,
    ):
        make(writer, account)
    sales.orders(writer, account, numbered)
    for make in (
        service.tickets,
        service.loyalty,
        marketing.memberships,
        marketing.segments,
        activity.interactions,
        activity.tasks,
        insight.scores,
    ):
        make(writer, account)
    customers.relations(writer, account, earlier)
    insight.issues(writer, account, earlier)
    touched = {"last_interaction_at": account.last_contact, "first_ordered_at": account.first_order}
    writer.rows["customers"].append(row | touched)
    return account
