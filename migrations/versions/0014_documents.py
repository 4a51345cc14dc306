"""What binds a client: its trusted documents, its networks, its rates; and when what it was granted is forgotten.

A removed document is a removed right: it moves the version of its client, as a change of the client itself does.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import CIDR

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BOUNDS = "BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'"
BEFORE = "code, is_own, scopes, role_id, department_id, region_id, expires_at, disabled_at"
WATCHED = f"{BEFORE}, name, documents, networks, requests_per_minute, cost_per_minute"
"""The columns of a client whose change its bearers see at their next request."""
RATES = ("requests_per_minute", "cost_per_minute")


def _text(size: int = 64) -> sa.String:
    return sa.String(size, collation="C")


def _time(name: str, comment: str, default: str = "now()") -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.text(default), comment=comment)


def _finite(table: str, time: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{time} {BOUNDS}", name=op.f(f"ck_{table}_{time}_finite"))


def upgrade() -> None:
    """Add them. A client or a grant that is deleted has a row before, and none after."""
    for table in ("oauth_clients", "oauth_grants"):
        op.execute(f"""
            CREATE OR REPLACE FUNCTION {table}_changed() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, public, pg_temp AS $$
            BEGIN
                PERFORM touch_subjects(array_remove(ARRAY[OLD.id, NEW.id], NULL));
                RETURN NULL;
            END $$""")
    _clients()
    _documents()
    _forgetting()


def _clients() -> None:
    mode = sa.Column(
        "documents",
        _text(),
        nullable=False,
        server_default="OFF",
        comment="Whether it may, or has to, ask by its trusted documents.",
    )
    op.add_column("oauth_clients", mode)
    networks: sa.Column[Any] = sa.Column(
        "networks",
        sa.ARRAY(CIDR()),
        nullable=False,
        server_default=sa.text("'{}'"),
        comment="Where it may ask from; empty: anywhere.",
    )
    op.add_column("oauth_clients", networks)
    op.create_check_constraint(
        op.f("ck_oauth_clients_documents"), "oauth_clients", "documents IN ('OFF', 'ALLOWED', 'ONLY')"
    )
    for name, what in zip(RATES, ("Requests", "Points"), strict=True):
        told = f"{what} that may come through it in a minute; absent: any."
        op.add_column("oauth_clients", sa.Column(name, sa.Integer(), comment=told))
        op.create_check_constraint(op.f(f"ck_oauth_clients_{name}"), "oauth_clients", f"{name} > 0")
    _watch_clients(WATCHED)


def _watch_clients(columns: str) -> None:
    for trigger in ("change_rights_first", "oauth_clients_changed"):
        op.execute(f"DROP TRIGGER {trigger} ON oauth_clients")
    op.execute(f"""
        CREATE TRIGGER change_rights_first BEFORE UPDATE OF {columns} OR DELETE OR TRUNCATE ON oauth_clients
        FOR EACH STATEMENT EXECUTE FUNCTION change_rights_first()""")
    op.execute(f"""
        CREATE TRIGGER oauth_clients_changed AFTER UPDATE OF {columns} OR DELETE ON oauth_clients
        FOR EACH ROW EXECUTE FUNCTION oauth_clients_changed()""")
    for trigger in ("change_rights_first", "oauth_clients_changed"):
        op.execute(f"ALTER TABLE oauth_clients ENABLE ALWAYS TRIGGER {trigger}")


def _documents() -> None:
    op.create_table(
        "trusted_documents",
        sa.Column("client_id", sa.Uuid(), nullable=False, comment="Whose it is."),
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="SHA-256 of the text."),
        sa.Column("name", _text(200), nullable=False, comment="What it is called."),
        sa.Column("text", sa.Text(collation="C"), nullable=False, comment="The document."),
        _time("created_at", "When it was added."),
        sa.Column("created_by", sa.Uuid(), comment="Who added it; absent: an operator."),
        sa.PrimaryKeyConstraint("client_id", "digest", name=op.f("pk_trusted_documents")),
        sa.ForeignKeyConstraint(["client_id"], ["oauth_clients.id"], name=op.f("fk_trusted_documents_client_id")),
        sa.CheckConstraint("char_length(text) <= 32768", name=op.f("ck_trusted_documents_text")),
        sa.CheckConstraint("digest = sha256(convert_to(text, 'UTF8'))", name=op.f("ck_trusted_documents_digest")),
        _finite("trusted_documents", "created_at"),
        comment="Documents that clients may ask by their digest.",
    )
    op.execute("""
        CREATE FUNCTION trusted_documents_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
            PERFORM touch_subjects(array_remove(ARRAY[OLD.client_id, NEW.client_id], NULL));
            RETURN NULL;
        END $$""")
    op.execute("""
        CREATE TRIGGER change_rights_first BEFORE UPDATE OR DELETE OR TRUNCATE ON trusted_documents
        FOR EACH STATEMENT EXECUTE FUNCTION change_rights_first()""")
    op.execute("""
        CREATE TRIGGER trusted_documents_changed AFTER UPDATE OR DELETE ON trusted_documents
        FOR EACH ROW EXECUTE FUNCTION trusted_documents_changed()""")
    op.execute("""
        CREATE TRIGGER access_emptied AFTER TRUNCATE ON trusted_documents
        FOR EACH STATEMENT EXECUTE FUNCTION access_emptied()""")
    for trigger in ("change_rights_first", "trusted_documents_changed", "access_emptied"):
        op.execute(f"ALTER TABLE trusted_documents ENABLE ALWAYS TRIGGER {trigger}")


def _forgetting() -> None:
    """A grant that nothing rests on any more goes without anybody's rights being changed by it."""
    op.add_column("oauth_grants", _time("kept_until", "When it may be forgotten.", "now() + interval '32 days'"))
    op.create_check_constraint(op.f("ck_oauth_grants_kept_until_finite"), "oauth_grants", f"kept_until {BOUNDS}")
    for table, time in (
        ("oauth_grants", "kept_until"),
        ("oauth_refresh_tokens", "expires_at"),
        ("sessions", "expires_at"),
    ):
        op.create_index(op.f(f"ix_{table}_{time}"), table, [time])
    op.execute("""
        CREATE FUNCTION oauth_grants_gone() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
            IF OLD.kept_until >= now() THEN
                PERFORM change_rights();
                PERFORM touch_subjects(ARRAY[OLD.id]);
            END IF;
            RETURN OLD;
        END $$""")
    _watch_grants("", "change_rights_first", "oauth_grants_changed")
    op.execute("""
        CREATE TRIGGER oauth_grants_gone BEFORE DELETE ON oauth_grants
        FOR EACH ROW EXECUTE FUNCTION oauth_grants_gone()""")
    op.execute("ALTER TABLE oauth_grants ENABLE ALWAYS TRIGGER oauth_grants_gone")


def _watch_grants(or_delete: str, first: str, changed: str) -> None:
    columns = "client_id, user_id, scopes, expires_at, revoked_at"
    for trigger in (first, changed):
        op.execute(f"DROP TRIGGER {trigger} ON oauth_grants")
    op.execute(f"""
        CREATE TRIGGER {first} BEFORE UPDATE OF {columns} {or_delete} OR TRUNCATE ON oauth_grants
        FOR EACH STATEMENT EXECUTE FUNCTION change_rights_first()""")
    op.execute(f"""
        CREATE TRIGGER {changed} AFTER UPDATE OF {columns} {or_delete} ON oauth_grants
        FOR EACH ROW EXECUTE FUNCTION oauth_grants_changed()""")
    for trigger in (first, changed):
        op.execute(f"ALTER TABLE oauth_grants ENABLE ALWAYS TRIGGER {trigger}")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TRIGGER oauth_grants_gone ON oauth_grants")
    op.execute("DROP FUNCTION oauth_grants_gone()")
    _watch_grants("OR DELETE", "change_rights_first", "oauth_grants_changed")
    for table, time in (
        ("oauth_grants", "kept_until"),
        ("oauth_refresh_tokens", "expires_at"),
        ("sessions", "expires_at"),
    ):
        op.drop_index(op.f(f"ix_{table}_{time}"), table)
    op.drop_column("oauth_grants", "kept_until")
    op.drop_table("trusted_documents")
    op.execute("DROP FUNCTION trusted_documents_changed()")
    _watch_clients(BEFORE)
    for name in ("documents", "networks", *RATES):
        op.drop_column("oauth_clients", name)
