"""`customFields` → its JSON: what is defined in view, with what the row's view holds of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.models.catalogue import CATALOGUE
from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.converting import each, text
from graphql_schema.compiler.operands import LANGUAGE, BadInput, Converted, Place
from graphql_schema.compiler.parts import TYPENAME, Needs, whole
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from policies.entries import entry
from policies.predicates import Row, bound
from policies.predicates import literal as constant

Column = sa.ColumnElement[Any]

DEFINITION = CATALOGUE["FieldDefinition"]
MOST_KEYS = 100
_READ = {"key": "key", "label": "label", "type": "dataType", "value": "key"}
"""By what is asked, the field of the definition that it takes."""


def custom_fields(reader: Reader, selected: Selected, row: Row, entity: str, columns: Iterable[str]) -> Column:
    """The JSON of the custom fields of a row of a view, in the order of their keys."""
    parts = selected.children()
    needs = Needs({"entity", "key", "isCustom", *(_READ[part.name] for part in parts if part.name in _READ)})
    definitions = reader.view(DEFINITION, needs)
    value = entry((row[name] for name in columns), definitions.c.key)
    shown = [_part(part, definitions, value).label(part.key) for part in parts]
    page = (
        sa.select(*shown)
        .select_from(definitions)
        .where(
            definitions.c.entity == constant(entity),
            definitions.c.is_custom,
            value.is_not(None),
            _asked(selected, definitions),
        )
        .order_by(definitions.c.key, definitions.c.id)
        .correlate_except(definitions)
        .subquery(reader.name("p"))
    )
    listed = sa.select(sa.func.json_agg(whole(page))).select_from(page).scalar_subquery()
    return sa.func.coalesce(listed, sa.literal_column("'[]'::json"), type_=sa.JSON())


def _asked(selected: Selected, definitions: sa.Subquery) -> sa.ColumnElement[bool]:
    keys = selected.arguments.get("keys")
    if not isinstance(keys, Leaf):
        return sa.true()
    wanted = bound(Converted(keys.operand, _keys, (*selected.place, "keys")), ARRAY(sa.Text()))
    return definitions.c.key == sa.any_(wanted)


def _keys(values: Any, place: Place) -> list[str]:
    if len(values) > MOST_KEYS:
        raise BadInput(f"at most {MOST_KEYS} keys", place)
    found: list[str] = each(text)(values, place)
    return found


def _part(part: Selected, definitions: sa.Subquery, value: Column) -> Column:
    if part.name == TYPENAME:
        return constant("CustomField")
    if part.name == "label":
        return worded(definitions.c.label, definitions.c.key)
    if part.name == "value":
        return value
    found: Column = definitions.c[DEFINITION.fields[_READ[part.name]].column.name]
    return found


def worded(wording: Column, otherwise: Column) -> Column:
    """The wording in the caller's language; else in English; else something else."""
    own = bound(LANGUAGE, sa.Text())
    texts = (wording.op("->>", return_type=sa.Text())(each) for each in (own, sa.literal_column("'en'", sa.Text())))
    return sa.func.coalesce(*texts, otherwise, type_=sa.Text())
