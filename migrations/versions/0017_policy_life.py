"""The life of a version of the policy between its draft and its coming into force: submitted, approved or rejected, by whom."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLE = "policy_versions"
BEFORE = ("DRAFT", "ACTIVE", "RETIRED")
AFTER = ("DRAFT", "SUBMITTED", "APPROVED", "ACTIVE", "RETIRED", "REJECTED", "DISCARDED")
PEOPLE = {"submitted_by": "Who asked for its approval.", "decided_by": "Who approved or rejected it."}
BOUNDS = "decided_at BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'"


def _column(name: str, type_: sa.types.TypeEngine[Any], comment: str) -> None:
    op.add_column(TABLE, sa.Column(name, type_, comment=comment))


def _statuses(listed: tuple[str, ...]) -> None:
    name = op.f(f"ck_{TABLE}_status")
    op.drop_constraint(name, TABLE, type_="check")
    op.create_check_constraint(name, TABLE, f"status IN ({', '.join(map(repr, listed))})")


def upgrade() -> None:
    """Allow more statuses, and note who brought a version to them."""
    _statuses(AFTER)
    for name, comment in PEOPLE.items():
        _column(name, sa.Uuid(), comment)
        op.create_foreign_key(op.f(f"fk_{TABLE}_{name}"), TABLE, "users", [name], ["id"])
        op.create_index(op.f(f"ix_{TABLE}_{name}"), TABLE, [name])
    _column("decided_at", sa.DateTime(timezone=True), "When it was approved or rejected.")
    op.create_check_constraint(op.f(f"ck_{TABLE}_decided_at_finite"), TABLE, BOUNDS)
    _column("reason", sa.Text(collation="C"), "Why it was rejected.")


def downgrade() -> None:
    """Forget it; what waits is a draft again, and what was turned down or given up is retired."""
    op.execute(f"UPDATE {TABLE} SET status = 'DRAFT' WHERE status IN ('SUBMITTED', 'APPROVED')")
    op.execute(f"UPDATE {TABLE} SET status = 'RETIRED' WHERE status IN ('REJECTED', 'DISCARDED')")
    for name in ("reason", "decided_at", *PEOPLE):
        op.drop_column(TABLE, name)
    _statuses(BEFORE)
