"""Explanations as lines for people and as data for programs."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent
from typing import Any

import asyncpg
import pytest

from policies.explaining import Explanation
from policies.explaining.keys import keys
from policies.explaining.telling import Telling
from policies.loading import load
from policies.principal import Assignment, Party, Principal, Unmask
from policies.rules import Policy
from tests.policies.documents import ME, Written, allow, deny, names, of, principal
from tests.policies.explaining.asking import ANN, EAST, OTHER, READER, WEST, explained
from tests.policies.model import CATALOGUE, USER
from tests.policies.rows import key

NAMES = {EAST: "East", WEST: "West", OTHER: "Olga", ME: "Max"}
RULES = """\
role: reader
rules:
  - allow: [read]
    on: Customer
    when: {region: {in: $assignment.regions}}
    fields: {names: [name, email]}
    mask: {name: redact, email: email}
  - allow: [read]
    on: Customer
    when: {owner: {eq: $me}, orders: {some: {flag: {eq: true}}}}
    fields: {classes: [BUSINESS, CONTACT]}
  - deny: [read]
    on: Customer
    when: {barred: {eq: true}}
"""
HELPER = """\
role: helper
rules:
  - allow: [read]
    on: Customer
    when: {region: {in: $assignment.regions}}
    fields: all
"""


def written(**texts: str) -> Policy:
    """The policy of documents by their names."""
    return load({f"{name}.yaml": text for name, text in texts.items()}, CATALOGUE)


def lines(explanation: Explanation) -> str:
    return "\n".join(Telling(NAMES).lines(explanation)) + "\n"


async def test_a_field_is_told_in_lines(ann: asyncpg.Connection) -> None:
    await ann.execute("UPDATE small.customers SET barred = false")
    found = await explained(ann, written(reader=RULES, helper=HELPER), "email")
    assert lines(found) == dedent("""\
        Customer the id: visible
        email is masked: a•••@example.com

        allow reader.yaml:3 as reader: masked by email: holds
          true     region in $assignment.regions: East against East

        allow reader.yaml:8 as reader: plain: does not hold
          false    owner eq $me and some orders (flag eq true)
            false    owner eq $me: Olga against Max
            true     some orders (flag eq true): true of 1 of the 2 seen

        deny reader.yaml:12 as reader: deny: does not hold
          false    barred eq true: false

        The smallest change that would grant it:
          by allow reader.yaml:8 as reader: owner would have to be Max, not Olga

        Roles that would grant it:
          helper, held for East: plain by allow helper.yaml:3
        """)


async def test_a_hidden_row_is_told_in_lines(ann: asyncpg.Connection) -> None:
    who = principal(Assignment("reader", regions=(WEST, key(13))))
    found = await explained(ann, written(reader=RULES), who=who)
    assert lines(found) == dedent("""\
        Customer the id: hidden

        allow reader.yaml:3 as reader: row: does not hold
          false    region in $assignment.regions: East against West and 00000000-0000-0000-0000-00000000000d

        allow reader.yaml:8 as reader: row: does not hold
          false    owner eq $me and some orders (flag eq true)
            false    owner eq $me: Olga against Max
            true     some orders (flag eq true): true of 1 of the 2 seen

        deny reader.yaml:12 as reader: deny: holds
          unknown  barred eq true: empty

        The smallest change that would grant it:
          by allow reader.yaml:3 as reader: region would have to be one of West and 00000000-0000-0000-0000-00000000000d, not East, and barred eq true would have to be false (empty)
          or by allow reader.yaml:8 as reader: owner would have to be Max, not Olga, and barred eq true would have to be false (empty)
        """)


async def test_a_visible_row_is_told_with_its_fields(ann: asyncpg.Connection) -> None:
    rules = written(r="role: reader\nrules:\n  - {allow: [read], on: User, fields: {names: [name]}}\n")
    found = await explained(ann, rules, on=USER, row=(OTHER,))
    assert lines(found) == dedent("""\
        User the id: visible
          plain: id, name
          withheld: manager, region, flag

        allow r.yaml:3 as reader: row: holds
          true     always
        """)


async def test_an_asker_is_told_states_in_lines(ann: asyncpg.Connection) -> None:
    asker = "role: asker\nrules:\n  - {allow: [read], on: Customer, fields: {names: [name]}}\n"
    by = Principal(key(3), (Assignment("asker"),), ())
    rules = written(reader=RULES, asker=asker)
    found = await explained(ann, rules, "email", by=by, tells_operands=False)
    assert lines(found) == dedent("""\
        Customer the id: hidden

        allow reader.yaml:3 as reader: masked by email: withheld
          withheld region in $assignment.regions: not there

        allow reader.yaml:8 as reader: plain: withheld
          withheld owner eq $me and some orders (flag eq true)
            withheld owner eq $me: not there
            withheld some orders (flag eq true)

        deny reader.yaml:12 as reader: deny: withheld
          withheld barred eq true: withheld
        """)
    missing = await explained(ann, rules, "email", by=by, row=(key(999),))
    assert lines(missing) == "There is no Customer the id, or none that you see.\n"


UNMASKS = """\
  - allow: [unmask]
    on: Customer
    when: {region: {in: $assignment.regions}}
    fields: {names: [email]}
"""


@pytest.mark.parametrize(
    ("rules", "field", "told"),
    [
        (UNMASKS, "email", ["email is plain: ann.smith@example.com", "An unmask of it is in force."]),
        ("", "email", ["email is masked: a•••@example.com", "An unmask of it is in force, and does not open it."]),
        (UNMASKS, "name", ["name is masked: •••"]),
        (UNMASKS, None, ["  unmask in force: email"]),
    ],
)
async def test_an_unmask_is_told(ann: asyncpg.Connection, rules: str, field: str | None, told: list[str]) -> None:
    await ann.execute("UPDATE small.customers SET barred = false")
    others = (Unmask("Customer", "name", None, OTHER), Unmask("User", "name", None, ANN))
    who = replace(READER, unmasks=(Unmask("Customer", "email", None, ANN), *others))
    found = await explained(ann, written(reader=RULES + rules), field, who=who)
    head = lines(found).partition("\n\n")[0].splitlines()
    assert head[0] == "Customer the id: visible"
    assert head[-len(told) :] == told
    assert Telling(NAMES).data(found)["unmasks"] == ([] if field == "name" else ["email"])
    unknown = await explained(ann, written(reader=RULES + rules), field, who=who, tells_operands=False)
    assert unknown.unmasks == ()


async def test_what_no_rule_speaks_of_is_told(ann: asyncpg.Connection) -> None:
    who = principal(Assignment("nobody"))
    found = await explained(ann, written(reader=RULES), who=who)
    assert lines(found) == "Customer the id: hidden\nNo rule of the user's roles speaks of it.\n"


async def test_a_ceiling_is_told_as_one(ann: asyncpg.Connection) -> None:
    client = Party(key(9), (Assignment("reader", regions=(EAST,)),))
    who = Principal(ME, (Assignment("reader", regions=(EAST,)),), (ME,), ceilings=(client,))
    heads = [
        line for line in lines(await explained(ann, written(reader=RULES), who=who)).splitlines() if " as " in line
    ]
    assert "allow reader.yaml:3 as reader (ceiling 1): row: holds" in heads


@pytest.mark.parametrize("column", ["deleted_at", "erased_at"])
async def test_what_is_gone_is_told(ann: asyncpg.Connection, column: str) -> None:
    await ann.execute(f"UPDATE small.customers SET {column} = now()")
    first = lines(await explained(ann, written(reader=RULES))).splitlines()[0]
    assert first == f"Customer the id: hidden (it was {column.removesuffix('_at')})"


async def test_everything_is_data_too(ann: asyncpg.Connection) -> None:
    found = await explained(ann, written(reader=RULES, helper=HELPER), "email")
    told: dict[str, Any] = Telling(NAMES).data(found)
    heads = {"type": "Customer", "id": "the id", "field": "email", "found": True, "visible": False, "gone": None}
    assert {name: told[name] for name in heads} == heads
    assert (told["states"], told["shown"]) == ({}, None)
    assert told["rules"][0] == {
        "file": "reader.yaml", "line": 3, "when": "region in $assignment.regions", "party": 0, "role": "reader", "effect": "allow",
        "gives": "email", "holds": True,
        "condition": {"text": "region in $assignment.regions", "truth": "true", "state": "plain", "value": "East",
                      "operand": ["East"]},
    }  # fmt: skip
    assert told["rules"][1]["condition"]["parts"][1] == {
        "text": "some orders (flag eq true)", "truth": "true", "met": 1, "of": 2,
    }  # fmt: skip
    assert [each["holds"] for each in told["rules"]] == [True, False, True]
    assert told["changes"][0]["wishes"] == [
        {"text": "barred eq true", "becomes": False, "state": "plain", "value": None, "operand": None}
    ]
    assert told["roles"] == []
    assert Telling({}).data(Explanation("Customer", "x")) == {
        "type": "Customer",
        "id": "x",
        "field": None,
        "found": False,
    }


async def test_keys_are_told_by_the_resource_that_they_are_keys_of(ann: asyncpg.Connection) -> None:
    rules: list[Written] = [allow(when={"region": {"in": "$assignment.regions"}, "owner": {"eq": "$me"}, "level": {"gt": 1}}),
                            allow(when={"id": {"eq": str(ANN)}}), deny(fields=names("name"), when={"owner": {"isNull": True}})]  # fmt: skip
    found = await explained(ann, of(*rules))
    assert keys(found) == {"Region": [EAST], "User": [OTHER, ME], "Customer": [ANN]}
    assert keys(await explained(ann, of(*rules), row=(key(999),))) == {}
