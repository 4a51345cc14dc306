"""Loading: what documents come to, and that any text comes to a policy or to faults."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.catalogue import DataClass, FieldSpec, Kind, read_catalogue
from policies.conditions import Compare, Constant, Operator
from policies.document import Action
from policies.faults import Fault, PolicyError
from policies.loading import DEFAULT_RULES, load, read_folder
from policies.masks import MASKS
from policies.rules import Effect, Origin, Policy
from tests.policies.model import CATALOGUE
from tests.policies.test_faults import faults


def loaded(*texts: str) -> Policy:
    return load({f"{n}.yaml": dedent(text) for n, text in enumerate(texts)}, CATALOGUE)


def test_a_rule_stands_for_each_resource_and_action() -> None:
    rules = loaded("role: a\nrules:\n  - deny: [read, export]\n    on: [Order, Customer]\n").roles["a"].rules
    assert [(rule.effect, rule.action, rule.resource, rule.row) for rule in rules] == [
        (Effect.DENY, Action.READ, "Order", True),
        (Effect.DENY, Action.EXPORT, "Order", True),
        (Effect.DENY, Action.READ, "Customer", True),
        (Effect.DENY, Action.EXPORT, "Customer", True),
    ]
    assert {rule.origin for rule in rules} == {Origin("0.yaml", 3)}


def test_all_stands_for_every_resource() -> None:
    rules = loaded("role: a\nrules:\n  - {allow: [read], on: all, fields: all}\n").roles["a"].rules
    assert [rule.resource for rule in rules] == [resource.name for resource in CATALOGUE]


@pytest.mark.parametrize(
    ("fields", "plain"),
    [
        ("{names: [name]}", {"name"}),
        ("{classes: [CONTACT]}", {"email", "phone", "street", "derived"}),
        ("{classes: [CONTACT], names: [taxId, email]}", {"email", "phone", "street", "derived", "taxId"}),
        ("{classes: [SENSITIVE]}", set()),
        ("{classes: [SECRET]}", {"secret"}),
    ],
)
def test_fields_are_granted_by_name_and_class(fields: str, plain: set[str]) -> None:
    for effect in ("allow", "deny"):
        [rule] = loaded(f"role: a\nrules:\n  - {{{effect}: [read], on: Customer, fields: {fields}}}").roles["a"].rules
        assert rule.plain == plain
        assert not rule.masked
        assert not rule.row


def test_a_field_without_a_class_is_granted_to_nobody_by_its_name_either() -> None:
    metadata = sa.MetaData()
    for resource, data_class in (("Case", DataClass.BUSINESS), ("Note", None)):
        note = sa.Column("word", sa.Text(), info={"field": FieldSpec(data_class, Kind.TEXT)})
        key, gone = sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("deleted_at", sa.DateTime(timezone=True))
        sa.Table(resource.lower(), metadata, key, note, gone, info={"resource": resource})
    text = "role: a\nrules:\n  - {EFFECT: [read], on: [Case, Note], fields: {names: [word]}}"
    granted = {
        effect: [
            rule.plain
            for rule in load({"a": text.replace("EFFECT", effect)}, read_catalogue(metadata)).roles["a"].rules
        ]
        for effect in ("allow", "deny")
    }
    assert granted == {"allow": [{"word"}, set()], "deny": [{"word"}, {"word"}]}


@pytest.mark.parametrize("number", [-(2**31), 2**31 - 1])
def test_an_integer_is_compared_with_any_that_can_be_stored(number: int) -> None:
    text = f"role: a\nrules:\n  - {{allow: [read], on: Customer, fields: all, when: {{level: {{eq: {number}}}}}}}"
    [rule] = loaded(text).roles["a"].rules
    assert rule.when == Compare("level", Operator.EQ, Constant(number))


def test_all_fields_of_an_allow_are_the_classified_ones_but_secrets() -> None:
    [rule] = loaded("role: a\nrules:\n  - {allow: [read], on: Customer, fields: all}").roles["a"].rules
    assert set(CATALOGUE["Customer"].fields) - rule.plain == {"secret", "unclassified"}
    assert not rule.row


def test_a_rule_with_masks_grants_nothing_plain() -> None:
    text = "role: a\nrules:\n  - {allow: [read], on: Customer, fields: all, mask: {email: domain, FINANCIAL: email}}"
    [rule] = loaded(text).roles["a"].rules
    assert rule.plain == frozenset()
    assert set(rule.masked) == {("email", "domain"), ("revenue", "redact"), ("price", "redact")}


def test_any_field_may_be_redacted() -> None:
    text = "role: a\nrules:\n  - {allow: [read], on: Customer, fields: all, mask: {level: redact, extra: redact}}"
    [rule] = loaded(text).roles["a"].rules
    assert set(rule.masked) == {("level", "redact"), ("extra", "redact")}


def test_a_mask_may_fit_a_field_of_one_of_the_resources() -> None:
    text = (
        "role: a\nrules:\n  - {allow: [read], on: [Customer, Order], fields: all, mask: {email: email, title: initial}}"
    )
    customer, order = loaded(text).roles["a"].rules
    assert (customer.masked, order.masked) == ((("email", "email"),), (("title", "initial"),))


def test_a_name_stands_for_the_code_where_there_is_none() -> None:
    roles = loaded("role: a", "role: b\nname: Bee\nincludes: [a]").roles
    assert [(role.code, role.name, role.includes) for role in roles.values()] == [("a", "a", ()), ("b", "Bee", ("a",))]


def test_the_digest_tells_documents_apart_and_not_their_order() -> None:
    one, two = {"a.yaml": "role: a", "b.yaml": "role: b"}, {"b.yaml": "role: b", "a.yaml": "role: a"}
    assert load(one, CATALOGUE).digest == load(two, CATALOGUE).digest
    others = [
        {"a.yaml": "role: b", "b.yaml": "role: a"},
        {"a.yaml": "role: a"},
        {"a.yaml": "role: a ", "b.yaml": "role: b"},
    ]
    assert len({load(texts, CATALOGUE).digest for texts in (one, *others)}) == 4
    assert load({"\ud800.yaml": "role: a"}, CATALOGUE).digest


def test_a_folder_is_read_by_file_name(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("role: b", "utf-8")
    (tmp_path / "a.yaml").write_text("role: ä", "utf-8")
    (tmp_path / "c.yml").write_text("role: c", "utf-8")
    (tmp_path / "notes.txt").write_bytes(b"\xff")
    assert read_folder(tmp_path) == {"a.yaml": "role: ä", "b.yaml": "role: b", "c.yml": "role: c"}
    assert read_folder(tmp_path / "nowhere") == {}


def test_a_file_that_is_not_utf_8_is_a_fault_among_others(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"role: a\nname: \xff\n")
    (tmp_path / "b.yaml").write_bytes(b"\xfe")
    (tmp_path / "c.yaml").write_bytes(b"role: c\nincludes: [d]\n")
    with pytest.raises(PolicyError) as error:
        load(read_folder(tmp_path), CATALOGUE)
    message = "the document is not UTF-8"
    expected = Fault("a.yaml", 2, message), Fault("b.yaml", 1, message), Fault("c.yaml", 2, "unknown role 'd'")
    assert error.value.faults == expected


def test_the_shipped_policy_is_a_folder_of_documents() -> None:
    documents = [path for path in sorted(DEFAULT_RULES.iterdir()) if path.name != "tests"]
    assert [path.suffix for path in documents] == [".yaml"] * 9


# Any text


@given(st.text() | st.text(alphabet=" \n:-[]{}ab#&*!'\"", max_size=40))
def test_any_text_is_a_policy_or_a_policy_error(text: str) -> None:
    _load_or_refuse({"a.yaml": text})


WORDS = st.sampled_from(
    [
        *("role", "includes", "rules", "allow", "deny", "on", "fields", "when", "mask", "names", "classes", "all"),
        *(
            "AND",
            "OR",
            "NOT",
            "some",
            "none",
            "every",
            "eq",
            "in",
            "notIn",
            "between",
            "from",
            "to",
            "isNull",
            "currency",
        ),
        *("$me", "$reports", "$now", "$purpose", "$assignment.regions"),
        *(*CATALOGUE.resources, *CATALOGUE["Customer"].fields, *DataClass, *Action, *MASKS),
    ]
).map(str)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes() | WORDS | st.text(max_size=5)
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=12
)
CONDITION_LIKE = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=10
)
RULE_LIKE = st.fixed_dictionaries(
    {},
    optional={
        "allow": st.lists(st.sampled_from(Action).map(str), max_size=2) | ANYTHING,
        "deny": st.lists(st.sampled_from(Action).map(str), max_size=2) | ANYTHING,
        "on": st.sampled_from([*CATALOGUE.resources, "all"]) | ANYTHING,
        "fields": st.just("all") | st.fixed_dictionaries({"names": st.lists(WORDS, max_size=2)}) | ANYTHING,
        "when": st.dictionaries(WORDS, CONDITION_LIKE, max_size=3) | ANYTHING,
        "mask": st.dictionaries(WORDS, WORDS, max_size=2) | ANYTHING,
    },
)


@settings(max_examples=300, deadline=None)
@given(
    st.fixed_dictionaries(
        {"role": st.just("a") | ANYTHING},
        optional={"includes": ANYTHING, "rules": st.lists(RULE_LIKE | ANYTHING, max_size=3)},
    )
)
def test_any_document_is_a_policy_or_a_policy_error(written: Any) -> None:
    _load_or_refuse({"a.yaml": yaml.safe_dump(written)})


def _load_or_refuse(texts: dict[str, str]) -> None:
    lines = texts["a.yaml"].count("\n") + 2
    for fault in faults(texts):
        assert fault.message
        assert 1 <= fault.line <= lines
        assert str(fault).encode()
