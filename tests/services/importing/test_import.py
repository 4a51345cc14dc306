"""What an import creates, updates and leaves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from app.services.importing import Counts, ImportOptions, parse_mapping, run_import
from tests.services.importing.imports import Imports
from tests.services.importing.shop import ALL_NEW, DISTINCT, FILES, SHOP, counts, rejected


async def test_rows_of_several_files_refer_to_each_other(imports: Imports) -> None:
    assert await counts(imports) == ALL_NEW
    assert await imports.fetch(
        "SELECT u.display_name, b.display_name FROM users u LEFT JOIN users b ON b.id = u.manager_id ORDER BY u.email"
    ) == [("Ann", "Bob"), ("Bob", None)]
    assert await imports.fetch(
        """SELECT c.display_name, u.display_name, c.annual_revenue, c.first_ordered_at
           FROM customers c LEFT JOIN users u ON u.id = c.owner_id ORDER BY 1"""
    ) == [
        ("One", "Ann", Decimal("1000.5000"), dt.datetime(2024, 5, 1, tzinfo=dt.UTC)),
        ("Three", None, None, None),
        ("Two", None, None, dt.datetime(2024, 6, 1, tzinfo=dt.UTC)),
    ]
    assert await imports.fetch(
        """SELECT o.number, c.display_name, o.subtotal, o.shipping, o.total, u.display_name
           FROM orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN users u ON u.id = o.owner_id ORDER BY 1"""
    ) == [
        ("o1", "One", Decimal("21"), Decimal(5), Decimal("26"), "Ann"),
        ("o2", "One", Decimal(0), Decimal(0), Decimal(0), "Ann"),
        ("o3", "Two", Decimal(3), Decimal("1.5"), Decimal("4.5"), None),
    ]
    assert await imports.fetch(
        """SELECT o.number, l.position, l.line_total, l.owner_id = o.owner_id FROM order_lines l
           JOIN orders o ON (o.customer_id, o.id) = (l.customer_id, l.order_id) ORDER BY 1, 2"""
    ) == [("o1", 1, Decimal("20.5"), True), ("o1", 2, Decimal("0.5"), True), ("o3", 1, Decimal(3), None)]


async def test_a_second_time_changes_nothing(imports: Imports) -> None:
    await counts(imports)
    before = await imports.fetch("SELECT id, version, updated_at FROM orders ORDER BY id")
    sizes = await imports.sizes()
    again = await counts(imports)
    assert again == {name: Counts(found.read, unchanged=found.read) for name, found in ALL_NEW.items()}
    assert await imports.fetch("SELECT id, version, updated_at FROM orders ORDER BY id") == before
    assert await imports.sizes() == {**sizes, "jobs": sizes["jobs"] + 1}


async def test_a_changed_row_alone_is_updated(imports: Imports) -> None:
    await counts(imports)
    files = {**FILES, "customers.csv": FILES["customers.csv"].replace("c2,Two", "c2,Zwei")}
    found = await counts(imports, files)
    assert found == {**{k: Counts(v.read, unchanged=v.read) for k, v in ALL_NEW.items()},
                     "customer": Counts(3, updated=1, unchanged=2)}  # fmt: skip
    assert await imports.fetch(
        "SELECT display_name, version, updated_at > created_at FROM customers ORDER BY display_name"
    ) == [("One", 1, False), ("Three", 1, False), ("Zwei", 2, True)]


async def test_a_changed_line_changes_its_orders_total(imports: Imports) -> None:
    await counts(imports)
    found = await counts(imports, {**FILES, "lines.csv": FILES["lines.csv"].replace("o3,1,3,1", "o3,1,4,1")})
    assert (found["line"], found["order"]) == (Counts(3, updated=1, unchanged=2), Counts(3, updated=1, unchanged=2))
    assert await imports.fetch("SELECT total, version FROM orders WHERE number = 'o3'") == [(Decimal("5.5"), 2)]


async def test_a_total_counts_lines_imported_before(imports: Imports) -> None:
    await counts(imports)
    lines = "order,position,quantity,price\no3,2,1,7\n"
    found = await counts(imports, {**FILES, "lines.csv": lines})
    assert (found["line"], found["order"]) == (Counts(1, 1), Counts(3, updated=1, unchanged=2))
    assert await imports.fetch("SELECT number, subtotal FROM orders ORDER BY 1") == [
        ("o1", Decimal(21)), ("o2", Decimal(0)), ("o3", Decimal(10)),
    ]  # fmt: skip


async def test_what_was_changed_here_stands_until_the_source_changes(imports: Imports) -> None:
    await counts(imports)
    await imports.fetch("UPDATE customers SET display_name = 'Ours', legal_name = 'L' WHERE display_name = 'Two'")
    assert (await counts(imports))["customer"] == Counts(3, unchanged=3)
    files = {**FILES, "customers.csv": FILES["customers.csv"].replace("c2,Two,,,,", "c2,Two,,,,7")}
    assert (await counts(imports, files))["customer"] == Counts(3, updated=1, unchanged=2)
    assert await imports.fetch("SELECT legal_name, annual_revenue FROM customers WHERE display_name = 'Two'") == [
        ("L", Decimal(7))
    ]


async def test_a_file_may_come_alone_once_what_it_refers_to_is_there(imports: Imports) -> None:
    await counts(imports)
    for name in ("people.csv", "customers.csv", "orders.csv"):
        (imports.folder / name).unlink()
    assert (await counts(imports, {"lines.csv": "order,position,quantity,price\no2,1,1,1\n"}))["line"] == Counts(1, 1)


async def test_a_row_refers_to_what_it_is_told_to_when_it_names_nothing_or_nobody(imports: Imports) -> None:
    mapping = """
mapping: refs
system: refs
files:
  a: {name: a.csv}
  offices: {records: [{id: main, name: Main office}]}
rows:
  fallback:
    table: customers
    file: offices
    key: id
    fields: {kind: {const: ORGANIZATION}, display_name: name}
  customer:
    table: customers
    file: a
    key: id
    when: name
    fields: {kind: {const: ORGANIZATION}, display_name: name}
  task:
    table: tasks
    file: a
    key: id
    fields:
      title: id
      customer_id:
        ref: customer
        key: customer
        empty: {ref: fallback, key: {const: main}}
        unknown: {ref: fallback, key: other, empty: reject}
"""
    rows = "id,name,customer,other\n1,One,1,\n2,,,\n3,,9,main\n4,,9,\n5,,9,none\n"
    found = await counts(imports, {"a.csv": rows}, mapping)
    assert (found["customer"], found["task"]) == (Counts(1, 1), Counts(5, 3, rejected=2))
    assert await imports.fetch(
        "SELECT t.title, c.display_name FROM tasks t JOIN customers c ON c.id = t.customer_id ORDER BY 1"
    ) == [("1", "One"), ("2", "Main office"), ("3", "Main office")]
    assert await rejected(imports) == [
        'a.csv,5,tasks,customer_id: is empty,"4,,9,"',
        "a.csv,6,tasks,customer_id: there is no fallback 'none',\"5,,9,none\"",
    ]


async def test_a_job_and_one_event_for_each_table_are_left(imports: Imports) -> None:
    actor = uuid4()
    imports.write(FILES)
    mapping = parse_mapping(SHOP, "shop.yaml")
    report = await run_import(imports.dsn, mapping, imports.folder, ImportOptions(actor=actor))
    assert await imports.fetch(
        "SELECT entity, op, changed->>'created', changed->>'updated', entity_id, actor, job_id FROM change_events"
    ) == [
        (entity, "IMPORT", str(count), "0", None, actor, report.job_id)
        for entity, count in (("users", 2), ("customers", 3), ("orders", 3), ("order_lines", 3))
    ]
    assert await imports.fetch("SELECT id, kind, status, actor, parameters->>'mapping' FROM jobs") == [
        (report.job_id, "IMPORT", "SUCCEEDED", actor, "shop")
    ]
    assert await imports.fetch("SELECT DISTINCT created_by, updated_by FROM orders") == [(actor, actor)]


async def test_the_report_can_be_written_as_json(imports: Imports) -> None:
    report = await imports.run(
        SHOP, {"customers.csv": "id;name;kind;given;tax;revenue;owner\n1;Ä;;;;;\n".encode("cp1252")}
    )
    found = report.as_json()
    assert found["files"] == [{"name": "customers.csv", "encoding": "CP1252", "delimiter": ";", "records": 1}]
    assert found["total"] == {"read": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0}
    assert found["rows"][1] == {"rule": "customer", "entity": "customers", **found["total"]}
    assert found["rejects"] is None


async def test_files_of_a_pattern_are_one_file_set(imports: Imports) -> None:
    mapping = SHOP.replace("name: customers.csv", "name: 'customers*.csv'")
    head, *rows = FILES["customers.csv"].splitlines(keepends=True)
    files = {"customers1.csv": head + rows[0], "customers2.csv": head + rows[1] + rows[0]}
    assert (await counts(imports, files, mapping))["customer"] == Counts(3, 2, rejected=1)
    assert (await rejected(imports))[0].startswith(
        "customers2.csv,3,customers,key: 'c1' stands already in customers1.csv:2,"
    )


async def test_the_only_file_of_a_mapping_may_be_given_by_itself(imports: Imports, tmp_path: Path) -> None:
    path = tmp_path / "any name.txt"
    path.write_text("customer,revenue\nA,1\n", "utf-8")
    report = await run_import(imports.dsn, parse_mapping(DISTINCT, "flat.yaml"), path)
    assert report.total == Counts(1, 1)


async def test_a_reference_may_be_found_by_a_natural_key(imports: Imports) -> None:
    await imports.fetch("INSERT INTO users (id, email, display_name) VALUES ($1, 'ann@x.example', 'Ann')", uuid4())
    mapping = DISTINCT.replace("annual_revenue: revenue", "owner_id: {find: users.email, key: mail}")
    rows = "customer,mail\nA,Ann@X.example\nB,bob@x.example\nC,\n"
    assert (await counts(imports, {"lines.csv": rows}, mapping))["customer"] == Counts(3, 2, rejected=1)
    assert await imports.fetch(
        "SELECT c.display_name, u.display_name FROM customers c LEFT JOIN users u ON u.id = c.owner_id ORDER BY 1"
    ) == [("A", "Ann"), ("C", None)]
    assert "owner_id: there is no users with email 'bob@x.example'" in (await rejected(imports))[0]


async def test_progress_is_told_step_by_step(imports: Imports) -> None:
    imports.write(FILES)
    told: list[tuple[str, int, int]] = []
    await run_import(imports.dsn, parse_mapping(SHOP, "s"), imports.folder, progress=lambda *step: told.append(step))
    assert [step for step, _, _ in told[:5]] == [
        "read people.csv", "read customers.csv", "read orders.csv", "read lines.csv", "settle rows",
    ]  # fmt: skip
    assert told[-1] == ("write rows", 4, 4)
    assert all(0 <= done <= of for _, done, of in told)


AWKWARD = [
    "\\N",
    "\\",
    "a\\tb",
    'q"uote',
    "tab\there",
    "line\nbreak",
    "\x1ax",
    "'; DROP TABLE x; --",
    "$1",
    "%s",
    "NULL",
]


async def test_awkward_texts_arrive_as_they_are(imports: Imports) -> None:
    cells = "".join('{},"{}"\n'.format(i, text.replace('"', '""')) for i, text in enumerate(AWKWARD))
    mapping = DISTINCT.replace("distinct: true", "").replace("display_name: customer", "display_name: name")
    mapping = mapping.replace("annual_revenue: revenue", "legal_name: customer")
    report = await imports.run(mapping, {"lines.csv": "customer,name\n" + cells})
    assert report.total == Counts(len(AWKWARD), len(AWKWARD))
    assert await imports.fetch("SELECT display_name FROM customers ORDER BY legal_name::int") == [
        (text,) for text in AWKWARD
    ]
