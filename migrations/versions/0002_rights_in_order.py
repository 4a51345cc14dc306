"""Changes of rights in an order with writes, and numbers that never come twice.

A write begins with `hold_rights()`: until its transaction ends, nobody's rights change. What changes rights begins
with `change_rights()`, which waits for those who hold them, and keeps others waiting until it is committed. Both take
one advisory lock, shared and alone. PostgreSQL lets nobody overtake one who waits for it, so that no stream of writes
keeps a revocation waiting.

Triggers call `change_rights()` before a statement touches any row. So plain SQL honours it, too, and waits while it
holds no row that a writer could be waiting for. Triggers read the tables of the product's own schema, whatever a
session's search path, temporary tables or replication role are.
"""

from __future__ import annotations

from alembic import op

from migrations.baseline import triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = 0x6333_3632
"""Of the advisory lock."""

OF = {
    "role_assignments": "",
    "users": f" OF {triggers.USER}",
    "departments": f" OF {triggers.TREE}",
    "regions": f" OF {triggers.TREE}",
    "roles": f" OF {triggers.ROLE}",
    "policy_versions": " OF id, status, document, deleted_at",
}
"""The columns of each table whose change may change rights; of assignments, all."""

HOLD = f"""
    CREATE FUNCTION hold_rights() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
            RAISE EXCEPTION 'rights can be held only where each statement sees what was committed before it'
                USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Begin at ISOLATION LEVEL READ COMMITTED.';
        END IF;
        PERFORM pg_advisory_xact_lock_shared({KEY});
        IF current_setting('c360.rights', true) IS DISTINCT FROM 'changed' THEN
            PERFORM set_config('c360.rights', 'held', true);
        END IF;
    END $$"""

CHANGE = f"""
    CREATE FUNCTION change_rights() RETURNS void LANGUAGE plpgsql SET lock_timeout = 0 AS $$
    BEGIN
        IF current_setting('c360.rights', true) = 'held' THEN
            RAISE EXCEPTION 'a transaction that holds rights as they are cannot change them'
                USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Begin it with SELECT change_rights().';
        END IF;
        PERFORM pg_advisory_xact_lock({KEY});
        PERFORM set_config('c360.rights', 'changed', true);
    END $$"""
"""It waits for as long as its statement may last: those before it are writes, which do not last long."""

FIRST = """
    CREATE FUNCTION change_rights_first() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM change_rights();
        RETURN NULL;
    END $$"""

LATER = """
    CREATE FUNCTION later_than(number bigint) RETURNS bigint LANGUAGE sql AS $$
        SELECT greatest(number + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
    $$"""
"""A number never given before, also where a backup or a lagging copy took the place of the database that gave it."""

NUMBERED = {
    "access_versions": """
        IF TG_OP = 'INSERT' THEN
            NEW.version := later_than(0);
        ELSE
            NEW.version := later_than(OLD.version);
        END IF;""",
    "policy_state": """
        IF TG_OP = 'INSERT' OR NEW.policy_epoch <> OLD.policy_epoch THEN
            NEW.policy_epoch := later_than(coalesce(OLD.policy_epoch, 0));
        END IF;
        IF TG_OP = 'INSERT' OR NEW.access_epoch <> OLD.access_epoch THEN
            NEW.access_epoch := later_than(coalesce(OLD.access_epoch, 0));
        END IF;""",
}

IN_FORCE = "(SELECT id, document FROM {} WHERE status = 'ACTIVE' AND deleted_at IS NULL)"
BEFORE, AFTER = IN_FORCE.format("old_rows"), IN_FORCE.format("new_rows")
POLICY = triggers.function(
    "policy_changed",
    triggers.move("policy", AFTER),
    triggers.move("policy", f"(({BEFORE} EXCEPT {AFTER}) UNION ALL ({AFTER} EXCEPT {BEFORE}))"),
    triggers.move("policy", BEFORE),
)
"""Drafts and retired versions move nothing."""

LOCKING = ("hold_rights()", "change_rights()", "change_rights_first()")
WATCHING = (
    *(f"{name}()" for name in dict.fromkeys(triggers.TABLES.values())),
    *(f"{epoch}_emptied()" for epoch in triggers.EPOCHS),
    "touch_subjects(uuid[])",
)


def _replaced(function: str) -> str:
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def _watchers(table: str) -> list[str]:
    """Names of a table's triggers."""
    function, epoch = triggers.TABLES[table], "policy" if table == "policy_versions" else "access"
    return [*(f"{function}_by_{event.lower()}" for event in triggers.EVENTS), f"{epoch}_emptied"]


def _number(table: str, body: str) -> None:
    op.execute(f"""
        CREATE FUNCTION number_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM change_rights();{body}
            RETURN NEW;
        END $$""")
    op.execute(
        f"CREATE TRIGGER number_{table} BEFORE INSERT OR UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION number_{table}()"
    )


def _order(table: str, columns: str) -> None:
    op.execute(
        f"CREATE TRIGGER change_rights_first BEFORE INSERT OR DELETE OR TRUNCATE OR UPDATE{columns} ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION change_rights_first()"
    )


def upgrade() -> None:
    """Create the lock, take it where rights change, and number what changes anew."""
    for function in (HOLD, CHANGE, FIRST, LATER, _replaced(POLICY)):
        op.execute(function)
    for table, body in NUMBERED.items():
        _number(table, body)
    for function in WATCHING:
        op.execute(f"ALTER FUNCTION {function} SET search_path = pg_catalog, public, pg_temp")
    for table, columns in OF.items():
        _order(table, columns)
    for table in OF:
        for trigger in ("change_rights_first", *_watchers(table)):
            op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
    for table in NUMBERED:
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER number_{table}")


def downgrade() -> None:
    """Drop them; the baseline's functions stay, as they were."""
    for table in OF:
        for trigger in _watchers(table):
            op.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    for function in (*(f"number_{table}()" for table in NUMBERED), *reversed(LOCKING), "later_than(bigint)"):
        op.execute(f"DROP FUNCTION {function} CASCADE")
    for function in WATCHING:
        op.execute(f"ALTER FUNCTION {function} RESET search_path")
    for function in triggers.FUNCTIONS:
        op.execute(_replaced(function))
