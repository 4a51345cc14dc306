"""`Customer.overview`: exact figures, for several roles."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from graphql import GraphQLNonNull, GraphQLObjectType

from app import models
from app.services.policies.store import activate
from graphql_schema.building import upper_snake
from graphql_schema.overview.figures import FIGURES
from graphql_schema.schema import SCHEMA
from graphql_schema.timeline.strands import PLACES
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.answers import faults_of_data
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import (
    NOON,
    Row,
    assign,
    contact,
    customer,
    interaction,
    opportunity,
    order,
    owned,
    row,
    score,
    stage,
    store,
    task,
    ticket,
    user,
)
from tests.http.asking import Asking

DAY = dt.timedelta(days=1)
PAST = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
FAR = dt.datetime(2900, 1, 1, tzinfo=dt.UTC)
MONEY = "{ base byCurrency { currency amount } }"
RATING = "{ responses average last { score } }"
PARTS = {
    **dict.fromkeys(FIGURES, ""),
    "openTicketsByPriority": "{ priority count }",
    **dict.fromkeys(("openPipeline", "wonAmount", "ordered", "refunded", "outstanding"), MONEY),
    "lastContact": "{ kind occurredAt owner { displayName } }",
    "lastOrder": "{ number }",
    "nextTask": "{ title dueAt }",
    "scores": "{ kind asOf }",
    **dict.fromkeys(("csat", "nps", "ces"), RATING),
}
ROUNDING = """
role: rounding
rules:
  - {allow: [read], on: [Customer, Survey], fields: {classes: [PUBLIC, BUSINESS]}}
  - {allow: [read], on: Order, fields: {names: [status, paymentStatus]}}
  - {allow: [read], on: [Order], fields: {names: [total, orderedAt]}, mask: {total: round2, orderedAt: month}}
  - {allow: [read], on: SurveyResponse, fields: {names: [survey, score, respondedAt]}}
  - {allow: [read], on: SurveyResponse, fields: {names: [scaleMin, scaleMax]}, mask: {scaleMin: bucket, scaleMax: bucket}}
"""
"""Sees amounts and scales through masks; scales from 1 to 5 look as if they had no extent."""


@dataclass(frozen=True, repr=False)
class Customers:
    """Ada, of the representative; Bo, of a colleague; Cleo, of whom there is nothing; and a user more."""

    ada: Row
    bo: Row
    cleo: Row
    rounding: Row


def placed(of: Row, number: str, total: str, currency: str, rate: str | None, **values: Any) -> Row:
    """An order with a total, at a rate."""
    rated = {"fx_rate": Decimal(rate), "fx_date": PAST.date()} if rate else {}
    amounts = {"subtotal": Decimal(total), "total": Decimal(total), "currency": currency}
    return order(of, number=number, **{"status": "FULFILLED", **amounts, **rated, **values})


@pytest.fixture(scope="module")
async def customers(writer: asyncpg.Connection, company: Company) -> Customers:
    await activate(writer, read_folder(DEFAULT_RULES) | {"rounding.yaml": ROUNDING})
    rounding = user("rounding")
    await store(writer, rounding)
    await assign(writer, rounding, "rounding")
    scope: dict[str, Any] = {"region": company.germany, "department": company.service}
    ada, bo = customer("Ada", owner=company.rep, **scope), customer("Bo", owner=company.colleague, **scope)
    cleo = customer("Cleo", owner=company.rep, **scope)
    await store(writer, ada, bo, cleo, *_sales(ada, bo, company), *_activity(ada, company), *_insight(ada))
    return Customers(ada, bo, cleo, rounding)


def _sales(ada: Row, bo: Row, company: Company) -> list[Row]:
    open_, won, lost = stage(), stage("CLOSED_WON", 2, outcome="WON"), stage("CLOSED_LOST", 3, outcome="LOST")
    euros: dict[str, Any] = {"currency": "EUR", "fx_rate": Decimal("1.5"), "fx_date": PAST.date()}
    return [
        *(open_, won, lost),
        opportunity(ada, open_, "a", amount=Decimal(100), **euros),
        opportunity(ada, open_, "b", amount=Decimal("20.5"), currency="USD"),
        opportunity(ada, open_, "lead", type="LEAD"),
        opportunity(ada, won, "c", amount=Decimal(1000), **euros),
        opportunity(ada, lost, "d", amount=Decimal(9999), **euros),
        placed(ada, "O-1", "100", "EUR", "1.1", payment_status="FULLY_CHARGED", ordered_at=PAST),
        placed(ada, "O-2", "50", "USD", "1", status="UNFULFILLED", ordered_at=PAST + 2 * DAY),
        placed(ada, "O-3", "7", "EUR", None, refunded=Decimal(2), payment_status="PARTIALLY_CHARGED", ordered_at=PAST),
        placed(ada, "O-4", "1000", "EUR", "1", status="CANCELED", ordered_at=PAST + 3 * DAY),
        placed(ada, "O-5", "1000", "EUR", "1", status="DRAFT", ordered_at=PAST + 4 * DAY),
        placed(ada, "O-6", "500", "EUR", "1", region=company.china, ordered_at=PAST + 5 * DAY),
        placed(bo, "O-7", "1234", "EUR", "1", ordered_at=PAST),
        owned(models.Contract, ada, number="K-1", status="ACTIVE"),
        owned(models.Contract, ada, number="K-2", status="EXPIRED"),
    ]


def _activity(ada: Row, company: Company) -> list[Row]:
    return [
        contact(ada, "Bo"),
        contact(ada, "Cy", region=company.china),
        interaction(ada, kind="CALL", occurred_at=PAST),
        interaction(ada, kind="VISIT", occurred_at=PAST + DAY, owner=company.colleague),
        interaction(ada, kind="NOTE", occurred_at=PAST + 2 * DAY),
        interaction(ada, kind="CALL", occurred_at=PAST + 3 * DAY, status="NOT_HELD"),
        interaction(ada, kind="MEETING", occurred_at=FAR, status="PLANNED"),
        interaction(ada, kind="MEETING", occurred_at=FAR),
        ticket(ada, priority="HIGH", resolution_due_at=PAST),
        ticket(ada, priority="LOW", status="PENDING_CUSTOMER", resolution_due_at=FAR),
        ticket(ada, priority="HIGH", status="ASSIGNED", department=company.sales),
        ticket(ada, priority="URGENT", status="CLOSED"),
        task(ada, title="later", due_at=FAR),
        task(ada, title="overdue", due_at=PAST, status="STARTED"),
        task(ada, title="whenever"),
        task(ada, title="done", due_at=PAST - DAY, status="COMPLETED"),
    ]


def _insight(ada: Row) -> list[Row]:
    csat = row(models.Survey, code="C", name="Happy?", kind="CSAT", scale_min=1, scale_max=5)
    nps = row(models.Survey, code="N", name="Recommend?", kind="NPS", scale_min=0, scale_max=10)

    def answer(survey: Row, found: int | None, days: int) -> Row:
        scale = {name: survey.values[name] for name in ("scale_min", "scale_max")}
        at = PAST + days * DAY if found is not None else None
        return owned(models.SurveyResponse, ada, survey=survey, score=found, responded_at=at, **scale)

    return [
        *(csat, nps),
        *(answer(csat, 5, 1), answer(csat, 4, 3), answer(csat, 4, 2), answer(csat, None, 0), answer(nps, 9, 1)),
        score(ada, kind="CHURN", as_of=NOON.date(), expires_at=FAR),
        score(ada, kind="CHURN", as_of=NOON.date() - DAY),
        score(ada, kind="RISK", as_of=NOON.date(), expires_at=PAST),
        score(ada, kind="CLV", as_of=NOON.date()),
    ]


async def asked(graph: Asking, who: Row, of: Row, parts: Mapping[str, str]) -> Any:
    """Parts of an overview."""
    selected = " ".join(f"{name} {inside}" for name, inside in parts.items())
    query = f"query($id: ID!) {{ customer(id: $id) {{ overview {{ {selected} }} }} }}"
    data = await graph.data(who, query, {"id": of.node})
    assert faults_of_data(SCHEMA._schema, query, data, {"id": of.node}) == []
    return data["customer"]["overview"]


def amounts(base: str | None, **by: str) -> Any:
    """A sum of money."""
    listed = [{"currency": currency, "amount": f"{amount}.0000"} for currency, amount in by.items()]
    return {"base": base, "byCurrency": listed}


CSAT = {"responses": 3, "average": "83.33", "last": {"score": 4}}
NPS = {"responses": 1, "average": "90.00", "last": {"score": 9}}
NONE = {"responses": 0, "average": None, "last": None}
SHARED = {
    "contacts": 1,
    "interactions": 4,
    "orders": 3,
    "lastContact": {"kind": "VISIT", "occurredAt": "2026-01-02T12:00:00+00:00", "owner": {"displayName": "Colleague"}},
    "lastOrder": {"number": "O-2"},
}
OF_SALES = {
    **SHARED,
    "openLeads": 1,
    "openOpportunities": 2,
    "wonOpportunities": 1,
    "activeContracts": 1,
    "openTickets": 3,
    "overdueTickets": 1,
    "openTicketsByPriority": [{"priority": "HIGH", "count": 2}, {"priority": "LOW", "count": 1}],
    "openTasks": 3,
    "overdueTasks": 1,
    "openPipeline": {
        "base": "150.0000",
        "byCurrency": [{"currency": "EUR", "amount": "100.0000"}, {"currency": "USD", "amount": "20.5000"}],
    },
    "wonAmount": amounts("1500.0000", EUR="1000"),
    "ordered": amounts("160.0000", EUR="107", USD="50"),
    "refunded": amounts("0.0000", EUR="2", USD="0"),
    "outstanding": amounts("50.0000", EUR="7", USD="50"),
    "nextTask": {"title": "overdue", "dueAt": "2026-01-01T12:00:00+00:00"},
    "scores": [{"kind": "CHURN", "asOf": "2026-01-31"}, {"kind": "CLV", "asOf": "2026-01-31"}],
    "csat": CSAT,
    "nps": NPS,
    "ces": NONE,
}
NOTHING = dict.fromkeys(FIGURES)
EXPECTED = {
    "rep": OF_SALES,
    "admin": OF_SALES
    | {
        "contacts": 2,
        "orders": 4,
        "ordered": amounts("660.0000", EUR="607", USD="50"),
        "outstanding": amounts("550.0000", EUR="507", USD="50"),
        "lastOrder": {"number": "O-6"},
    },
    "agent": NOTHING
    | SHARED
    | {
        "openTickets": 2,
        "overdueTickets": 1,
        "openTicketsByPriority": [{"priority": "HIGH", "count": 1}, {"priority": "LOW", "count": 1}],
    },
    "marketer": NOTHING | {"csat": CSAT, "nps": NPS, "ces": NONE},
}


@pytest.mark.parametrize("role", EXPECTED)
async def test_a_role_is_told_of_what_it_sees(graph: Asking, company: Company, customers: Customers, role: str) -> None:
    assert await asked(graph, getattr(company, role), customers.ada, PARTS) == EXPECTED[role]


@pytest.mark.parametrize("name", FIGURES)
async def test_each_part_says_alone_what_it_says_among_others(
    graph: Asking, company: Company, customers: Customers, name: str
) -> None:
    found = await asked(graph, company.rep, customers.ada, {name: PARTS[name]})
    assert found == {name: OF_SALES[name]}


async def test_a_withheld_amount_is_in_no_sum(graph: Asking, company: Company, customers: Customers) -> None:
    names = ("orders", "ordered", "refunded", "openPipeline")
    found = await asked(graph, company.rep, customers.bo, {name: PARTS[name] for name in names})
    assert found == {"orders": 1, **{name: {"base": None, "byCurrency": []} for name in names[1:]}}


async def test_masked_amounts_and_scales_are_summed_as_they_are_shown(
    graph: Asking, company: Company, customers: Customers
) -> None:
    parts = {name: PARTS[name] for name in ("ordered", "outstanding", "csat", "nps", "contacts")}
    found = await asked(graph, customers.rounding, customers.bo, parts)
    assert found["ordered"] == {"base": "1200.0000", "byCurrency": [{"currency": "EUR", "amount": "1200.0000"}]}
    assert found["contacts"] is None
    found = await asked(graph, customers.rounding, customers.ada, parts)
    assert found["csat"]["average"] is None
    assert found["csat"]["last"] == {"score": 4}


EMPTY: Any = {
    **{name: 0 for name, inside in PARTS.items() if not inside},
    "openTicketsByPriority": [],
    **{name: {"base": None, "byCurrency": []} for name, inside in PARTS.items() if inside == MONEY},
    **dict.fromkeys(("lastContact", "lastOrder", "nextTask")),
    "scores": [],
    **{name: NONE for name, inside in PARTS.items() if inside == RATING},
}


async def test_of_a_customer_without_anything_all_is_nought(
    graph: Asking, company: Company, customers: Customers
) -> None:
    assert await asked(graph, company.admin, customers.cleo, PARTS) == EMPTY


async def test_parts_answer_under_any_key_and_more_than_once(
    graph: Asking, company: Company, customers: Customers
) -> None:
    query = """query($id: ID!) { customer(id: $id) { a: overview { __typename n: orders m: orders
        x: ordered { __typename b: base c: base } y: ordered { p: byCurrency { __typename } q: byCurrency { amount } }
        s: openTicketsByPriority { __typename n: count } r: nps { __typename last { id } a: average b: average }
        lastOrder { __typename lines { totalCount } customer { overview { orders } } }
        contacts @skip(if: true) } b: overview { wonAmount { base @skip(if: true) } } c: overview { orders @skip(if: true) } } }"""
    data = await graph.data(company.rep, query, {"id": customers.ada.node})
    found = data["customer"]["a"]
    assert found["r"].pop("last")
    assert data["customer"] == {
        "a": {
            "__typename": "CustomerOverview",
            "n": 3,
            "m": 3,
            "x": {"__typename": "Amounts", "b": "160.0000", "c": "160.0000"},
            "y": {
                "p": [{"__typename": "CurrencyAmount"}] * 2,
                "q": [{"amount": "107.0000"}, {"amount": "50.0000"}],
            },
            "s": [{"__typename": "PriorityCount", "n": 2}, {"__typename": "PriorityCount", "n": 1}],
            "r": {"__typename": "CustomerRating", "a": "90.00", "b": "90.00"},
            "lastOrder": {
                "__typename": "Order",
                "lines": {"totalCount": 0},
                "customer": {"overview": {"orders": 3}},
            },
        },
        "b": {"wonAmount": {}},
        "c": {},
    }


async def test_of_many_customers_each_is_told_of_by_itself(
    graph: Asking, company: Company, customers: Customers
) -> None:
    query = "{ customers(orderBy: {field: DISPLAY_NAME}) { nodes { overview { orders lastOrder { number } } } } }"
    data = await graph.data(company.rep, query)
    assert [node["overview"] for node in data["customers"]["nodes"]] == [
        {"orders": 3, "lastOrder": {"number": "O-2"}},
        {"orders": 1, "lastOrder": {"number": "O-7"}},
        {"orders": 0, "lastOrder": None},
    ]


async def test_a_tailored_schema_has_only_the_parts_that_can_tell_something(
    graph: Asking, company: Company, customers: Customers
) -> None:
    data = await graph.data(company.partner, '{ __type(name: "CustomerOverview") { fields { name } } }')
    assert [field["name"] for field in data["__type"]["fields"]] == ["orders", "lastOrder"]
    found = await asked(graph, company.partner, customers.ada, {"orders": "", "lastOrder": "{ number }"})
    assert found == {"orders": 3, "lastOrder": {"number": "O-2"}}


def test_what_can_be_hidden_is_nullable() -> None:
    overview = SCHEMA._schema.type_map["CustomerOverview"]
    assert isinstance(overview, GraphQLObjectType)
    assert [name for name, field in overview.fields.items() if isinstance(field.type, GraphQLNonNull)] == []
    assert set(overview.fields) == set(FIGURES) == set(PARTS)


def test_the_page_for_callers_names_every_figure_and_place() -> None:
    page = (Path(__file__).parents[3] / "docs" / "timeline-and-overview.md").read_text("utf-8")
    told = set(re.findall(r"`(\w+)`", page))
    assert set(FIGURES) <= told
    assert {f"| `{upper_snake(each.entity)}` | `{each.moment}` |" in page for each in PLACES} == {True}
