"""What is wrong with documents: every fault at once, each with its file and line.

The folder `faulty` holds what is wrong, one document, rule or condition after the other. A comment stands on each
line that has a fault, and is its message; where a line has several, ` & ` stands between them.
"""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent, indent

import pytest

from policies.faults import Fault, PolicyError
from policies.loading import load
from policies.marked_yaml import MAX_PARTS, MAX_SIZE
from tests.policies.model import CATALOGUE

FAULTY = Path(__file__).parent / "faulty"
COMMENT = re.compile(r" +# (.+)$")


def faults(texts: dict[str, str]) -> tuple[Fault, ...]:
    """The faults of documents."""
    try:
        load(texts, CATALOGUE)
    except PolicyError as error:
        return error.faults
    return ()


def said(file: str, text: str) -> list[Fault]:
    """The faults that a document's comments tell of."""
    comments = ((n, COMMENT.search(line)) for n, line in enumerate(text.splitlines(), 1))
    return sorted(Fault(file, n, each) for n, found in comments if found for each in found[1].split(" & "))


def document(text: str) -> str:
    """A document as it is."""
    return text


def rule(text: str) -> str:
    """The document of one rule."""
    return "role: a\nrules:\n  - " + indent(text, "    ").lstrip()


def condition(text: str) -> str:
    """The document of one rule with a condition on customers, whom its faults name."""
    named = text.replace(" # ", " # Customer: ")
    return rule("allow: [read]\non: Customer\nfields: all\nwhen:\n" + indent(named, "  "))


TABLE = [
    make(text)
    for make, file in ((document, "documents"), (rule, "rules"), (condition, "conditions"))
    for text in (FAULTY / f"{file}.txt").read_text("utf-8").split("---\n")
]


@pytest.mark.parametrize("text", TABLE)
def test_each_fault_is_told_where_it_stands(text: str) -> None:
    expected = said("a.yaml", text)
    assert expected
    assert list(faults({"a.yaml": text})) == expected


FIRST = dedent("""\
    role: first
    includes: [second, third, nobody]  # role 'first' includes itself & unknown role 'nobody' & unknown role 'third'
    colour: red  # colour: unknown entry 'colour'
    rules:
      - allow: [read]
        on:
          - Customer
          - Custmer  # unknown resource 'Custmer'
        fields:
          names: [name]
          classes: []
        colour: red  # rules.0.colour: unknown entry 'colour'
        when:
          OR:
            - nmae: {eq: x}  # Customer: unknown field 'nmae'
            - level: {eq: x}  # Customer: 'level': expected a whole number of 32 bits
            - NOT: {open: {eq: true}}  # Customer: a policy's condition has no NOT
        mask:
          name: redcat  # unknown mask 'redcat'; there are email, phone, domain, city_only, last4, initial, month, year, round2, bucket, hash, redact
      - Order  # rules.1: a map of entries is expected
      - allow: [read]  # a rule has either 'allow' or 'deny'
        deny: [read]
        on: Customer
        fields: {names: [emial]}  # unknown field 'emial'
        mask: {name: initial}  # 'name' is not among the fields of the rule & a deny rule has no mask
    """)
SECOND = dedent("""\
    role: second
    includes: [first]  # role 'second' includes itself
    rules:
      - on: all  # a rule has either 'allow' or 'deny'
        mask:  # rules.0.mask: a map of entries is expected
        fields:  # 'fields' is empty
    """)
THIRD = "role: third\nrules: [\n"
AGAIN = "role: first  # role 'first' is defined twice\n"


def test_all_faults_of_all_documents_are_told_at_once() -> None:
    unclosed = Fault("third.yaml", 3, "expected the node content, but found '<stream end>'")
    expected = [*said("first.yaml", FIRST), *said("second.yaml", SECOND), unclosed, *said("zoo.yaml", AGAIN)]
    texts = {"zoo.yaml": AGAIN, "first.yaml": FIRST, "second.yaml": SECOND, "third.yaml": THIRD}
    assert list(faults(texts)) == expected


def test_faults_read_as_lines() -> None:
    with pytest.raises(PolicyError) as error:
        load({"b.yaml": "role: b\nx: 1\ny: 2\n", "a.yaml": ""}, CATALOGUE)
    lines = ["a.yaml:1: the document is empty", "b.yaml:2: x: unknown entry 'x'", "b.yaml:3: y: unknown entry 'y'"]
    assert str(error.value).splitlines() == lines


@pytest.mark.parametrize(
    ("includes", "inside"),
    [
        ({"a": ["b"], "b": ["a"]}, "ab"),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, "bc"),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, ""),
        ({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}, "abc"),
    ],
)
def test_roles_that_include_each_other_are_each_told(includes: dict[str, list[str]], inside: str) -> None:
    texts = {f"{code}.yaml": f"role: {code}\nincludes: {others}\n" for code, others in includes.items()}
    assert faults(texts) == tuple(Fault(f"{code}.yaml", 2, f"role {code!r} includes itself") for code in inside)


def test_a_role_with_other_faults_is_known_to_those_that_include_it() -> None:
    found = faults({"a.yaml": "role: a\nincludes: [b]\n", "b.yaml": "role: b\ncolour: red\n"})
    assert found == (Fault("b.yaml", 2, "colour: unknown entry 'colour'"),)


def test_documents_without_a_role_are_no_role() -> None:
    missing = "a document is of either a 'role' or a 'scope'"
    found = faults(
        {"a.yaml": "name: A", "b.yaml": "name: B", "c.yaml": "role: nameless", "d.yaml": "role: d\nincludes: [e]"}
    )
    assert found == (Fault("a.yaml", 1, missing), Fault("b.yaml", 1, missing), Fault("d.yaml", 2, "unknown role 'e'"))


def test_what_a_nameless_document_includes_is_checked() -> None:
    found = faults({"a.yaml": "role: No Role\nincludes: [e]\ncolour: red\n", "b.yaml": "role: 7\nincludes: e\n"})
    assert [(fault.file, fault.line, fault.message.partition(":")[0]) for fault in found] == [
        ("a.yaml", 1, "role"),
        ("a.yaml", 2, "unknown role 'e'"),
        ("a.yaml", 3, "colour"),
        ("b.yaml", 1, "role"),
        ("b.yaml", 2, "includes"),
    ]


def test_names_are_not_sought_among_resources_that_are_not_all_known() -> None:
    found = faults(
        {"a.yaml": rule("allow: [read]\non: [Order, Custmer]\nfields: {names: [email]}\nmask: {email: email}")}
    )
    assert [fault.message for fault in found] == ["unknown resource 'Custmer'"]


def test_a_fault_of_a_condition_is_told_of_each_resource() -> None:
    found = faults({"a.yaml": rule("deny: [read]\non: [Customer, User]\nwhen: {title: {eq: x}, name: {eq: y}}")})
    assert [fault.message for fault in found] == [f"{name}: unknown field 'title'" for name in ("Customer", "User")]


def test_three_relations_may_be_crossed() -> None:
    assert not faults({"a.yaml": condition("orders: {some: {owner: {region: {flag: {eq: true}}}}}")})


def test_no_document_is_a_fault() -> None:
    assert faults({}) == (Fault("policy", 1, "there is no document (*.yaml)"),)


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("role: a\n\tx: 1", 2), ("a: [", 1), ("#" * (MAX_SIZE + 1), 1), ("role: a\nrules: " + "[" * 99, 2)],
    ids=["empty", "tab", "not closed", "huge", "deep"],
)
def test_what_is_no_yaml_is_a_fault(text: str, line: int) -> None:
    assert [fault.line for fault in faults({"a.yaml": text})] == [line]


def test_an_alias_bomb_is_a_fault() -> None:
    bomb = ["role: a", "rules:", "  - &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefg", "bcdefgh", strict=True):
        bomb.append(f"  - &{name} [{', '.join([f'*{before}'] * 10)}]")
    [fault] = faults({"a.yaml": "\n".join(bomb)})
    assert f"more than {MAX_PARTS} parts" in fault.message
