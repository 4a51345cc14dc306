"""c360 policy: what it says, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from policies.loading import DEFAULT_RULES
from tests.command_line import Line, Ran


def written(folder: Path, rules: str, cases: str | None = None) -> str:
    """A folder of a document and of tests beside it."""
    (folder / "a.yaml").write_text(rules)
    if cases is not None:
        (folder / "tests").mkdir(exist_ok=True)
        (folder / "tests" / "a.yaml").write_text(cases)
    return str(folder)


# Lint


def test_the_shipped_policy_has_no_fault() -> None:
    ran = Line({}).run("policy", "lint", "--strict")
    assert (ran.code, ran.out) == (0, "")
    assert re.fullmatch(r"\d+ roles, \d+ rules: no fault\.\n", ran.err)
    assert json.loads(Line({}).run("policy", "lint", "--json").out) == []
    assert Line({}).run("policy", "lint", str(DEFAULT_RULES)).code == 0


FAULTY = """role: a
includes: [b]
rules:
  - allow: [read]
    on: Customer
    fields: {names: [nonsense]}
  - allow: [read]
    on: Thing
    fields: all
"""
FAULTS = [("a.yaml", 2, "'b'"), ("a.yaml", 6, "'nonsense'"), ("a.yaml", 8, "'Thing'")]


def test_every_fault_of_a_policy_is_told_with_its_place(tmp_path: Path) -> None:
    folder = written(tmp_path, FAULTY)
    ran = Line({}).run("policy", "lint", folder)
    assert (ran.code, ran.out) == (1, "")
    assert [re.match(r"(\S+):(\d+): ", told)[0] for told in ran.err.splitlines()] == [  # type: ignore[index]
        f"{file}:{number}: " for file, number, _ in FAULTS
    ]
    as_json = Line({}).run("policy", "lint", folder, "--json")
    assert (as_json.code, as_json.err) == (1, "")
    found = json.loads(as_json.out)
    assert [(fault["file"], fault["line"]) for fault in found] == [(file, number) for file, number, _ in FAULTS]
    assert all(word in fault["message"] for fault, (_, _, word) in zip(found, FAULTS, strict=True))
    assert {(fault["severity"], fault["check"], fault["role"]) for fault in found} == {("error", "fault", "")}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (None, b"", "there is no document"),
        ("a.txt", b"role: a", "there is no document"),
        ("a.yaml", b"", "a.yaml"),
        ("a.yaml", b"role: [", "a.yaml"),
        ("a.yaml", b"\xff\xfe\x00", "a.yaml"),
        ("a.yaml", b"role: \xe9", "a.yaml"),
        ("a.yaml", b"\x00", "a.yaml"),
        ("a.yaml", b"- 1", "a.yaml"),
    ],
)
def test_a_folder_that_holds_no_policy_is_told_in_a_line(
    line: Line, tmp_path: Path, name: str | None, content: bytes, told: str
) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    if name:
        (folder / name).write_bytes(content)
    for command in ("lint", "test", "apply"):
        assert told in line.run("policy", command, str(folder)).complaint


def test_a_folder_in_the_place_of_a_document_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    assert "a.yaml" in Line({}).run("policy", "lint", str(tmp_path)).complaint


WARNED = """role: a
rules:
  - allow: [read]
    on: Order
    fields: {names: [number, status]}
"""
MEANT = WARNED + "    meant: [orphans]\n"
DUBIOUS = (
    WARNED
    + """  - deny: [read]
    on: Order
    when: {status: {eq: DRAFT}}
    fields: {classes: [PUBLIC, BUSINESS, CONTACT, IDENTITY, FINANCIAL, SENSITIVE, SECRET]}
"""
)
WARNING = "a.yaml:3: warning: a: Order: opens rows (always) whose customer may be hidden [orphans]\n"
DENIES = "Order: denies every field, and leaves the row visible; did you mean the row?"
ERROR = f"a.yaml:6: error: a: {DENIES} [every-class]\n"


@pytest.mark.parametrize(
    ("text", "options", "ran"),
    [
        (WARNED, [], Ran(0, WARNING, "1 roles, 1 rules: 0 errors, 1 warning.\n")),
        (WARNED, ["--strict"], Ran(1, WARNING, "1 roles, 1 rules: 0 errors, 1 warning.\n")),
        (DUBIOUS, [], Ran(1, WARNING + ERROR, "1 roles, 2 rules: 1 error, 1 warning.\n")),
        (MEANT, ["--strict"], Ran(0, "", "1 roles, 1 rules: no fault.\n")),
    ],
    ids=["a warning", "a warning, strictly", "an error", "a warning that is meant"],
)
def test_findings_are_told_and_errors_fail(tmp_path: Path, text: str, options: list[str], ran: Ran) -> None:
    assert Line({}).run("policy", "lint", written(tmp_path, text), *options) == ran


def test_findings_are_data(tmp_path: Path) -> None:
    ran = Line({}).run("policy", "lint", written(tmp_path, DUBIOUS), "--json")
    assert (ran.code, ran.err) == (1, "")
    place = {"file": "a.yaml", "line": 6, "severity": "error"}
    assert json.loads(ran.out)[1] == {**place, "check": "every-class", "role": "a", "message": DENIES}


WIDE = """role: a
includes: [b]
rules:
  - {allow: [read], on: [Order, Customer], fields: all, when: {owner: {in: $reports}}}
  - {allow: [read], on: Customer, fields: {names: [email]}, when: {owner: {eq: $me}}}
  - {deny: [read], on: Customer, when: {legalHold: {eq: true}}}
  - {deny: [read], on: Customer, when: {tier: {eq: KEY}}, fields: {names: [email]}}
"""
ROWS = [
    "a: Order and Region: always (b.yaml:3)",
    "a: Customer: owner in $reports, unless legalHold eq true (a.yaml:4, a.yaml:6)",
    "b: Region and Order: always (b.yaml:3)",
]


def test_the_widest_rows_of_each_role_are_shown(tmp_path: Path) -> None:
    folder = written(tmp_path, WIDE)
    (tmp_path / "b.yaml").write_text("role: b\nrules:\n  - {allow: [read], on: [Region, Order], fields: all}\n")
    assert Line({}).run("policy", "lint", folder, "--rows").out.splitlines() == ROWS
    found = json.loads(Line({}).run("policy", "lint", folder, "--rows", "--json").out)[1]
    assert (found["role"], found["resources"], found["rules"]) == ("a", ["Customer"], ["a.yaml:4", "a.yaml:6"])
    assert found["rows"] == "owner in $reports, unless legalHold eq true"


# Tests


GUEST = "role: guest\nname: Guest\nrules:\n  - {allow: [read], on: Product, fields: {classes: [PUBLIC]}}\n"
PASSING = "cases:\n  - {as: {role: guest}, on: Product, plain: [name], withheld: [listPrice]}\n"
FAILING = """people:
  visitor: {role: guest}
cases:
  - {as: visitor, on: Product, plain: [name, listPrice], because: prices are public}
  - {as: visitor, on: [Product, Survey], expect: hidden}
  - {as: visitor, on: Survey, expect: visible}
"""
TABLE = """place           as       on       field      expected  got
tests/a.yaml:4  visitor  Product  listPrice  plain     withheld
tests/a.yaml:5  visitor  Product  (the row)  hidden    visible
tests/a.yaml:6  visitor  Survey   (the row)  visible   hidden
"""


def test_the_tests_of_the_shipped_policy_pass(line: Line) -> None:
    ran = line.run("policy", "test")
    assert (ran.code, ran.out) == (0, "")
    assert re.fullmatch(r"\d{3} cases: all as expected\.\n", ran.err)


def test_what_fails_is_shown_in_a_table(line: Line, tmp_path: Path) -> None:
    folder = written(tmp_path, GUEST, FAILING)
    assert line.run("policy", "test", folder) == Ran(1, TABLE, "4 cases: 3 failed.\n")
    ran = line.run("policy", "test", folder, "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["cases"], [each["field"] for each in found["failures"]]) == (
        1,
        4,
        ["listPrice", None, None],
    )
    place = {"file": "tests/a.yaml", "line": 4, "as": "visitor", "on": "Product", "field": "listPrice"}
    assert found["failures"][0] == {**place, "expected": "plain", "got": "withheld", "because": "prices are public"}


def test_without_tests_there_is_nothing_to_fail(tmp_path: Path) -> None:
    nowhere = Line({"C360_DATABASE_URL": "nonsense"})
    assert nowhere.run("policy", "test", written(tmp_path, GUEST)) == Ran(0, "", "0 cases: all as expected.\n")
    assert json.loads(nowhere.run("policy", "test", str(tmp_path), "--json").out) == {"cases": 0, "failures": []}


@pytest.mark.parametrize("command", ["test", "lint", "apply"])
def test_faulty_tests_are_told_with_their_place(line: Line, tmp_path: Path, command: str) -> None:
    cases = "cases:\n  - {as: stranger, on: Product}\n  - {as: {role: guest}, on: Thing}\n"
    ran = line.run("policy", command, written(tmp_path, GUEST, cases))
    faults = "tests/a.yaml:2: unknown person 'stranger'\ntests/a.yaml:3: unknown resource 'Thing'\n"
    assert ran == Ran(1, "", faults)


def test_a_test_that_is_not_utf_8_is_told_with_its_place(tmp_path: Path) -> None:
    folder = written(tmp_path, GUEST, "")
    (tmp_path / "tests" / "a.yaml").write_bytes(b"cases:\n  - \xff")
    assert Line({}).run("policy", "test", folder).complaint == "tests/a.yaml:2: the document is not UTF-8"


# Activating


def roles(line: Line) -> list[str]:
    """The roles of the active policy."""
    return [role["role"] for role in json.loads(line.run("policy", "show", "--json").out)]


@pytest.mark.parametrize(
    ("rules", "cases", "told"),
    [
        (GUEST, FAILING, Ran(1, TABLE, "Nothing was changed: tests fail.\n")),
        (DUBIOUS, None, Ran(1, ERROR, "Nothing was changed: there are errors.\n")),
    ],
    ids=["tests fail", "errors"],
)
def test_a_policy_with_errors_or_failing_tests_is_not_applied_but_on_demand(
    line: Line, tmp_path: Path, rules: str, cases: str | None, told: Ran
) -> None:
    folder, before = written(tmp_path, rules, cases), roles(line)
    assert line.run("policy", "apply", folder) == told
    assert roles(line) == before
    assert line.run("policy", "apply", folder, "--unchecked") == Ran(0, "", "Version 2 is active.\n")
    assert len(roles(line)) == 1


def test_a_policy_whose_tests_pass_is_applied_and_shown(line: Line, tmp_path: Path) -> None:
    first = json.loads(line.run("policy", "show", "--json").out)
    assert {"role": "partner", "name": "partner", "rules": 3} in [{**role, "name": role["role"]} for role in first]
    folder = written(tmp_path, GUEST, PASSING)
    assert line.run("policy", "apply", folder, "--note", "Why not") == Ran(0, "", "Version 2 is active.\n")
    shown = [{"role": "guest", "name": "Guest", "rules": 1}]
    assert json.loads(line.run("policy", "show", "--json").out) == shown
    assert line.run("policy", "show") == Ran(0, "guest                  1 rules  Guest\n", "Version 2 is active.\n")
    assert line.run("policy", "apply", written(tmp_path, FAULTY)).code == 1
    assert json.loads(line.run("policy", "show", "--json").out) == shown


# The form


def test_the_schema_of_documents_and_of_tests_is_printed_for_editors() -> None:
    rules = json.loads(Line({}).run("policy", "schema").out)
    assert set(rules["properties"]) == {"role", "scope", "name", "includes", "schema", "minGroup", "rules"}
    parts = {"allow", "deny", "on", "when", "fields", "mask", "preset", "meant"}
    assert set(rules["$defs"]["RulePart"]["properties"]) == parts
    tests = json.loads(Line({}).run("policy", "schema", "--tests").out)
    parts = {"as", "on", "row", "expect", "plain", "masked", "withheld", "may", "mayNot", "because"}
    assert set(tests["$defs"]["CasePart"]["properties"]) == parts
