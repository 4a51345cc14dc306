"""One document changed: what was asked, and nothing else."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.drafting.editing import add_item, read_value, remove_item, set_head, set_item
from policies.drafting.writing import same
from policies.faults import PolicyError
from policies.loading import DEFAULT_RULES, read_folder
from tests.policies.drafting.texts import RULES, Document, documents, rules_in, value_of

FILE = "a.yaml"
SHIPPED = read_folder(DEFAULT_RULES)
few = settings(max_examples=50, deadline=None)


def _keeps_comments(document: Document, text: str) -> bool:
    return all(comment in text for comment in document.comments) and "# the name" in text


@few
@given(documents(), RULES)
def test_a_rule_more_leaves_all_that_was_there(document: Document, rule: dict[str, Any]) -> None:
    made = add_item(document.text, FILE, rule)
    assert same(value_of(made), [*document.rules, rule])
    assert rules_in(made)[:-1] == rules_in(document.text)
    assert _keeps_comments(document, made)


@few
@given(documents(), RULES, st.data())
def test_another_rule_in_the_place_of_one_leaves_the_others(
    document: Document, rule: dict[str, Any], data: st.DataObject
) -> None:
    if not document.rules:
        return
    at = data.draw(st.integers(0, len(document.rules) - 1))
    made = set_item(document.text, FILE, at, rule)
    assert same(value_of(made), [*document.rules[:at], rule, *document.rules[at + 1 :]])
    before, after = rules_in(document.text), rules_in(made)
    assert (after[:at], after[at + 1 :]) == (before[:at], before[at + 1 :])
    assert _keeps_comments(document, made)


@few
@given(documents(), st.data())
def test_a_rule_taken_away_leaves_the_others(document: Document, data: st.DataObject) -> None:
    if not document.rules:
        return
    at = data.draw(st.integers(0, len(document.rules) - 1))
    made = remove_item(document.text, FILE, at)
    assert same(value_of(made), [*document.rules[:at], *document.rules[at + 1 :]])
    before = rules_in(document.text)
    assert rules_in(made) == [*before[:at], *before[at + 1 :]]
    assert _keeps_comments(document, made)


@few
@given(documents(), st.data())
def test_a_rule_set_to_what_it_is_leaves_every_byte(document: Document, data: st.DataObject) -> None:
    if document.rules:
        at = data.draw(st.integers(0, len(document.rules) - 1))
        assert set_item(document.text, FILE, at, document.rules[at]) == document.text


HEADS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
        "includes": st.none() | st.lists(st.sampled_from(["employee", "other"])),
        "schema": st.sampled_from([None, "complete", "tailored"]),
        "minGroup": st.none() | st.integers(2, 1000),
    },
)


@few
@given(documents(), HEADS)
def test_a_head_leaves_the_rules(document: Document, head: dict[str, Any]) -> None:
    made = set_head(document.text, FILE, head)
    kept = {name: value for name, value in read_value(document.text, FILE).items() if head.get(name, "") is not None}
    given = {name: value for name, value in head.items() if value is not None}
    assert same(read_value(made, FILE), {**kept, **given})
    assert rules_in(made) == rules_in(document.text)
    assert all(comment in made for comment in document.comments)


FLOW = "{role: g, rules: [{allow: [read], on: a, fields: all}, {allow: [read], on: b, fields: all},]}"
BARE = "role: g\nname: G"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (FLOW, FLOW.replace("fields: all},]}", "fields: all}, {deny: [read], on: c},]}")),
        ("{role: g}", "{role: g, rules: [{deny: [read], on: c}]}"),
        ("{role: g, rules: []}", "{role: g, rules: [{deny: [read], on: c}]}"),
        (BARE, f"{BARE}\nrules:\n  - deny: [read]\n    on: c"),
        (f"{BARE}\nrules: []  # none\n", f"{BARE}\nrules:\n  - deny: [read]\n    on: c  # none\n"),
        (f"---\n{BARE}\n...\n", f"---\n{BARE}\nrules:\n  - deny: [read]\n    on: c\n...\n"),
    ],
)
def test_the_first_rule_goes_where_rules_are(text: str, made: str) -> None:
    assert add_item(text, FILE, {"on": "c", "deny": ["read"]}) == made


@pytest.mark.parametrize(
    ("at", "made"),
    [
        (0, "{role: g, rules: [ {allow: [read], on: b, fields: all},]}"),
        (1, "{role: g, rules: [{allow: [read], on: a, fields: all}, ]}"),
    ],
)
def test_a_rule_on_one_line_goes_with_its_comma(at: int, made: str) -> None:
    assert remove_item(FLOW, FILE, at) == made


def test_the_last_rule_leaves_an_empty_list() -> None:
    text = add_item(BARE, FILE, {"allow": ["read"], "on": "all", "fields": "all"})
    assert remove_item(text, FILE, 0) == f"{BARE}\nrules:\n  []"
    assert remove_item("{role: g, rules: [{allow: [read]}]}", FILE, 0) == "{role: g, rules: []}"


ANCHORED = dedent("""\
    role: g
    rules:
      - allow: [read]  # seen
        on: &both
            [Customer,
             Order]
        fields: all
      # the second
      - {allow: [export], on: *both, fields: all}
      - allow: [update]
        on: *both
        fields: all
    """)


def test_what_others_mean_by_an_anchor_is_written_where_they_first_mean_it() -> None:
    made = set_item(ANCHORED, FILE, 0, {"allow": ["read"], "on": "Customer", "fields": "all"})
    assert made == ANCHORED.replace("&both\n        [Customer,\n         Order]", "Customer").replace(
        "on: *both, fields", "on: &both [Customer, Order], fields"
    )
    made = remove_item(ANCHORED, FILE, 0)
    assert made.splitlines()[2:4] == [
        "  # the second",
        "  - {allow: [export], on: &both [Customer, Order], fields: all}",
    ]
    made = set_item(ANCHORED, FILE, 1, {"allow": ["export"], "on": "Order", "fields": "all"})
    assert made == ANCHORED.replace("on: *both, fields", "on: Order, fields")


@pytest.mark.parametrize("file", SHIPPED)
def test_every_rule_that_is_shipped_can_be_changed_and_taken_away(file: str) -> None:
    text = SHIPPED[file]
    rules = value_of(text)
    for at, rule in enumerate(rules):
        other = {**rule, "meant": ["denied"], "fields": {"names": ["id"]}}
        other.pop("mask", None)
        assert same(value_of(set_item(text, file, at, other)), [*rules[:at], other, *rules[at + 1 :]])
        assert same(value_of(remove_item(text, file, at)), [*rules[:at], *rules[at + 1 :]])
        assert set_item(text, file, at, rule) == text


@pytest.mark.parametrize("at", [-1, 3, 10**9])
def test_a_rule_that_is_not_there_is_a_fault(at: int) -> None:
    there = r"a\.yaml:1: there is no rule -?\d+; there are 3"
    with pytest.raises(PolicyError, match=there):
        remove_item(ANCHORED, FILE, at)
    with pytest.raises(PolicyError, match=there):
        set_item(ANCHORED, FILE, at, {})


def test_a_value_that_no_document_holds_is_a_fault() -> None:
    with pytest.raises(PolicyError, match="a text has no NUL"):
        add_item(BARE, FILE, {"allow": ["read"], "on": "a\0"})


MERGED = "a: &a [{allow: [read], on: b, fields: all}]\nrole: g\nrules: *a\n"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda text: remove_item(text, FILE, 0), MERGED),
        (lambda text: set_item(text, FILE, 0, {"deny": ["read"]}), MERGED),
        (lambda text: add_item(text, FILE, {"deny": ["read"]}), MERGED),
    ],
)
def test_what_cannot_be_changed_in_its_place_is_a_fault(change: Any, text: str) -> None:
    with pytest.raises(PolicyError, match="set the text of the whole document"):
        change(text)
