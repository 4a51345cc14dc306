"""Custom fields in a column for each data class, and when they must be given.

What a definition says changes the rights to values, so its writers take turns with all others, as those of rights do.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = {
    "custom_public": "Public custom fields, by key.",
    "custom_business": "Custom fields of the course of business, by key.",
    "custom_contact": "Custom fields of how someone is reached, by key.",
    "custom_identity": "Custom fields of who someone is, by key.",
    "custom_financial": "Custom fields of amounts and costs, by key.",
    "custom_sensitive": "Custom fields of what harms when known, by key.",
    "custom_secret": "Custom fields that nobody is shown, by key.",
}
COMMENTS = {
    ("customers", "custom"): ("Custom fields, by key.", "Custom fields of no data class, by key."),
    ("field_definitions", "min"): ("Least value.", "Least value; of texts, fewest characters."),
    ("field_definitions", "max"): ("Greatest value.", "Greatest value; of texts, most characters."),
    ("field_definitions", "options"): (
        "The values to choose from.",
        "The values to choose from: texts, or objects with `value` and, by locale, `label`.",
    ),
}
WATCHED = "id, entity, key, data_type, data_class, is_custom, deleted_at"
KEYS = """
    SELECT key FROM field_definitions WHERE entity = 'Customer' AND is_custom AND data_class = '{}'"""


def _document(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, JSONB(none_as_null=True), comment=comment)


def _file(column: str) -> None:
    """Moves what a class's definitions name out of the column of all."""
    keys = KEYS.format(column.removeprefix("custom_").upper())
    op.execute(f"""
        UPDATE customers SET custom = custom - ARRAY({keys}), {column} =
            (SELECT jsonb_object_agg(key, value) FROM jsonb_each(custom) WHERE key IN ({keys}))
        WHERE jsonb_typeof(custom) = 'object' AND custom ?| ARRAY({keys})""")


def _say(before: int, now: int) -> None:
    for (table, column), comments in COMMENTS.items():
        op.alter_column(table, column, comment=comments[now], existing_comment=comments[before])


def upgrade() -> None:
    """Add the columns, file what there is, and watch definitions."""
    for name, comment in COLUMNS.items():
        op.add_column("customers", _document(name, comment))
    for name in COLUMNS:
        _file(name)
    comment = "When it must be given: by field of the record, one of these values."
    op.add_column("field_definitions", _document("required_when", comment))
    _say(0, 1)
    op.execute(
        f"CREATE TRIGGER change_rights_first BEFORE INSERT OR DELETE OR TRUNCATE OR UPDATE OF {WATCHED}"
        " ON field_definitions FOR EACH STATEMENT EXECUTE FUNCTION change_rights_first()"
    )
    op.execute("ALTER TABLE field_definitions ENABLE ALWAYS TRIGGER change_rights_first")


def downgrade() -> None:
    """Put all back into one column."""
    op.execute("DROP TRIGGER change_rights_first ON field_definitions")
    _say(1, 0)
    op.drop_column("field_definitions", "required_when")
    together = " || ".join(f"coalesce({name}, '{{}}')" for name in ("custom", *COLUMNS))
    there = " OR ".join(f"{name} IS NOT NULL" for name in COLUMNS)
    op.execute(f"UPDATE customers SET custom = {together} WHERE {there}")
    for name in COLUMNS:
        op.drop_column("customers", name)
