"""The process of a version of the policy."""

from __future__ import annotations

from app.models.enums import PolicyStatus
from app.services.transitions.machine import Transitions

_S = PolicyStatus

_GIVING_UP = {"discard": _S.DISCARDED}
_IN_FORCE = {"activate": _S.ACTIVE}

POLICIES = Transitions(
    _S.DRAFT,
    {
        _S.DRAFT: {"submit": _S.SUBMITTED, **_IN_FORCE, **_GIVING_UP},
        _S.SUBMITTED: {"approve": _S.APPROVED, "reject": _S.REJECTED, **_IN_FORCE, **_GIVING_UP},
        _S.APPROVED: {"reject": _S.REJECTED, **_IN_FORCE, **_GIVING_UP},
        _S.ACTIVE: {"retire": _S.RETIRED},
        _S.RETIRED: {},
        _S.REJECTED: _GIVING_UP,
        _S.DISCARDED: {},
    },
)
"""Where four eyes are asked for, `activate` is for what was approved alone."""
