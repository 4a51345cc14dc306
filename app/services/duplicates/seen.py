"""A caller's view of what is compared of customers: each value where it is plain, else NULL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from policies.access import Access
from policies.catalogue import Field, Resource
from policies.predicates import Row, companion, literal
from policies.states import STATE, State

Column: TypeAlias = sa.ColumnElement[Any]

OWN = ("displayName", "legalName", "givenName", "familyName", "birthDate", "taxId", "email", "phone", "kind")
READ: Mapping[str, Sequence[str]] = {
    "Customer": OWN,
    "Contact": ("email", "phone"),
    "ContactPoint": ("kind", "valueNormalized"),
    "Address": ("line1", "city", "postalCode", "country"),
}
"""What is read of each view, as far as it is plain."""


class Seen:
    """The view of a resource under a name of its own in the statement."""

    def __init__(self, access: Access, on: Resource, name: str) -> None:
        self.on = on
        self._states = {each: access.on(on).state(each) for each in READ[on.name]}
        plain = [each for each, state in self._states.items() if state in (State.PLAIN, None)]
        sometimes = [each for each in plain if self._states[each] is None]
        self.rows = access.view(on, plain, sometimes).subquery(name)
        self.row: Row = self.rows.c

    def field(self, name: str) -> Field | None:
        """A field that is plain on some row; None where it is on none."""
        return self.on.fields[name] if self._states[name] in (State.PLAIN, None) else None

    def value(self, name: str) -> Column:
        """A field's value where it is plain, else NULL."""
        column = self.on.fields[name].column
        if self.field(name) is None:
            return sa.cast(sa.null(), column.type)
        value = self.row[column.name]
        return value if self._states[name] is State.PLAIN else sa.case((self.is_plain(name), value))

    def is_plain(self, name: str) -> Column:
        """Whether a field that is plain on some row is on this."""
        if self._states[name] is State.PLAIN:
            return sa.true()
        state: Column = self.row[companion(self.on.fields[name].column.name, STATE)]
        return state == literal(State.PLAIN.value)
