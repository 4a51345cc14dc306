"""Rules and conditions in words, in each language in which people read the policy."""

from __future__ import annotations

from dataclasses import fields
from string import Formatter
from typing import Any

import pytest

from policies.conditions import NEVER, Compare, Constant, Not, Operator, Or, Pair
from policies.document import RulePart
from policies.drafting.matrix import Cell, Shown, matrix
from policies.drafting.sentences import rule_in_words
from policies.wording import in_words, listed
from policies.words import CHINESE, ENGLISH, Words, words_of
from tests.policies.documents import allow, deny, names, of
from tests.policies.model import CATALOGUE, CUSTOMER

OWN = {"owner": {"eq": "$me"}}
BOTH: dict[str, Any] = {"AND": [OWN, {"OR": [{"name": {"eq": "x"}}, {"email": {"isNull": True}}]}]}
RELATED: Any = {"orders": {"some": {"title": {"eq": "x"}}}}
RULES: list[tuple[dict[str, Any], str, str]] = [
    (allow(fields={"classes": ["PUBLIC"]}), "May read Customer: PUBLIC.", "可读取 Customer：PUBLIC。"),
    (deny(when=OWN), "May never read Customer where owner eq $me.", "不得读取 Customer（条件：owner eq $me）。"),
    (
        {"allow": ["read", "read_deleted"], "on": "all", "fields": {"names": ["name", "email"]}},
        "May read and read deleted everything: name and email.",
        "可读取 和 读取已删除的 所有类型：name 和 email。",
    ),
    (
        allow(fields=names("email"), mask={"email": "email"}),
        "May read Customer: email; masked: email by email.",
        "可读取 Customer：email；脱敏：email（email）。",
    ),
    (
        {"allow": ["create"], "on": "Order", "fields": {"names": ["title"]}, "preset": {"title": "x"}},
        "May create Order: title; sets title to x.",
        "可创建 Order：title；设置 title 为 x。",
    ),
    (
        allow(fields=names("name"), when=BOTH),
        "May read Customer where owner eq $me and (name eq x or email isNull true): name.",
        "可读取 Customer（条件：owner eq $me 且 (name eq x 或 email isNull true)）：name。",
    ),
    (
        allow(fields=names("name"), when=RELATED),
        "May read Customer where some orders (title eq x): name.",
        "可读取 Customer（条件：some orders（title eq x））：name。",
    ),
]


@pytest.mark.parametrize(("rule", "english", "chinese"), RULES)
def test_a_rule_is_a_sentence_in_each_language(rule: dict[str, Any], english: str, chinese: str) -> None:
    part = RulePart.model_validate(rule)
    assert rule_in_words(part, CATALOGUE) == english
    assert rule_in_words(part, CATALOGUE, CHINESE) == chinese


def test_the_matrix_tells_conditions_in_each_language() -> None:
    found = of(
        allow(fields=names("email"), mask={"email": "email"}),
        allow(fields=names("email"), when=OWN),
        deny(when={"barred": {"eq": True}}),
    )
    [line] = matrix(found, ["reader"], [CUSTOMER], CHINESE)
    assert line.rows == ("始终，除非 barred eq true",)
    [cell] = [each for each in line.cells if each.field == "email"]
    assert cell == Cell("email", Shown.CONDITIONAL, when=("可见，条件：owner eq $me", "脱敏（email），条件：始终"))


def test_a_condition_is_told_in_each_language() -> None:
    found = Not(Or((NEVER, Compare("age", Operator.BETWEEN, Pair(Constant(1), Constant(5))))))
    assert in_words(found) == "not ((never or age between 1 to 5))"
    assert in_words(found, CHINESE) == "非（(从不 或 age between 1 至 5)）"


def test_of_many_it_is_told_how_many_more_there_are() -> None:
    assert listed("abcdef", 2) == "a, b and 4 more"
    assert listed("abcdef", 2, CHINESE) == "a、b 等（另有 4 项）"


def places(words: Words, name: str) -> list[str | None]:
    """What is put into a text."""
    text = getattr(words, name)
    return [place for _, place, _, _ in Formatter().parse(text)] if isinstance(text, str) else []


def test_each_language_says_all_of_it() -> None:
    for each in fields(Words):
        assert sorted(filter(None, places(CHINESE, each.name))) == sorted(filter(None, places(ENGLISH, each.name)))
        assert places(CHINESE, each.name).count("") == places(ENGLISH, each.name).count(""), each.name
    assert words_of("zh-CN") is CHINESE
    assert words_of("en") is words_of("xx") is ENGLISH
