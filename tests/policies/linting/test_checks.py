"""What lint says, and where.

The folder `cases` holds policies, one after the other (`===`), of one document or several (`---`): a.yaml, b.yaml …
A comment stands on each line of which something is said, and is the check's name and what it says; ` & ` stands
between several.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from app.models.catalogue import CATALOGUE as PRODUCT
from policies.document import Meant
from policies.linting import CHECKS, Finding, Severity, lint
from policies.linting.checks import NO_CLASS
from policies.loading import DEFAULT_RULES, load, read_folder
from tests.policies.documents import allow, policy, role
from tests.policies.model import CATALOGUE

CASES = Path(__file__).parent / "cases"
COMMENT = re.compile(r" +# (.+)$")


def documents(case: str) -> dict[str, str]:
    """The documents of a policy."""
    return {f"{chr(ord('a') + n)}.yaml": text for n, text in enumerate(case.split("---\n"))}


def told(texts: dict[str, str]) -> list[tuple[str, int, str]]:
    """What the comments tell of."""
    lines = (
        (file, n, COMMENT.search(line)) for file, text in texts.items() for n, line in enumerate(text.split("\n"), 1)
    )
    return sorted((file, n, each) for file, n, found in lines if found for each in found[1].split(" & "))


def found(texts: dict[str, str]) -> list[Finding]:
    """What is found in documents, but for columns without a class."""
    return [finding for finding in lint(load(texts, CATALOGUE)) if finding.check != NO_CLASS]


def cases() -> list[tuple[str, str]]:
    return [
        (path.stem, case) for path in sorted(CASES.glob("*.txt")) for case in path.read_text("utf-8").split("===\n")
    ]


def test_there_are_cases_of_every_check() -> None:
    assert {path.stem for path in CASES.glob("*.txt")} == {check.name for check in CHECKS}
    for check in CHECKS:
        assert any(f"# {check.name}: " in case for _, case in cases())


@pytest.mark.parametrize(("check", "case"), cases(), ids=[f"{name}-{n}" for n, (name, _) in enumerate(cases())])
def test_what_is_hardly_meant_is_told_where_it_stands(check: str, case: str) -> None:
    texts = documents(case)
    findings = [finding for finding in found(texts) if finding.check == check]
    assert [(f.file, f.line, f"{f.check}: {f.message}") for f in findings] == [
        each for each in told(texts) if each[2].startswith(f"{check}: ")
    ]
    severities = {each.name: each.severity for each in CHECKS}
    assert all(finding.severity is severities[check] for finding in findings)


# The whole


def test_nothing_is_to_be_said_of_the_shipped_policy() -> None:
    assert list(map(str, lint(load(read_folder(DEFAULT_RULES), PRODUCT)))) == []


def test_a_column_without_a_class_is_told_once_and_a_document_is_not() -> None:
    written = allow("User", fields="all")
    findings = [
        finding for finding in lint(policy(role("a", written), role("b", written))) if finding.check == NO_CLASS
    ]
    message = "has no data class, so nobody is granted it"
    assert findings == [Finding("Customer.unclassified", 0, Severity.WARNING, NO_CLASS, "", message)]
    assert str(findings[0]) == "Customer.unclassified: warning: has no data class, so nobody is granted it [no-class]"


INCLUDED = """\
role: a
rules:
  - allow: [read]
    on: Order
    fields: all
"""


MEANT = INCLUDED + "    meant: [orphans]\n"


def test_what_is_meant_is_not_told_and_what_is_said_to_be_in_vain_is() -> None:
    assert found({"a.yaml": MEANT}) == []
    assert found({"a.yaml": MEANT, "b.yaml": "role: b\nincludes: [a]"}) == []
    in_vain = MEANT.replace("Order", "User")
    assert list(map(str, found({"a.yaml": in_vain}))) == [
        "a.yaml:3: warning: a: says that 'orphans' is meant, which is not found [meant]"
    ]


def test_each_warning_of_a_rule_may_be_meant() -> None:
    of_roles = {"no-rules"}
    warnings = {check.name for check in CHECKS if check.severity is Severity.WARNING}
    assert {meant.value for meant in Meant} == warnings - of_roles


def test_what_is_said_of_an_included_rule_is_said_once() -> None:
    texts = {"a.yaml": INCLUDED, "b.yaml": "role: b\nincludes: [a]", "c.yaml": "role: c\nincludes: [b, a]"}
    assert [(finding.role, finding.check) for finding in found(texts)] == [("a", "orphans")]


def test_findings_stand_in_the_order_of_their_places_and_read_as_lines() -> None:
    texts = {"b.yaml": INCLUDED.replace("role: a", "role: b"), "a.yaml": "role: a\n", "c.yaml": INCLUDED}
    texts["c.yaml"] = INCLUDED.replace("role: a", "role: c") + "  - allow: [delete]\n    on: User\n    fields: all\n"
    findings = found(texts)
    assert all(one < other for one, other in pairwise(findings))
    assert list(map(str, findings)) == [
        "a.yaml:1: warning: a: has no rule, so whoever holds it sees nothing by it [no-rules]",
        "b.yaml:3: warning: b: Order: opens rows (always) whose customer may be hidden [orphans]",
        "c.yaml:3: warning: c: Order: opens rows (always) whose customer may be hidden [orphans]",
        "c.yaml:6: warning: c: User: grants delete on rows that the role never sees [unreadable]",
    ]


def test_of_many_resources_a_few_are_named() -> None:
    on = ["Order", "Line", "Note"]
    [finding] = [f for f in lint(policy(role("a", allow(on)))) if f.check == "orphans"]
    assert finding.message.startswith("Order, Line and Note: ")
    everywhere = policy(role("a", {"allow": ["delete"], "on": "all", "fields": "all"}))
    [finding] = [f for f in lint(everywhere) if f.check == "unreadable"]
    assert finding.message.startswith("Customer, Department, Line, Note and 3 more: ")
