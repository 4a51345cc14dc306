"""The statements of writes. Each is made once for a grant shape and what it writes; its values are given when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.models.catalogue import CATALOGUE
from app.services.records.given import Given
from policies.access import Access
from policies.catalogue import Resource
from policies.document import Action
from policies.permits import existing
from policies.predicates import Predicate, bound
from policies.standing import DELETED
from policies.statements import Statement, statement
from policies.states import STATE, UPDATABLE, State

CUSTOMER = CATALOGUE["Customer"]
ROWS = Given("rows")
SCOPE = ("owner_id", "department_id", "region_id")
Columns: TypeAlias = tuple[str, ...]

REMEMBERED = 4_096


def keys_of(resource: Resource) -> tuple[Given, ...]:
    """What the keys of a statement's rows are given as: one list for each column."""
    return tuple(Given(f"key {name}") for name in resource.key)


def key_rows(resource: Resource) -> sa.FromClause:
    """The keys that are given, as rows."""
    given = [bound(each, ARRAY(sa.Uuid())) for each in keys_of(resource)]
    columns = [sa.column(name, sa.Uuid()) for name in resource.key]
    return sa.func.unnest(*given).table_valued(*columns, name="k").render_derived()


def same_row(resource: Resource, one: sa.FromClause, other: sa.FromClause) -> Predicate:
    """Whether two rows have one key."""
    return sa.and_(*(one.c[name] == other.c[name] for name in resource.key))


def _recordset(resource: Resource, columns: Columns) -> sa.FromClause:
    table = resource.table
    named = [sa.column(name, table.c[name].type) for name in columns]
    found = sa.func.jsonb_to_recordset(bound(ROWS, JSONB()))
    return found.table_valued(*named, name="r").render_derived(with_types=True)


@lru_cache(maxsize=REMEMBERED)
def in_view(access: Access, resource: Resource, columns: Columns = ()) -> Statement:
    """Of given keys those of rows that the caller sees, with columns of the rows themselves: for what follows from them."""
    view, table, keys = access.view(resource, ()).subquery("v"), resource.table, key_rows(resource)
    joined = keys.join(view, same_row(resource, view, keys)).join(table, same_row(resource, table, keys))
    return statement(sa.select(*(table.c[name] for name in (*resource.key, *columns))).select_from(joined))


@lru_cache(maxsize=REMEMBERED)
def matching(access: Access, resource: Resource, fields: Columns) -> Statement:
    """The rows in view that have given values in some fields, with these."""
    view = access.view(resource, fields).subquery("v")
    named = [sa.column(resource.fields[name].column.name, resource.fields[name].column.type) for name in fields]
    given = [bound(Given(f"match {i}"), ARRAY(column.type)) for i, column in enumerate(named)]
    wanted = sa.func.unnest(*given).table_valued(*named, name="w").render_derived()
    same = sa.and_(*(view.c[column.name] == wanted.c[column.name] for column in named))
    columns = dict.fromkeys((*resource.key, *(column.name for column in named)))
    return statement(sa.select(*(view.c[name] for name in columns)).distinct().select_from(wanted.join(view, same)))


def matched(columns: Sequence[Sequence[Any]]) -> dict[Given, Sequence[Any]]:
    """The values that rows are to have, as `matching` takes them."""
    return {Given(f"match {i}"): values for i, values in enumerate(columns)}


@lru_cache(maxsize=REMEMBERED)
def plain(access: Access, resource: Resource, field: str) -> Statement:
    """Of given keys those of rows on which the caller sees a field plain, with its value."""
    view, keys, column = (
        access.view(resource, [field], [field]).subquery("v"),
        key_rows(resource),
        resource.fields[field],
    )
    found = sa.select(view.c[column.column.name]).select_from(keys.join(view, same_row(resource, view, keys)))
    return statement(found.where(view.c[f"{column.column.name}__{STATE}"] == sa.literal(State.PLAIN.value)))


@lru_cache(maxsize=REMEMBERED)
def seen(access: Access, resource: Resource, fields: Columns) -> Statement:
    """Of given keys the rows that the caller sees, with fields as far as it sees them plain; NULL where not."""
    view, keys = access.view(resource, fields, fields).subquery("v"), key_rows(resource)
    names = [resource.fields[name].column.name for name in fields]
    plain = [sa.case((view.c[f"{name}__{STATE}"] == State.PLAIN.value, view.c[name])).label(name) for name in names]
    found = sa.select(*(view.c[name] for name in resource.key), *plain)
    return statement(found.select_from(keys.join(view, same_row(resource, view, keys))))


DEFINING = (
    *("entity", "key", "dataType", "isCustom", "required", "requiredWhen"),
    *("pattern", "min", "max", "options"),
)
"""What of a definition its field's values are judged by."""


@lru_cache(maxsize=REMEMBERED)
def defined(access: Access) -> Statement:
    """The definitions of an entity's custom fields of which the caller sees plain what values are judged by; each whole."""
    resource = CATALOGUE["FieldDefinition"]
    view, table = access.view(resource, (), DEFINING).subquery("v"), resource.table
    states = (view.c[f"{resource.fields[name].column.name}__{STATE}"] for name in DEFINING)
    plain = sa.and_(*(state == State.PLAIN.value for state in states))
    found = sa.select(table).select_from(table.join(view, same_row(resource, view, table)))
    own = sa.and_(table.c.entity == bound(Given("entity"), sa.Text()), table.c.is_custom)
    return statement(found.where(own, plain).order_by(table.c.key))


@lru_cache(maxsize=REMEMBERED)
def last(access: Access, resource: Resource, field: str, parent: str) -> Statement:
    """By given keys of records that own such rows, the highest value of a field among those that the caller sees."""
    owner = resource.of_column(parent)
    assert owner is not None
    view, keys = access.view(resource, [field, owner]).subquery("v"), key_rows(resource)
    of = (view.c.customer_id, view.c[parent])
    same = sa.and_(view.c.customer_id == keys.c.customer_id, view.c[parent] == keys.c.id)
    highest = sa.func.max(view.c[resource.fields[field].column.name]).label("last")
    return statement(sa.select(*of, highest).select_from(keys.join(view, same)).group_by(*of))


@lru_cache(maxsize=REMEMBERED)
def customers(access: Access) -> Statement:
    """Locks the customers that the caller sees, in order: who writes about a customer waits for who does so already.

    Of a row that had to be waited for only the row itself is looked at again, not its view: it may be gone since.
    """
    view, table = access.view(CUSTOMER, ()).subquery("v"), CUSTOMER.table
    seen = sa.select(view.c.id).where(view.c.id == sa.any_(bound(keys_of(CUSTOMER)[0], ARRAY(sa.Uuid()))))
    found = sa.select(table.c.id, table.c.kind, table.c.currency, *(table.c[name] for name in SCOPE))
    there = found.where(table.c.id.in_(seen), *existing(CUSTOMER, table.c)).order_by(table.c.id)
    return statement(there.with_for_update(key_share=True))


@lru_cache(maxsize=REMEMBERED)
def before(access: Access, resource: Resource, action: Action, fields: frozenset[str]) -> Statement:
    """Locks rows that the caller sees: each whole, whether it may be written so, and which fields are seen plain.

    Of an update, also what is shown of the fields that are set.
    """
    asked, judged = sorted(fields) if action is Action.UPDATE else (), sorted(resource.fields)
    view = access.view(resource, asked, judged, updatable=asked).subquery("v")
    table, keys, permit = resource.table, key_rows(resource), access.permits(action, resource, fields)
    columns = [table.c[column.name].label(f"t_{column.name}") for column in table.columns]
    of = {name: resource.fields[name].column.name for name in resource.fields}
    shown = [view.c[of[name]].label(f"v_{name}") for name in asked if of[name] not in resource.key]
    shown += [view.c[f"{of[name]}__{STATE}"].label(f"s_{name}") for name in judged]
    shown += [view.c[f"{of[name]}__{UPDATABLE}"].label(f"u_{name}") for name in asked]
    found = sa.select(*columns, permit.before(table).is_(sa.true()).label("permitted"), *shown)
    joined = keys.join(table, same_row(resource, table, keys)).join(view, same_row(resource, view, table))
    there = found.select_from(joined).where(*existing(resource, table.c))
    ordered = there.order_by(*(table.c[name] for name in resource.key))
    return statement(ordered.with_for_update(key_share=True, of=table))


@lru_cache(maxsize=REMEMBERED)
def gone(access: Access, resource: Resource, action: Action = Action.DELETE) -> Statement:
    """Locks deleted rows: each whole, and whether the caller might have deleted it, or done something else with it."""
    table, keys, permit = resource.table, key_rows(resource), access.permits(action, resource, ())
    columns = [table.c[column.name].label(f"t_{column.name}") for column in table.columns]
    found = sa.select(*columns, permit.deleted(table).is_(sa.true()).label("permitted"))
    joined = found.select_from(keys.join(table, same_row(resource, table, keys))).where(table.c[DELETED].is_not(None))
    ordered = joined.order_by(*(table.c[name] for name in resource.key))
    return statement(ordered.with_for_update(key_share=True, of=table))


@lru_cache(maxsize=REMEMBERED)
def after(access: Access, resource: Resource, action: Action, fields: frozenset[str]) -> Statement:
    """Of given keys those whose rows, as they are now, may be left so."""
    table, keys, permit = resource.table, key_rows(resource), access.permits(action, resource, fields)
    found = sa.select(*(table.c[name] for name in resource.key))
    joined = found.select_from(keys.join(table, same_row(resource, table, keys)))
    return statement(joined.where(permit.after(table).is_(sa.true())))


@lru_cache(maxsize=REMEMBERED)
def unstored(access: Access, resource: Resource, action: Action, fields: frozenset[str]) -> Statement:
    """Of given rows, which stand in no table, those that may be left so: put before the policy in the table's place."""
    table, permit = resource.table, access.permits(action, resource, fields)
    own = table.alias("own")
    given = bound(ROWS, JSONB())
    made = statement(sa.select(own.c.id).where(permit.after(own).is_(sa.true()), given.is_not(None)))
    rows = f"FROM jsonb_populate_recordset(NULL::{table.name}, ${made.operands.index(ROWS) + 1}::jsonb) AS own"
    [before, after] = made.sql.split(f"FROM {table.name} AS own")
    return Statement(f"{before}{rows}{after}", made.operands)


@lru_cache(maxsize=REMEMBERED)
def insert(resource: Resource, columns: Columns) -> Statement:
    """Makes rows with these columns, and gives them as they then are."""
    table, rows = resource.table, _recordset(resource, columns)
    made = sa.insert(table).from_select(list(columns), sa.select(*(rows.c[name] for name in columns)), False)
    return statement(made.returning(*table.columns))


@lru_cache(maxsize=REMEMBERED)
def update(resource: Resource, columns: Columns) -> Statement:
    """Changes these columns of rows, and gives the rows as they then are."""
    table, rows = resource.table, _recordset(resource, (*resource.key, *columns))
    changed: dict[str, Any] = {name: rows.c[name] for name in columns}
    changed |= {"version": table.c.version + 1, "updated_at": sa.func.now()}
    return statement(sa.update(table).values(changed).where(same_row(resource, table, rows)).returning(*table.columns))


def values_of(resource: Resource, keys: Sequence[Sequence[Any]]) -> dict[Given, list[Any]]:
    """The keys of rows, as statements take them."""
    return {each: [key[i] for key in keys] for i, each in enumerate(keys_of(resource))}
