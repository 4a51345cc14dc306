"""How far campaigns got and what they brought, in exact numbers, as several roles."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from app import models
from app.models.enums import CampaignMemberStatus
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import NOON, Row, customer, opportunity, order, owned, row, stage, store
from tests.http.asking import Asking

HOW_MANY = dict(zip([each.value for each in CampaignMemberStatus], (5, 4, 3, 6, 2, 1, 3, 2, 1, 7), strict=True))
"""Members by status: TARGETED, SENT, DELIVERED, OPENED, CLICKED, RESPONDED, CONVERTED, BOUNCED, OPTED_OUT, SUPPRESSED."""
COUNTS = "targeted suppressed sent bounced delivered optedOut opened clicked responded converted leads"
RATES = (
    "deliveryRate bounceRate optOutRate openRate clickRate responseRate conversionRate costPerLead costPerConversion"
)
ROI = "roi { revenue { base byCurrency { currency amount } } cost { amount currency base } ratio }"


@pytest.fixture(scope="module", autouse=True)
async def campaigns(writer: asyncpg.Connection, company: Company) -> None:
    """Three campaigns: one at work, one that cost nothing, one that nobody heard of."""
    day = NOON.date()
    spring = _campaign("SPRING", actual_cost=Decimal(200), currency="USD", fx_rate=Decimal("0.5"), fx_date=day)
    free, idle = _campaign("FREE", actual_cost=Decimal(0), currency="EUR", fx_rate=1, fx_date=day), _campaign("IDLE")
    at = stage()
    await store(writer, spring, free, idle, at)
    for status, number in HOW_MANY.items():
        for _ in range(number):
            of = customer(region=company.germany)
            await store(writer, of, owned(models.CampaignMember, of, campaign=spring, status=status))
    ada, bo = customer("Ada", region=company.germany, owner=company.rep), customer("Bo", region=company.china)
    await store(writer, ada, bo, opportunity(ada, at, campaign=spring), opportunity(bo, at, campaign=spring))
    await store(writer, opportunity(ada, at, type="LEAD", campaign=spring), opportunity(ada, at))
    for of, amount, status, campaign in (
        (ada, "300.25", "FULFILLED", spring),
        (bo, "100", "UNFULFILLED", spring),
        (bo, "999", "DRAFT", spring),
        (ada, "999", "CANCELED", spring),
        (ada, "50", "FULFILLED", free),
    ):
        await store(writer, _order(of, campaign, amount, status))


def _campaign(code: str, **values: Any) -> Row:
    return row(models.Campaign, code=code, name=code.title(), type="EMAIL", channel="EMAIL", **values)


def _order(of: Row, campaign: Row, amount: str, status: str) -> Row:
    money = {"subtotal": Decimal(amount), "currency": "EUR", "fx_rate": Decimal(1), "fx_date": NOON.date()}
    return order(of, campaign=campaign, status=status, **money)


async def ask(graph: Asking, who: Row, code: str, selection: str) -> Any:
    query = f'{{ campaigns(where: {{code: {{eq: "{code}"}}}}) {{ nodes {{ {selection} }} }} }}'
    (found,) = (await graph.data(who, query))["campaigns"]["nodes"]
    return found


async def test_how_far_it_got(graph: Asking, company: Company) -> None:
    found = (await ask(graph, company.admin, "SPRING", f"metrics {{ {COUNTS} {RATES} }}"))["metrics"]
    further = ("OPENED", "CLICKED", "RESPONDED", "CONVERTED")
    reached = ("DELIVERED", "OPTED_OUT", *further)

    def of(*statuses: str) -> int:
        return sum(HOW_MANY[status] for status in statuses)

    counts = {
        "targeted": sum(HOW_MANY.values()),
        "suppressed": 7,
        "sent": of("SENT", "BOUNCED", *reached),
        "bounced": 2,
        "delivered": of(*reached),
        "optedOut": 1,
        "opened": of(*further),
        "clicked": of(*further[1:]),
        "responded": of(*further[2:]),
        "converted": 3,
        "leads": 3,
    }
    assert {name: found[name] for name in counts} == counts
    assert (counts["sent"], counts["delivered"], counts["opened"], counts["clicked"], counts["responded"]) == (
        22,
        16,
        12,
        6,
        4,
    )
    assert [found[name] for name in RATES.split()] == [
        "0.7273", "0.0909", "0.0625", "0.7500", "0.3750", "0.2500", "0.1875", "33.3333", "33.3333"
    ]  # fmt: skip


async def test_what_it_brought(graph: Asking, company: Company) -> None:
    assert await ask(graph, company.admin, "SPRING", ROI) == {
        "roi": {
            "revenue": {"base": "400.2500", "byCurrency": [{"currency": "EUR", "amount": "400.2500"}]},
            "cost": {"amount": "200.0000", "currency": "USD", "base": "100.0000"},
            "ratio": "3.0025",
        }
    }


async def test_what_cost_nothing_has_no_ratio(graph: Asking, company: Company) -> None:
    found = await ask(graph, company.admin, "FREE", f"{ROI} metrics {{ costPerLead openRate targeted }}")
    assert found["roi"]["revenue"] == {"base": "50.0000", "byCurrency": [{"currency": "EUR", "amount": "50.0000"}]}
    assert (found["roi"]["ratio"], found["roi"]["cost"]["base"]) == (None, "0.0000")
    assert found["metrics"] == {"costPerLead": None, "openRate": None, "targeted": 0}


async def test_of_what_nobody_heard(graph: Asking, company: Company) -> None:
    found = await ask(graph, company.admin, "IDLE", f"{ROI} metrics {{ {COUNTS} }}")
    assert found == {
        "roi": {"revenue": {"base": None, "byCurrency": []}, "cost": None, "ratio": None},
        "metrics": dict.fromkeys(COUNTS.split(), 0),
    }


async def test_each_role_sees_what_its_rows_come_to(graph: Asking, company: Company) -> None:
    """A marketer sees members and no orders; a representative members of the region, and amounts of her own alone."""
    found = await ask(graph, company.marketer, "SPRING", f"{ROI} metrics {{ targeted leads costPerLead openRate }}")
    assert found == {
        "roi": {"revenue": None, "cost": None, "ratio": None},
        "metrics": {"targeted": sum(HOW_MANY.values()), "leads": None, "costPerLead": None, "openRate": "0.7500"},
    }
    found = await ask(graph, company.rep, "SPRING", f"{ROI} metrics {{ leads }}")
    assert found == {
        "roi": {
            "revenue": {"base": "300.2500", "byCurrency": [{"currency": "EUR", "amount": "300.2500"}]},
            "cost": None,
            "ratio": None,
        },
        "metrics": {"leads": 2},
    }


async def test_nothing_but_its_name(graph: Asking, company: Company) -> None:
    found = await ask(graph, company.admin, "IDLE", "metrics { __typename } a: roi { __typename c: cost { amount } }")
    assert found == {
        "metrics": {"__typename": "CampaignMetrics"},
        "a": {"__typename": "CampaignRoi", "c": None},
    }
