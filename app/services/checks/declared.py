"""Checks that follow from what tables declare: no pair of columns is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from app.services.checks.check import Check, Test, check, named
from app.services.errors import Invalid, Required, UserError
from policies.catalogue import Kind, Resource

_different = re.compile(r"(\w+) <> (\w+)").fullmatch
_together = re.compile(r"\((\w+) IS NULL\) = \((\w+) IS NULL\)").fullmatch


def declared(resource: Resource) -> Iterator[Check]:
    """All checks that a table's constraints and amounts ask for, but for those of fields that no caller ever sets."""
    for constraint in sorted(resource.table.constraints, key=lambda each: str(each.name)):
        if isinstance(constraint, sa.CheckConstraint):
            found = _of(resource, constraint)
            yield from (check for check in found if any(resource.fields[name].spec.settable for name in check.fields))
    if "currency" in resource.table.c and resource.table.c.currency.nullable:
        yield from _with_currency(resource)


def _of(resource: Resource, constraint: sa.CheckConstraint) -> Iterator[Check]:
    text = str(constraint.sqltext)
    for earlier, later in pairwise(constraint.info.get("ordered", ())):
        yield in_order(resource, earlier, later)
    if different := _different(text):
        yield _unlike(resource, *different.groups())
    if together := _together(text):
        yield _joint(resource, *together.groups())


def in_order(resource: Resource, earlier: str, later: str) -> Check:
    """A time that is not before another, or a number that is not above another."""
    first, last = named(resource, earlier), named(resource, later)
    timed = resource.fields[first].spec.kind in (Kind.DATE, Kind.TIME)

    def test(low: Any, high: Any) -> Iterator[UserError]:
        if low is None or high is None or low <= high:
            return
        yield Invalid("before", (last,), other=first) if timed else Invalid("exceeds", (first,), other=last)

    return check(resource.name, (earlier, later), test)


def _unlike(resource: Resource, one: str, other: str) -> Check:
    """Two values that differ; a reference that does not lead back to its own row."""
    field = named(resource, one)
    back = other in resource.key

    def test(value: object, than: object) -> Iterator[UserError]:
        if value is not None and value == than:
            yield Invalid("itself", (field,)) if back else Invalid("same", (field,), other=named(resource, other))

    return check(resource.name, (one, other), test)


def _joint(resource: Resource, one: str, other: str) -> Check:
    """Two values of which none is given without the other."""
    pair = named(resource, one), named(resource, other)

    def test(*values: object) -> Iterator[UserError]:
        for (field, value), beside in zip(zip(pair, values, strict=True), reversed(pair), strict=True):
            if value is None and any(each is not None for each in values):
                yield Required("required_with", (field,), other=beside)

    return check(resource.name, (one, other), test)


def _with_currency(resource: Resource) -> Iterator[Check]:
    for field in resource.fields.values():
        if "currency" in field.spec.companions:
            yield check(resource.name, (field.column.name, "currency"), _needing_currency(field.name))


def _needing_currency(name: str) -> Test:
    def test(amount: object, currency: object) -> Iterator[UserError]:
        if amount is not None and currency is None:
            yield Required("without_currency", (name,))

    return test
