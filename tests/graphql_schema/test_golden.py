"""The statements of three queries for two roles, kept for review.

A change of the compiler, of the policy or of the tables that changes them is to be looked at:

    C360_TEST_RENEW_GOLDEN=1 python -m pytest tests/graphql_schema/test_golden.py && git diff tests/graphql_schema/golden
"""

from __future__ import annotations

import os
from pathlib import Path

import asyncpg
import pytest

from app.settings import FOR_TESTS
from graphql_schema.schema import SCHEMA
from tests.graphql_schema.answers import faults_of_data
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, order, store, ticket
from tests.graphql_schema.statements import golden
from tests.http.asking import Asking

GOLDEN = Path(__file__).parent / "golden"
RENEW = f"{FOR_TESTS}RENEW_GOLDEN"


@pytest.fixture(scope="module")
async def ada(writer: asyncpg.Connection, company: Company) -> Row:
    """A customer with an order and more."""
    ada = customer("Ada", region=company.germany, owner=company.rep, lifecycle_stage="ACTIVE", email="ada@example.com")
    await store(writer, ada, contact(ada), order(ada, status="FULFILLED"), ticket(ada))
    return ada


@pytest.mark.parametrize("role", ["rep", "admin"])
@pytest.mark.parametrize("name", ["one", "list", "story"])
async def test_the_statement_is_the_one_that_was_reviewed(
    graph: Asking, company: Company, ada: Row, name: str, role: str
) -> None:
    query = (GOLDEN / f"{name}.graphql").read_text()
    variables = {"after": None} if name == "list" else {"id": ada.node}
    data = await graph.data(getattr(company, role), query, variables)
    assert faults_of_data(SCHEMA._schema, query, data, variables) == []
    assert (data.get("customer") or data["customers"]["nodes"][0])["displayName"] == "Ada"

    made = golden(next(reversed(graph.engine._plans.values())).plan)
    kept = GOLDEN / f"{name}.{ {'rep': 'sales_rep'}.get(role, role) }.sql"
    if os.environ.get(RENEW):
        kept.write_text(made)
    assert made == kept.read_text(), f"look at it, then renew it: set {RENEW}=1 and run this test again"
