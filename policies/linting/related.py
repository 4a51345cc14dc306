"""What is known of a related row by what is known of a row: through a relation, or by columns that are copies.

A column that holds the very value of a column of the related row says so (`FieldSpec.copies`).
"""

from __future__ import annotations

from dataclasses import replace

from policies.catalogue import Catalogue, Relation, Resource
from policies.conditions import ALWAYS, And, Compare, Condition, Or, Single, conjuncts
from policies.grounds import Ground


def lifted(condition: Condition, on: Resource, relation: Relation, catalogue: Catalogue) -> Condition:
    """What is true of the related row where a condition is true of a row; `ALWAYS` where nothing is known."""
    if isinstance(condition, Single):
        return condition.condition if condition.relation == relation.name else ALWAYS
    if isinstance(condition, Compare):
        name = copied(on, condition.field, relation, catalogue)
        return replace(condition, field=name) if name else ALWAYS
    if isinstance(condition, (And, Or)):
        parts = tuple(lifted(part, on, relation, catalogue) for part in condition.conditions)
        return And(parts) if isinstance(condition, And) else ALWAYS if ALWAYS in parts else Or(parts)
    return ALWAYS


def lifted_ground(ground: Ground, on: Resource, relation: Relation, catalogue: Catalogue) -> Ground:
    """The same of conditions that must all hold."""
    return frozenset().union(*(conjuncts(lifted(part, on, relation, catalogue)) for part in ground))


def copied(on: Resource, field: str, relation: Relation, catalogue: Catalogue) -> str | None:
    """The related row's field whose value a field holds."""
    there, _, column = on.fields[field].spec.copies.partition(".")
    return catalogue[relation.target].of_column(column) if there == relation.name else None
