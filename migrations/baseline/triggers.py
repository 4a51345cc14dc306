"""Triggers that move the epochs and versions by which every statement proves that its rights are fresh.

Each fires once per statement and compares the rows before and after, so bulk loads pay for one update.
"""

from __future__ import annotations

from alembic import op

USER = "id, status, manager_id, department_id, region_id, display_name, email, deleted_at"
CHAIN = "id, manager_id, deleted_at"
TREE = "id, parent_id, path, deleted_at"
ROLE = "id, code, deleted_at"

TABLES = {
    "role_assignments": "assignments_changed",
    "users": "users_changed",
    "departments": "tree_changed",
    "regions": "tree_changed",
    "roles": "roles_changed",
    "policy_versions": "policy_changed",
}
"""What each table's rows are watched by."""

EPOCHS = ("access", "policy")


def _differ(columns: str) -> str:
    """Rows, as those columns, that a statement removed or brought; an unchanged row is in neither."""
    before, after = f"SELECT {columns} FROM old_rows", f"SELECT {columns} FROM new_rows"
    return f"(({before} EXCEPT {after}) UNION ALL ({after} EXCEPT {before}))"


def function(name: str, insert: str, update: str, delete: str) -> str:
    """A trigger function with one body for each event; transition tables exist only in their own."""
    return f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                {insert}
            ELSIF TG_OP = 'UPDATE' THEN
                {update}
            ELSE
                {delete}
            END IF;
            RETURN NULL;
        END $$"""


def move(epoch: str, when: str) -> str:
    """Moves an epoch where a query finds a row."""
    return f"UPDATE policy_state SET {epoch}_epoch = {epoch}_epoch + 1 WHERE EXISTS (SELECT FROM {when} AS changed);"


def _touch(ids: str) -> str:
    return f"PERFORM touch_subjects(ARRAY({ids}));"


TOUCH = """
    CREATE FUNCTION touch_subjects(subjects uuid[]) RETURNS void LANGUAGE sql AS $$
        INSERT INTO access_versions (subject_id, version)
        SELECT DISTINCT subject, 1 FROM unnest(subjects) AS subject ORDER BY subject
        ON CONFLICT (subject_id) DO UPDATE SET version = access_versions.version + 1
    $$"""

FUNCTIONS = (
    function(
        "assignments_changed",
        _touch("SELECT user_id FROM new_rows"),
        _touch("SELECT user_id FROM old_rows UNION SELECT user_id FROM new_rows"),
        _touch("SELECT user_id FROM old_rows"),
    ),
    function(
        "users_changed",
        _touch("SELECT id FROM new_rows") + move("access", "(SELECT FROM new_rows WHERE manager_id IS NOT NULL)"),
        _touch(f"SELECT id FROM {_differ(USER)} AS changed") + move("access", _differ(CHAIN)),
        _touch("SELECT id FROM old_rows") + move("access", "(SELECT FROM old_rows WHERE manager_id IS NOT NULL)"),
    ),
    function("tree_changed", move("access", "new_rows"), move("access", _differ(TREE)), move("access", "old_rows")),
    function("roles_changed", "NULL;", move("access", _differ(ROLE)), move("access", "old_rows")),
    function("policy_changed", move("policy", "new_rows"), move("policy", "new_rows"), move("policy", "old_rows")),
)

EMPTIED = """
    CREATE FUNCTION {epoch}_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE policy_state SET {epoch}_epoch = {epoch}_epoch + 1;
        RETURN NULL;
    END $$"""

EVENTS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def _watch(table: str, function: str) -> None:
    for event, rows in EVENTS.items():
        op.execute(
            f"CREATE TRIGGER {function}_by_{event.lower()} AFTER {event} ON {table} REFERENCING {rows}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )
    epoch = "policy" if table == "policy_versions" else "access"
    op.execute(
        f"CREATE TRIGGER {epoch}_emptied AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {epoch}_emptied()"
    )


def upgrade() -> None:
    """Create functions and triggers, and the row they move."""
    for function in (TOUCH, *FUNCTIONS, *(EMPTIED.format(epoch=epoch) for epoch in EPOCHS)):
        op.execute(function)
    for table, function in TABLES.items():
        _watch(table, function)
    op.execute("INSERT INTO policy_state DEFAULT VALUES")


def downgrade() -> None:
    """Drop them; the triggers go with their functions."""
    for function in (*dict.fromkeys(TABLES.values()), *(f"{epoch}_emptied" for epoch in EPOCHS)):
        op.execute(f"DROP FUNCTION {function}() CASCADE")
    op.execute("DROP FUNCTION touch_subjects(uuid[])")
