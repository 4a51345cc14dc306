"""What differs between two policies, as data and in words."""

from __future__ import annotations

from typing import Any

import pytest

from app.models.catalogue import CATALOGUE as MODELS
from policies.drafting.differing import Change, diff
from policies.loading import DEFAULT_RULES, read_folder
from policies.words import CHINESE
from tests.policies.documents import allow, classes, deny, names, role
from tests.policies.model import CATALOGUE

OWNED = allow(fields=classes("PUBLIC", "BUSINESS"), when={"owner": {"eq": "$me"}})


def told(before: str, after: str) -> list[tuple[str, str]]:
    found = diff({"a.yaml": before}, {"b.yaml": after}, CATALOGUE)
    return [(each.change.value, each.sentence) for each in found]


def test_nothing_differs_from_itself_however_it_is_written() -> None:
    shipped = read_folder(DEFAULT_RULES)
    before = "role: r\nrules:\n  - allow: [read, export]\n    on: [Customer, Order]\n    fields: {names: [flag, id]}\n"
    after = "# Other.\n{rules: [{on: [Order, Customer], fields: {names: [id, flag]}, allow: [export, read]}], role: r}"
    assert diff(shipped, shipped, MODELS) == ()
    assert told(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            role("r"),
            role("r", OWNED),
            [("RULE_ADDED", "r: May read Customer where owner eq $me: PUBLIC and BUSINESS.")],
        ),
        (
            role("r", OWNED, deny("Order")),
            role("r", OWNED),
            [("RULE_REMOVED", "r: no longer: May never read Order.")],
        ),
        (
            role("r", OWNED),
            role("r", allow(fields=names("name", "email"), mask={"email": "email", "name": "initial"})),
            [
                (
                    "RULE_CHANGED",
                    "r: May read Customer: name and email; masked: email by email and name by initial."
                    " Before: May read Customer where owner eq $me: PUBLIC and BUSINESS.",
                )
            ],
        ),
        (
            role("a"),
            role("b", allow("all")),
            [
                ("ROLE_REMOVED", "a is gone."),
                ("ROLE_ADDED", "b is new."),
                ("RULE_ADDED", "b: May read everything: all fields."),
            ],
        ),
        (
            "role: r\nname: R\nrules: []",
            "role: r\nname: S\nschema: tailored\nminGroup: 3\nrules: []",
            [
                (
                    "ROLE_CHANGED",
                    "r: name was R and is S, schema was complete and is tailored and minGroup was none and is 3.",
                )
            ],
        ),
    ],
    ids=["added", "removed", "changed", "roles", "head"],
)
def test_differences_are_told_in_words(before: str, after: str, expected: list[Any]) -> None:
    assert told(before, after) == expected


def test_differences_are_told_as_data() -> None:
    wider: Any = {**OWNED, "fields": "all"}
    [changed, added] = diff({"a": role("r", OWNED)}, {"a": role("r", deny("Order"), wider)}, CATALOGUE)
    assert (changed.change, changed.role, changed.index) == (Change.RULE_CHANGED, "r", 1)
    assert (changed.before, changed.after) == (OWNED, wider)
    assert (added.change, added.before, added.after, added.index) == (Change.RULE_ADDED, None, deny("Order"), 0)


def test_two_that_are_alike_are_two() -> None:
    assert [change for change, _ in told(role("r", OWNED, OWNED), role("r", OWNED))] == ["RULE_REMOVED"]


def test_a_preset_is_told() -> None:
    rule: Any = {"allow": ["create"], "on": "Order", "fields": names("title"), "preset": {"flag": True}}
    [(_, sentence)] = told(role("r"), role("r", rule))
    assert sentence == "r: May create Order: title; sets flag to True."


def test_differences_are_told_in_chinese_too() -> None:
    before = {"a.yaml": role("r", OWNED, deny("Order"), includes=()), "b.yaml": role("old")}
    after = {"a.yaml": role("r", allow(fields=classes("PUBLIC")), includes=("new",)), "c.yaml": role("new")}
    assert [each.sentence for each in diff(before, after, CATALOGUE, CHINESE)] == [
        "new 为新增。",
        "old 已移除。",
        "r：includes 由 无 改为 new。",
        "r：可读取 Customer：PUBLIC。此前：可读取 Customer（条件：owner eq $me）：PUBLIC 和 BUSINESS。",
        "r：不再：不得读取 Order。",
    ]
