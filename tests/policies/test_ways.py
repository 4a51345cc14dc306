"""Ways: in how many different ways an action is permitted, and whether one is open on every visible row."""

from __future__ import annotations

from typing import Any

import pytest

from policies.access import Access, access
from policies.document import Action
from policies.permits import settled
from tests.policies.documents import Written, allow, deny, names, policy, principal, role
from tests.policies.model import CUSTOMER

OWN: Written = {"owner": {"eq": "$me"}}


def may(action: str, *, fields: Any = "all", when: Any = None) -> Written:
    return allow(fields=fields, when=when) | {"allow": [action]}


def rights(*rules: Written) -> Access:
    return access(policy(role("reader", *rules)), principal().shape)


@pytest.mark.parametrize(
    ("rules", "action", "ways"),
    [
        (
            [may("update", fields=names("name")), may("update", fields=names("tier"), when=OWN)],
            "update",
            ["name", "tier"],
        ),
        ([may("update", fields=names("name", "email")), may("delete")], "update", ["email"]),
        ([may("update", fields=names("name")), may("delete")], "delete", [""]),
        ([may("update", fields=names("name"))], "delete", []),
        ([may("delete"), deny() | {"deny": ["delete"]}], "delete", []),
        ([may("delete")], "update", []),
    ],
    ids=str,
)
def test_there_is_a_way_for_each_different_ground(rules: list[Written], action: str, ways: list[str]) -> None:
    granted = rights(allow(), *rules)
    assert [" ".join(way.fields) for way in granted.ways(Action(action), CUSTOMER)] == ways


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([], False),
        ([may("update", when=OWN)], None),
        ([may("update", fields=names("name"))], True),
        ([may("update", fields=names("name"), when=OWN), may("update", fields=names("tier"))], True),
        ([may("update", fields=names("name")), deny() | {"deny": ["update"]}], False),
    ],
    ids=str,
)
def test_whether_one_way_is_open_on_every_visible_row(rules: list[Written], *, found: bool | None) -> None:
    assert settled(rights(allow(), *rules).ways(Action.UPDATE, CUSTOMER)) is found
    assert settled(rights(*rules).ways(Action.UPDATE, CUSTOMER)) is False


def test_grants_and_ways_are_made_once() -> None:
    granted = rights(allow(), may("update"))
    [grants] = granted.grants(CUSTOMER, Action.READ)
    assert granted.grants(CUSTOMER, Action.READ)[0] is grants
    assert grants.grounds("name") is grants.grounds("name")
    assert granted.ways(Action.UPDATE, CUSTOMER) is granted.ways(Action.UPDATE, CUSTOMER)
