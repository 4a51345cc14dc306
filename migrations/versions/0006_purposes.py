"""Purposes that a request may declare, by assignment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let assignments list them; those that are there list none."""
    codes = sa.ARRAY(sa.String(64, collation="C"))
    comment = "Purposes that a request may declare for it."
    op.add_column(
        "role_assignments",
        sa.Column("purposes", codes, nullable=False, server_default=sa.text("'{}'"), comment=comment),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_column("role_assignments", "purposes")
