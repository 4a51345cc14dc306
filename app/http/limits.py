"""What is left of a caller's quotas, as headers: draft-ietf-httpapi-ratelimit-headers-10, `RateLimit-Policy` and `RateLimit`.

RateLimit-Policy: "user-requests";q=600;w=60, "user-cost";q=50000;w=60;qu="points"
RateLimit: "user-requests";r=599;t=42, "user-cost";r=49380;t=42
"""

from __future__ import annotations

import math

from app.identity.quotas import Quota, Unit
from graphql_schema.budgets import Spent
from graphql_schema.budgets.windows import MINUTE, Standing, Window

Header = tuple[bytes, bytes]
UNITS = {Unit.REQUESTS: "", Unit.COST: ';qu="points"'}
"""Requests are the draft's own unit."""


def limits(standing: Standing, spent: Spent | None = None) -> tuple[Header, ...]:
    """The headers of an answer; none where nothing was counted. `t` of the quota that is spent is what Retry-After says."""
    if not standing:
        return ()
    policies = ", ".join(f'"{quota.name}";q={quota.most};w={MINUTE}{UNITS[quota.unit]}' for quota in standing)
    left = ", ".join(_left(quota, window, spent) for quota, window in standing.items())
    return (b"ratelimit-policy", policies.encode()), (b"ratelimit", left.encode())


def _left(quota: Quota, window: Window, spent: Spent | None) -> str:
    seconds = spent.seconds if spent and spent.quota == quota else math.ceil(window.left)
    return f'"{quota.name}";r={window.remaining(quota.most)};t={seconds}'
