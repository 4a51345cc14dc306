"""The first tables."""

from __future__ import annotations

from migrations.baseline import (
    activity,
    campaigns,
    customers,
    insight,
    membership,
    organisation,
    planning,
    platform,
    sales,
    service,
    triggers,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STEPS = (
    organisation,
    planning,
    campaigns,
    customers,
    sales,
    service,
    membership,
    activity,
    insight,
    platform,
    triggers,
)


def upgrade() -> None:
    """Create everything, each after what it refers to."""
    for step in STEPS:
        step.upgrade()


def downgrade() -> None:
    """Drop everything, in the opposite order."""
    for step in reversed(STEPS):
        step.downgrade()
