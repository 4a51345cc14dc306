"""`whoCanSee`: the users who see a row, or a field of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry

from app.identity.authority import Rights
from app.identity.bearer import Bearer
from app.services.auditing import Kind
from app.services.policies.explaining import names_of
from app.services.policies.looking import USER, all_lookable
from app.services.policies.seeing import Seeing, Sight
from graphql_schema import ids
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.operands import BadInput
from graphql_schema.entities import Told
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.policies import looking
from graphql_schema.policies.explaining import FIELD_OF, ID, key, row_of
from graphql_schema.policies.types import STATE, Plain, upper
from policies.crowd import Crowd

MOST = 100
"""Users who are looked through at once."""

SEES = empty("AccessViewer")
fill_type(
    SEES,
    "A user who sees it.",
    [
        Part("id", strawberry.ID, "The user's id."),
        Part("name", maybe(str), "The user's name, where it is in view."),
        Part("state", STATE, "How it is seen."),
        Part("roles", listed(str), "Codes of the roles by which it is."),
    ],
)
SEEN = empty("AccessViewers")
fill_type(
    SEEN,
    "Users who see a row, or a field of it: of those as whom the caller may look.",
    [
        Part("nodes", listed(SEES), "Those of this page, by id."),
        Part("endCursor", maybe(str), "Behind which the next page begins; null where this is the last."),
    ],
)
FIRST = Part("first", maybe(int), f"How many users to look through, 1 to {MOST}: those who see nothing are left out.")
AFTER = Part("after", maybe(str), "The `endCursor` of the page before.")


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    told = "Who sees a row, or a field of it, now; null where the row is not in the caller's view."
    return Part("whoCanSee", maybe(SEEN), told, (ID, FIELD_OF, FIRST, AFTER))


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    row, first = row_of(arguments), arguments.get("first")
    if first is not None and not 1 <= first <= MOST:
        raise BadInput(f"between 1 and {MOST}", ("", "first"))
    after = arguments.get("after")
    behind = None if after is None else looking.key_of(after, "after")
    policy = await looking.policy_of(asking, None)
    if row is None:
        return None
    (entity, node), most, rights = row, first or MOST, asking.rights
    users = await all_lookable(asking.read, rights.access, rights.principal, behind, most + 1)
    people = [found for user in users[:most] if (found := await asking.authority.rights(Bearer(user))) is not None]
    sight = Sight(policy, entity.resource, key(node), arguments.get("field"))
    crowd = Crowd(rights.principal, tuple(each.principal for each in people))
    seeing = await looking.proved_of_all(asking, people, sight.of(asking.read, crowd))
    await looking.note_of(asking, Kind.EXPLAINED, rights.principal.id, policy, arguments["id"])
    if seeing is None:
        return None
    more = ids.encode(ids.NodeId(looking.USER_TAG, None, users[most - 1])) if len(users) > most else None
    return {"nodes": await _nodes(asking, rights, seeing), "endCursor": more}


async def _nodes(asking: Asking, rights: Rights, seeing: list[Seeing]) -> list[Plain]:
    keys = [each.user for each in seeing]
    names = await names_of(asking.read, rights.access.policy, rights.principal, USER, keys)
    return [
        {
            "id": ids.encode(ids.NodeId(looking.USER_TAG, None, each.user)),
            "name": names.get(each.user),
            "state": upper(each.state.value),
            "roles": list(each.roles),
        }
        for each in seeing
    ]


SEEING = Told("whoCanSee", _part, _tell, looking.shown, cost=50, size=MOST, most=MOST)
