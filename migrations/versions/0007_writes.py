"""What writes leave behind: rows as they were after each change, under which policy, and the outcomes of retries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _text(size: int = 64) -> sa.String:
    return sa.String(size, collation="C")


def _moment(name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"{name} BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'",
        name=op.f(f"ck_idempotency_keys_{name}_finite"),
    )


def upgrade() -> None:
    """Let events hold the row, and keep keys of retries."""
    op.alter_column("change_events", "request_id", type_=_text(128), existing_comment="The request.")
    row = sa.Column("row_after", JSONB(none_as_null=True), comment="The row as it was after it; absent: not known.")
    op.add_column("change_events", row)
    version = sa.Column("policy_version", sa.Integer, comment="Number of the policy that permitted it.")
    op.add_column("change_events", version)
    op.create_table(
        "idempotency_keys",
        sa.Column("actor", sa.Uuid(), nullable=False, comment="Who asked."),
        sa.Column("key", _text(255), nullable=False, comment="What the caller calls the request."),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False, comment="Digest of what was asked."),
        sa.Column("outcome", JSONB(none_as_null=True), comment="What came of it: keys and codes."),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now(), comment="When."
        ),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotency_keys")),
        _moment("created_at"),
        comment="Outcomes of writes, for who asks again.",
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("idempotency_keys")
    op.drop_column("change_events", "policy_version")
    op.drop_column("change_events", "row_after")
    op.execute(
        'ALTER TABLE change_events ALTER COLUMN request_id TYPE varchar(64) COLLATE "C" USING left(request_id, 64)'
    )
