"""Two customers, and what of their reading enters graphql-core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from graphql.execution import execute

import graphql_schema.engine
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, order, order_line, store, ticket


@pytest.fixture
def entered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that graphql-core was given to execute."""
    found: list[str] = []

    def counting(schema: Any, document: Any, **more: Any) -> Any:
        found.append(document.loc.source.body)
        return execute(schema, document, **more)

    monkeypatch.setattr(graphql_schema.engine, "execute", counting)
    return found


@dataclass(frozen=True)
class Rows:
    """A German and a French customer, each with an order."""

    german: Row
    french: Row
    order: Row


@pytest.fixture(scope="module")
async def rows(writer: asyncpg.Connection, company: Company) -> Rows:
    """Their rows, stored."""
    german = customer("German", region=company.germany, owner=company.rep, tier="KEY")
    french = customer("French", region=company.france, owner=company.colleague)
    placed = order(german, number="G")
    await store(writer, german, french, contact(german, "a"), contact(german, "b"), placed, order(french, number="F"))
    await store(writer, order_line(placed), ticket(german, order=placed))
    return Rows(german, french, placed)
