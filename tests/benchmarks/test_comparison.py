"""Whether answers of two servers are the same."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from benchmarks.comparison import Verdict, compare
from graphql_schema.ids import NodeId, encode

KEY, OTHER = UUID(int=0x0185D1BF9C0070008000065016670001), UUID(int=0x0185D1BF9C0070008000065016670002)
TAG = 13


def verdicts(ours: Any, theirs: Any) -> dict[str, Verdict]:
    """By place."""
    return dict(compare(ours, theirs))


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "verdict"),
    [
        ("tier", "KEY", "KEY", Verdict.EQUAL),
        ("tier", None, None, Verdict.EQUAL),
        ("tier", "KEY", "BASIC", Verdict.DIFFERENT),
        ("tier", None, "KEY", Verdict.DIFFERENT),
        ("tier", "K•••", "KEY", Verdict.DIFFERENT),
        ("id", encode(NodeId(TAG, OTHER, KEY)), str(KEY), Verdict.EQUAL),
        ("id", encode(NodeId(TAG, OTHER, KEY)), str(OTHER), Verdict.DIFFERENT),
        ("occurredAt", "2026-10-31T23:23:00+00:00", "2026-10-31T23:23:00.000000+00:00", Verdict.EQUAL),
        ("occurredAt", "2026-10-31T23:23:00+00:00", "2026-10-31T23:24:00.000000+00:00", Verdict.DIFFERENT),
        ("email", "a•••@example.com", "anna.berg@example.com", Verdict.MASKED),
        ("email", "a•••@example.com", None, Verdict.DIFFERENT),
        ("email", None, "anna.berg@example.com", Verdict.DIFFERENT),
        ("amount", {"amount": "12.5000"}, "12.5000", Verdict.EQUAL),
        ("amount", {"amount": "12.5000"}, "12.6000", Verdict.DIFFERENT),
        ("amount", None, "12.5000", Verdict.WITHHELD),
        ("amount", None, None, Verdict.EQUAL),
        ("amount", {"amount": "12.5000"}, None, Verdict.DIFFERENT),
    ],
)
def test_a_value_is_the_same_or_is_less_of_it_by_right(name: str, ours: Any, theirs: Any, verdict: Verdict) -> None:
    assert verdicts({name: ours}, {name: theirs}) == {f".{name}": verdict}


def test_every_value_of_a_tree_is_compared_in_its_place() -> None:
    ours = {"orders": {"nodes": [{"number": "O-1", "total": None}, {"number": "O-3", "total": {"amount": "1.0000"}}]}}
    theirs = {"orders": {"nodes": [{"number": "O-1", "total": "2.0000"}, {"number": "O-2", "total": "1.0000"}]}}

    assert verdicts(ours, theirs) == {
        ".orders.nodes[0].number": Verdict.EQUAL,
        ".orders.nodes[0].total": Verdict.WITHHELD,
        ".orders.nodes[1].number": Verdict.DIFFERENT,
        ".orders.nodes[1].total": Verdict.EQUAL,
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"customer": None}, {"customer": {"tier": "KEY"}}),
        ({"customer": {"tier": "KEY"}}, {"customer": {"tier": "KEY", "phone": None}}),
        ({"customer": [1, 2]}, {"customer": [1]}),
        ({"customer": [1]}, {"customer": {"0": 1}}),
    ],
)
def test_trees_of_another_form_are_different(ours: Any, theirs: Any) -> None:
    assert verdicts(ours, theirs) == {".customer": Verdict.DIFFERENT}
