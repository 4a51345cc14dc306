"""The process of campaigns."""

from __future__ import annotations

from app.models.enums import CampaignStatus
from app.services.transitions.machine import Transitions

_C = CampaignStatus

_ENDING = {"complete": _C.COMPLETE, "cancel": _C.CANCELED}

CAMPAIGNS = Transitions(
    _C.PLANNING,
    {
        _C.PLANNING: {"launch": _C.ACTIVE, "cancel": _C.CANCELED},
        _C.ACTIVE: {"pause": _C.INACTIVE, **_ENDING},
        _C.INACTIVE: {"launch": _C.ACTIVE, **_ENDING},
        _C.COMPLETE: {},
        _C.CANCELED: {},
    },
)
"""A campaign that is paused is launched again."""
