"""The audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0008"
branch_labels = None
depends_on = None


def _text(size: int = 64) -> sa.String:
    return sa.String(size, collation="C")


def upgrade() -> None:
    """Begin it."""
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), nullable=False, comment="Order."),
        sa.Column("kind", _text(), nullable=False, comment="What happened."),
        sa.Column("actor", sa.Uuid(), comment="To whom, or who did it."),
        sa.Column("request_id", _text(128), comment="The request."),
        sa.Column("subject", _text(), comment="What it was about, such as the mutation."),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now(), comment="When."),
        sa.CheckConstraint(
            "at BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'", name=op.f("ck_audit_events_at_finite")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_events")),
        comment="What is to be looked into later, in order.",
    )
    op.create_index(op.f("ix_audit_events_actor_kind_at"), "audit_events", ["actor", "kind", "at"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("audit_events")
