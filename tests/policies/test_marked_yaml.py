"""YAML with lines: what is read, what is refused and where."""

from __future__ import annotations

import datetime as dt
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import marked_yaml
from policies.faults import Fault
from policies.marked_yaml import MAX_DEPTH, MAX_PARTS, MAX_SIZE, Marked, read_yaml

BUDGET = f"the document has more than {MAX_PARTS} parts, counting what aliases repeat"
DEPTH = f"nested deeper than {MAX_DEPTH} levels"


def read(text: str) -> Marked:
    found = read_yaml(text, "p.yaml")
    assert isinstance(found, Marked), found
    return found


def faults(text: str) -> list[Fault]:
    found = read_yaml(text, "p.yaml")
    assert not isinstance(found, Marked), found
    return found if isinstance(found, list) else [found]


def test_values_are_read_with_their_lines() -> None:
    marked = read(
        dedent("""\
        role: rep
        rules:
          - on: [Customer,
                 Order]
            when:
              region:
                in: $assignment.regions
          -
            on: all
        """)
    )
    assert marked.value == {
        "role": "rep",
        "rules": [
            {"on": ["Customer", "Order"], "when": {"region": {"in": "$assignment.regions"}}},
            {"on": "all"},
        ],
    }
    lines = {
        (): 1,
        ("role",): 1,
        ("rules",): 2,
        ("rules", 0): 3,
        ("rules", 0, "on"): 3,
        ("rules", 0, "on", 0): 3,
        ("rules", 0, "on", 1): 4,
        ("rules", 0, "when"): 5,
        ("rules", 0, "when", "region"): 6,
        ("rules", 0, "when", "region", "in"): 7,
        ("rules", 1): 9,
        ("rules", 1, "on"): 9,
    }
    assert {path: line for path, (line, _) in marked.marks.items()} == lines
    assert marked.marks["rules", 0, "on", 1] == (4, 10)
    assert marked.line(("rules", 0, "when", "nowhere", 3)) == 5
    assert marked.line(("nowhere",)) == 1
    assert marked.fault(("rules", 0, "on", 1), "wrong") == Fault("p.yaml", 4, "wrong")
    assert marked.fault(("rules", 0, "on", 1), "wrong").column == 10


def test_a_part_without_a_line_is_on_the_first() -> None:
    assert Marked("p.yaml", None, {}).line(("a",)) == 1


def test_what_an_alias_repeats_stands_where_it_is_written() -> None:
    marked = read("a: &x\n  - 1\n  - 2\nb: *x\n")
    assert marked.value == {"a": [1, 2], "b": [1, 2]}
    assert marked.line(("b",)) == 4
    assert marked.line(("b", 1)) == 3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: yes", {"on": True}),
        ("'on': 'yes'", {"on": "yes"}),
        ("1: 2", {"1": 2}),
        ("null: ~", {"null": None}),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
        ("a: !!str 12", {"a": "12"}),
        ("a: 2026-01-31", {"a": dt.date(2026, 1, 31)}),
        ("a: 2026-01-31T12:00:00Z", {"a": dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 😀", {"a": "😀"}),
        ('a: "\\U0001F600"', {"a": "😀"}),
        ("[]", []),
        ("x", "x"),
    ],
)
def test_keys_are_texts_and_scalars_are_plain(text: str, value: Any) -> None:
    assert read(text).value == value


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the document is empty"),
        ("# only\n# words\n", 1, "the document is empty"),
        ("a: 1\n\tb: 2", 2, "found character '\\t' that cannot start any token"),
        ("a: [1\nb: c", 2, "expected ',' or ']', but got ':'"),
        ("a: 1\nb: 'x", 2, "found unexpected end of stream"),
        ("a: b: c", 1, "mapping values are not allowed here"),
        ("a: 1\n---\nb: 2", 2, "but found another document"),
        ("a: 1\nb: *x", 2, "found undefined alias 'x'"),
        ("a: 1\nb: \x07", 2, "the character '\\x07' is not allowed"),
        ("a: 1\n\nb: \x00", 3, "the character '\\x00' is not allowed"),
        ("a: 1\nb: \ud800", 2, "the character '\\ud800' is not allowed"),
        ('a: 1\nb: "\\UFFFFFFFF"', 2, "this is not YAML"),
        (f"%YAML 1.{'1' * 5000}\n---\na: 1", 1, "this is not YAML"),
        ("%YAML 2.0\n---\na: 1", 1, "found incompatible YAML document (version 1.* is required)"),
        ("a: 1\n? [b]\n: 2", 2, "a key is a text"),
        ("a: 1\nb: 2\na: 3", 3, "'a' is given twice"),
        ("a: 1\nb:\n  c: 1\n  'c': 2", 4, "'c' is given twice"),
        ("a: 1\nb: 2026-13-45", 2, "'2026-13-45' is not what its form or tag says"),
        ("a: 1\nb: 2026-01-01T00:00:00+25:00", 2, "'2026-01-01T00:00:00+25:00' is not what its form or tag says"),
        ("a: 1\nb: !!int ''", 2, "'' is not what its form or tag says"),
        ("a: !!int x", 1, "'x' is not what its form or tag says"),
        ("a: !!bool x", 1, "'x' is not what its form or tag says"),
        ("a: !!float x", 1, "'x' is not what its form or tag says"),
        ("a: !!timestamp x", 1, "'x' is not what its form or tag says"),
        ("a: !!binary x", 1, "'x' is not what its form or tag says"),
        ("a: !ours x", 1, "'x' is not what its form or tag says"),
        ("a: !!python/name:os.system x", 1, "'x' is not what its form or tag says"),
        ("a: <<", 1, "'<<' is not what its form or tag says"),
        ("a: =", 1, "'=' is not what its form or tag says"),
        ("a: " + "9" * 101, 1, f"'{'9' * 100}' is not what its form or tag says"),
        ("a: 0x" + "f" * 9999, 1, f"'0x{'f' * 98}' is not what its form or tag says"),
        ('a: 1\nb: "\\0"', 2, "a text has no NUL and no half of a surrogate pair"),
        ('a: 1\nb: "\\uD800"', 2, "a text has no NUL and no half of a surrogate pair"),
        ('a: 1\n"\\uDFFF": 2', 2, "a text has no NUL and no half of a surrogate pair"),
        ("a: 1\nb: " + "[" * 40, 2, DEPTH),
        ("a: 1\nb: &x [*x]", 2, DEPTH),
        ("a: 1\nb: &x [*x, *x]", 2, DEPTH),
        ("a: 1\nb: &x {c: *x}", 2, DEPTH),
    ],
    ids=lambda part: ascii(part)[:40],
)
def test_what_is_no_plain_yaml_is_a_fault_with_its_line(text: str, line: int, message: str) -> None:
    assert faults(text) == [Fault("p.yaml", line, message)]


def test_all_faults_of_a_document_are_told() -> None:
    found = faults("a: !!int x\nb: 1\nb: 2\n? {}\n: 3\nc: [1, !!bool y]\n")
    assert [fault.line for fault in found] == [1, 3, 4, 6]


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_the_depth_is_limited() -> None:
    assert isinstance(read(nested(MAX_DEPTH + 1)).value, list)
    assert faults(nested(MAX_DEPTH + 2)) == [Fault("p.yaml", 1, DEPTH)]
    assert faults("[" * 500_000) == [Fault("p.yaml", 1, DEPTH)]
    assert faults("- " * 500_000) == [Fault("p.yaml", 1, DEPTH)]


def test_an_alias_does_not_lead_deeper_than_the_limit() -> None:
    half = MAX_DEPTH // 2
    levels = f"a: &x {nested(half + 1)}\nb: {'[' * half}*x{']' * half}\n"
    assert faults(levels) == [Fault("p.yaml", 1, DEPTH)]


def test_the_size_is_limited() -> None:
    message = f"the document is longer than {MAX_SIZE} characters"
    assert faults("x" * (MAX_SIZE + 1)) == [Fault("p.yaml", 1, message)]
    assert read("x" * MAX_SIZE).value == "x" * MAX_SIZE


def test_what_aliases_repeat_is_limited() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    [fault] = faults("\n".join(lines))
    assert fault.message == BUDGET


def test_the_number_of_parts_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked_yaml, "MAX_PARTS", 10)
    message = BUDGET.replace(str(MAX_PARTS), "10")
    assert read("[1, 2, 3, 4, 5, 6, 7, 8, 9]").value == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert faults("- 1\n" * 10) == [Fault("p.yaml", 10, message)]
    assert faults("- &x [1, 2, 3]\n- *x\n- *x") == [Fault("p.yaml", 1, message)]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert isinstance(read_yaml(text, "p.yaml"), (Marked, Fault, list))


@given(st.text(alphabet=st.sampled_from(" \n\t-:?,[]{}&*!|>'\"%@`#ab1\\u0x.~=<"), max_size=60))
def test_any_text_of_yamls_own_characters_is_read_or_refused(text: str) -> None:
    found = read_yaml(text, "p.yaml")
    if isinstance(found, Marked):
        assert all(1 <= line <= text.count("\n") + 1 for line, _ in found.marks.values())
    else:
        lines = [fault.line for fault in (found if isinstance(found, list) else [found])]
        assert all(1 <= line <= text.count("\n") + 2 for line in lines)
