"""Tests of a policy, put to the compiler's own views in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from textwrap import indent

import asyncpg
import pytest

from app.models.catalogue import CATALOGUE
from app.services.policies.testing import run_cases
from policies.loading import DEFAULT_RULES, load, read_folder
from policies.rules import Policy
from policies.testing import FOLDER, Miss, read_cases
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.rows import customer, store

SHIPPED = load(read_folder(DEFAULT_RULES), CATALOGUE)
TABLES = read_folder(DEFAULT_RULES / FOLDER)


@pytest.fixture
async def connection(database: TemporaryDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.dsn)
    yield connection
    await connection.close()


async def run(connection: asyncpg.Connection, policy: Policy, cases: str) -> list[Miss]:
    return await run_cases(connection, policy, read_cases({"a.yaml": "cases:\n" + indent(cases, "  ")}, policy))


async def missed(connection: asyncpg.Connection, cases: str, policy: Policy = SHIPPED) -> list[tuple[str, str, str]]:
    """Field, expected and got of all that was not as expected."""
    return [(miss.field, miss.expected, miss.got) for miss in await run(connection, policy, cases)]


# The shipped policy


def test_each_shipped_role_has_its_table() -> None:
    assert set(TABLES) == {f"{role}.yaml" for role in SHIPPED.roles}
    for name, text in TABLES.items():
        roles = {a.role for case in read_cases({name: text}, SHIPPED) for a in case.principal.assignments}
        assert roles == {Path(name).stem}


async def test_the_shipped_policy_passes_its_tests(connection: asyncpg.Connection) -> None:
    cases = read_cases(TABLES, SHIPPED)
    assert len(cases) > 150
    assert await run_cases(connection, SHIPPED, cases) == []


# What is not as expected


REP = "as: {role: sales_rep, regions: [EMEA]}, on: Customer"


@pytest.mark.parametrize(
    ("line", "misses"),
    [
        ("row: {region: EMEA}, expect: hidden", [("", "hidden", "visible")]),
        ("row: {region: ASIA}, expect: visible", [("", "visible", "hidden")]),
        ("row: {region: ASIA}, plain: [displayName, email]", [("", "visible", "hidden")]),
        ("row: {region: EMEA}, plain: [email]", [("email", "plain", "masked")]),
        ("row: {region: EMEA}, withheld: [email, tier]", [("email", "withheld", "masked"), ("tier", "withheld", "plain")]),
        ("row: {region: EMEA, owner: me}, masked: [email]", [("email", "masked", "plain")]),
        ("row: {region: EMEA}, masked: [taxId]", [("taxId", "masked", "withheld")]),
        ("row: {region: EMEA, email: ada.lovelace@example.com}, masked: {email: b•••@example.com}",
         [("email", "b•••@example.com", "a•••@example.com")]),
        ("row: {region: EMEA}, may: delete, mayNot: merge", [("delete", "permitted", "refused")]),
        ("row: {region: EMEA, owner: me}, mayNot: update", [("update", "refused", "permitted")]),
        ("row: {region: EMEA}, masked: {email: •••}", [("email", "•••", "None")]),
        ("row: {region: EMEA, email: ada.lovelace@example.com}, masked: {email: a•••@example.com}", []),
    ],
)  # fmt: skip
async def test_each_thing_that_is_not_as_expected_is_told(
    connection: asyncpg.Connection, line: str, misses: list[tuple[str, str, str]]
) -> None:
    assert await missed(connection, f"- {{{REP}, {line}}}") == misses


async def test_a_row_that_cannot_be_stored_is_told(connection: asyncpg.Connection) -> None:
    lines = f"- {{{REP}, row: {{locale: {'x' * 99}}}}}\n- {{{REP}, row: {{region: ASIA}}}}"
    [(_, expected, got), after] = await missed(connection, lines)
    assert expected == "a row that can be stored"
    assert got == "value too long for type character varying(35)"
    assert after == ("", "visible", "hidden")


# The rows of a case, and no others


WHERE = "role: r\nrules:\n  - allow: [read]\n    on: Customer\n    fields: all\n    when: "


def by(condition: str, *more: str) -> Policy:
    return load({"r.yaml": WHERE + condition + "\n" + "".join(indent(each, "  ") for each in more)}, CATALOGUE)


@pytest.mark.parametrize(
    ("condition", "row", "visible"),
    [
        ("{orders: {some: {status: {eq: DRAFT}}}}", "{orders: [{status: DRAFT}]}", True),
        ("{orders: {some: {status: {eq: DRAFT}}}}", "{orders: [{status: CANCELED}]}", False),
        ("{orders: {some: {status: {eq: DRAFT}}}}", "{}", False),
        ("{orders: {none: {status: {eq: DRAFT}}}}", "{}", True),
        ("{orders: {every: {lines: {some: {quantity: {gt: 1}}}}}}",
         "{orders: [{lines: [{quantity: 1}, {quantity: 2}]}]}", True),
        ("{orders: {every: {lines: {some: {quantity: {gt: 1}}}}}}", "{orders: [{lines: [{quantity: 1}]}]}", False),
        ("{owner: {department: {code: {eq: SALES}}}}", "{owner: {department: {code: SALES}}}", True),
        ("{owner: {department: {code: {eq: SALES}}}}", "{owner: {department: {code: SERVICE}}}", False),
        ("{annualRevenue: {gt: 100}}", "{annualRevenue: 60, fxRate: 2}", True),
        ("{annualRevenue: {gt: 100}}", "{annualRevenue: 60, fxRate: 1}", False),
        ("{annualRevenue: {gt: 50, currency: EUR}}", "{annualRevenue: 60, currency: EUR}", True),
        ("{legalHold: {eq: false}}", "{}", True),
        ("{version: {eq: 1}}", "{}", True),
    ],
)  # fmt: skip
async def test_a_condition_sees_the_rows_that_the_case_describes(
    connection: asyncpg.Connection, condition: str, row: str, *, visible: bool
) -> None:
    expect = "visible" if visible else "hidden"
    assert (
        await run(connection, by(condition), f"- {{as: {{role: r}}, on: Customer, row: {row}, expect: {expect}}}") == []
    )


async def test_a_case_sees_neither_the_rows_of_another_nor_those_of_the_database(
    connection: asyncpg.Connection,
) -> None:
    transaction = connection.transaction()
    await transaction.start()
    await store(connection, customer("In the way", tier="KEY"))
    policy = by("{mergedInto: {tier: {eq: KEY}}}")
    linked = "{mergedInto: {id: other, tier: KEY}}"
    lines = [(linked, "visible"), ("{mergedInto: other}", "hidden")]
    cases = "\n".join(f"- {{as: {{role: r}}, on: Customer, row: {row}, expect: {expect}}}" for row, expect in lines)
    assert await run(connection, policy, cases) == []
    await transaction.rollback()


async def test_a_deny_is_possible_where_the_row_is_silent(connection: asyncpg.Connection) -> None:
    policy = by("{version: {gt: 0}}", "- deny: [read]\n  on: Customer\n  when: {tier: {eq: KEY}}\n")
    lines = [("{tier: BASIC}", "visible"), ("{tier: KEY}", "hidden"), ("{}", "hidden")]
    cases = "\n".join(f"- {{as: {{role: r}}, on: Customer, row: {row}, expect: {expect}}}" for row, expect in lines)
    assert await run(connection, policy, cases) == []


async def test_nothing_is_left_behind(connection: asyncpg.Connection) -> None:
    async def state() -> list[object]:
        tables = await connection.fetch(
            "SELECT relname, relnamespace::regnamespace::text AS s FROM pg_class ORDER BY 1, 2"
        )
        counts = await connection.fetchval("SELECT count(*) FROM customers")
        return [[row["relname"] for row in tables if not row["s"].startswith("pg_toast")], counts]

    before = await state()
    assert await missed(connection, f"- {{{REP}, row: {{region: EMEA, orders: [{{status: DRAFT}}]}}}}") == []
    assert await state() == before
    broken = f"- {{{REP}, row: {{locale: {'x' * 99}}}}}"
    assert await run(connection, SHIPPED, broken)
    assert await state() == before
    assert await connection.fetchval("SELECT 1") == 1


async def test_tests_run_where_nothing_was_migrated(bare_database: TemporaryDatabase) -> None:
    bare = await asyncpg.connect(bare_database.dsn)
    try:
        assert await run_cases(bare, SHIPPED, read_cases(TABLES, SHIPPED)) == []
        assert await bare.fetchval("SELECT count(*) FROM pg_class WHERE relname = 'customers'") == 0
    finally:
        await bare.close()
