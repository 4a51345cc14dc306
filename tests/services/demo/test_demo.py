"""The demo company: how much of everything, always the same, and sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Any

import asyncpg
import pytest

from app.database import connect
from app.models import Base
from app.services.demo import DEMO_USERS, DemoRefused, load_demo
from policies.loading import DEFAULT_RULES, read_folder

CUSTOMERS = 500
PER_CUSTOMER = {
    "contacts": 3,
    "interactions": 20,
    "opportunities": 3,
    "orders": 6,
    "order_lines": 18,
    "tickets": 4,
    "campaign_members": 5,
}
TABLES = [table for table in Base.metadata.sorted_tables if "resource" in table.info]
MADE_IN_USE = {"policy_versions", "audit_events"}
"""What comes of the policy and of what people do."""
ONE_STATUS_ONLY = {
    "users.status",
    "policy_versions.status",
    "field_definitions.data_type",
    "field_definitions.data_class",
}
"""Lists of values that the demo does not go through."""


@pytest.fixture(scope="module")
async def counts(database: Any) -> dict[str, int]:
    return await load_demo(database.dsn, CUSTOMERS)


@pytest.fixture
async def demo(database: Any, counts: dict[str, int]) -> AsyncIterator[asyncpg.Connection]:
    assert counts
    connection = await connect(database.dsn)
    yield connection
    await connection.close()


async def _digests(dsn: str) -> dict[str, str]:
    """Of every table's rows, without the times that the database itself sets."""
    connection = await connect(dsn)
    own_clock = {"roles", "pipeline_stages"}
    try:
        return {
            name: await connection.fetchval(
                f"SELECT md5(string_agg((to_jsonb(t) {without})::text, '\n' ORDER BY to_jsonb(t)::text)) FROM {name} t"
            )
            for name in (*(table.name for table in TABLES), "unique_keys")
            for without in ("- 'created_at' - 'updated_at'" if name in own_clock else "",)
        }
    finally:
        await connection.close()


async def test_there_is_just_so_much_of_everything(demo: asyncpg.Connection, counts: dict[str, int]) -> None:
    stored = {name: await demo.fetchval(f"SELECT count(*) FROM {name}") for name in counts}
    assert stored == counts
    assert counts["customers"] == CUSTOMERS
    assert {name: counts[name] for name in PER_CUSTOMER} == {n: k * CUSTOMERS for n, k in PER_CUSTOMER.items()}
    assert counts["campaigns"] == 17


async def test_every_table_has_rows(demo: asyncpg.Connection) -> None:
    empty = [t.name for t in TABLES if not await demo.fetchval(f"SELECT EXISTS (SELECT FROM {t.name})")]
    assert set(empty) == MADE_IN_USE


async def test_two_loads_make_the_same_rows(database: Any, fresh_database: Any, counts: dict[str, int]) -> None:
    assert await load_demo(fresh_database.dsn, CUSTOMERS) == counts
    assert await _digests(fresh_database.dsn) == await _digests(database.dsn)


async def test_a_database_that_holds_something_is_refused(demo: asyncpg.Connection, database: Any) -> None:
    before = await _digests(database.dsn)
    with pytest.raises(DemoRefused, match="is not empty"):
        await load_demo(database.dsn, 10)
    assert await _digests(database.dsn) == before


async def test_one_customer_alone_is_enough_to_refuse(fresh_database: Any) -> None:
    connection = await connect(fresh_database.dsn)
    insert = "INSERT INTO customers (id, kind, display_name) VALUES (gen_random_uuid(), 'INDIVIDUAL', 'A')"
    await connection.execute(insert)
    with pytest.raises(DemoRefused, match="customers"):
        await load_demo(fresh_database.dsn, 10)
    assert await connection.fetchval("SELECT count(*) FROM users") == 0
    assert await connection.fetchval("SELECT count(*) FROM pipeline_stages") == 0
    await connection.close()


async def test_of_two_loads_at_once_one_is_refused(fresh_database: Any) -> None:
    both = (load_demo(fresh_database.dsn, 10), load_demo(fresh_database.dsn, 10))
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["DemoRefused", "dict"]


def _lists() -> list[Any]:
    spec = {str(c): c.info["field"].enum for t in TABLES for c in t.columns if "field" in c.info}
    return [pytest.param(name, enum, id=name) for name, enum in spec.items() if enum and name not in ONE_STATUS_ONLY]


@pytest.mark.parametrize(("column", "values"), _lists())
async def test_every_value_of_every_list_occurs(demo: asyncpg.Connection, column: str, values: type[StrEnum]) -> None:
    table, name = column.split(".")
    found = await demo.fetch(f"SELECT DISTINCT {name} FROM {table} WHERE {name} IS NOT NULL")
    missing = {value.value for value in values} - {row[0] for row in found}
    assert missing == NEVER.get(column, set())


NEVER = {
    "orders.channel": {"CHAT", "SMS", "SOCIAL", "POST", "SYSTEM", "VIDEO"},
    "tickets.channel": {"SMS", "POST", "PARTNER", "SYSTEM", "VIDEO", "IN_PERSON"},
    "ticket_messages.channel": {"SMS", "POST", "PARTNER", "SYSTEM", "VIDEO", "IN_PERSON"},
    "consents.channel": {"IN_PERSON", "VIDEO", "CHAT", "SOCIAL", "WEB", "APP", "POST", "PARTNER", "SYSTEM"},
    "tasks.subject_type": set(),
}
"""Channels by which such things do not come."""

SOUND = {
    "a line's total is quantity times price less discount": """
        SELECT FROM {lines} WHERE line_total <>
        round(quantity * unit_price * (100 - discount_pct) / 100, CASE currency WHEN 'JPY' THEN 0 ELSE 2 END)""",
    "a subtotal is the sum of the lines": """
        SELECT FROM {heads} h WHERE subtotal <>
        (SELECT sum(line_total) FROM {lines} l WHERE l.customer_id = h.customer_id AND l.{head}_id = h.id)""",
    "a total is subtotal less discount plus tax and shipping": """
        SELECT FROM {heads} WHERE total <> subtotal - discount + tax + shipping""",
    "tax is a share of what is left after the discount": """
        SELECT FROM {heads} h JOIN {lines} l ON l.customer_id = h.customer_id AND l.{head}_id = h.id
        WHERE tax <> round((subtotal - discount) * tax_rate_pct / 100, CASE h.currency WHEN 'JPY' THEN 0 ELSE 2 END)""",
    "lines are in the currency and at the rate of the whole": """
        SELECT FROM {heads} h JOIN {lines} l ON l.customer_id = h.customer_id AND l.{head}_id = h.id
        WHERE (h.currency, h.fx_rate, h.fx_date) <> (l.currency, l.fx_rate, l.fx_date)""",
    "the rate is that of its day": """
        SELECT FROM {heads} h LEFT JOIN currency_rates r
        ON r.currency = h.currency AND r.base_currency = 'USD' AND r.rate_date = h.fx_date
        WHERE h.fx_rate <> CASE h.currency WHEN 'USD' THEN 1 ELSE r.rate END OR h.fx_rate IS NULL""",
}


@pytest.mark.parametrize("law", SOUND)
@pytest.mark.parametrize(
    ("heads", "lines", "head"), [("orders", "order_lines", "order"), ("quotes", "quote_lines", "quote")]
)
async def test_amounts_add_up(demo: asyncpg.Connection, law: str, heads: str, lines: str, head: str) -> None:
    broken = SOUND[law].format(heads=heads, lines=lines, head=head)
    assert await demo.fetchval(f"SELECT count(*) FROM ({broken}) broken") == 0


@pytest.mark.parametrize(
    "broken",
    [
        # nothing is delivered, returned or paid back but where the order says so
        """SELECT FROM orders o WHERE (refunded > 0) <> (payment_status IN ('PARTIALLY_REFUNDED', 'FULLY_REFUNDED'))
           OR (payment_status = 'FULLY_REFUNDED' AND refunded <> total)""",
        """SELECT FROM orders o JOIN (SELECT customer_id, order_id, sum(quantity) AS wanted, sum(fulfilled_quantity) AS sent,
           sum(returned_quantity) AS back FROM order_lines GROUP BY 1, 2) l ON (l.customer_id, l.order_id) = (o.customer_id, o.id)
           WHERE fulfillment_status <> CASE WHEN back = wanted THEN 'RETURNED' WHEN back > 0 THEN 'PARTIALLY_RETURNED'
           WHEN sent = wanted THEN 'FULFILLED' WHEN sent > 0 THEN 'PARTIALLY_FULFILLED'
           WHEN status IN ('CANCELED', 'EXPIRED') THEN 'CANCELED' ELSE 'UNFULFILLED' END""",
        # what one row says of another is so
        """SELECT FROM customers c WHERE last_interaction_at IS DISTINCT FROM
           (SELECT max(occurred_at) FROM interactions i
            WHERE i.customer_id = c.id AND status = 'HELD' AND kind NOT IN ('NOTE', 'SYSTEM'))""",
        """SELECT FROM customers c WHERE first_ordered_at IS DISTINCT FROM
           (SELECT min(ordered_at) FROM orders o WHERE o.customer_id = c.id)""",
        """SELECT FROM customers c WHERE NOT EXISTS (SELECT FROM contact_points p WHERE p.customer_id = c.id
           AND contact_id IS NULL AND kind = 'EMAIL' AND value_normalized = c.email AND is_primary)""",
        """SELECT FROM customers c WHERE 1 <> (SELECT count(*) FROM contacts k WHERE k.customer_id = c.id AND is_primary)""",
        """SELECT FROM opportunities o JOIN pipeline_stages s ON s.id = stage_id WHERE (o.type = 'LEAD') <> (s.pipeline_code = 'LEADS')
           OR (closed_at IS NULL) <> (outcome = 'OPEN') OR o.probability_pct <> s.probability_pct OR (lost_reason IS NULL) <> (outcome <> 'LOST')""",
        """SELECT FROM orders o JOIN quotes q ON (q.customer_id, q.id) = (o.customer_id, o.quote_id)
           WHERE q.opportunity_id <> o.opportunity_id OR q.created_at > o.ordered_at""",
        """SELECT FROM orders o JOIN contracts k ON (k.customer_id, k.id) = (o.customer_id, o.contract_id)
           WHERE k.opportunity_id <> o.opportunity_id OR k.created_at > o.ordered_at""",
        "SELECT FROM tickets t JOIN orders o ON (o.customer_id, o.id) = (t.customer_id, t.order_id) WHERE opened_at < ordered_at",
        "SELECT FROM tickets WHERE (closed_at IS NULL) <> (status NOT IN ('CLOSED', 'REJECTED', 'DUPLICATE'))",
        """SELECT FROM segments s WHERE member_count <> (SELECT count(*) FROM segment_members m
           WHERE m.segment_id = s.id AND removed_at IS NULL) OR member_count = 0""",
        """SELECT FROM customers c WHERE (tier IN ('STRATEGIC', 'KEY')) <> EXISTS (SELECT FROM segment_members m
           JOIN segments s ON s.id = m.segment_id WHERE m.customer_id = c.id AND s.code = 'TOP')""",
        """SELECT FROM customer_relations r WHERE type <> 'REFERRER' AND NOT EXISTS (SELECT FROM customer_relations o
           WHERE (o.customer_id, o.related_customer_id) = (r.related_customer_id, r.customer_id)
           AND o.type = CASE r.type WHEN 'PARENT' THEN 'SUBSIDIARY' WHEN 'SUBSIDIARY' THEN 'PARENT' ELSE r.type END)""",
        """SELECT FROM survey_responses r JOIN surveys s ON s.id = survey_id
           WHERE (r.scale_min, r.scale_max) <> (s.scale_min, s.scale_max) OR s.status = 'DRAFT'""",
        "SELECT FROM campaign_members m JOIN campaigns c ON c.id = campaign_id WHERE c.status IN ('PLANNING', 'CANCELED')",
        # trees
        """SELECT FROM regions r LEFT JOIN regions p ON p.id = r.parent_id
           WHERE r.path <> coalesce(p.path, '/') || r.code || '/'""",
        """SELECT FROM departments d LEFT JOIN departments p ON p.id = d.parent_id
           WHERE d.path <> coalesce(p.path, '/') || d.code || '/'""",
        # the clock of the demo company
        "SELECT FROM interactions WHERE (occurred_at > '2026-11-20 12:00+00') <> (status = 'PLANNED')",
        "SELECT FROM orders WHERE ordered_at > '2026-11-20 12:00+00'",
    ],
)
async def test_rows_agree_with_each_other(demo: asyncpg.Connection, broken: str) -> None:
    assert await demo.fetchval(f"SELECT count(*) FROM ({broken}) broken") == 0


@pytest.mark.parametrize("table", ["interactions", "tasks"])
async def test_what_a_row_is_about_belongs_to_the_same_customer(demo: asyncpg.Connection, table: str) -> None:
    subjects = " UNION ALL ".join(
        f"SELECT '{kind}', customer_id, id FROM {of}"
        for kind, of in {
            "OPPORTUNITY": "opportunities",
            "QUOTE": "quotes",
            "CONTRACT": "contracts",
            "ORDER": "orders",
            "TICKET": "tickets",
        }.items()
    )
    stray = f"""
        SELECT count(*) FROM {table} WHERE subject_id IS NOT NULL
        AND (subject_type, customer_id, subject_id) NOT IN ({subjects})
        AND NOT (subject_type = 'CAMPAIGN' AND subject_id IN (SELECT id FROM campaigns))"""
    assert await demo.fetchval(stray) == 0


@pytest.mark.parametrize("table", [t.name for t in TABLES if "customer_id" in t.c and t.name not in {"tickets"}])
async def test_scope_is_copied_from_the_customer(demo: asyncpg.Connection, table: str) -> None:
    differ = f"""
        SELECT count(*) FROM {table} t JOIN customers c ON c.id = t.customer_id
        WHERE (t.owner_id, t.department_id, t.region_id) IS DISTINCT FROM (c.owner_id, c.department_id, c.region_id)"""
    assert await demo.fetchval(differ) == 0


@pytest.mark.parametrize(
    "kind", ["customers.tax_id", "quotes.number", "contracts.number", "orders.number", "tickets.number"]
)
async def test_values_that_are_unique_everywhere_are_kept_as_such(demo: asyncpg.Connection, kind: str) -> None:
    table, column = kind.split(".")
    customer = "id" if table == "customers" else "customer_id"
    rows = f"SELECT {column}, '{table}', id, {customer} FROM {table} WHERE {column} IS NOT NULL"
    kept = f"SELECT value, entity, entity_id, customer_id FROM unique_keys WHERE kind = '{kind}'"
    differ = f"(({rows}) EXCEPT ({kept})) UNION ALL (({kept}) EXCEPT ({rows}))"
    assert await demo.fetchval(f"SELECT count(*) FROM ({differ}) differ") == 0


async def test_the_users_cover_every_role_of_the_shipped_policy(demo: asyncpg.Connection) -> None:
    roles = {name.removesuffix(".yaml") for name in read_folder(DEFAULT_RULES)}
    assert {user.role for user in DEMO_USERS} == roles
    assert (DEMO_USERS[0].email, DEMO_USERS[0].role) == ("admin@example.com", "admin")
    held = await demo.fetch("""
        SELECT u.email, u.display_name, r.code, d.code, string_agg(g.code, ', ' ORDER BY a.id)
        FROM role_assignments a JOIN users u ON u.id = user_id JOIN roles r ON r.id = role_id
        JOIN departments d ON d.id = a.department_id LEFT JOIN regions g ON g.id = a.region_id
        GROUP BY u.id, r.code, d.code ORDER BY u.id""")
    assert [(*row[:4], row[4] or "") for row in held] == [
        (user.email, user.display_name, user.role, user.department, user.region) for user in DEMO_USERS
    ]


async def test_the_management_chain_has_three_levels(demo: asyncpg.Connection) -> None:
    levels = await demo.fetchval("""
        WITH RECURSIVE chain AS (SELECT id, 1 AS level FROM users WHERE manager_id IS NULL
        UNION ALL SELECT u.id, level + 1 FROM users u JOIN chain c ON u.manager_id = c.id) SELECT max(level) FROM chain""")
    assert levels == 3


async def test_the_region_tree_has_three_levels_and_customers_stand_on_the_lowest(demo: asyncpg.Connection) -> None:
    levels = await demo.fetch("""
        SELECT array_length(string_to_array(trim(path, '/'), '/'), 1) AS level, count(*),
               count(*) FILTER (WHERE EXISTS (SELECT FROM customers c WHERE c.region_id = r.id))
        FROM regions r GROUP BY 1 ORDER BY 1""")
    assert [tuple(row) for row in levels] == [(1, 3, 0), (2, 7, 0), (3, 16, 16)]


@pytest.mark.parametrize(
    ("locale", "letters"),
    [("zh-CN", "[\u4e00-\u9fff]"), ("ja-JP", "[\u3040-\u30ff\u4e00-\u9fff]"), ("de-DE", "[äöüß]")],
)
async def test_names_and_addresses_are_written_as_people_write_them(
    demo: asyncpg.Connection, locale: str, letters: str
) -> None:
    for column in ("c.display_name", "k.display_name", "a.line1"):
        found = await demo.fetchval(
            f"""SELECT count(*) FROM customers c JOIN contacts k ON k.customer_id = c.id
                JOIN addresses a ON a.customer_id = c.id WHERE c.locale = $1 AND {column} ~ $2""",
            locale,
            letters,
        )
        assert found > 20, column


async def test_what_follows_a_customer_has_its_scope(demo: asyncpg.Connection) -> None:
    copies = {t.name: [c.name for c in t.c if "field" in c.info and c.info["field"].copies] for t in TABLES}
    following = {name: columns for name, columns in copies.items() if columns}
    assert len(following) == 13
    for table, columns in following.items():
        differ = " OR ".join(f"r.{name} IS DISTINCT FROM c.{name}" for name in columns)
        assert not await demo.fetchval(
            f"SELECT count(*) FROM {table} r JOIN customers c ON c.id = r.customer_id WHERE {differ}"
        ), table
