"""The shipped mappings over the data sets they were made for: every figure, asked of the database."""

from __future__ import annotations

import asyncio
import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.database import connect
from app.services.importing import Counts, ImportOptions, ImportReport, read_mapping, run_import
from app.services.policies.store import ensure_policy
from app.services.stages import ensure_stages
from tests.conftest import TemporaryDatabase
from tests.services.importing.imports import Imports

DATA = Path(__file__).parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the data sets do not lie beside the repository")


@pytest.fixture(scope="module")
def totals() -> Any:
    """Totals computed without this importer."""
    return json.loads((DATA / "EXPECTED_TOTALS.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def reports(database: TemporaryDatabase, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[ImportReport]]:
    """Both data sets, each imported twice into one database."""
    return asyncio.run(_reports(database.dsn, tmp_path_factory.mktemp("rejects")))


async def _reports(dsn: str, rejects: Path) -> dict[str, list[ImportReport]]:
    return {
        name: [
            await run_import(dsn, read_mapping(name), DATA / name, ImportOptions(rejects=rejects / f"{name}{i}.csv"))
            for i in range(2)
        ]
        for name in ("crm_maven", "erp_northwind")
    }


@pytest.fixture
def imported(database: TemporaryDatabase, tmp_path: Path, reports: dict[str, list[ImportReport]]) -> Imports:
    """The database with both data sets."""
    assert reports
    return Imports(database.dsn, tmp_path)


def by_rule(report: ImportReport) -> dict[str, Counts]:
    return {rule.rule: rule.counts for rule in report.rules}


def new(count: int) -> Counts:
    return Counts(count, count)


def test_all_of_maven_is_created(reports: dict[str, list[ImportReport]], totals: Any) -> None:
    found = by_rule(reports["crm_maven"][0])
    assert all(counts.balanced for counts in found.values())
    expected = totals["maven"]
    assert found["opportunity"] == new(expected["opportunities"]) == new(8800)
    assert found["account"] == new(expected["accounts"]) == new(85)
    assert found["agent"] == found["agent_role"] == new(expected["agents"]) == new(35)
    assert found["manager"] == found["manager_role"] == new(expected["managers"]) == new(6)
    assert found["product"] == new(expected["products"]) == new(7)
    assert found["office"] == found["unassigned"] == new(expected["regions"]) == new(3)
    assert found["account_office"] == new(85)
    assert found["parent"] == found["subsidiary"] == new(15)
    assert reports["crm_maven"][0].rejects is None


def test_all_of_northwind_is_created_but_for_one_shifted_address(
    reports: dict[str, list[ImportReport]], totals: Any
) -> None:
    found = by_rule(reports["erp_northwind"][0])
    assert all(counts.balanced for counts in found.values())
    expected = totals["northwind"]
    assert found["customer"] == found["contact"] == new(expected["customers"]) == new(91)
    assert found["order"] == new(expected["orders"]) == new(830)
    assert found["line"] == new(expected["lines"]) == new(2155)
    assert found["product"] == new(expected["products"]) == new(77)
    assert found["employee"] == found["employee_role"] == new(expected["employees"]) == new(9)
    assert found["territory"] == new(expected["territories"])
    assert found["region"] == new(expected["regions"])
    assert found["address"] == Counts(91, 90, rejected=1)
    assert (found["phone"], found["fax"], found["ship_to"]) == (new(91), new(69), new(89))


@pytest.mark.parametrize("name", ["crm_maven", "erp_northwind"])
def test_the_second_time_changes_nothing(reports: dict[str, list[ImportReport]], name: str) -> None:
    first, again = reports[name]
    known = first.total.read - first.total.rejected
    assert again.total == Counts(first.total.read, 0, 0, known, first.total.rejected)


async def test_no_row_was_touched_twice(imported: Imports) -> None:
    for table in ("users", "customers", "opportunities", "orders", "order_lines", "products", "regions"):
        versions = f"SELECT DISTINCT version, updated_at = created_at FROM {table}"
        assert await imported.fetch(versions) == [(1, True)]


async def test_won_values_and_stages_by_region(imported: Imports, totals: Any) -> None:
    stages = {"CLOSED_WON": "Won", "CLOSED_LOST": "Lost", "QUALIFICATION": "Engaging", "PROSPECTING": "Prospecting"}
    rows = await imported.fetch(
        """SELECT r.name, o.stage_code, count(*), sum(o.amount), sum(o.base_amount) FROM opportunities o
           JOIN regions r ON r.id = o.region_id JOIN pipeline_stages s ON s.id = o.stage_id AND s.code = o.stage_code
           GROUP BY r.name, o.stage_code"""
    )
    assert {f"{region}/{stages[stage]}": count for region, stage, count, _, _ in rows} == totals["maven"][
        "stage_by_region"
    ]
    won = {region: amount for region, stage, _, amount, _ in rows if stage == "CLOSED_WON"}
    assert won == {region: Decimal(value) for region, value in totals["maven"]["won_value_by_region"].items()}
    assert sum(won.values()) == Decimal(totals["maven"]["won_value_total"]) == Decimal(10005534)
    assert all(amount == base for _, _, _, amount, base in rows)
    assert {stage: amount for _, stage, _, amount, _ in rows if stage not in ("CLOSED_WON", "CLOSED_LOST")} == {
        "QUALIFICATION": None,
        "PROSPECTING": None,
    }


async def test_what_an_agent_owns_and_what_lies_in_her_region(imported: Imports) -> None:
    assert await imported.fetch(
        """SELECT count(*), count(*) FILTER (WHERE o.owner_id = u.id), b.email, d.code, r.code
           FROM users u JOIN opportunities o ON o.region_id = u.region_id JOIN users b ON b.id = u.manager_id
           JOIN departments d ON d.id = u.department_id JOIN regions r ON r.id = u.region_id
           WHERE u.email = 'anna.snelling@maven.example' GROUP BY b.email, d.code, r.code"""
    ) == [(3512, 448, "dustin.brinkmann@maven.example", "SALES", "MAVEN-CENTRAL")]
    assert await imported.fetch(
        """SELECT o.code, count(*) FROM role_assignments a JOIN users u ON u.id = a.user_id JOIN roles o ON o.id = a.role_id
           JOIN departments d ON d.id = a.department_id
           WHERE a.region_id = u.region_id AND d.code = 'SALES' AND u.email LIKE '%@maven.example' GROUP BY 1 ORDER BY 1"""
    ) == [("sales_manager", 6), ("sales_rep", 35)]


async def test_opportunities_without_account_belong_to_their_office(imported: Imports, totals: Any) -> None:
    rows = await imported.fetch(
        """SELECT c.display_name, c.region_id = o.region_id, count(*) FROM opportunities o
           JOIN customers c ON c.id = o.customer_id WHERE c.lifecycle_stage = 'LEAD' GROUP BY 1, 2 ORDER BY 1"""
    )
    assert [(name, same) for name, same, _ in rows] == [
        (f"Unassigned prospects — {office}", True) for office in ("Central", "East", "West")
    ]
    assert sum(count for _, _, count in rows) == totals["maven"]["opps_without_account"] == 1425


async def test_a_misspelt_product_is_recognised(imported: Imports, totals: Any) -> None:
    found = await imported.fetch(
        """SELECT count(*), count(*) FILTER (WHERE o.name LIKE 'GTX Pro%') FROM opportunities o
           JOIN products p ON p.id = o.product_id WHERE p.name = 'GTX Pro'"""
    )
    assert found == [(totals["maven"]["opps_with_product_alias_GTXPro"],) * 2]


async def test_a_customers_owner_is_the_first_agent_engaged(imported: Imports) -> None:
    with (DATA / "crm_maven" / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        deals = [row for row in csv.DictReader(file) if row["account"]]
    deals.sort(key=lambda row: (not row["engage_date"], row["engage_date"], row["opportunity_id"]), reverse=True)
    first = {row["account"]: row["sales_agent"] for row in deals}
    rows = await imported.fetch(
        """SELECT c.display_name, u.display_name, c.region_id = u.region_id FROM customers c
           JOIN users u ON u.id = c.owner_id WHERE u.email LIKE '%@maven.example'"""
    )
    assert {account: agent for account, agent, _ in rows} == first
    assert all(same for _, _, same in rows)


async def test_misspelt_sectors_and_countries_are_put_right(imported: Imports) -> None:
    assert await imported.value("SELECT count(*) FROM customers WHERE category_path = '/technology/'") == 12
    assert await imported.fetch(
        """SELECT c.annual_revenue, c.employee_band, a.country FROM customers c
           JOIN addresses a ON a.customer_id = c.id WHERE c.display_name = 'Bioholding'"""
    ) == [(Decimal("587340000.0000"), "VERY_LARGE", "PH")]


async def test_line_totals_come_to_the_known_revenue(imported: Imports, totals: Any) -> None:
    found = await imported.value("SELECT sum(line_total) FROM order_lines")
    assert found == Decimal("1265793.0395")
    assert round(found, 2) == Decimal(str(totals["northwind"]["net_revenue"])) == Decimal("1265793.04")
    assert (
        await imported.value(
            """SELECT count(*) FROM order_lines
           WHERE line_total <> quantity * unit_price * (1 - discount_pct / 100)"""
        )
        == 0
    )
    assert await imported.fetch(
        """SELECT count(*) FILTER (WHERE o.total <> o.subtotal + o.shipping), sum(o.subtotal),
                  count(*) FILTER (WHERE o.subtotal <> (SELECT sum(l.line_total) FROM order_lines l
                                                        WHERE (l.customer_id, l.order_id) = (o.customer_id, o.id)))
           FROM orders o"""
    ) == [(0, found, 0)]


async def test_orders_not_shipped_are_open(imported: Imports, totals: Any) -> None:
    assert await imported.fetch(
        """SELECT status, payment_status, fulfillment_status, count(DISTINCT o.id), bool_and(l.fulfilled_quantity = l.quantity)
           FROM orders o JOIN order_lines l ON (l.customer_id, l.order_id) = (o.customer_id, o.id)
           GROUP BY 1, 2, 3 ORDER BY 1"""
    ) == [
        ("FULFILLED", "FULLY_CHARGED", "FULFILLED", 830 - totals["northwind"]["open_orders_not_shipped"], True),
        ("UNFULFILLED", "NOT_CHARGED", "UNFULFILLED", totals["northwind"]["open_orders_not_shipped"], False),
    ]


async def test_the_shifted_row_is_reported_and_not_loaded_shifted(
    imported: Imports, reports: dict[str, list[ImportReport]]
) -> None:
    rejects = reports["erp_northwind"][0].rejects
    assert rejects is not None
    with rejects.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["file"], row["line"], row["entity"]) == ("customers.csv", "62", "addresses")
    assert row["reason"] == "city: '12Rio de Janeiro': a city with a digit: the cells of the address are shifted"
    assert row["row"].startswith("QUEDE,Que Delícia,Bernardo Batista,Accounting Manager,Rua da Panificadora, 12Rio de")
    assert await imported.fetch(
        """SELECT c.phone, n.display_name, a.kind, a.line1, a.city, count(*) OVER () FROM customers c
           JOIN contacts n ON n.customer_id = c.id JOIN addresses a ON a.customer_id = c.id
           WHERE c.display_name = 'Que Delícia'"""
    ) == [("+55215554252", "Bernardo Batista", "SHIPPING", "Rua da Panificadora 12", "Rio de Janeiro", 1)]


async def test_the_word_null_is_nowhere_and_pictures_are_left_out(imported: Imports) -> None:
    for table in ("customers", "contacts", "contact_points", "addresses", "orders", "users", "regions"):
        assert await imported.value(f"SELECT count(*) FROM {table} t WHERE t::text ~ '[(,]\"?NULL\"?[,)]'") == 0
        assert await imported.value(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%0x151C2F%'") == 0


async def test_employees_stand_in_their_region_below_their_manager(imported: Imports) -> None:
    assert await imported.fetch(
        """SELECT u.display_name, b.display_name, r.name, o.code, g.path FROM users u
           LEFT JOIN users b ON b.id = u.manager_id JOIN regions r ON r.id = u.region_id
           JOIN role_assignments a ON a.user_id = u.id JOIN roles o ON o.id = a.role_id
           JOIN regions g ON g.id = a.region_id
           WHERE u.email IN ('andrew.fuller@northwind.example', 'anne.dodsworth@northwind.example') ORDER BY 1"""
    ) == [
        ("Andrew Fuller", None, "Eastern", "sales_manager", "/NORTHWIND/"),
        ("Anne Dodsworth", "Steven Buchanan", "Northern", "sales_rep", "/NORTHWIND/NORTHWIND-NORTHERN/"),
    ]


async def test_customers_without_orders_lie_in_the_root_region(imported: Imports) -> None:
    assert await imported.fetch(
        """SELECT c.display_name, c.lifecycle_stage, c.owner_id FROM customers c JOIN regions r ON r.id = c.region_id
           WHERE r.code = 'NORTHWIND' AND c.first_ordered_at IS NULL ORDER BY 1"""
    ) == [("FISSA Fabrica Inter. Salchichas S.A.", "PROSPECT", None), ("Paris spécialités", "PROSPECT", None)]


async def test_each_import_that_changed_something_left_events_naming_its_job(
    imported: Imports, reports: dict[str, list[ImportReport]]
) -> None:
    for first, again in reports.values():
        query = "SELECT entity, (changed->>'created')::int FROM change_events WHERE job_id = $1"
        changed = {rule.entity: first.entity(rule.entity).created for rule in first.rules}
        assert dict(await imported.fetch(query, first.job_id)) == {name: n for name, n in changed.items() if n}
        assert await imported.fetch(query, again.job_id) == []


async def test_stages_and_roles_that_are_there_are_used(imports: Imports) -> None:
    connection = await connect(imports.dsn)
    try:
        await ensure_stages(connection)
        await ensure_policy(connection)
    finally:
        await connection.close()
    found = by_rule(await run_import(imports.dsn, read_mapping("crm_maven"), DATA / "crm_maven"))
    assert (found["stage"], found["role"]) == (Counts(4, unchanged=4), Counts(2, unchanged=2))
    assert found["opportunity"] == new(8800)
