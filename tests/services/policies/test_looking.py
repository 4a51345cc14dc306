"""Of whom nothing has to be asked before each look: those who may look as anybody, and read the policy whatever it is."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.models.catalogue import CATALOGUE
from app.services.policies.looking import always
from policies.access import access
from policies.loading import DEFAULT_RULES, load, read_folder
from policies.principal import Assignment, Principal

LOOKS = "  - allow: [simulate]\n    on: User\n"
SEES = "  - allow: [read]\n    on: User\n    fields: {names: [displayName]}\n"
READS = "  - allow: [read]\n    on: PolicyVersion\n    fields: {names: [number, status, document]}\n"
ACTIVE = "    when: {status: {eq: ACTIVE}}\n"
CASES = {
    "looks as all and reads all": (SEES + LOOKS + READS, True),
    "looks as nobody": (SEES + READS, False),
    "looks as some": (SEES + LOOKS + "    when: {manager: {eq: $me}}\n" + READS, False),
    "sees some": (SEES + "    when: {manager: {eq: $me}}\n" + LOOKS + READS, False),
    "reads nothing": (SEES + LOOKS, False),
    "reads some versions": (SEES + LOOKS + READS + ACTIVE, False),
    "reads some documents": (SEES + LOOKS + READS.replace(", document", "") + READS + ACTIVE, False),
    "may not look as some": (
        SEES + LOOKS + READS + LOOKS.replace("allow", "deny") + "    when: {id: {eq: $me}}\n",
        False,
    ),
}


@pytest.mark.parametrize(("rules", "expected"), CASES.values(), ids=CASES)
def test_of_whom_nothing_has_to_be_asked(rules: str, expected: bool) -> None:  # noqa: FBT001
    policy = load({**read_folder(DEFAULT_RULES), "looker.yaml": f"role: looker\nrules:\n{rules}"}, CATALOGUE)
    who = Principal(UUID(int=1), (Assignment("looker"),), reports=())
    assert always(access(policy, who.shape)) is expected


@pytest.mark.parametrize(("role", "expected"), [("admin", True), ("auditor", True), ("sales_manager", False)])
def test_of_which_shipped_roles_nothing_has_to_be_asked(role: str, expected: bool) -> None:  # noqa: FBT001
    policy = load(read_folder(DEFAULT_RULES), CATALOGUE)
    assert always(access(policy, Principal(UUID(int=1), (Assignment(role),), reports=()).shape)) is expected
