"""What an import rejects, and how it tells."""

from __future__ import annotations

import pytest

from app.services.importing import Counts, Form, ImportFailed
from tests.services.importing.imports import Imports
from tests.services.importing.shop import FILES, SHOP, counts, rejected


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
        "kind: 'ORG' must be INDIVIDUAL or ORGANIZATION; annual_revenue: '1.00001' must have at most 4 decimals",
        "display_name: is longer than 200 characters",
        "display_name: is empty",
        "key: is empty",
        "must fulfil CASE kind WHEN 'ORGANIZATION'",
        "annual_revenue: '-1' must be at least 0",
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
        "customers.csv,5,customers,kind: 'WRONG' must be INDIVIDUAL or ORGANIZATION,"
        '"c2,""Two\n"",WRONG,,""a,""""b"""""",,"\r\n'
        "customers.csv,7,customers,kind: 'X' must be INDIVIDUAL or ORGANIZATION,\"c3,Three,X,,,,\"\r\n"
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
        ["customers.csv", "2", "customers", "kind: 'WRONG' must be INDIVIDUAL or ORGANIZATION"],
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
