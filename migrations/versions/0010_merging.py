"""What merging leaves behind: which changes are part of the merge of a customer; and of what a ticket is a duplicate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPERATIONS = ("CREATE", "UPDATE", "DELETE", "RESTORE", "MERGE", "UNMERGE", "IMPORT")


def _operations(*names: str) -> None:
    op.drop_constraint(op.f("ck_change_events_op"), "change_events", type_="check")
    listed = ", ".join(f"'{name}'" for name in names)
    op.create_check_constraint(op.f("ck_change_events_op"), "change_events", f"op IN ({listed})")


def upgrade() -> None:
    """Add them."""
    _operations(*OPERATIONS)
    comment = "The customer whose merge, or the undoing of it, this is part of."
    op.add_column("change_events", sa.Column("merged_id", sa.Uuid(), comment=comment))
    some = sa.text("merged_id IS NOT NULL")
    op.create_index(op.f("ix_change_events_merged_id"), "change_events", ["merged_id"], postgresql_where=some)
    other = sa.Column("duplicate_of_id", sa.Uuid(), comment="The ticket that tells the same.")
    op.add_column("tickets", other)
    columns = ["customer_id", "duplicate_of_id"]
    name = op.f("fk_tickets_customer_id_duplicate_of_id")
    op.create_foreign_key(name, "tickets", "tickets", columns, ["customer_id", "id"])
    op.create_index(op.f("ix_tickets_customer_id_duplicate_of_id"), "tickets", columns)
    op.create_check_constraint(op.f("ck_tickets_duplicate_of_another"), "tickets", "duplicate_of_id <> id")


def downgrade() -> None:
    """Forget them."""
    op.drop_column("tickets", "duplicate_of_id")
    op.drop_column("change_events", "merged_id")
    op.execute("UPDATE change_events SET op = 'MERGE' WHERE op = 'UNMERGE'")
    _operations(*(name for name in OPERATIONS if name != "UNMERGE"))
