"""Records deleted and restored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphql_schema.entities import Entity
from policies.document import Action
from tests.graphql_schema.mutations.walk.giving import node, opened
from tests.graphql_schema.mutations.walk.people import Attempt, Someone


@dataclass(frozen=True)
class Turns:
    """What is tried in turn: deletes and restores that are permitted, restores that are not, and the records of these."""

    permitted: list[Attempt]
    denied: list[Attempt]
    gone: list[str]
    """The texts that delete them."""


async def turns(who: Someone, entities: Iterable[Entity]) -> Turns:
    """Of each entity one record of theirs and one that is not."""
    found = Turns([], [], [])
    for entity in entities:
        table = entity.resource.table.name
        permit = who.rights.access.permits(Action.DELETE, entity.resource, ())
        mine, other = await who.rows(entity, [permit])
        if mine is not None:
            for verb in ("Delete", "Restore"):
                found.permitted.append(
                    Attempt(
                        f"{entity.single}{verb}",
                        {"id": node(entity, mine)},
                        permitted=True,
                        leaves=(table, verb.upper()),
                        prepared=opened(entity, mine),
                    )
                )
        if other is not None:
            found.gone.append(f"UPDATE {table} SET deleted_at = {{}} WHERE id = '{other['id']}'")
            found.denied.append(Attempt(f"{entity.single}Restore", {"id": node(entity, other)}, False))
    return found
