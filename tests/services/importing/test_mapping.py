"""Mappings: every fault at once, each with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.importing import ImportFailed, parse_mapping, read_mapping, shipped
from app.services.importing.mapping import rule_order
from tests.services.importing.imports import Imports

HEAD = """
mapping: small
system: small
files:
  a: {name: a.csv}
rows:
""".lstrip()
CUSTOMER = """  customer:
    table: customers
    file: a
    key: id
    fields:
      kind: {const: ORGANIZATION}
      display_name: name
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(ImportFailed) as failed:
        parse_mapping(text, "m.yaml")
    return [str(fault) for fault in failed.value.faults]


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_mapping_has_no_fault(name: str) -> None:
    assert read_mapping(name).name == name


def test_what_is_no_mapping_is_said_with_what_is_shipped(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"shipped are crm_maven, erp_northwind"):
        read_mapping(str(tmp_path / "none.yaml"))


def test_a_file_may_hold_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(HEAD + CUSTOMER, "utf-8")
    assert read_mapping(str(path)).name == "small"


def test_all_faults_are_told_at_once_sorted_by_place() -> None:
    text = HEAD + (
        "  customer:\n"
        "    table: customers\n"
        "    file: a\n"
        "    key: id\n"
        "    fields:\n"
        "      kind: {const: COMPANY}\n"
        "      nickname: name\n"
        "      owner_id: agent\n"
        "  order:\n"
        "    table: orders\n"
        "    file: b\n"
        "    key: id\n"
        "    fields: {number: id, currency: {const: USD}}\n"
        "  ghost:\n"
        "    table: ghosts\n"
        "    file: a\n"
        "    key: id\n"
        "    fields: {name: id}\n"
    )
    assert [fault.partition(";")[0] for fault in faults_of(text)] == [
        "m.yaml:6: customers.display_name must be filled",
        "m.yaml:11: 'COMPANY' must be INDIVIDUAL or ORGANIZATION",
        "m.yaml:12: customers has no field 'nickname' that can be filled",
        "m.yaml:13: owner_id points to users: it is filled with 'ref' or 'find'",
        "m.yaml:14: orders.customer_id must be filled",
        "m.yaml:14: orders.ordered_at must be filled",
        "m.yaml:16: there is no file 'b'",
        "m.yaml:20: there is no table 'ghosts'",
    ]


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ("phone: {column: p, then: [shout]}", "m.yaml:13: rows.customer.fields.phone.then.0.word: Input should be"),
        ("phone: {column: p, const: 1}", "m.yaml:13: rows.customer.fields.phone: a value is made in one way"),
        ("phone: {const: 1, then: [trim]}", "m.yaml:13: rows.customer.fields.phone: 'then' does not go with 'const'"),
        ("phone: {action: reject}", "m.yaml:13: 'action' cannot stand here"),
        ("phone: {column: p, then: [{match: '['}]}", "m.yaml:13: '[' is no regular expression"),
        ("birth_date: {column: p, then: [{date: '%Q'}]}", "m.yaml:13: '%Q' is no format of a day or time"),
        ("birth_date: {column: p, then: [{time: {zone: Mars}}]}", "m.yaml:13: 'Mars' is no time zone"),
        (
            "birth_date: {column: p, then: [{cut: 1, pad: 2}]}",
            "m.yaml:13: rows.customer.fields.birth_date.then.0: a tran",
        ),
        ("phone: {template: '{p'}", "m.yaml:13: a brace of '{p' is not closed"),
        ("phone: {template: '{p|shout}'}", "m.yaml:13: 'shout' is none of"),
        ("phone: {compute: '{p} ** 2'}", "m.yaml:13: '{p} ** 2' may hold"),
        ("phone: {lookup: {file: b, where: {x: y}, take: z}}", "m.yaml:13: there is no file 'b'"),
        ("phone: {ref: customer, key: p}", "m.yaml:13: phone is no reference"),
        ("owner_id: {ref: agent, key: p}", "m.yaml:13: there is no rule 'agent'"),
        ("owner_id: {ref: customer, key: p}", "m.yaml:13: it points to users, not to customers"),
        ("owner_id: {ref: customer}", "m.yaml:13: rows.customer.fields.owner_id: 'ref' needs a 'key'"),
        ("owner_id: {find: users.nick, key: p}", "m.yaml:13: users has no column 'nick'"),
        ("owner_id: {find: users.display_name, key: p}", "m.yaml:13: users.display_name is not unique"),
        ("owner_id: {find: roles.code, key: p}", "m.yaml:13: it points to users, not to roles"),
        ("owner_id: {find: users.email, key: p, empty: p}", "m.yaml:13: rows.customer.fields.owner_id.empty.action"),
        ("owner_id: {find: users.email, key: p, empty: {column: q}}", "m.yaml:13: 'empty' is 'reject', 'null', or"),
        ("first_ordered_at: {rollup: {of: o, by: c, take: t, function: min}}", "m.yaml:13: there is no rule 'o'"),
        (
            "first_ordered_at: {rollup: {of: customer, by: kind, take: owner_id, function: min}}",
            "m.yaml:13: customer fills no reference 'kind' to customers",
        ),
        ("base_annual_revenue: p", "m.yaml:13: customers has no field 'base_annual_revenue' that can be filled"),
        ("version: p", "m.yaml:13: customers has no field 'version' that can be filled"),
        ("kind: p", "m.yaml:13: 'kind' is given twice"),
    ],
)
def test_a_faulty_field_is_told_with_its_line(field: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults_of(HEAD + CUSTOMER + f"      {field}\n"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "m.yaml:1: the document is empty"),
        ("a: [", "m.yaml:1: "),
        ("mapping: a\n", "m.yaml:1: files: Field required"),
        (HEAD.replace("a: {name: a.csv}", "a: {}") + CUSTOMER, "m.yaml:4: files.a: a file has either 'name' or"),
        (HEAD + CUSTOMER.replace("    key: id\n", ""), "m.yaml:6: rows.customer.key: Field required"),
        (
            HEAD + CUSTOMER.replace("    key: id\n", "    key: id\n    keep: true\n"),
            "m.yaml:6: rows.customer: 'keep' nee",
        ),
        (
            HEAD + CUSTOMER.replace("key: id", "key: id\n    match: email"),
            "m.yaml:10: rows are matched by 'email', which",
        ),
        (
            HEAD
            + "  u:\n    table: users\n    file: a\n    key: id\n    match: manager_id\n"
            + "    fields: {display_name: n, manager_id: {ref: u, key: m}}\n",
            "m.yaml:10: rows that refer to their own rule are matched by values only",
        ),
    ],
)
def test_a_faulty_document_is_told_with_its_line(text: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults_of(text))


CIRCLE = (
    HEAD
    + """
  a:
    table: users
    file: a
    key: id
    fields: {display_name: n, manager_id: {ref: b, key: m}}
  b:
    table: users
    file: a
    key: id
    fields: {display_name: n, manager_id: {ref: a, key: m}}
""".lstrip("\n")
)


def test_rules_that_refer_to_each_other_in_a_circle_are_told() -> None:
    assert [fault for fault in faults_of(CIRCLE) if "circle" in fault] == [
        "m.yaml:6: rules refer to each other in a circle: a → b → a"
    ]


def test_rules_come_after_those_they_refer_to() -> None:
    order = rule_order(read_mapping("erp_northwind").document)
    assert order.index("root") < order.index("region") < order.index("employee") < order.index("customer")
    assert order.index("customer") < order.index("order") < order.index("line")


async def test_a_column_that_a_file_lacks_is_told_with_the_mappings_line(imports: Imports) -> None:
    mapping = HEAD + CUSTOMER + "      email: mail\n      legal_name: {template: '{name} {form}'}\n"
    with pytest.raises(ImportFailed) as failed:
        await imports.run(mapping, {"a.csv": "id,name\n1,x\n"})
    assert [str(fault) for fault in failed.value.faults] == [
        "mapping.yaml:13: there is no column 'mail' in a; it has id, name",
        "mapping.yaml:14: there is no column 'form' in a; it has id, name",
    ]


async def test_a_missing_file_is_told_unless_it_is_optional(imports: Imports) -> None:
    with pytest.raises(ImportFailed, match=r"mapping.yaml:4: there is no a.csv in files"):
        await imports.run(HEAD + CUSTOMER)
    report = await imports.run(HEAD.replace("a.csv}", "a.csv, optional: true}") + CUSTOMER)
    assert report.total.read == 0


async def test_files_of_one_kind_have_one_header(imports: Imports) -> None:
    mapping = HEAD.replace("a.csv", '"*.csv"') + CUSTOMER
    with pytest.raises(ImportFailed, match=r"b.csv:1: the header differs from that of a.csv"):
        await imports.run(mapping, {"a.csv": "id,name\n1,x\n", "b.csv": "name,id\ny,2\n"})
