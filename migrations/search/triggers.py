"""What keeps the tokens in step with the rows, whoever writes them: once for each statement, in its own transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SEARCHED: Mapping[str, Mapping[str, str]] = {
    "customers": {
        "display_name": "cd",
        "email": "ce",
        "phone": "cp",
        "legal_name": "cl",
        "given_name": "cg",
        "family_name": "cf",
        "tax_id": "ct",
    },
    "contacts": {"display_name": "nd", "given_name": "ng", "family_name": "nf", "email": "ne", "phone": "np"},
    "contact_points": {"value": "pv", "value_normalized": "pn"},
    "opportunities": {"name": "on"},
    "quotes": {"number": "qn"},
    "contracts": {"number": "kn"},
    "orders": {"number": "rn"},
    "tickets": {"number": "tn", "subject": "ts"},
    "tasks": {"title": "wt"},
    "campaigns": {"code": "mc", "name": "mn"},
    "segments": {"code": "sc", "name": "sn"},
    "products": {"sku": "gs", "name": "gn"},
    "users": {"display_name": "ud", "email": "ue"},
    "departments": {"code": "dc", "name": "dn"},
    "regions": {"code": "ec", "name": "en"},
    "surveys": {"code": "vc", "name": "vn"},
}
"""By table, the columns that are searched, each with the label of its lexemes."""
OWN_ITSELF = frozenset({"customers", "campaigns", "segments", "products", "users", "departments", "regions", "surveys"})
"""Tables whose rows no customer owns."""

EVENTS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
ENABLED = ("insert", "update", "delete", "truncate")


@dataclass(frozen=True)
class Tokens:
    """The tokens of one table's rows."""

    table: str

    @property
    def function(self) -> str:
        """The name of the trigger's function."""
        return f"search_{self.table}"

    @property
    def _key(self) -> tuple[str, str]:
        return ("id" if self.table in OWN_ITSELF else "customer_id", "id")

    def _same(self, one: str, other: str) -> str:
        return " AND ".join(f"{one}.{name} = {other}.{name}" for name in dict.fromkeys(self._key))

    def _of(self, rows: str) -> str:
        customer, key = self._key
        return f"t.customer_id = {rows}.{customer} AND t.entity_id = {rows}.{key} AND t.entity = '{self.table}'"

    def fill(self, rows: str, where: str = "true") -> str:
        """Writes the tokens of some rows."""
        columns = SEARCHED[self.table].items()
        lexemes = " || ".join(f"search_lexemes('{label}', n.{column})" for column, label in columns)
        customer, key = self._key
        return f"""
            INSERT INTO search_tokens AS t (customer_id, entity, entity_id, tokens)
            SELECT n.{customer}, '{self.table}', n.{key}, array_to_tsvector({lexemes}) FROM {rows} n WHERE {where}
            ON CONFLICT (customer_id, entity_id, entity) DO UPDATE SET tokens = excluded.tokens;"""

    def _drop(self, where: str = "true") -> str:
        return f"DELETE FROM search_tokens t USING old_rows o WHERE {self._of('o')} AND {where};"

    def _change(self) -> str:
        alike = " AND ".join(f"o.{column} IS NOT DISTINCT FROM n.{column}" for column in SEARCHED[self.table])
        gone = self._drop(f"NOT EXISTS (SELECT FROM new_rows n WHERE {self._same('n', 'o')})")
        changed = f"NOT EXISTS (SELECT FROM old_rows o WHERE {self._same('o', 'n')} AND {alike})"
        return gone + self.fill("new_rows", changed)

    def statements(self) -> Iterator[str]:
        """Creates the function and its triggers."""
        yield f"""
            CREATE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, public, pg_temp AS $$
            BEGIN
                IF TG_OP = 'INSERT' THEN {self.fill("new_rows")}
                ELSIF TG_OP = 'UPDATE' THEN {self._change()}
                ELSIF TG_OP = 'DELETE' THEN {self._drop()}
                ELSE DELETE FROM search_tokens WHERE entity = '{self.table}';
                END IF;
                RETURN NULL;
            END $$"""
        for event, rows in EVENTS.items():
            yield self._trigger(event, f"REFERENCING {rows}")
        yield self._trigger("truncate", "")
        for event in ENABLED:
            yield f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {self.function}_by_{event}"

    def _trigger(self, event: str, referencing: str) -> str:
        return (
            f"CREATE TRIGGER {self.function}_by_{event} AFTER {event.upper()} ON {self.table} {referencing}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {self.function}()"
        )
