"""What rows are searched by: their searched columns as tokens, written by triggers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from migrations.search.functions import COLLATION, FUNCTIONS, SIGNATURES, text_function
from migrations.search.triggers import SEARCHED, Tokens

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create functions, table and triggers, and make tokens of the rows that are there."""
    collation = op.get_bind().exec_driver_sql(COLLATION).scalar() or '"default"'
    for function in (text_function(collation), *FUNCTIONS):
        op.execute(function)
    op.execute("CREATE TYPE search_key AS (customer_id uuid, entity_id uuid)")
    _table()
    for table in SEARCHED:
        tokens = Tokens(table)
        for statement in (*tokens.statements(), tokens.fill(table)):
            op.execute(statement)
    op.create_index(
        "ix_search_tokens_tokens",
        "search_tokens",
        ["tokens"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 512},
    )


def _table() -> None:
    op.create_table(
        "search_tokens",
        sa.Column(
            "customer_id",
            sa.Uuid(),
            nullable=False,
            comment="Customer that owns the record; the record itself where none does.",
        ),
        sa.Column("entity_id", sa.Uuid(), nullable=False, comment="Record."),
        sa.Column("entity", sa.String(64, collation="C"), nullable=False, comment="Table."),
        sa.Column(
            "tokens",
            TSVECTOR(),
            nullable=False,
            comment="Tokens of its searched columns, each behind its column's label.",
        ),
        sa.PrimaryKeyConstraint("customer_id", "entity_id", "entity", name=op.f("pk_search_tokens")),
        comment="What records are searched by.",
    )


def downgrade() -> None:
    """Drop them; the triggers go with their functions."""
    for table in SEARCHED:
        op.execute(f"DROP FUNCTION {Tokens(table).function}() CASCADE")
    op.drop_table("search_tokens")
    op.execute("DROP TYPE search_key")
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
