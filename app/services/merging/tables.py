"""Which tables belong to customers, and how their rows refer to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from app.models.base import Base
from app.models.catalogue import CATALOGUE
from policies.catalogue import Relation, Resource

CUSTOMER = CATALOGUE["Customer"]
_BY_TABLE = {resource.table.name: resource for resource in CATALOGUE if resource.owned}
OWNED: Mapping[str, Resource] = {
    table.name: _BY_TABLE[table.name] for table in Base.metadata.sorted_tables if table.name in _BY_TABLE
}
"""By table, what belongs to customers: what is referred to before what refers to it."""

REKEYED = ("change_events", "external_refs", "unique_keys")
"""Tables of the platform's own that keep the customer of a record beside its key. `search_tokens` follows by itself.

`unmasks` does not follow: what was opened of a record of one customer is not of another's; a way back opens it again.
"""


class Link(NamedTuple):
    """A reference between rows of one customer."""

    column: str
    target: str
    """The table that it leads to."""
    required: bool
    fixed: tuple[tuple[str, str], ...]
    """What else a row must say for the reference to be this one: column and value."""


def _links(resource: Resource) -> Iterator[Link]:
    for relation in resource.relations.values():
        if not relation.many and _is_inner(relation):
            column = relation.pairs[-1][0]
            fixed = tuple((name, value) for _, name, value in relation.fixed)
            required = not resource.table.c[column].nullable
            yield Link(column, CATALOGUE[relation.target].table.name, required, fixed)


def _is_inner(relation: Relation) -> bool:
    return len(relation.pairs) > 1


LINKS: Mapping[str, tuple[Link, ...]] = {name: tuple(_links(resource)) for name, resource in OWNED.items()}
"""By table, its references to rows of the same customer."""


def _pointing(resource: Resource) -> Iterator[str]:
    for relation in resource.relations.values():
        if not relation.many and relation.target == CUSTOMER.name and relation.pairs[0][0] != "customer_id":
            yield relation.pairs[0][0]


POINTING: Mapping[str, str] = {name: column for name, resource in OWNED.items() for column in _pointing(resource)}
"""By table, the column in which its rows name another customer."""
