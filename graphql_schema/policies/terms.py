"""`policyTerms`: what rules may speak of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.models.catalogue import CATALOGUE
from app.services.policies.reading import readable
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.entities import Told
from graphql_schema.making import Part, maybe
from graphql_schema.policies.types import Plain
from graphql_schema.scalars import JSON
from policies.catalogue import Field, Resource
from policies.conditions import LISTS, OPERATORS, Quantifier
from policies.document import Action, Meant
from policies.grounds import structural
from policies.masks import MASKS
from policies.parsing import ATTRIBUTES, points_to
from policies.rule_reader import SHOWING, WRITING


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    told = (
        "What rules may speak of: types with their fields and relations, operators, attributes of who asks, masks."
        " Null for those who read no policy."
    )
    return Part("policyTerms", maybe(JSON), told)


async def _tell(asking: Asking, _arguments: Mapping[str, Any]) -> Any:
    return _terms() if readable(asking.rights.access) else None


@cache
def _terms() -> Plain:
    return {
        "types": [_type(each) for each in CATALOGUE],
        "operators": {kind.value: [each.value for each in operators] for kind, operators in OPERATORS.items()},
        "lists": sorted(LISTS),
        "quantifiers": [each.value for each in Quantifier],
        "attributes": [_attribute(name) for name in ATTRIBUTES],
        "actions": [each.value for each in Action],
        "showing": sorted(SHOWING),
        "writing": sorted(WRITING),
        "meant": [each.value for each in Meant],
    }


def _type(resource: Resource) -> Plain:
    """A type: `key` are the fields that are plain on each row seen."""
    return {
        "name": resource.name,
        "key": sorted(structural(resource)),
        "fields": [_field(each) for each in resource.fields.values()],
        "relations": [
            {"name": each.name, "to": each.target, "many": each.many} for each in resource.relations.values()
        ],
    }


def _field(field: Field) -> Plain:
    spec = field.spec
    return {
        "name": field.name,
        "doc": field.doc,
        "class": spec.data_class,
        "kind": spec.kind.value,
        "values": list(spec.enum.__members__) if spec.enum is not None else [],
        "keysOf": _named(points_to(field)),
        "settable": spec.settable,
        "masks": [mask.name for mask in MASKS.values() if mask.fits(spec)],
    }


def _attribute(name: str) -> Plain:
    """An attribute: of which kind its values are, whether it is a list, and the keys of which type they are."""
    known = ATTRIBUTES[name]
    return {
        "name": name,
        "kind": known.kind.value,
        "many": known.many,
        "keysOf": _named(known.table),
        "listed": known.of_list is not None,
    }


def _named(table: str | None) -> str | None:
    """The type that a table holds."""
    return next((each.name for each in CATALOGUE if each.table.name == table), None)


TERMS = Told("policyTerms", _part, _tell, lambda _graph, access: readable(access), cost=20)
