"""Surveys are sent to customers, and answered once."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app import models
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, customer, row, store, ticket
from tests.http.asking import Asking

SHOWN = """surveyResponse { id score comment scaleMin scaleMax sentAt respondedAt survey { code } ticket { number } }
    userErrors { code field }"""


async def take(graph: Asking, who: Row, name: str, **given: Any) -> Any:
    title = name[:1].upper() + name[1:]
    text = f"mutation ($input: {title}Input!) {{ {name}(input: $input) {{ {SHOWN} }} }}"
    return (await graph.data(who, text, {"input": given}))[name]


def survey(code: str, **values: Any) -> Row:
    """A survey of how satisfied customers are, from 1 to 5."""
    scale = {"scale_min": 1, "scale_max": 5, "kind": "CSAT", "status": "ACTIVE"}
    return row(models.Survey, **{"code": code, "name": code.title(), **scale, **values})


@pytest.fixture(scope="module")
async def asked(company: Company, writer: asyncpg.Connection) -> tuple[Row, Row, Row]:
    """A survey, a customer, and a ticket of the customer."""
    of, buyer = survey("HAPPY"), customer("Acme", region=company.germany)
    about = ticket(buyer, number="T-ASKED")
    await store(writer, of, buyer, about)
    return of, buyer, about


async def test_a_survey_is_sent_and_answered_once(
    graph: Asking, company: Company, asked: tuple[Row, Row, Row], writer: asyncpg.Connection
) -> None:
    of, buyer, about = asked
    given = {"survey": of.node, "customer": buyer.node, "ticket": about.node}
    async with watched(writer) as checked:
        tried = await take(graph, company.admin, "surveySend", **given, validateOnly=True)
    assert (tried["userErrors"], checked.tables) == ([], [])
    sent = (await take(graph, company.admin, "surveySend", **given))["surveyResponse"]
    key = sent.pop("id")
    assert sent.pop("sentAt") is not None
    assert sent == {
        "score": None,
        "comment": None,
        "scaleMin": 1,
        "scaleMax": 5,
        "respondedAt": None,
        "survey": {"code": "HAPPY"},
        "ticket": {"number": "T-ASKED"},
    }
    async with watched(writer) as change:
        none = await take(graph, company.admin, "surveyResponseSubmit", id=key)
        high = await take(graph, company.admin, "surveyResponseSubmit", id=key, score=6)
        low = await take(graph, company.admin, "surveyResponseSubmit", id=key, score=0)
    assert (codes(none), codes(high), codes(low)) == (
        [("REQUIRED", ["score"])],
        [("INVALID", ["score"])],
        [("INVALID", ["score"])],
    )
    assert change.tables == []
    made = (await take(graph, company.admin, "surveyResponseSubmit", id=key, score=5, comment="Fine"))["surveyResponse"]
    assert (made["score"], made["comment"], made["respondedAt"] is None) == (5, "Fine", False)
    async with watched(writer) as change:
        again = await take(graph, company.admin, "surveyResponseSubmit", id=key, score=1)
    assert (codes(again), change.tables) == ([("INVALID_STATE", None)], [])


@pytest.mark.parametrize("status", ["DRAFT", "CLOSED"])
async def test_only_what_is_being_sent_is_sent(
    graph: Asking, company: Company, asked: tuple[Row, Row, Row], writer: asyncpg.Connection, status: str
) -> None:
    of = survey(status, status=status)
    await store(writer, of)
    async with watched(writer) as change:
        made = await take(graph, company.admin, "surveySend", survey=of.node, customer=asked[1].node)
        bare = await take(graph, company.admin, "surveySend", customer=asked[1].node)
    assert (codes(made), codes(bare)) == ([("INVALID_STATE", ["survey"])], [("REQUIRED", ["survey"])])
    assert change.tables == []


async def test_who_may_not_send_surveys_changes_nothing(
    graph: Asking, company: Company, asked: tuple[Row, Row, Row], writer: asyncpg.Connection
) -> None:
    of, buyer, _ = asked
    async with watched(writer) as change:
        made = await take(graph, company.rep, "surveySend", survey=of.node, customer=buyer.node)
    assert {code for code, _ in codes(made)} == {"FORBIDDEN"}
    assert change.tables == []
