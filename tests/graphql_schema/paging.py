"""Customers with names, and cursors that were forged, for tests of pages."""

from __future__ import annotations

import base64
import json
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, store
from tests.http.asking import Asking

KEY = "00000000-0000-0000-0000-000000000001"
NAMES = ["Ada", "Bea", "Cleo", "Dora", "Edda"]


@pytest.fixture(scope="module")
async def customers(writer: asyncpg.Connection, company: Company) -> list[Row]:
    """Five customers; the first has contacts."""
    rows = [customer(name, region=company.germany) for name in NAMES]
    await store(writer, *rows, *(contact(rows[0], f"Contact {i:02}") for i in range(12)))
    return rows


def forged(*values: Any, of: str) -> str:
    """A cursor of the same order as another, with other values."""
    head = json.loads(base64.urlsafe_b64decode(of))[0]
    return encoded(json.dumps([head, *values]))


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode()


async def first_cursor(graph: Asking, company: Company, field: str) -> str:
    query = f"{{ customers(first: 1, orderBy: [{{field: {field}}}]) {{ edges {{ cursor }} }} }}"
    found = await graph.data(company.admin, query)
    cursor: str = found["customers"]["edges"][0]["cursor"]
    return cursor
