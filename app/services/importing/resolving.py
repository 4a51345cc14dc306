"""SQL that finds the rows which references mean, and says what is wrong where there is none.

Staged rows go by the alias `s`; what a reference finds goes by an alias of its own.
"""

from __future__ import annotations

from typing import Literal

from app.services.importing.rules import External, Target
from app.services.importing.tables import TABLES, owned


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def refers(alias: str, system: str, type_: str, table: str) -> str:
    """Whether an external id is one of a rule's rows."""
    return (
        f"{alias}.source_system = {literal(system)} AND {alias}.external_type = {literal(type_)}"
        f" AND {alias}.entity = {literal(table)}"
    )


def join(target: Target) -> str:
    """SQL that looks for the row a reference means, deleted ones left out, under the reference's own alias."""
    alias, key, place = alias_of(target), f's."{target.slot}"', target.place
    if isinstance(place, External):
        same = "AND gone.customer_id = e.customer_id" if owned(TABLES[place.table]) else ""
        return f"""
            LEFT JOIN (SELECT e.external_id, e.entity_id, e.customer_id FROM external_refs e
                       LEFT JOIN {place.table} gone
                              ON gone.id = e.entity_id {same} AND gone.deleted_at IS NOT NULL
                       WHERE gone.id IS NULL AND {refers("e", place.system, place.type, place.table)}
            ) {alias} ON {alias}.external_id = {key}"""
    customer = "customer_id" if owned(TABLES[place.table]) else "NULL::uuid AS customer_id"
    return f"""
        LEFT JOIN (SELECT id AS entity_id, {customer}, "{place.column}" AS natural_key
                   FROM {place.table} WHERE deleted_at IS NULL) {alias} ON {alias}.natural_key = {key}"""


def alias_of(target: Target) -> str:
    return '"to_' + target.slot + '"'


def found(target: Target, part: Literal["id", "customer"]) -> str:
    """SQL of the row found (`id`) or of the customer it belongs to (`customer`)."""
    column = "entity_id" if part == "id" else "customer_id"
    alias, key = alias_of(target), f's."{target.slot}"'
    empty, unknown = (
        found(other, part) if isinstance(other, Target) else "NULL::uuid" for other in (target.empty, target.unknown)
    )
    return (
        f"CASE WHEN {key} IS NULL THEN {empty} WHEN {alias}.entity_id IS NOT NULL THEN {alias}.{column}"
        f" ELSE {unknown} END"
    )


def fault(target: Target, name: str) -> str:
    """SQL of what is wrong with a reference."""
    alias, key = alias_of(target), f's."{target.slot}"'
    place = target.place
    what = place.type if isinstance(place, External) else f"{place.table} with {place.column}"
    unknown = f"{literal(f'{name}: there is no {what} ')} || quote_literal({key})"
    faults = {"empty": literal(f"{name}: is empty"), "unknown": unknown}
    for option, other in (("empty", target.empty), ("unknown", target.unknown)):
        if isinstance(other, Target):
            faults[option] = fault(other, name)
        elif other == "null":
            faults[option] = "NULL::text"
    return f"CASE WHEN {key} IS NULL THEN {faults['empty']} WHEN {alias}.entity_id IS NULL THEN {faults['unknown']} END"
