"""Presets that contradict each other are faults of the document."""

from __future__ import annotations

import pytest

from policies.faults import PolicyError
from tests.policies.documents import Written, allow, names, policy, role


def create(tier: str | None, *, action: str = "create", on: str = "Customer") -> Written:
    preset = {} if tier is None else {"preset": {"tier": tier}}
    return allow(on, fields=names("name")) | {"allow": [action], **preset}


@pytest.mark.parametrize(
    "rules",
    [
        [create("GOLD"), create("GOLD")],
        [create("GOLD"), create(None)],
        [create("GOLD"), create("IRON", action="update")],
    ],
    ids=["alike", "one", "other actions"],
)
def test_presets_that_agree_load(rules: list[Written]) -> None:
    policy(role("writer", *rules))


def test_two_presets_for_one_field_are_a_fault() -> None:
    with pytest.raises(PolicyError) as refusal:
        policy(role("writer", create("GOLD"), create("IRON")))
    assert str(refusal.value) == "0.yaml:12: Customer.tier: 0.yaml:4 presets another value"


def test_included_presets_count() -> None:
    with pytest.raises(PolicyError) as refusal:
        policy(role("base", create("GOLD")), role("writer", create("IRON"), includes=("base",)))
    assert str(refusal.value) == "1.yaml:5: Customer.tier: 0.yaml:4 presets another value"
