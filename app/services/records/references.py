"""References in inputs: an id counts only where the record that it names is in the caller's view."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from app.models.catalogue import CATALOGUE
from app.services.errors import Invalid, NotFound
from app.services.records import statements
from app.services.records.drafts import Draft, Key, Ref
from app.services.records.locking import Customers
from app.services.writing import UnitOfWork
from policies.catalogue import Relation, Resource

Found: TypeAlias = Mapping[tuple[str, Key], Mapping[str, Any]]
"""By resource and key, what is needed of a record that is in view."""

CARRIED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("OrderLine", "product"): ("category_path",),
    ("Opportunity", "stage"): (
        "pipeline_code",
        "code",
        "probability_pct",
        "forecast_category",
        "outcome",
        "entry_rules",
    ),
    ("SurveyResponse", "survey"): ("scale_min", "scale_max", "status"),
}
"""Columns of a record referred to that the referring one needs, by resource and field."""


async def resolve(unit: UnitOfWork, drafts: Sequence[Draft], customers: Customers) -> None:
    """Fills in the columns of references. Notes those that lead nowhere in view.

    `customers` are those that are known to be in view: they have been locked.
    """
    wanted: dict[tuple[str, tuple[str, ...]], set[Key]] = defaultdict(set)
    for draft, name, ref in _refs(drafts):
        relation = _relation(draft, name, ref)
        key = _key(CATALOGUE[relation.target], ref) if relation else None
        if relation and key is not None and not _is_locked(relation, key, customers):
            wanted[relation.target, CARRIED.get((draft.resource.name, name), ())].add(key)
    found: dict[tuple[str, Key], Mapping[str, Any]] = {("Customer", (key,)): row for key, row in customers.items()}
    for (target, columns), keys in sorted(wanted.items(), key=lambda pair: pair[0]):
        resource = CATALOGUE[target]
        statement = statements.in_view(unit.access, resource, columns)
        for row in await unit.fetch(statement, statements.values_of(resource, sorted(keys))):
            found[target, tuple(row[name] for name in resource.key)] = row
    for draft, name, ref in _refs(drafts):
        _settle(draft, name, ref, found)


def _is_locked(relation: Relation, key: Key, customers: Customers) -> bool:
    return relation.target == "Customer" and key[0] in customers


def _refs(drafts: Iterable[Draft]) -> Iterator[tuple[Draft, str, Ref]]:
    for draft in drafts:
        for name, value in draft.given.items():
            if isinstance(value, Ref):
                yield draft, name, value


def _relation(draft: Draft, name: str, ref: Ref) -> Relation | None:
    """The edge that a reference follows; None where it cannot lead to a record of that kind."""
    if name in draft.resource.subjects:
        edges = draft.resource.subjects[name].values()
        return next((edge for edge in edges if edge.target == ref.resource), None)
    relation = draft.resource.relations[name]
    return relation if relation.target == ref.resource else None


def _key(resource: Resource, ref: Ref) -> Key | None:
    if resource.owned:
        return None if ref.customer is None else (ref.customer, ref.id)
    return (ref.id,)


def _settle(draft: Draft, name: str, ref: Ref, found: Found) -> None:
    relation = _relation(draft, name, ref)
    key = _key(CATALOGUE[relation.target], ref) if relation else None
    row = found.get((relation.target, key)) if relation and key is not None else None
    if relation is None or row is None:
        draft.note(NotFound("not_found", (name,)))
        return
    draft.row[relation.pairs[-1][0]] = ref.id
    draft.row |= {column: value for _, column, value in relation.fixed}
    draft.carried[name] = row


def check_owners(drafts: Iterable[Draft]) -> None:
    """Notes references to records of another customer."""
    for draft, name, ref in _refs(drafts):
        relation = _relation(draft, name, ref)
        if (
            relation
            and len(relation.pairs) > 1
            and name in draft.carried
            and ref.customer != draft.row.get("customer_id")
        ):
            draft.note(Invalid("of_another_customer", (name,)))
