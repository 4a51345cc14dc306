"""Policies: which rules a role has."""

from __future__ import annotations

import pytest

from tests.policies.documents import allow, names, policy, role

POLICY = policy(
    role("top", allow(fields=names("name")), includes=("left", "right")),
    role("left", allow(fields=names("email")), includes=("bottom",)),
    role("right", allow(fields=names("phone")), includes=("bottom",)),
    role("bottom", allow(fields=names("street")), allow(fields=names("taxId"))),
    role("empty"),
)


@pytest.mark.parametrize(
    ("held", "granted"),
    [
        ("top", ["email", "name", "phone", "street", "taxId"]),
        ("left", ["email", "street", "taxId"]),
        ("bottom", ["street", "taxId"]),
        ("empty", []),
        ("unknown", []),
        ("", []),
    ],
)
def test_a_role_has_its_own_rules_and_those_it_includes_each_once(held: str, granted: list[str]) -> None:
    assert sorted(name for found in POLICY.rules_of(held) for name in found.plain) == granted


def test_policies_are_told_apart_by_identity() -> None:
    assert policy(role("top")) != policy(role("top"))
