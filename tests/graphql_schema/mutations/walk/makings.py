"""Creates and bulk upserts: a row like one that is there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from graphql_schema.entities import Entity
from graphql_schema.mutations.inputs import settable
from policies.document import Action
from tests.graphql_schema.mutations.walk.giving import fields_of, like, opened, references
from tests.graphql_schema.mutations.walk.people import Attempt, Someone


async def makings(who: Someone, entity: Entity) -> AsyncIterator[Attempt]:
    """With every field that can be set at all, by anybody; and with those that this role may set."""
    members = settable(entity, new=True)
    held = {name: fields_of(entity, member) for name, member in members.items()}
    possible = {name for name, fields in held.items() if who.possible(Action.CREATE, entity, fields)}
    fields = frozenset(field for name in possible for field in held[name])
    permit = who.rights.access.permits(Action.CREATE, entity.resource, fields)
    mine, other = await who.rows(entity, [permit], "after")
    if (row := mine or other) is None:
        return
    whole, never = await like(who.writer, entity, row), frozenset(members) - possible
    for bulk in (False, True):
        if named := never & whole.keys():
            yield _attempt(entity, whole, permitted=False, bulk=bulk, named=named)
    for row, is_mine in ((mine, True), (other, False)):
        if row is None or not possible:
            continue
        for bulk in (False, True):
            whole = await like(who.writer, entity, row)
            given = {name: value for name, value in whole.items() if name in possible}
            seen = await who.sees(references(entity, given))
            permitted = is_mine and references(entity, given) <= seen
            leaves = (entity.resource.table.name, "CREATE")
            yield _attempt(entity, given, permitted=permitted, bulk=bulk, leaves=leaves, prepared=opened(entity, row))


def _attempt(entity: Entity, given: Mapping[str, Any], *, bulk: bool, **more: Any) -> Attempt:
    if bulk:
        return Attempt(f"{entity.single}BulkUpsert", {"inputs": [given]}, **more)
    return Attempt(f"{entity.single}Create", given, **more)
