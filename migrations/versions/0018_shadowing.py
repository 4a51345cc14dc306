"""Drafts of the policy that are asked beside the version in force: of how many reads, until when, and what they would change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

VERSIONS, COUNTS = "policy_versions", "policy_shadow_counts"
BOUNDS = "BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'"
SHARE = "Of how many reads it is asked, beside what is in force, what they would answer; in per cent."
KEY = {
    "draft": (64, "Digest of the draft's documents."),
    "active": (64, "Digest of those in force."),
    "roles": (500, "Codes of the caller's roles; empty: any."),
    "operation": (500, "Name of the trusted document, or fields of Query; empty: any."),
    "entity": (64, "Type of the rows; empty: of no rows."),
    "field": (64, "The field; empty: the row."),
    "what": (64, "What is counted: `LOST`."),
}


def upgrade() -> None:
    """Add them."""
    op.add_column(VERSIONS, sa.Column("shadow_share", sa.Numeric(5, 2), comment=SHARE))
    op.create_check_constraint(op.f(f"ck_{VERSIONS}_shadow_share"), VERSIONS, "shadow_share BETWEEN 0 AND 100")
    op.create_check_constraint(op.f(f"ck_{VERSIONS}_shadow_share_number"), VERSIONS, "shadow_share <> 'NaN'")
    op.add_column(VERSIONS, sa.Column("shadow_until", _TIME, comment="Until when it is asked so."))
    op.create_check_constraint(op.f(f"ck_{VERSIONS}_shadow_until_finite"), VERSIONS, f"shadow_until {BOUNDS}")
    parts = ((name, sa.String(size, collation="C"), comment) for name, (size, comment) in KEY.items())
    op.create_table(
        COUNTS,
        *(sa.Column(name, type_, nullable=False, comment=comment) for name, type_, comment in parts),
        sa.Column("count", sa.BigInteger(), nullable=False, comment="How often."),
        sa.Column("since", _TIME, nullable=False, server_default=sa.func.now(), comment="When it was first counted."),
        sa.PrimaryKeyConstraint(*KEY, name=op.f(f"pk_{COUNTS}")),
        sa.CheckConstraint(f"since {BOUNDS}", name=op.f(f"ck_{COUNTS}_since_finite")),
        comment="What a draft of the policy would have changed of reads, counted.",
    )


_TIME = sa.DateTime(timezone=True)


def downgrade() -> None:
    """Forget them."""
    op.drop_table(COUNTS)
    for name in ("shadow_until", "shadow_share"):
        op.drop_column(VERSIONS, name)
