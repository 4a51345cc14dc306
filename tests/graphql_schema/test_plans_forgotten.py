"""Plans and documents that are forgotten: the largest are few, and what was asked lately is kept longest."""

from __future__ import annotations

from app.settings import Settings
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.planned import Rows
from tests.http.asking import Asking, asking


def _keeps(graph: Asking, **bounds: int) -> None:
    """Has a process keep so much of each kind."""
    for kept in (graph.engine._plans, graph.engine.documents._prepared, graph.engine.documents._parsed):
        for name, bound in bounds.items():
            setattr(kept, name, bound)


async def test_plans_and_documents_are_forgotten_when_they_are_large(
    database: TemporaryDatabase, settings: Settings, company: Company, rows: Rows
) -> None:
    async with asking(database.dsn, settings) as small:
        _keeps(small, heaviest=3_000)
        for i in range(6):
            query = f"{{ a{i}: customers {{ totalCount }} }} #{'.' * 1_000}"
            for _ in range(2):
                assert await small.data(company.rep, query) == {f"a{i}": {"totalCount": 1}}
        documents = small.engine.documents
        assert (len(documents._parsed), len(documents._prepared)) == (2, 2)
        assert 1 <= len(small.engine._plans) < 6
        assert small.engine._plans.weight == sum(small.engine._plans._weights.values())


async def test_plans_and_documents_are_forgotten_when_they_are_many(
    database: TemporaryDatabase, settings: Settings, company: Company, rows: Rows
) -> None:
    async with asking(database.dsn, settings) as small:
        _keeps(small, most=5)
        for _ in range(2):
            for i in range(12):
                query = f"{{ a{i}: customers {{ totalCount }} }}"
                assert await small.data(company.rep, query) == {f"a{i}": {"totalCount": 1}}
        assert len(small.engine._plans) == 5
        assert len(small.engine.documents._prepared) == len(small.engine.documents._parsed) == 5


async def test_what_was_asked_lately_is_remembered_longest(
    database: TemporaryDatabase, settings: Settings, company: Company, rows: Rows, entered: list[str]
) -> None:
    async with asking(database.dsn, settings) as small:
        _keeps(small, most=5)
        often = "{ often: customers { totalCount } }"
        await small.data(company.rep, often)
        for i in range(20):
            await small.data(company.rep, f"{{ b{i}: customers {{ totalCount }} }}")
            await small.data(company.rep, often)
        assert entered.count(often) == 1
