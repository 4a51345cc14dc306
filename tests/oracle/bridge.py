"""The one bridge from the product: its catalogue and principals, as plain descriptions."""

from __future__ import annotations

from policies import catalogue as product
from policies import principal as holders
from tests.oracle.description import Field, Model, Relation, Resource
from tests.oracle.principals import Assignment, Party, Principal, Unmask


def described(catalogue: product.Catalogue) -> Model:
    """What a catalogue describes."""
    return {resource.name: _resource(resource) for resource in catalogue}


def _resource(found: product.Resource) -> Resource:
    return Resource(
        found.name,
        found.key,
        {field.name: _field(field) for field in found.fields.values()},
        {each.name: _relation(each) for each in found.relations.values()},
    )


def _field(found: product.Field) -> Field:
    spec = found.spec
    data_class = spec.data_class.value if spec.data_class is not None else None
    name, column, kind = found.name, found.column.name, spec.kind.value
    return Field(name, column, kind, data_class, spec.scalar, spec.companions, spec.vast, found.title)


def _relation(found: product.Relation) -> Relation:
    return Relation(found.name, found.target, found.pairs, found.many, found.field, found.fixed)


def _assignments(found: tuple[holders.Assignment, ...]) -> tuple[Assignment, ...]:
    return tuple(Assignment(each.role, each.departments, each.regions, each.purposes) for each in found)


def principal(found: holders.Principal) -> Principal:
    """Who asks, as loaded, with all ceilings: what holds now, trees expanded."""
    said = found.purpose
    ceilings = tuple(Party(each.id, _assignments(each.assignments), each.reports, said) for each in found.ceilings)
    unmasks = tuple(
        Unmask(each.resource, each.field, (each.row,) if each.customer is None else (each.customer, each.row))
        for each in found.unmasks
    )
    return Principal(found.id, _assignments(found.assignments), found.reports, said, ceilings, unmasks)
