"""Values written on one line are read as they were."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policies.drafting.writing import entry, flow, plain, same
from policies.marked_yaml import Marked, read_yaml

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(VALUES)
@example({"on": "no", "off": "null", "~": "=", "a b": "a #b", "- x": "1e3", "é": "\u2028\x85\ufeff\U0001f600"})
@example([1e16, 1e-7, 1.5, float("inf"), -0.0, "0x10", "2024-01-01", "1:20", "<<", "!x", "&a", "*a", "%", "@", "`"])
def test_a_value_is_read_as_it_was(value: Any) -> None:
    found = read_yaml(f"{entry('a', value)}\n", "a.yaml")
    assert isinstance(found, Marked)
    assert same(found.value, {"a": value})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"region": {"in": "$assignment.regions"}}, "{region: {in: $assignment.regions}}"),
        (["read", "on", "1", ""], '[read, "on", "1", ""]'),
        ({"on": True, "yes": None}, "{on: true, yes: null}"),
        ("a b-c/d.e", "a b-c/d.e"),
        ("x: y", '"x: y"'),
    ],
)
def test_what_needs_no_quotes_has_none(value: Any, text: str) -> None:
    assert flow(value) == text


def test_days_and_moments_are_texts_and_the_same_as_these() -> None:
    assert plain({"a": [dt.date(2024, 1, 31)]}) == {"a": ["2024-01-31"]}
    assert same(dt.date(2024, 1, 31), "2024-01-31")
    assert not same(True, 1)
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})
