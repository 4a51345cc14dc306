"""`whoCanSee`: the users who see a row, or a field of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry

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
        Part("rules", listed(str), "Where the rules by which it is are written: `sales_rep.yaml:14`."),
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


@dataclass(frozen=True, slots=True)
class Page:
    """Users that are looked through at once."""

    users: Sequence[UUID]
    end: str | None
    """Behind which the next page begins."""


def page_asked(arguments: Mapping[str, Any]) -> tuple[UUID | None, int]:
    """Behind whom to look, and through how many. Raises BadInput."""
    first = arguments.get("first")
    if first is not None and not 1 <= first <= MOST:
        raise BadInput(f"between 1 and {MOST}", ("", "first"))
    after = arguments.get("after")
    return None if after is None else looking.key_of(after, "after"), first or MOST


async def page(asking: Asking, behind: UUID | None, most: int) -> Page:
    """Users as whom the asker may look."""
    rights = asking.rights
    users = await all_lookable(asking.read, rights.access, rights.principal, behind, most + 1)
    end = ids.encode(ids.NodeId(looking.USER_TAG, None, users[most - 1])) if len(users) > most else None
    return Page(users[:most], end)


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    row, asked = row_of(arguments), page_asked(arguments)
    policy = await looking.policy_of(asking, None)
    if row is None:
        return None
    (entity, node), rights = row, asking.rights
    found = await page(asking, *asked)
    people = [each for user in found.users if (each := await asking.authority.rights(Bearer(user))) is not None]
    sight = Sight(policy, entity.resource, key(node), arguments.get("field"))
    crowd = Crowd(rights.principal, tuple(each.principal for each in people))
    seeing = await looking.proved_of_all(asking, people, sight.of(asking.read, crowd))
    await looking.note_of(asking, Kind.EXPLAINED, rights.principal.id, policy, arguments["id"])
    return None if seeing is None else {"nodes": await nodes(asking, seeing), "endCursor": found.end}


async def nodes(asking: Asking, seeing: Sequence[Seeing]) -> list[Plain]:
    """Those who see it, as they are told; with the names of now."""
    rights, keys = asking.rights, [each.user for each in seeing]
    names = await names_of(asking.read, rights.access.policy, rights.principal, USER, keys)
    return [
        {
            "id": ids.encode(ids.NodeId(looking.USER_TAG, None, each.user)),
            "name": names.get(each.user),
            "state": upper(each.state.value),
            "roles": list(each.roles),
            "rules": [f"{rule.file}:{rule.line}" for rule in each.rules],
        }
        for each in seeing
    ]


SEEING = Told("whoCanSee", _part, _tell, looking.shown, cost=50, size=MOST, most=MOST)
