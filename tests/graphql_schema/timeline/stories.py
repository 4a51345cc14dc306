"""What happened with a few customers, and the order in which a timeline is to tell it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from app import models
from app.services.policies.store import activate
from graphql_schema.ids import decode
from graphql_schema.timeline.strands import PLACES
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import (
    NOON,
    Row,
    assign,
    customer,
    interaction,
    opportunity,
    order,
    owned,
    row,
    stage,
    store,
    ticket,
    user,
)
from tests.http.asking import Asking

VAGUE = """
role: vague
includes: [employee]
rules:
  - {allow: [read], on: Customer, fields: {classes: [PUBLIC, BUSINESS]}}
  - {allow: [read], on: Order, fields: {names: [number, customer]}}
  - {allow: [read], on: Order, fields: {names: [orderedAt]}, mask: {orderedAt: month}}
  - {allow: [read], on: Interaction, fields: {names: [subject, customer]}}
  - {allow: [read], on: Interaction, when: {kind: {eq: CALL}}, fields: {names: [occurredAt]}}
  - {allow: [read], on: Ticket, fields: {names: [number, customer]}}
  - {allow: [read], on: Quote, fields: {names: [createdAt]}}
"""
"""Orders by the month alone, calls by their moment, other interactions and tickets without one."""
BLURRED = VAGUE.replace("role: vague", "role: blurred\nschema: tailored").replace("includes: [employee]\n", "")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, repr=False)
class Stories:
    """Customers, and two users more."""

    ada: Row
    """Of the representative: something of every type, much of it at one moment, some of it elsewhere."""
    bo: Row
    """Of a colleague: a call on each of thirty days, and an order at each third."""
    cleo: Row
    """Of whom there is nothing."""
    vague: Row
    blurred: Row
    call: Row
    order: Row
    hidden: Row
    """An order of Ada's that lies in China."""


def day(number: int) -> dt.datetime:
    """So many days after the first."""
    return NOON + number * DAY


async def told(connection: asyncpg.Connection, company: Company) -> Stories:
    """The stories, stored."""
    await activate(connection, read_folder(DEFAULT_RULES) | {"vague.yaml": VAGUE, "blurred.yaml": BLURRED})
    vague, blurred = user("vague"), user("blurred")
    await store(connection, vague, blurred)
    await assign(connection, vague, "vague")
    await assign(connection, blurred, "blurred")
    ada = customer("Ada", owner=company.rep, region=company.germany, department=company.service)
    bo = customer("Bo", owner=company.colleague, region=company.germany, department=company.sales)
    cleo = customer("Cleo", owner=company.rep, region=company.germany)
    call, placed = interaction(ada, occurred_at=day(1)), order(ada, number="A-1", ordered_at=day(3))
    hidden = order(ada, number="A-2", ordered_at=day(3), region=company.china)
    await store(connection, ada, bo, cleo, call, placed, hidden, *_of_every_type(ada, company))
    await store(connection, *(interaction(bo, occurred_at=day(n), subject=f"Call {n}") for n in range(30)))
    await store(connection, *(order(bo, ordered_at=day(n)) for n in range(0, 30, 3)))
    return Stories(ada, bo, cleo, vague, blurred, call, placed, hidden)


def _of_every_type(ada: Row, company: Company) -> Sequence[Row]:
    first, campaign = stage(), row(models.Campaign, code="C", name="Spring", type="EMAIL")
    survey = row(models.Survey, code="S", name="How was it?", kind="CSAT", scale_min=1, scale_max=5)
    asked: dict[str, Any] = {"survey": survey, "scale_min": 1, "scale_max": 5}
    return [
        *(first, campaign, survey),
        interaction(ada, kind="EMAIL", occurred_at=day(3), subject="Thanks"),
        interaction(ada, occurred_at=day(400), status="PLANNED", subject="To come"),
        ticket(ada, opened_at=day(3), number="T-1"),
        ticket(ada, opened_at=day(4), number="T-2", department=company.sales),
        opportunity(ada, first, "Dated", opened_at=day(2)),
        opportunity(ada, first, "Undated"),
        owned(models.Quote, ada, number="Q-1", currency="EUR", created_at=day(3)),
        owned(models.Contract, ada, number="K-1", start_date=day(3).date()),
        owned(models.Contract, ada, number="K-2"),
        owned(models.CampaignMember, ada, campaign=campaign, status="OPENED", status_at=day(5)),
        owned(models.SurveyResponse, ada, score=4, sent_at=day(5), responded_at=day(6), **asked),
        owned(models.SurveyResponse, ada, sent_at=day(5), **asked),
    ]


def moment(text: str) -> dt.datetime:
    """A moment as the graph answers it; of a day its beginning."""
    found = dt.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


async def reference(graph: Asking, who: Row, of: Row) -> list[tuple[dt.datetime, str]]:
    """What a timeline is to hold, made of the customer's lists as the same caller sees them: moments and ids."""
    found = []
    for place in PLACES:
        query = f"query($id: ID!) {{ customer(id: $id) {{ {place.list}(first: 100) {{ nodes {{ id at: {place.moment} }} }} }} }}"
        answer = (await graph.post(who, query, {"id": of.node})).json()
        if "data" in answer:  # else the caller's schema lacks it
            nodes = answer["data"]["customer"][place.list]["nodes"]
            found += [(moment(node["at"]), node["id"]) for node in nodes if node["at"]]
    return sorted(found, key=lambda item: (item[0], *_key(item[1])), reverse=True)


def _key(node: str) -> tuple[int, bytes]:
    found = decode(node)
    assert found is not None
    return found.tag, found.key.bytes
