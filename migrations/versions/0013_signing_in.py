"""Clients, what is granted to them, passwords and sessions. Grants and clients are rights: what ends one moves its version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

BOUNDS = "BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00'"
WATCHED = {
    "oauth_clients": "code, is_own, scopes, role_id, department_id, region_id, expires_at, disabled_at",
    "oauth_grants": "client_id, user_id, scopes, expires_at, revoked_at",
}
"""The columns of each table whose change may change rights. A new row changes nobody's."""


def _text(size: int = 64) -> sa.String:
    return sa.String(size, collation="C")


def _column(name: str, type_: sa.types.TypeEngine[Any], comment: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, comment=comment, nullable=bool(options.pop("absent", False)), **options)


def _texts(name: str, size: int, comment: str) -> sa.Column[Any]:
    return _column(name, sa.ARRAY(_text(size)), comment, server_default=sa.text("'{}'"))


def _time(name: str, comment: str, *, absent: bool = True, now: bool = False) -> sa.Column[Any]:
    default = sa.func.now() if now else None
    return _column(name, sa.DateTime(timezone=True), comment, absent=absent, server_default=default)


def _table(name: str, comment: str, key: str, columns: Iterable[sa.Column[Any]], **references: str) -> None:
    made = list(columns)
    times = [column.name for column in made if isinstance(column.type, sa.DateTime)]
    op.create_table(
        name,
        *made,
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{name}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{name}_{column}"))
            for column, to in references.items()
        ),
        *(sa.CheckConstraint(f"{time} {BOUNDS}", name=op.f(f"ck_{name}_{time}_finite")) for time in times),
        comment=comment,
    )
    for column in references:
        if column != key:
            op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def upgrade() -> None:
    """Create the tables and what watches them."""
    _clients()
    _grants()
    _users()
    for table, columns in WATCHED.items():
        _watch(table, columns)


def _clients() -> None:
    _table(
        "oauth_clients",
        "Programs that ask, for users or for themselves.",
        "id",
        (
            _column("id", sa.Uuid(), "Key, UUIDv7."),
            _column("code", _text(), "Its `client_id`."),
            _column("name", _text(200), "What users read that it is."),
            _column("is_public", sa.Boolean(), "Whether it keeps no secret, as a page in a browser."),
            _column("is_own", sa.Boolean(), "Whether it is the house's own, and bounds nobody's rights."),
            _texts("redirect_uris", 500, "Where users are sent back to; compared exactly."),
            _texts("grant_types", 64, "The ways in which it may ask for tokens."),
            _texts("scopes", 64, "What it may ask for."),
            _column("role_id", sa.Uuid(), "The role it holds.", absent=True),
            _column("department_id", sa.Uuid(), "The department it holds it for.", absent=True),
            _column("region_id", sa.Uuid(), "The region it holds it for.", absent=True),
            _time("expires_at", "When it has ended; absent: never."),
            _time("disabled_at", "When it was shut out."),
            _time("created_at", "When it was made.", absent=False, now=True),
        ),
        role_id="roles",
        department_id="departments",
        region_id="regions",
    )
    op.create_unique_constraint(op.f("uq_oauth_clients_code"), "oauth_clients", ["code"])
    _table(
        "oauth_secrets",
        "Secrets of clients.",
        "digest",
        (
            _column("digest", sa.LargeBinary(), "SHA-256 of the secret."),
            _column("client_id", sa.Uuid(), "Whose it is."),
            _time("expires_at", "When it has ended; absent: never."),
            _time("created_at", "When it was made.", absent=False, now=True),
        ),
        client_id="oauth_clients",
    )


def _grants() -> None:
    _table(
        "oauth_grants",
        "What clients were granted, by users or for themselves.",
        "id",
        (
            _column("id", sa.Uuid(), "Key, UUIDv7."),
            _column("client_id", sa.Uuid(), "To whom."),
            _column("user_id", sa.Uuid(), "By whom; absent: the client asks for itself.", absent=True),
            _texts("scopes", 64, "What was granted."),
            _column("code", sa.LargeBinary(), "SHA-256 of the code.", absent=True),
            _time("code_expires_at", "Until when the code can be exchanged."),
            _time("code_used_at", "When it was exchanged."),
            _column("challenge", _text(128), "PKCE, S256.", absent=True),
            _column("redirect_uri", _text(500), "Where the code was sent.", absent=True),
            _column("nonce", _text(500), "What the client asked to read in the ID token.", absent=True),
            _time("signed_in_at", "When the user had signed in."),
            _time("expires_at", "When it has ended; absent: never."),
            _time("revoked_at", "When it was taken back."),
            _time("created_at", "When it was made.", absent=False, now=True),
        ),
        client_id="oauth_clients",
        user_id="users",
    )
    op.create_unique_constraint(op.f("uq_oauth_grants_code"), "oauth_grants", ["code"])
    _table(
        "oauth_refresh_tokens",
        "Refresh tokens.",
        "digest",
        (
            _column("digest", sa.LargeBinary(), "SHA-256 of the token."),
            _column("grant_id", sa.Uuid(), "What it rests on."),
            _time("expires_at", "When it has ended.", absent=False),
            _time("used_at", "When it was used."),
            _time("created_at", "When it was made.", absent=False, now=True),
        ),
        grant_id="oauth_grants",
    )


def _users() -> None:
    _table(
        "credentials",
        "Passwords.",
        "user_id",
        (
            _column("user_id", sa.Uuid(), "Whose it is."),
            _column("password", _text(500), "Argon2id of the password."),
            _column(
                "failures",
                sa.Integer(),
                "Wrong ones given since the last right one.",
                server_default=sa.text("0"),
            ),
            _time("locked_until", "Until when none is looked at."),
            _time("changed_at", "When it was set.", absent=False, now=True),
        ),
        user_id="users",
    )
    _table(
        "sessions",
        "Browsers in which users have signed in.",
        "digest",
        (
            _column("digest", sa.LargeBinary(), "SHA-256 of the cookie."),
            _column("user_id", sa.Uuid(), "Who signed in."),
            _time("expires_at", "When it has ended.", absent=False),
            _time("created_at", "When the user signed in.", absent=False, now=True),
        ),
        user_id="users",
    )


def _watch(table: str, columns: str) -> None:
    op.execute(f"""
        CREATE FUNCTION {table}_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
            PERFORM touch_subjects(ARRAY[OLD.id, NEW.id]);
            RETURN NULL;
        END $$""")
    op.execute(f"""
        CREATE TRIGGER change_rights_first BEFORE UPDATE OF {columns} OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION change_rights_first()""")
    op.execute(f"""
        CREATE TRIGGER {table}_changed AFTER UPDATE OF {columns} OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_changed()""")
    op.execute(f"""
        CREATE TRIGGER access_emptied AFTER TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION access_emptied()""")
    for trigger in ("change_rights_first", f"{table}_changed", "access_emptied"):
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def downgrade() -> None:
    """Drop them."""
    for table in ("sessions", "credentials", "oauth_refresh_tokens", "oauth_grants", "oauth_secrets", "oauth_clients"):
        op.drop_table(table)
    for table in WATCHED:
        op.execute(f"DROP FUNCTION {table}_changed()")
