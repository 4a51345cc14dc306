"""Explanations over the product's database: keys by their names, as far as the asker sees these."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.identity.bearer import Bearer
from app.identity.principals import load_principal
from app.models.catalogue import CATALOGUE
from app.services.policies.explaining import Explained, Question, explain
from app.services.policies.store import active_policy
from policies.principal import Principal
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company, found
from tests.graphql_schema.rows import Row, customer, store, ticket


@pytest.fixture(scope="module")
async def connection(database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.dsn)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def company(connection: asyncpg.Connection) -> Company:
    return await found(connection)


@pytest.fixture(scope="module")
async def ada(connection: asyncpg.Connection, company: Company) -> Row:
    """A customer in France, of the representative in Germany."""
    ada = customer("Ada Works", region=company.france, owner=company.rep, email="ada.lovelace@example.com")
    await store(connection, ada)
    return ada


async def principal(connection: asyncpg.Connection, user: Row) -> Principal:
    known = await load_principal(connection.fetchrow, Bearer(user.key))
    assert known is not None
    return known.principal


async def explained(
    connection: asyncpg.Connection, who: Row, row: Row, field: str | None = None, by: Row | None = None
) -> Explained:
    _, policy = await active_policy(connection.fetchrow)
    asker = await principal(connection, by) if by is not None else None
    on, values = CATALOGUE[row.model.__name__], row.values
    key = tuple(values[name] for name in on.key)
    question = Question(await principal(connection, who), on, key, row.node, field, asker)
    return await explain(connection.fetchrow, policy, question)


async def test_keys_are_told_by_name(connection: asyncpg.Connection, company: Company, ada: Row) -> None:
    told = await explained(connection, company.rep, ada, "email")
    assert told.names == {company.france.key: "Fr", company.germany.key: "De", company.rep.key: "Rep"}
    assert not told.explanation.visible
    [change] = told.explanation.changes
    [wish] = change.wishes
    assert wish.compared is not None
    assert (wish.wanted, wish.compared.value, wish.compared.operand) == (
        "region", company.france.key, (company.germany.key,),
    )  # fmt: skip
    roles = {each.role for each in told.explanation.roles}
    assert roles == {"admin", "auditor", "finance", "marketer", "sales_manager", "sales_rep", "service_agent"}


async def test_a_child_is_found_by_its_customer_and_its_key(
    connection: asyncpg.Connection, company: Company, ada: Row
) -> None:
    row = ticket(ada, region=company.germany)
    await store(connection, row)
    told = await explained(connection, company.colleague, row)
    assert told.explanation.visible
    assert told.names[company.france.key] == "Fr"
    assert not (await explained(connection, company.rep, row)).explanation.visible


async def test_what_the_asker_does_not_see_is_not_told(
    connection: asyncpg.Connection, company: Company, ada: Row
) -> None:
    for asker in (company.rep, company.partner, company.nobody):
        told = await explained(connection, company.colleague, ada, "email", by=asker)
        assert (told.explanation.found, told.names) == (False, {})


async def test_an_asker_knows_the_operands_of_its_own(
    connection: asyncpg.Connection, company: Company, ada: Row
) -> None:
    own = await explained(connection, company.colleague, ada, "email", by=company.colleague)
    assert own.explanation.found
    assert {each.condition.truth.value for each in own.explanation.rules} == {"true", "false"}
    assert company.france.key in own.names
    assert own.explanation.shown is None


@pytest.mark.parametrize(
    ("asker", "knows"), [("admin", True), ("auditor", True), ("manager", False), ("finance", False)]
)
async def test_who_reads_all_assignments_and_reports_knows_the_operands_of_others(
    connection: asyncpg.Connection, company: Company, ada: Row, asker: str, *, knows: bool
) -> None:
    told = await explained(connection, company.rep, ada, "email", by=getattr(company, asker))
    operands = [part.compared.operand for rule in told.explanation.rules for part in (rule.condition, *rule.condition.parts)
                if part.compared is not None]  # fmt: skip
    assert operands
    assert any(operands) is knows
