"""Updates of every field, and deletes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from app.services.records import rules
from app.services.records.drafts import Draft
from graphql_schema.entities import Entity
from graphql_schema.mutations.inputs import settable
from policies.document import Action
from tests.graphql_schema.mutations.walk.giving import fields_of, given_of, key_of, node, references
from tests.graphql_schema.mutations.walk.people import Attempt, Someone


async def changes(who: Someone, entity: Entity) -> AsyncIterator[Attempt]:
    """Of a row that is theirs and one that is not: all that is denied at once, all that is permitted, and a delete."""
    for row in await who.rows(entity, who.rights.access.ways(Action.UPDATE, entity.resource)):
        if row is None:
            continue
        access, key, id_ = who.rights.access, key_of(entity, row), node(entity, row)
        members = settable(entity, new=False)
        given = {name: given_of(member, row) for name, member in members.items()}
        permits = [access.permits(Action.UPDATE, entity.resource, fields_of(entity, each)) for each in members.values()]
        *judged, deletes = await who.judged(entity, key, [*permits, access.permits(Action.DELETE, entity.resource, ())])
        seen, plain = await who.sees(references(entity, given)), await who.plain(entity, key)
        granted = {name for name, is_granted in zip(members, judged, strict=True) if is_granted}
        hidden = {name for name in granted if references(entity, {name: given[name]}) - seen}
        compared = {name for name in granted if not _comparable(entity, name, fields_of(entity, members[name]), plain)}
        denied = frozenset(members) - granted | hidden
        if denied:
            values = {"id": id_, **{name: given[name] for name in denied}}
            yield Attempt(f"{entity.single}Update", values, permitted=False, named=denied)
        for name in compared:
            yield Attempt(f"{entity.single}Update", {"id": id_, name: given[name]}, permitted=False)
        if left := granted - hidden - compared:
            yield Attempt(f"{entity.single}Update", {"id": id_, **{name: given[name] for name in left}}, permitted=True)
        if not deletes:
            yield Attempt(f"{entity.single}Delete", {"id": id_}, permitted=False)


def _comparable(entity: Entity, name: str, fields: Sequence[str], plain: set[str]) -> bool:
    """Whether a field may be checked against others: these are plain, or the caller sees that it changes nothing."""
    draft = Draft(entity.resource, {}, set=list(fields))
    return plain.issuperset(fields) or plain.issuperset(rules.compared_with(draft, name) if name in fields else ())
