"""Masked fields opened to a user for a time, which are rights: they move the user's version, in an order with writes."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

from migrations.baseline.triggers import EVENTS

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHANGED = """
    CREATE FUNCTION unmasks_changed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            PERFORM touch_subjects(ARRAY(SELECT user_id FROM new_rows));
        ELSIF TG_OP = 'UPDATE' THEN
            PERFORM touch_subjects(ARRAY(SELECT user_id FROM old_rows UNION SELECT user_id FROM new_rows));
        ELSE
            PERFORM touch_subjects(ARRAY(SELECT user_id FROM old_rows));
        END IF;
        RETURN NULL;
    END $$"""
FIRST = """
    CREATE TRIGGER change_rights_first BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON unmasks
    FOR EACH STATEMENT EXECUTE FUNCTION change_rights_first()"""
EMPTIED = """
    CREATE TRIGGER access_emptied AFTER TRUNCATE ON unmasks
    FOR EACH STATEMENT EXECUTE FUNCTION access_emptied()"""
TRIGGERS = ("change_rights_first", "access_emptied", *(f"unmasks_changed_by_{event.lower()}" for event in EVENTS))
BOUNDS = "BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'"


def upgrade() -> None:
    """Create the table and what watches it."""
    _table()
    op.create_index("ix_unmasks_user_id", "unmasks", ["user_id"])
    for statement in (CHANGED, FIRST, EMPTIED):
        op.execute(statement)
    for event, rows in EVENTS.items():
        op.execute(
            f"CREATE TRIGGER unmasks_changed_by_{event.lower()} AFTER {event} ON unmasks REFERENCING {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION unmasks_changed()"
        )
    for trigger in TRIGGERS:
        op.execute(f"ALTER TABLE unmasks ENABLE ALWAYS TRIGGER {trigger}")


def _table() -> None:
    op.create_table(
        "unmasks",
        sa.Column("id", sa.Uuid(), nullable=False, comment="Key, UUIDv7."),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="Who sees it plain."),
        sa.Column("resource", _text(64), nullable=False, comment="Type of the record, as in the API: `Customer`."),
        sa.Column("field", _text(64), nullable=False, comment="The field, as in the API: `taxId`."),
        sa.Column("customer_id", sa.Uuid(), comment="Customer that owns the record; absent where none does."),
        sa.Column("row_id", sa.Uuid(), nullable=False, comment="Id of the record."),
        sa.Column("reason", _text(500), nullable=False, comment="Why it is opened."),
        _time("valid_from", "When it begins.", sa.func.now()),
        _time("valid_to", "When it has ended."),
        sa.Column("created_by", sa.Uuid(), comment="Who opened it."),
        _time("created_at", "When it was opened.", sa.func.now()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmasks")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_unmasks_user_id")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_unmasks_valid_from_valid_to")),
        *(
            sa.CheckConstraint(f"{name} {BOUNDS}", name=op.f(f"ck_unmasks_{name}_finite"))
            for name in ("valid_from", "valid_to", "created_at")
        ),
        comment="Masked fields opened for a time.",
    )


def _text(size: int) -> sa.String:
    return sa.String(size, collation="C")


def _time(name: str, comment: str, default: sa.ColumnElement[dt.datetime] | None = None) -> sa.Column[dt.datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, comment=comment, server_default=default)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("unmasks")
    op.execute("DROP FUNCTION unmasks_changed()")
