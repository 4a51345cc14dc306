"""What a caller gave → drafts of records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from app.services.errors import Place
from app.services.records.drafts import Draft, Money, Ref
from graphql_schema.entities import Amount, Entity, Graph, Member, One, Subject
from graphql_schema.ids import NOTHING, decode
from graphql_schema.mutations.inputs import CONTROLS


def draft(
    graph: Graph, entity: Entity, given: Mapping[str, Any], place: Place = (), asked: Collection[str] = ()
) -> Draft:
    """The draft of a record of which these fields are given; those `asked` are none of the record's."""
    values = {
        name: _value(graph, entity.members[name], value)
        for name, value in given.items()
        if name not in CONTROLS and name not in asked
    }
    named = ref(graph, given["id"]) if "id" in given else None
    other = {name: _plain(given[name]) for name in asked if name in given}
    return Draft(entity.resource, values, place, named, other, given.get("expectedVersion"))


def ref(graph: Graph, text: str) -> Ref:
    """The record that an id names."""
    found = decode(text)
    if found is None:
        return Ref(None, None, NOTHING)
    entity = graph.by_tag.get(found.tag)
    return Ref(entity.name if entity else None, found.customer, found.key)


def _value(graph: Graph, member: Member, value: Any) -> object:
    if value is None:
        return None
    if isinstance(member, (One, Subject)):
        return ref(graph, value)
    if isinstance(member, Amount):
        return Money(Decimal(value["amount"]), value.get("currency"))
    return _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value
