"""The deployment's secret, for masks that hash."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MADE = "sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))"
"""244 random bits."""


def upgrade() -> None:
    """Make a secret."""
    comment = (
        "Secret of this deployment, from which the keys of masks that hash are made; without it nothing is hashed."
    )
    op.add_column("policy_state", sa.Column("secret", sa.LargeBinary(), comment=comment))
    op.execute(f"UPDATE policy_state SET secret = {MADE}")


def downgrade() -> None:
    """Forget it: hashes made after the next upgrade are others."""
    op.drop_column("policy_state", "secret")
