"""Patterns match what they say, and cost no more than they may."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.custom.patterns import BadPattern, pattern

TEXTS = (
    "",
    "a",
    "b",
    "ab",
    "ba",
    "abb",
    "aab",
    "abab",
    "AB-123",
    "AB-12",
    "ab-123",
    "a.b@x",
    "x y",
    "3",
    "é",
    "^",
    "]",
)


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "ab", "a|b", "(a|b)*abb", "a?b+", "(ab){2}", "a{0}", "a{1,}", "a{0,1}b", "(?:a|ab)(?:b|)", "a*"),
        *(
            "^[A-Z]{2}-[0-9]{3,5}$",
            "[^-a]+",
            "[a-]",
            "[\\]a]",
            "[\\w.-]+@x",
            "\\d",
            "\\D+",
            "\\S*",
        ),
        *(".", ".*b", "\\^", "(a*)*b", "((a)|b)+", "[\\d-]", "[+-.]", "a|", "()", "\\.", "\\w\\s\\w"),
    ],
)
def test_a_pattern_matches_as_expressions_do(text: str) -> None:
    expression = re.compile(text, re.ASCII)
    assert [each for each in TEXTS if pattern(text).matches(each)] == [
        each for each in TEXTS if expression.fullmatch(each)
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("(", ")", "a)", "[", "[]", "[b-a]", "a**", "a+?", "*a", "a{", "a{x}", "a{2,1}", "a{201}", "a{1}{2}"),
        *("(?=a)", "(?!a)", "(?<=a)", "(?P<n>a)", "(a)\\1", "\\b", "\\p", "\\", "a^b", "a$b", "[[:alpha:]]", "[\\D]"),
        *("a" * 201, "(" * 21 + ")" * 21, "((a{200}){200}){200}", "((){200}){200}", "(a|b){200}(c{200}d){200}"),
    ],
)
def test_what_is_no_pattern_or_too_large_a_one_is_refused(text: str) -> None:
    with pytest.raises(BadPattern):
        pattern(text)


@pytest.mark.parametrize("text", ["(a*)*(a*)*(a|a)*b", "(a|aa)+b", "(.*)*x", "(.{0,20}){0,19}x", "(a?){100}a{100}b"])
def test_what_others_never_finish_is_answered(text: str) -> None:
    assert not pattern(text).matches("a" * 1_000)


ALPHABET = "ab"
_parts = st.recursive(
    st.sampled_from(["a", "b", "[ab]", ".", "[^a]"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,}"])).map(lambda p: f"(?:{p[0]}){p[1]}"),
    ),
    max_leaves=6,
)


@given(_parts, st.text(ALPHABET, max_size=7))
@settings(max_examples=150, deadline=None)
def test_any_pattern_matches_as_expressions_do(text: str, value: str) -> None:
    assert pattern(text).matches(value) is bool(re.fullmatch(text, value))
