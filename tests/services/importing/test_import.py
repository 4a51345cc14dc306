"""What an import creates, updates, leaves and rejects."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.services.importing import Counts, Form, ImportFailed, ImportOptions, parse_mapping, run_import
from tests.services.importing.imports import Imports

SHOP = """
mapping: shop
system: shop
files:
  people: {name: people.csv, optional: true}
  customers: {name: customers.csv, optional: true}
  orders: {name: orders.csv, optional: true}
  lines: {name: lines.csv, optional: true}
rows:
  user:
    table: users
    file: people
    key: id
    match: email
    fields:
      email: mail
      display_name: name
      manager_id: {ref: user, key: boss}
  customer:
    table: customers
    file: customers
    key: id
    fields:
      kind: {column: kind, default: {const: ORGANIZATION}}
      display_name: name
      given_name: given
      tax_id: tax
      annual_revenue: revenue
      currency: {const: USD}
      first_ordered_at: {rollup: {of: order, by: customer_id, take: ordered_at, function: min}}
      owner_id: {ref: user, key: owner, unknown: "null"}
  order:
    table: orders
    file: orders
    key: number
    fields:
      customer_id: {ref: customer, key: customer}
      number: number
      ordered_at: day
      currency: {const: USD}
      subtotal: {rollup: {of: line, by: order_id, take: line_total, function: sum}}
      total: {rollup: {of: line, by: order_id, take: line_total, function: sum}, plus: freight}
      shipping: freight
  line:
    table: order_lines
    file: lines
    key: {template: "{order}/{position}"}
    fields:
      order_id: {ref: order, key: order}
      position: position
      quantity: quantity
      unit_price: price
      line_total: {compute: "{quantity} * {price}", round: 4}
      currency: {const: USD}
"""
FILES = {
    "people.csv": "id,mail,name,boss\n1,ann@x.example,Ann,2\n2,bob@x.example,Bob,\n",
    "customers.csv": "id,name,kind,given,tax,revenue,owner\nc1,One,,,DE1,1000.5,1\nc2,Two,,,,,\nc3,Three,,,,,9\n",
    "orders.csv": "number,customer,day,freight\no1,c1,2024-05-02,5\no2,c1,2024-05-01,\no3,c2,2024-06-01,1.5\n",
    "lines.csv": "order,position,quantity,price\no1,1,2,10.25\no1,2,1,0.5\no3,1,3,1\n",
}
ALL_NEW = {
    "user": Counts(2, 2),
    "customer": Counts(3, 3),
    "order": Counts(3, 3),
    "line": Counts(3, 3),
}


async def counts(imports: Imports, files: dict[str, str] | None = None, mapping: str = SHOP) -> dict[str, Counts]:
    report = await imports.run(mapping, FILES if files is None else files)
    assert all(rule.counts.balanced for rule in report.rules)
    return {rule.rule: rule.counts for rule in report.rules}


async def rejected(imports: Imports) -> list[str]:
    """Lines of the rejects file, without its header."""
    return imports.rejects.read_text("utf-8").splitlines()[1:] if imports.rejects.exists() else []


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


async def test_every_fault_of_a_row_is_told_by_field_and_the_others_are_loaded(imports: Imports) -> None:
    rows = (
        "id,name,kind,given,tax,revenue,owner\n"
        "c1,One,ORG,,,1.00001,\n"
        f"c2,{'x' * 201},,,,,\n"
        "c3,,,,,,\n"
        ",Four,,,,,\n"
        "c5,Five,ORGANIZATION,Eve,,,\n"
        "c6,Six,,,,-1,\n"
        "c7,Seven,,,,1\n"
        "c8,Eight,,,,1,,\n"
        "c9,Nine,INDIVIDUAL,Nina,,,\n"
        "c9,Nine again,,,,,\n"
    )
    found = await counts(imports, {"customers.csv": rows})
    assert found["customer"] == Counts(10, 1, rejected=9)
    assert await imports.fetch("SELECT display_name, given_name FROM customers") == [("Nine", "Nina")]
    assert [line.split(",", 3)[1] for line in await rejected(imports)] == [str(line) for line in range(2, 10)] + ["11"]
    reasons = imports.rejects.read_text("utf-8")
    for reason in (
        "kind: 'ORG' is none of INDIVIDUAL, ORGANIZATION; annual_revenue: 1.00001 has more than 4 decimals",
        "display_name: is longer than 200 characters",
        "display_name: is empty",
        "key: is empty",
        "must fulfil CASE kind WHEN 'ORGANIZATION'",
        "annual_revenue: must fulfil annual_revenue >= 0",
        "6 cells stand under a header of 7",
        "8 cells stand under a header of 7",
        "key: 'c9' stands already in customers.csv:10",
    ):
        assert reason in reasons


async def test_rejects_stand_under_the_line_their_record_begins_on(imports: Imports) -> None:
    rows = 'id,name,kind,given,tax,revenue,owner\nc1,"One\nand\r\nonly",,,,,\nc2,"Two\n",WRONG,,"a,""b""",,\nc3,Three,X,,,,\n'
    assert (await counts(imports, {"customers.csv": rows}))["customer"] == Counts(3, 1, rejected=2)
    assert imports.rejects.read_bytes().decode() == (
        "file,line,entity,reason,row\r\n"
        "customers.csv,5,customers,\"kind: 'WRONG' is none of INDIVIDUAL, ORGANIZATION\","
        '"c2,""Two\n"",WRONG,,""a,""""b"""""",,"\r\n'
        'customers.csv,7,customers,"kind: \'X\' is none of INDIVIDUAL, ORGANIZATION","c3,Three,X,,,,"\r\n'
    )


async def test_no_rejects_file_is_made_where_nothing_is_rejected(imports: Imports) -> None:
    imports.rejects.write_text("of an earlier import", "utf-8")
    report = await imports.run(SHOP, FILES)
    assert report.rejects is None
    assert not imports.rejects.exists()


async def test_rows_below_a_rejected_row_are_rejected_too(imports: Imports) -> None:
    files = {**FILES, "customers.csv": FILES["customers.csv"].replace("c1,One,", "c1,One,WRONG")}
    found = await counts(imports, files)
    assert (found["customer"], found["order"], found["line"]) == (
        Counts(3, 2, rejected=1),
        Counts(3, 1, rejected=2),
        Counts(3, 1, rejected=2),
    )
    assert [line.split(",")[:4] for line in await rejected(imports)] == [
        ["customers.csv", "2", "customers", "\"kind: 'WRONG' is none of INDIVIDUAL"],
        ["orders.csv", "2", "orders", "customer_id: there is no customer 'c1'"],
        ["orders.csv", "3", "orders", "customer_id: there is no customer 'c1'"],
        ["lines.csv", "2", "order_lines", "order_id: there is no order 'o1'"],
        ["lines.csv", "3", "order_lines", "order_id: there is no order 'o1'"],
    ]


async def test_rows_of_one_rule_that_refer_to_a_rejected_one_are_rejected(imports: Imports) -> None:
    people = "id,mail,name,boss\n1,ann@x.example,Ann,2\n2,bob@x.example,Bob,3\n3,no mail,Cy,\n4,dan@x.example,Dan,\n"
    found = await counts(imports, {"people.csv": people})
    assert found["user"] == Counts(4, 1, rejected=3)
    clash = people.replace("no mail", "dan@x.example")
    assert (await counts(imports, {"people.csv": clash}))["user"] == Counts(4, unchanged=1, rejected=3)
    assert [line.split(",")[1:4] for line in await rejected(imports)] == [
        ["2", "users", "manager_id: the row it refers to was rejected"],
        ["3", "users", "manager_id: there is no user '3'"],
        ["4", "users", "email: the same row as that of people.csv:5"],
    ]
    assert await imports.value("SELECT count(*) FROM external_refs") == 1


async def test_a_row_that_cannot_be_made_leaves_no_external_id(imports: Imports) -> None:
    people = "id,mail,name,boss\n1,ann@x.example,Ann,2\n2,ann@x.example,Bob,1\n"
    assert (await counts(imports, {"people.csv": people}))["user"] == Counts(2, rejected=2)
    assert await imports.value("SELECT count(*) FROM external_refs") == 0
    assert await imports.value("SELECT count(*) FROM users") == 0


async def test_a_row_known_by_its_natural_key_is_adopted(imports: Imports) -> None:
    await imports.fetch("INSERT INTO users (id, email, display_name) VALUES ($1, 'bob@x.example', 'Robert')", uuid4())
    assert (await counts(imports))["user"] == Counts(2, 1, 1)
    assert await imports.fetch("SELECT display_name, version FROM users ORDER BY email") == [("Ann", 1), ("Bob", 2)]
    assert (await counts(imports))["user"] == Counts(2, unchanged=2)


async def test_a_kept_row_is_never_changed(imports: Imports) -> None:
    mapping = SHOP.replace("match: email", "match: email\n    keep: true")
    await imports.fetch("INSERT INTO users (id, email, display_name) VALUES ($1, 'bob@x.example', 'Robert')", uuid4())
    assert (await counts(imports, mapping=mapping))["user"] == Counts(2, 1, unchanged=1)
    files = {"people.csv": FILES["people.csv"].replace("Ann", "Anna")}
    assert (await counts(imports, files, mapping))["user"] == Counts(2, unchanged=2)
    assert await imports.fetch("SELECT display_name FROM users ORDER BY email") == [("Ann",), ("Robert",)]


async def test_a_row_deleted_here_is_not_brought_back(imports: Imports) -> None:
    await counts(imports)
    await imports.fetch("UPDATE customers SET deleted_at = now() WHERE display_name = 'Two'")
    found = await counts(imports)
    assert (found["customer"], found["order"], found["line"]) == (
        Counts(3, unchanged=2, rejected=1),
        Counts(3, unchanged=2, rejected=1),
        Counts(3, unchanged=3),
    )
    assert (await rejected(imports))[0].startswith("customers.csv,3,customers,key: the row was deleted here,")


async def test_a_row_does_not_move_to_another_customer(imports: Imports) -> None:
    await counts(imports)
    found = await counts(imports, {**FILES, "orders.csv": FILES["orders.csv"].replace("o3,c2", "o3,c1")})
    assert found["order"] == Counts(3, unchanged=2, rejected=1)
    assert "customer_id: a row cannot move to another customer" in (await rejected(imports))[0]


async def test_numbers_are_unique_across_customers(imports: Imports) -> None:
    await counts(imports)
    assert await imports.fetch("SELECT kind, value, entity FROM unique_keys ORDER BY 1, 2") == [
        ("customers.tax_id", "DE1", "customers"),
        ("orders.number", "o1", "orders"),
        ("orders.number", "o2", "orders"),
        ("orders.number", "o3", "orders"),
    ]
    other = SHOP.replace("system: shop", "system: other").replace("key: number", "key: day")
    found = await counts(imports, mapping=other)
    assert (found["customer"], found["order"]) == (Counts(3, 2, rejected=1), Counts(3, rejected=3))
    assert "tax_id: 'DE1' is already that of another row" in (await rejected(imports))[0]


async def test_a_number_that_changed_is_free_again(imports: Imports) -> None:
    mapping = SHOP.replace("      number: number", "      number: {template: 'N{freight|or:0}'}")
    files = {**FILES, "lines.csv": "order,position,quantity,price\n"}
    await counts(imports, files, mapping)
    await counts(imports, {**files, "orders.csv": files["orders.csv"].replace("05-02,5", "05-02,8")}, mapping)
    assert await imports.fetch("SELECT value FROM unique_keys WHERE kind = 'orders.number' ORDER BY 1") == [
        ("N0",), ("N1.5",), ("N8",),
    ]  # fmt: skip


async def test_two_rows_with_one_number_in_a_file_are_told(imports: Imports) -> None:
    mapping = SHOP.replace("    key: number", "    key: day")
    files = {"customers.csv": FILES["customers.csv"],
             "orders.csv": "number,customer,day,freight\no1,c1,2024-05-01,\no1,c2,2024-05-02,\n"}  # fmt: skip
    assert (await counts(imports, files, mapping))["order"] == Counts(2, 1, rejected=1)
    assert "number: 'o1' stands already in orders.csv:2" in (await rejected(imports))[0]


async def test_a_unique_constraint_rejects_the_later_row(imports: Imports) -> None:
    mapping = SHOP.replace("    match: email\n", "")
    people = "id,mail,name,boss\n1,ann@x.example,Ann,\n2,ann@x.example,Bob,\n3,cy@x.example,Cy,\n"
    await imports.fetch("INSERT INTO users (id, email, display_name) VALUES ($1, 'cy@x.example', 'Cy')", uuid4())
    assert (await counts(imports, {"people.csv": people}, mapping))["user"] == Counts(3, 1, rejected=2)
    assert [line.split(",")[1:4] for line in await rejected(imports)] == [
        ["3", "users", "email: the same as in people.csv:2"],
        ["4", "users", "email: another row has it already"],
    ]


async def test_rows_match_no_row_twice(imports: Imports) -> None:
    people = "id,mail,name,boss\n1,ann@x.example,Ann,\n2,ann@x.example,Bob,\n"
    await imports.fetch("INSERT INTO users (id, email, display_name) VALUES ($1, 'ann@x.example', 'A')", uuid4())
    assert (await counts(imports, {"people.csv": people}))["user"] == Counts(2, 0, 1, rejected=1)
    assert "email: the same row as that of people.csv:2" in (await rejected(imports))[0]


DISTINCT = """
mapping: flat
system: flat
files: {lines: {name: lines.csv}}
rows:
  customer:
    table: customers
    file: lines
    distinct: true
    key: customer
    fields: {kind: {const: ORGANIZATION}, display_name: customer, annual_revenue: revenue, currency: {const: EUR}}
"""


async def test_distinct_values_make_rows_and_the_first_record_speaks_for_each(imports: Imports) -> None:
    rows = "customer,revenue\nA,1\nB,x\nA,2\n,5\nB,3\nC,4\nA,y\n"
    assert (await counts(imports, {"lines.csv": rows}, DISTINCT))["customer"] == Counts(3, 2, rejected=1)
    assert await imports.fetch("SELECT display_name, annual_revenue FROM customers ORDER BY 1") == [
        ("A", Decimal(1)), ("C", Decimal(4)),
    ]  # fmt: skip
    assert await rejected(imports) == ["lines.csv,3,customers,annual_revenue: 'x' is no number,\"B,x\""]


async def test_distinct_values_beyond_those_remembered_make_no_more_rows(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.importing.staging.REMEMBERED_KEYS", 1)
    rows = "customer,revenue\nA,1\nB,x\nC,4\nA,2\nB,3\nC,y\nB,z\n"
    assert (await counts(imports, {"lines.csv": rows}, DISTINCT))["customer"] == Counts(3, 2, rejected=1)
    assert await imports.fetch("SELECT display_name, annual_revenue FROM customers ORDER BY 1") == [
        ("A", Decimal(1)), ("C", Decimal(4)),
    ]  # fmt: skip
    assert [line.split(",")[1] for line in await rejected(imports)] == ["3"]


TREE = """
mapping: tree
system: tree
files: {regions: {name: regions.csv}}
rows:
  region:
    table: regions
    file: regions
    key: code
    fields: {code: code, name: code, parent_id: {ref: region, key: parent}}
"""


async def test_trees_get_their_paths_and_what_is_below_moves_along(imports: Imports) -> None:
    rows = "code,parent\nDE-BY,DE\nDE,EU\nEU,\nX,X2\nX2,X\n"
    assert (await counts(imports, {"regions.csv": rows}, TREE))["region"] == Counts(5, 3, rejected=2)
    paths = "SELECT code, path FROM regions ORDER BY path"
    assert await imports.fetch(paths) == [("EU", "/EU/"), ("DE", "/EU/DE/"), ("DE-BY", "/EU/DE/DE-BY/")]
    parent: UUID = await imports.value("SELECT id FROM regions WHERE code = 'DE'")
    await imports.fetch(
        "INSERT INTO regions (id, code, name, parent_id, path) VALUES ($1, 'OURS', 'Ours', $2, '/EU/DE/OURS/')",
        uuid4(), parent,
    )  # fmt: skip
    moved = "code,parent\nDE-BY,DE\nDE,\nEU,\n"
    assert (await counts(imports, {"regions.csv": moved}, TREE))["region"] == Counts(3, updated=1, unchanged=2)
    assert await imports.fetch(paths) == [
        ("DE", "/DE/"), ("DE-BY", "/DE/DE-BY/"), ("OURS", "/DE/OURS/"), ("EU", "/EU/"),
    ]  # fmt: skip


async def test_the_default_stands_where_the_file_is_silent(imports: Imports) -> None:
    await counts(imports, {"customers.csv": FILES["customers.csv"], "orders.csv": FILES["orders.csv"]})
    assert await imports.fetch("SELECT DISTINCT status, discount, shipping FROM orders WHERE number = 'o2'") == [
        ("DRAFT", Decimal(0), Decimal(0))
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


GOOD = "id,name,kind,given,tax,revenue,owner\n" + "".join(f"c{i},Name,,,,,\n" for i in range(100))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (GOOD.encode() + b'c100,"open,,,,,\n', "customers.csv:102: a quote is opened in this record and never closed"),
        (GOOD.encode() + b'c100,"a"b,,,,,\n', "customers.csv:102: a closing quote is followed by text in this record"),
        (GOOD.encode() + b"c100,M\xfcller,,,,,\n", "customers.csv:102: the bytes fc are not UTF-8"),
        (GOOD.encode() + b"c100,\0,,,,,\n", "customers.csv:102: a zero byte stands here: this is no text"),
        (b"", "customers.csv:1: the file is empty: there is no header"),
        (GOOD.replace("kind", "name").encode(), "customers.csv:1: the header has 'name' twice"),
        (GOOD.replace("kind", "sort").encode(), "mapping.yaml:24: there is no column 'kind' in customers"),
    ],
)
async def test_nothing_of_a_malformed_file_set_is_loaded(imports: Imports, content: bytes, fault: str) -> None:
    before = await imports.sizes()
    files: dict[str, str | bytes] = {**FILES, "customers.csv": content}
    with pytest.raises(ImportFailed) as failed:
        await imports.run(SHOP, files, Form(encoding="utf-8"))
    assert str(failed.value).startswith(fault)
    assert await imports.sizes() == before


async def test_a_header_alone_makes_nothing(imports: Imports) -> None:
    assert (await counts(imports, {"customers.csv": "id,name,kind,given,tax,revenue,owner\n"}))["customer"] == Counts()


async def test_what_the_database_refuses_after_all_undoes_everything(imports: Imports) -> None:
    before = await imports.sizes()
    lines = "order,position,quantity,price\n" + "".join(f"o1,{i},1,999999999999999\n" for i in range(2))
    with pytest.raises(ImportFailed, match=r"mapping.yaml:32: the database refuses: .*overflow"):
        await imports.run(SHOP, {**FILES, "lines.csv": lines})
    assert await imports.sizes() == before


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
