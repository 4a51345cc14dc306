"""All checks, and `lint`, which makes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from policies.linting.denied import DENIED
from policies.linting.derivatives import DERIVATIVES, SUMS
from policies.linting.every_class import EVERY_CLASS
from policies.linting.findings import Check, Finding, Remark, Severity
from policies.linting.hashes import HASHES, HASHES_AND_OTHERS
from policies.linting.masks import MASKED_IN_VAIN
from policies.linting.never import NEVER
from policies.linting.no_class import unclassified
from policies.linting.no_rules import NO_RULES
from policies.linting.opened_rows import OPENED_ROWS
from policies.linting.orphans import ORPHANS
from policies.linting.shadowed import SHADOWED
from policies.linting.small_groups import SMALL_GROUPS
from policies.linting.subject import Subject
from policies.linting.unread import UNREAD
from policies.linting.unreadable import UNREADABLE
from policies.rules import Origin, Policy
from policies.wording import listed

CHECKS: tuple[Check, ...] = (
    NEVER,
    EVERY_CLASS,
    DERIVATIVES,
    SUMS,
    HASHES,
    HASHES_AND_OTHERS,
    SHADOWED,
    MASKED_IN_VAIN,
    DENIED,
    OPENED_ROWS,
    ORPHANS,
    UNREAD,
    UNREADABLE,
    SMALL_GROUPS,
    NO_RULES,
)
"""What is looked for in each role."""

NO_CLASS, MEANT = "no-class", "meant"

SEVERITIES: Mapping[str, Severity] = {check.name: check.severity for check in CHECKS}

Told: TypeAlias = tuple[str, Remark]
"""The name of a check, and what it remarks."""


def lint(policy: Policy) -> tuple[Finding, ...]:
    """Everything to say of a policy, by place."""
    findings = [_finding(NO_CLASS, "", remark, []) for remark in unclassified(policy.catalogue)]
    told: dict[str, frozenset[Told]] = {}
    for code in _in_order(policy):
        found = list(_remarks(policy, code))
        known = frozenset().union(*(told[included] for included in policy.roles[code].includes))
        told[code] = known | frozenset(found)
        findings.extend(_findings(code, [each for each in found if each not in known]))
    findings.extend(_meant_in_vain(policy, frozenset().union(*told.values())))
    return tuple(sorted(findings))


def _in_order(policy: Policy) -> Iterator[str]:
    """The roles, each after those that it includes."""
    seen: set[str] = set()

    def visit(code: str) -> Iterator[str]:
        if code not in seen:
            seen.add(code)
            for included in policy.roles[code].includes:
                yield from visit(included)
            yield code

    for code in policy.roles:
        yield from visit(code)


def _remarks(policy: Policy, code: str) -> Iterator[Told]:
    subject = Subject(policy, policy.roles[code])
    for check in CHECKS:
        for remark in check.find(subject):
            yield check.name, remark


def _findings(role: str, remarks: Iterable[Told]) -> Iterator[Finding]:
    """One for all resources of which the same is said of a rule; none for what is meant."""
    gathered: dict[tuple[str, Origin, str], list[Remark]] = {}
    for check, remark in remarks:
        if check not in remark.meant:
            gathered.setdefault((check, remark.origin, remark.message), []).append(remark)
    for (check, _, _), alike in gathered.items():
        yield _finding(check, role, alike[0], [remark.resource for remark in alike])


def _finding(check: str, role: str, remark: Remark, resources: Iterable[str]) -> Finding:
    on = listed(filter(None, dict.fromkeys(resources)))
    said = f"{on}: {remark.message}" if on else remark.message
    severity = SEVERITIES.get(check, Severity.WARNING)
    return Finding(remark.origin.file, remark.origin.line, severity, check, role, said)


def _meant_in_vain(policy: Policy, told: frozenset[Told]) -> Iterator[Finding]:
    """What is said to be meant, and is not found."""
    found = {(check, remark.origin) for check, remark in told}
    for role in policy.roles.values():
        said = dict.fromkeys((meant, rule.origin) for rule in role.rules for meant in rule.meant)
        for meant, origin in said:
            if (meant.value, origin) not in found:
                remark = Remark(origin, f"says that {meant.value!r} is meant, which is not found")
                yield _finding(MEANT, role.code, remark, [])
