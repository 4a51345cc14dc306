"""Requests made to choke on: each is refused before it reads a row, or answered within the cost that it was priced at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from app.settings import Settings
from benchmarks.hostile.requests import REQUESTS
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.http.asking import Asking
from tests.http.hearing import PROOF, Heard, overheard

LONGEST_REFUSAL = 20_000
"""Bytes."""


@pytest.fixture(scope="module")
async def served(
    database: TemporaryDatabase, company: Company, settings: Settings
) -> AsyncIterator[tuple[Asking, Heard]]:
    """A process with one connection, which knows its caller."""
    async with overheard(database.dsn, settings) as found:
        await found[0].data(company.admin, "{ viewer { id } }")
        yield found


def _rows(data: Any) -> Iterator[Any]:
    """All objects in lists."""
    for part in data.values() if isinstance(data, dict) else data:
        if isinstance(part, dict) and isinstance(data, list):
            yield part
        if isinstance(part, (dict, list)):
            yield from _rows(part)


@pytest.mark.parametrize("kind", REQUESTS)
async def test_it_is_refused_before_it_reads_or_answered_for_its_price(
    served: tuple[Asking, Heard], company: Company, kind: str
) -> None:
    graph, heard = served
    hostile = REQUESTS[kind]
    heard.taken()
    response = await graph.post(company.admin, hostile.query, hostile.variables, operationName=None)
    answer, statements = response.json(), heard.taken()
    assert response.status_code == 200
    codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
    assert codes == ({hostile.code} if hostile.code else set())
    if hostile.code:
        assert set(statements) <= {PROOF}
        assert not any((answer.get("data") or {}).values())
        assert len(answer["errors"]) <= 20
        assert len(response.content) < LONGEST_REFUSAL
    else:
        assert len(statements) == 1
        assert sum(1 for _ in _rows(answer["data"])) <= answer["extensions"]["cost"]["requested"]


def test_there_are_fifty_and_more() -> None:
    assert len(REQUESTS) >= 50
