"""OpenID providers with which users sign in. Shutting one out ends what rests on it: its sessions and its grants."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BOUNDS = "BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'"
REST_ON_THEM = ("sessions", "oauth_grants")
ENDING = "issuer, client_id, disabled_at"
"""Columns whose change ends what rests on a provider."""


def _text(size: int = 64) -> sa.String:
    return sa.String(size, collation="C")


def _column(name: str, type_: sa.types.TypeEngine[Any], comment: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, comment=comment, nullable=bool(options.pop("absent", False)), **options)


def _made(comment: str) -> sa.Column[Any]:
    return _column("created_at", sa.DateTime(timezone=True), comment, server_default=sa.func.now())


def _finite(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} {BOUNDS}", name=op.f(f"ck_{table}_{column}_finite"))


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Create the tables, have sessions and grants say on which provider they rest, and watch the providers."""
    _providers()
    _links()
    for table in REST_ON_THEM:
        op.add_column(table, _column("provider_id", sa.Uuid(), "With which provider the user signed in.", absent=True))
        op.create_foreign_key(op.f(f"fk_{table}_provider_id"), table, "oidc_providers", ["provider_id"], ["id"])
        op.create_index(op.f(f"ix_{table}_provider_id"), table, ["provider_id"])
    _watch()


def _providers() -> None:
    op.create_table(
        "oidc_providers",
        _column("id", sa.Uuid(), "Key, UUIDv7."),
        _column("code", _text(), "Its name in addresses."),
        _column("name", _text(200), "What users read that it is."),
        _column("issuer", _text(500), "Its issuer, exactly."),
        _column("client_id", _text(500), "What we are called there."),
        _column(
            "secret", _text(500), "Where our secret is: `file:PATH` or `env:NAME`; absent: we have none.", absent=True
        ),
        _column("scopes", sa.ARRAY(_text()), "What is asked for."),
        _column("domains", sa.ARRAY(_text(500)), "Domains whose e-mail addresses it is trusted to have verified."),
        _column("provisions", sa.Boolean(), "Whether who is not known becomes a user."),
        _column("rules", JSONB(), "Which claims give which roles."),
        _column("disabled_at", sa.DateTime(timezone=True), "When it was shut out.", absent=True),
        _made("When it was made."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oidc_providers")),
        sa.UniqueConstraint("code", name=op.f("uq_oidc_providers_code")),
        _finite("oidc_providers", "disabled_at"),
        _finite("oidc_providers", "created_at"),
        comment="OpenID providers with which users sign in.",
    )


def _links() -> None:
    op.create_table(
        "oidc_links",
        _column("provider_id", sa.Uuid(), "The provider."),
        _column("subject", _text(255), "Who it is there (OIDC `sub`)."),
        _column("user_id", sa.Uuid(), "Who it is here."),
        _made("When it was found out."),
        sa.PrimaryKeyConstraint("provider_id", "subject", name=op.f("pk_oidc_links")),
        sa.UniqueConstraint("provider_id", "user_id", name=op.f("uq_oidc_links_provider_id_user_id")),
        _to("oidc_links", "provider_id", "oidc_providers"),
        _to("oidc_links", "user_id", "users"),
        _finite("oidc_links", "created_at"),
        comment="Who those who sign in elsewhere are here.",
    )
    op.create_index(op.f("ix_oidc_links_user_id"), "oidc_links", ["user_id"])
    op.create_table(
        "oidc_assignments",
        _column("assignment_id", sa.Uuid(), "The assignment."),
        _column("provider_id", sa.Uuid(), "The provider whose rules gave it."),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_oidc_assignments")),
        _to("oidc_assignments", "provider_id", "oidc_providers"),
        comment="Role assignments that were given by rules of providers.",
    )
    op.create_index(op.f("ix_oidc_assignments_provider_id"), "oidc_assignments", ["provider_id"])


def _watch() -> None:
    op.execute("""
        CREATE FUNCTION oidc_providers_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
            UPDATE oauth_grants SET revoked_at = now() WHERE provider_id = OLD.id AND revoked_at IS NULL;
            DELETE FROM sessions WHERE provider_id = OLD.id;
            RETURN NULL;
        END $$""")
    op.execute(f"""
        CREATE TRIGGER change_rights_first BEFORE UPDATE OF {ENDING} ON oidc_providers
        FOR EACH STATEMENT EXECUTE FUNCTION change_rights_first()""")
    op.execute(f"""
        CREATE TRIGGER oidc_providers_changed AFTER UPDATE OF {ENDING} ON oidc_providers
        FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION oidc_providers_changed()""")
    for trigger in ("change_rights_first", "oidc_providers_changed"):
        op.execute(f"ALTER TABLE oidc_providers ENABLE ALWAYS TRIGGER {trigger}")


def downgrade() -> None:
    """Drop them."""
    for table in REST_ON_THEM:
        op.drop_column(table, "provider_id")
    for table in ("oidc_assignments", "oidc_links", "oidc_providers"):
        op.drop_table(table)
    op.execute("DROP FUNCTION oidc_providers_changed()")
