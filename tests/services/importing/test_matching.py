"""Which rows of before an import knows again."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from app.services.importing import Counts
from tests.services.importing.imports import Imports
from tests.services.importing.shop import DISTINCT, FILES, SHOP, counts, rejected


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
