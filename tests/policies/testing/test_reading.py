"""Tables of tests: what they stand for, and all that is wrong with them at once, with file and line."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from textwrap import dedent, indent
from typing import Any

import pytest

from policies.document import Action
from policies.faults import Fault, PolicyError
from policies.principal import Assignment
from policies.states import State
from policies.testing import Case, read_cases
from policies.testing.cases import key_of
from tests.policies.documents import allow, classes, policy, role
from tests.policies.model import CUSTOMERS, LINES, NOTES, ORDERS, USERS

POLICY = policy(role("reader", allow(fields=classes("BUSINESS"))), role("other"))
PEOPLE = "people:\n  rep: {role: reader, regions: [EMEA, ASIA], departments: SALES, reports: [ann]}\n"
COMMENT = re.compile(r" +# (.+)$")


def read(text: str) -> tuple[Case, ...]:
    return read_cases({"a.yaml": text}, POLICY)


def case(line: str) -> Case:
    """The one case of a line."""
    [found] = read(f"{PEOPLE}cases:\n  - {{{line}}}\n")
    return found


def faults(texts: dict[str, str]) -> list[Fault]:
    with pytest.raises(PolicyError) as error:
        read_cases(texts, POLICY)
    return list(error.value.faults)


def said(file: str, text: str) -> list[Fault]:
    """The faults that a document's comments tell of."""
    comments = ((n, COMMENT.search(line)) for n, line in enumerate(text.splitlines(), 1))
    return sorted(Fault(file, n, each) for n, found in comments if found for each in found[1].split(" & "))


# Who asks


def test_a_person_holds_a_role_for_places_that_are_named() -> None:
    asking = case("as: rep, on: Customer").principal
    assignment = Assignment("reader", (key_of("SALES"),), (key_of("EMEA"), key_of("ASIA")))
    assert (asking.id, asking.assignments, asking.reports) == (key_of("rep"), (assignment,), (key_of("ann"),))


def test_a_person_may_hold_several_roles_or_be_described_in_the_line() -> None:
    asking = case("as: {roles: [{role: reader, regions: EMEA}, {role: other}]}, on: Customer")
    assert asking.principal.assignments == (Assignment("reader", (), (key_of("EMEA"),)), Assignment("other"))
    assert asking.who == "reader + other"


def test_a_line_stands_for_each_person_and_each_resource() -> None:
    text = f"{PEOPLE}  boss: {{role: other}}\ncases:\n  - {{as: [rep, boss], on: [Customer, Order]}}\n"
    assert [(each.who, each.resource.name, each.origin.line) for each in read(text)] == [
        ("rep", "Customer", 5), ("rep", "Order", 5), ("boss", "Customer", 5), ("boss", "Order", 5),
    ]  # fmt: skip


# What is seen


@pytest.mark.parametrize(
    ("said", "states"),
    [
        ("plain: [name, level]", {"name": State.PLAIN, "level": State.PLAIN}),
        ("plain: name, withheld: [IDENTITY]", {"name": State.PLAIN, "taxId": State.WITHHELD, "bornOn": State.WITHHELD}),
        ("masked: [IDENTITY], plain: [taxId]", {"taxId": State.PLAIN, "bornOn": State.MASKED}),
        ("masked: {taxId: x, bornOn: ~}", {"taxId": State.MASKED, "bornOn": State.MASKED}),
        ("plain: id", {"id": State.PLAIN}),
        ("expect: visible", {}),
    ],
)
def test_fields_are_named_or_of_a_class(said: str, states: dict[str, State]) -> None:
    found = case(f"as: rep, on: Customer, {said}").expected
    assert found.visible
    assert found.states == states


def test_all_stands_for_every_field_that_is_not_named_otherwise() -> None:
    states = case("as: rep, on: Line, plain: [flag], withheld: all").expected.states
    assert states == {"flag": State.PLAIN} | dict.fromkeys(("order", "region", "hint"), State.WITHHELD)


def test_a_mask_may_be_given_with_what_it_shows() -> None:
    shown = case("as: rep, on: Customer, masked: {taxId: •••7, bornOn: 1990-01-01, revenue: 12}").expected.shown
    assert shown == {"taxId": "•••7", "bornOn": dt.date(1990, 1, 1), "revenue": Decimal(12)}


def test_a_hidden_row_has_no_fields() -> None:
    expected = case("as: rep, on: Customer, expect: hidden").expected
    assert (expected.visible, expected.states) == (False, {})


def test_actions_on_the_row_may_be_permitted_or_not() -> None:
    expected = case("as: rep, on: Customer, may: [update, merge], mayNot: delete").expected
    assert expected.permitted == {Action.UPDATE: True, Action.MERGE: True, Action.DELETE: False}


# The row


def rows(line: str, on: str = "Customer") -> list[tuple[str, dict[str, Any]]]:
    """The rows of a line, by table."""
    return [(each.table.name, dict(each.values)) for each in case(f"as: rep, on: {on}, row: {line}").rows]


def test_a_row_holds_values_of_their_kind() -> None:
    [(table, values)] = rows(
        "{name: Ann, level: 7, score: 1.5, open: true, bornOn: 1990-05-17, seenAt: 2026-01-31T12:00:00Z, tier: GOLD,"
        " path: /a/, revenue: 5, extra: {a: [1]}, taxId: ~}"
    )
    assert table == CUSTOMERS.name
    assert {name: value for name, value in values.items() if name != "id"} == {
        "name": "Ann", "level": 7, "score": Decimal("1.5"), "open": True, "born_on": dt.date(1990, 5, 17),
        "seen_at": dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC), "tier": "GOLD", "path": "/a/", "revenue": Decimal(5),
        "extra": '{"a": [1]}', "tax_id": None,
    }  # fmt: skip


def test_names_are_keys_and_me_is_who_asks() -> None:
    [(_, values)] = rows("{id: Acme, owner: me, region: EMEA, department: SALES}")
    assert values == {
        "id": key_of("Acme"), "owner_id": key_of("rep"), "region_id": key_of("EMEA"), "department_id": key_of("SALES"),
    }  # fmt: skip


def test_a_related_row_is_linked() -> None:
    (_, customer), (table, owner) = rows("{owner: {flag: true}}")
    assert (table, customer["owner_id"]) == (USERS.name, owner["id"])
    (_, order), (table, customer) = rows("{title: x, customer: {open: true, owner: me}}", "Order")
    assert (table, order["customer_id"], customer["owner_id"]) == (CUSTOMERS.name, customer["id"], key_of("rep"))


def test_a_related_row_of_the_same_customer_has_its_key() -> None:
    (_, line), (_, order), (_, customer) = rows("{order: {title: x, customer: {open: true}}}", "Line")
    assert line["customer_id"] == order["customer_id"] == customer["id"]
    assert line["order_id"] == order["id"]


def test_a_list_is_of_rows_that_are_linked_back() -> None:
    found = rows("{orders: [{flag: true, lines: [{flag: false}]}, {flag: false}]}")
    assert [table for table, _ in found] == [CUSTOMERS.name, ORDERS.name, LINES.name, ORDERS.name]
    (_, customer), (_, first), (_, line), (_, second) = found
    assert {first["customer_id"], second["customer_id"], line["customer_id"]} == {customer["id"]}
    assert (line["order_id"], first["id"] != second["id"]) == (first["id"], True)


def test_an_edge_to_one_of_several_resources_says_to_which() -> None:
    (_, note), (table, order) = rows("{aboutOrder: {flag: true}}", "Note")
    assert (table, note["about_id"], note["about_type"]) == (ORDERS.name, order["id"], "ORDER")
    (_, order), (table, note) = rows("{notes: [{flag: true}]}", "Order")
    assert (table, note["about_id"], note["about_type"]) == (NOTES.name, order["id"], "ORDER")


# What is wrong

WRONG = dedent("""\
    people:
      rep: {role: nobody}  # unknown role 'nobody'
      two: {role: reader, roles: [{role: other}]}  # a person has either a 'role' or 'roles'
      none: {regions: [x]}  # a person has either a 'role' or 'roles'
      odd: {role: reader, colour: red}  # people.odd.colour: unknown entry 'colour'
      list: [reader]  # people.list: a map of entries is expected
    cases:
      - {as: stranger, on: Custmer}  # unknown person 'stranger' & unknown resource 'Custmer'
      - as: two
        on: [Customer, Order]
        row:
          nmae: x  # 'nmae' is no field of Customer & 'nmae' is no field of Order
          title: x  # 'title' is no field of Customer
      - as: two
        on: Customer
        row:
          level: much  # 'level': expected a whole number of 32 bits
          tier: BRASS  # 'tier': expected one of GOLD, IRON
          owner: 7  # 'owner': expected a name
          name: $me  # '$me' does not fit 'eq' of this field
          seenAt: $now  # 'seenAt': a row holds values, no operands
          orders: {flag: true}  # 'orders' takes a list of rows
          department: {name: 7}  # 'name': expected a text
      - as: two
        on: Customer
        plain: [name, nmae]  # 'nmae' is neither a field of Customer nor a data class
        masked: {name: x, level: much}  # 'name' is said twice & 'level': expected a whole number of 32 bits
        withheld: [id]  # 'id' is part of the key, plain on every visible row
      - as: two
        on: Customer
        expect: hidden  # of a hidden row no field is seen & with a hidden row nothing may be done
        plain: [name]
        may: delete
      - as: two
        on: Customer
        may: [delete, merge]
        mayNot: [merge]  # 'merge' is said twice
      - {as: two, on: Customer, expect: maybe}  # cases.6.expect: Input should be 'visible' or 'hidden'
      - {on: Customer, row: [], colour: red}  # cases.7: 'as' is missing & cases.7.row: a map of entries is expected & cases.7.colour: unknown entry 'colour'
      - as: two
        on: Customer
        row:  # two rows have one key; name it where the row is meant again
          orders: [{id: one}, {id: one}]
    """)  # fmt: skip


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert faults({"tests/a.yaml": WRONG}) == said("tests/a.yaml", WRONG)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the document is empty"),
        ("[]", "the document: a map of entries is expected"),
        ("people: {}", "the document: 'cases' is missing"),
        ("cases: []", "there is no case"),
        ("cases: x", "cases: a list is expected"),
        ("people: x\ncases: [{as: {role: reader}, on: User}]", "people: a map of entries is expected"),
        ("cases: [", "expected the node content, but found '<stream end>'"),
        ("cases: [x]", "cases.0: a map of entries is expected"),
    ],
)
def test_what_is_no_table_is_a_fault(text: str, expected: str) -> None:
    assert [fault.message for fault in faults({"a.yaml": text})] == [expected]


def test_faults_of_all_documents_are_told() -> None:
    texts = {
        "b.yaml": "cases: []",
        "a.yaml": "",
        "c.yaml": "cases:\n" + indent("- {as: {role: reader}, on: User}", "  "),
    }
    assert [(fault.file, fault.line) for fault in faults(texts)] == [("a.yaml", 1), ("b.yaml", 1)]
