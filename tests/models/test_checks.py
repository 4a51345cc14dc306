"""What the database itself refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa

from app.models import Base

KINDS: dict[str, tuple[type[sa.types.TypeEngine[Any]], str, str]] = {
    "timestamptz": (sa.DateTime, "finite", "timestamptz"),
    "date": (sa.Date, "finite", "date"),
    "numeric": (sa.Numeric, "number", "numeric"),
}
DEFINITIONS = "SELECT conname, pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE contype = 'c'"
A, B, C = (UUID(int=n) for n in (1, 2, 3))


@pytest.fixture
async def connection(database: Any) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.dsn)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


@pytest.mark.parametrize(
    ("kind", "value", "holds"),
    [
        ("timestamptz", "infinity", False),
        ("timestamptz", "-infinity", False),
        ("timestamptz", "4713-01-01 00:00+00 BC", False),
        ("timestamptz", "0001-01-01 23:59:59+00", False),
        ("timestamptz", "0001-01-02 00:00+00", True),
        ("timestamptz", "9999-12-30 00:00+00", True),
        ("timestamptz", "9999-12-30 00:00:01+00", False),
        ("timestamptz", "294276-12-31 00:00+00", False),
        ("date", "infinity", False),
        ("date", "-infinity", False),
        ("date", "0001-01-01", False),
        ("date", "0001-01-02", True),
        ("date", "9999-12-30", True),
        ("date", "9999-12-31", False),
        ("numeric", "NaN", False),
        ("numeric", "0", True),
    ],
)
async def test_every_column_keeps_infinities_and_nan_out(
    connection: asyncpg.Connection, *, kind: str, value: str, holds: bool
) -> None:
    type_, suffix, cast = KINDS[kind]
    checks = dict(await connection.fetch(DEFINITIONS))
    columns = [c for t in Base.metadata.tables.values() for c in t.columns if isinstance(c.type, type_)]
    assert len(columns) > 20
    wrong = [
        str(column)
        for column in columns
        if holds
        is not await connection.fetchval(
            f"SELECT {checks[f'ck_{column.table.name}_{column.name}_{suffix}']}"
            f" FROM (SELECT '{value}'::{cast} AS {column.name}) AS probe"
        )
    ]
    assert wrong == []


SEED = f"""
    INSERT INTO users (id, display_name) VALUES ('{A}', 'A'), ('{B}', 'B');
    INSERT INTO pipeline_stages (id, pipeline_code, position, code, name, probability_pct, outcome, forecast_category)
    VALUES ('{A}', 'SALES', 1, 'PROSPECTING', 'P', 10, 'OPEN', 'PIPELINE'),
           ('{B}', 'SALES', 2, 'PROPOSAL', 'P', 65, 'OPEN', 'BEST_CASE');
    INSERT INTO surveys (id, code, name, kind, scale_min, scale_max) VALUES ('{A}', 'NPS', 'N', 'NPS', 0, 10);
    INSERT INTO customers (id, kind, display_name) VALUES ('{A}', 'ORGANIZATION', 'A'), ('{B}', 'INDIVIDUAL', 'B');
    INSERT INTO contacts (customer_id, id, display_name, is_primary) VALUES ('{A}', '{A}', 'A', true);
    INSERT INTO orders (customer_id, id, number, ordered_at, currency) VALUES ('{A}', '{A}', '1', now(), 'EUR');
    INSERT INTO campaigns (id, code, name, type) VALUES ('{A}', 'C', 'C', 'EMAIL');
    INSERT INTO segments (id, code, name, kind) VALUES ('{A}', 'S', 'S', 'STATIC');
    INSERT INTO segment_members (customer_id, id, segment_id, added_at) VALUES ('{A}', '{A}', '{A}', now());
    INSERT INTO policy_versions (id, number, status, document) VALUES ('{A}', 1, 'ACTIVE', '{{}}');
"""
OPPORTUNITY = "opportunities (customer_id, id, name, pipeline_code, stage_code, stage_id"
LINE = "order_lines (customer_id, id, order_id, currency, unit_price, line_total, quantity"
ANSWER = "survey_responses (customer_id, id, survey_id, scale_min, scale_max, score"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("customers (id, kind, display_name) VALUES ('{C}', 'ALIEN', 'C')", "ck_customers_kind"),
        (
            "customers (id, kind, display_name, birth_date) VALUES ('{C}', 'ORGANIZATION', 'C', '2000-01-01')",
            "ck_customers_kind_fields",
        ),
        (
            "customers (id, kind, display_name, legal_name) VALUES ('{C}', 'INDIVIDUAL', 'C', 'C Ltd')",
            "ck_customers_kind_fields",
        ),
        ("customers (id, kind, display_name, email) VALUES ('{C}', 'INDIVIDUAL', 'C', 'A@b')", "ck_customers_email"),
        ("customers (id, kind, display_name, phone) VALUES ('{C}', 'INDIVIDUAL', 'C', '030 1')", "ck_customers_phone"),
        (
            "customers (id, kind, display_name, annual_revenue) VALUES ('{C}', 'INDIVIDUAL', 'C', 1)",
            "ck_customers_has_currency",
        ),
        (
            "customers (id, kind, display_name, annual_revenue, currency) VALUES ('{C}', 'INDIVIDUAL', 'C', -1, 'EUR')",
            "ck_customers_annual_revenue",
        ),
        (
            "customers (id, kind, display_name, fx_rate) VALUES ('{C}', 'INDIVIDUAL', 'C', 1)",
            "ck_customers_fx_complete",
        ),
        (
            "contacts (customer_id, id, display_name, is_primary) VALUES ('{A}', '{B}', 'B', true)",
            "ix_contacts_customer_id",
        ),
        (
            "addresses (customer_id, id, kind, admin_area) VALUES ('{A}', '{A}', 'HOME', 'Hessen')",
            "ck_addresses_admin_area",
        ),
        ("addresses (customer_id, id, kind, latitude) VALUES ('{A}', '{A}', 'HOME', 1)", "ck_addresses_coordinates"),
        (
            "contact_points (customer_id, id, kind, value, value_normalized) VALUES ('{A}', '{A}', 'PHONE', '1', '1')",
            "ck_contact_points_e164",
        ),
        (
            "customer_relations (customer_id, id, related_customer_id, type) VALUES ('{A}', '{A}', '{A}', 'PARTNER')",
            "ck_customer_relations_related_to_another",
        ),
        (OPPORTUNITY + ") VALUES ('{A}', '{A}', 'O', 'SALES', 'PROPOSAL', '{A}')", "fk_opportunities_stage"),
        (
            OPPORTUNITY + ", probability_pct) VALUES ('{A}', '{A}', 'O', 'SALES', 'PROPOSAL', '{B}', 101)",
            "ck_opportunities_probability_pct",
        ),
        (
            OPPORTUNITY + ", primary_contact_id) VALUES ('{B}', '{A}', 'O', 'SALES', 'PROPOSAL', '{B}', '{A}')",
            "fk_opportunities_customer_id_primary_contact_id",
        ),
        (
            "contracts (customer_id, id, number, start_date, end_date)"
            " VALUES ('{A}', '{A}', '1', '2026-02-01', '2026-01-31')",
            "ck_contracts_start_date_end_date",
        ),
        (
            "orders (customer_id, id, number, ordered_at, currency, total, refunded)"
            " VALUES ('{A}', '{B}', '2', now(), 'EUR', 1, 2)",
            "ck_orders_refunded_total",
        ),
        (
            LINE + ", fulfilled_quantity) VALUES ('{A}', '{A}', '{A}', 'EUR', 1, 1, 1, 2)",
            "ck_order_lines_returned_quantity_fulfilled_quantity_quantity",
        ),
        (
            LINE + ", fulfilled_quantity, returned_quantity) VALUES ('{A}', '{A}', '{A}', 'EUR', 1, 1, 3, 1, 2)",
            "ck_order_lines_returned_quantity_fulfilled_quantity_quantity",
        ),
        (LINE + ") VALUES ('{A}', '{A}', '{A}', 'EUR', 1, 1, -1)", "ck_order_lines_quantity"),
        (
            "tickets (customer_id, id, number, subject, opened_at, resolved_at)"
            " VALUES ('{A}', '{A}', '1', 'S', '2026-02-01', '2026-01-01')",
            "ck_tickets_opened_at_resolved_at",
        ),
        (ANSWER + ") VALUES ('{A}', '{A}', '{A}', 0, 10, 11)", "ck_survey_responses_score"),
        (
            "campaigns (id, code, name, type, budget, committed, currency) VALUES ('{B}', 'B', 'B', 'SMS', 1, 2, 'EUR')",
            "ck_campaigns_within_budget",
        ),
        ("segments (id, code, name, kind) VALUES ('{B}', 'B', 'B', 'DYNAMIC')", "ck_segments_kind_rule"),
        (
            "segment_members (customer_id, id, segment_id, added_at) VALUES ('{A}', '{B}', '{A}', now())",
            "ix_segment_members_customer_id_segment_id",
        ),
        (
            "campaign_members (customer_id, id, campaign_id) VALUES ('{A}', '{A}', '{A}'), ('{A}', '{B}', '{A}')",
            "ix_campaign_members_customer_id_campaign_id_contact_id",
        ),
        (
            "interactions (customer_id, id, kind, subject, occurred_at, subject_id)"
            " VALUES ('{A}', '{A}', 'CALL', 'S', now(), '{A}')",
            "ck_interactions_subject",
        ),
        (
            "sales_targets (id, metric, period_start, period_end, target_quantity)"
            " VALUES ('{A}', 'REVENUE', '2026-01-01', '2026-03-31', 1)",
            "ck_sales_targets_measure",
        ),
        (
            "policy_versions (id, number, status, document) VALUES ('{B}', 2, 'ACTIVE', '{{}}')",
            "ix_policy_versions_status",
        ),
        ("departments (id, code, name, path) VALUES ('{A}', 'A', 'A', 'A')", "ck_departments_path"),
        (
            "currency_rates (id, currency, base_currency, rate_date, rate) VALUES ('{A}', 'EUR', 'USD', '2026-01-01', 'NaN')",
            "ck_currency_rates_rate_number",
        ),
        ("tasks (customer_id, id, title, due_at) VALUES ('{A}', '{A}', 'T', 'infinity')", "ck_tasks_due_at_finite"),
    ],
)
async def test_a_row_that_breaks_a_rule_is_refused_by_name(
    connection: asyncpg.Connection, statement: str, constraint: str
) -> None:
    await connection.execute(SEED)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
        await connection.execute("INSERT INTO " + statement.format(A=A, B=B, C=C))
    assert refusal.value.constraint_name == constraint


async def test_an_amount_is_also_held_in_the_base_currency(connection: asyncpg.Connection) -> None:
    await connection.execute(SEED)
    await connection.execute(
        "UPDATE orders SET total = 12.3456, currency = 'EUR', fx_rate = 1.08765432, fx_date = '2026-01-01'"
    )
    assert str(await connection.fetchval("SELECT base_total FROM orders")) == "13.4277"
