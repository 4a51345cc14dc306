"""The documents of a policy with one of them changed: read again as a whole, with every fault told."""

from __future__ import annotations

from typing import Any

import pytest

from policies.drafting.documents import (
    NoSuchRole,
    file_set,
    role_removed,
    role_set,
    rule_removed,
    rule_set,
)
from policies.faults import PolicyError
from policies.loading import load
from tests.policies.model import CATALOGUE

TEXTS = {
    "reader.yaml": "role: reader\nrules:\n  - allow: [read]  # all\n    on: Customer\n    fields: all\n",
    "writer.yaml": "role: writer\nincludes: [reader]\nrules: []\n",
    "scopes.yaml": "scope: read\nrules: []\n",
}
RULE = {"allow": ["read"], "on": "Order", "fields": "all"}


def faults(error: pytest.ExceptionInfo[PolicyError]) -> list[str]:
    return [str(fault) for fault in error.value.faults]


def test_days_and_moments_of_a_rule_that_comes_as_json_are_dates() -> None:
    when = {
        "OR": [
            {"bornOn": {"eq": "2026-01-31"}, "name": {"eq": "2026-01-31"}},
            {"orders": {"some": {"customer": {"seenAt": {"between": {"from": "2026-01-31T12:00:00Z", "to": "$now"}}}}}},
        ]
    }
    rule = {"allow": ["read"], "on": "Customer", "when": when, "fields": "all"}
    with pytest.raises(PolicyError) as refused:
        rule_set(TEXTS, CATALOGUE, "reader", None, rule)
    [fault] = faults(refused)
    assert "'seenAt': expected a time" in fault
    when["OR"][1]["orders"]["some"]["customer"]["seenAt"]["between"]["to"] = "2026-02-01T12:00:00+02:00"  # type: ignore[index]
    text = rule_set(TEXTS, CATALOGUE, "reader", None, rule)["reader.yaml"]
    assert '{bornOn: {eq: 2026-01-31}, name: {eq: "2026-01-31"}}' in text
    assert "{from: 2026-01-31T12:00:00+00:00, to: 2026-02-01T12:00:00+02:00}" in text


def test_a_rule_is_set_and_removed_in_the_document_of_its_role() -> None:
    more = rule_set(TEXTS, CATALOGUE, "reader", None, RULE)
    assert more["reader.yaml"] == TEXTS["reader.yaml"] + "  - allow: [read]\n    on: Order\n    fields: all\n"
    other = rule_set(TEXTS, CATALOGUE, "reader", 0, {**RULE, "on": "Customer", "fields": {"names": ["name"]}})
    assert other["reader.yaml"] == TEXTS["reader.yaml"].replace("fields: all", "fields: {names: [name]}")
    assert rule_removed(more, CATALOGUE, "reader", 1) == TEXTS
    assert rule_set(TEXTS, CATALOGUE, "scope:read", None, RULE)["scopes.yaml"].startswith("scope: read\nrules:\n  - ")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({**RULE, "on": "Thing"}, ["reader.yaml:7: unknown resource 'Thing'"]),
        (
            {**RULE, "fields": {"names": ["a", "b"]}},
            ["reader.yaml:8: unknown field 'a'", "reader.yaml:8: unknown field 'b'"],
        ),
        ({}, ["reader.yaml:6: rules.1: 'on' is missing"]),
        ({"on": "Order"}, ["reader.yaml:6: a rule has either 'allow' or 'deny'"]),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_at_its_place(rule: dict[str, Any], told: list[str]) -> None:
    with pytest.raises(PolicyError) as error:
        rule_set(TEXTS, CATALOGUE, "reader", None, rule)
    assert faults(error) == told


def test_a_role_is_made_changed_and_removed() -> None:
    made = role_set(TEXTS, CATALOGUE, "guest", {"name": "A guest: of ours", "includes": ["reader"], "schema": None})
    assert made["guest.yaml"] == 'role: guest\nname: "A guest: of ours"\nincludes: [reader]\nrules: []\n'
    changed = role_set(made, CATALOGUE, "guest", {"name": "Guest", "minGroup": 5, "includes": None})
    assert changed["guest.yaml"] == "role: guest\nname: Guest\nminGroup: 5\nrules: []\n"
    assert role_removed(changed, CATALOGUE, "guest") == TEXTS
    scope = role_set({**TEXTS, "scope.write.yaml": "role: x\n"}, CATALOGUE, "scope:write", {})
    assert scope["scope.write2.yaml"] == "scope: write\nrules: []\n"
    assert set(load(scope, CATALOGUE).roles) == {"reader", "writer", "scope:read", "scope:write", "x"}


def test_a_role_that_others_include_stays() -> None:
    with pytest.raises(PolicyError) as error:
        role_removed(TEXTS, CATALOGUE, "reader")
    assert faults(error) == ["writer.yaml:2: unknown role 'reader'"]


@pytest.mark.parametrize("role", ["", "nobody", "scope:nothing", "scope:", "Reader"])
def test_a_role_that_is_not_there_has_no_rules(role: str) -> None:
    with pytest.raises(NoSuchRole):
        rule_set(TEXTS, CATALOGUE, role, None, RULE)
    with pytest.raises(NoSuchRole):
        role_removed(TEXTS, CATALOGUE, role)


@pytest.mark.parametrize("role", ["", "A", "scope:", "a b", "x" * 65, "ü", "a\nrole: b"])
def test_a_new_role_has_a_code_that_can_be_one(role: str) -> None:
    with pytest.raises(PolicyError):
        role_set(TEXTS, CATALOGUE, role, {})


def test_a_whole_document_is_set_and_taken_away() -> None:
    text = "# Written by hand.\r\nrole: hand\r\nrules: []"
    made = file_set(TEXTS, CATALOGUE, "hand.yml", text)
    assert made == {**TEXTS, "hand.yml": text}
    assert file_set(made, CATALOGUE, "hand.yml", None) == TEXTS


@pytest.mark.parametrize("name", ["", "a", "a.txt", "../a.yaml", "a/b.yaml", ".yaml", "a b.yaml", "a.yaml\n"])
def test_a_document_has_the_name_of_a_file(name: str) -> None:
    with pytest.raises(PolicyError, match="is no name of a document"):
        file_set(TEXTS, CATALOGUE, name, "role: a\nrules: []\n")


def test_the_last_document_stays() -> None:
    with pytest.raises(PolicyError, match="there is no document"):
        file_set({"a.yaml": "role: a\nrules: []\n"}, CATALOGUE, "a.yaml", None)
