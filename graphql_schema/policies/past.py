"""`accessAt`: the users who saw a row, or a field of it, at a moment in the past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services.auditing import Kind
from app.services.policies.past import PastSight, people_at, version_at
from app.services.policies.seeing import Sight
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.converting import past
from graphql_schema.entities import Told
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe
from graphql_schema.policies import looking
from graphql_schema.policies.explaining import FIELD_OF, ID, key, row_of
from graphql_schema.policies.seeing import AFTER, FIRST, MOST, SEES, Page, nodes, page, page_asked
from graphql_schema.scalars import DateTime
from policies.crowd import Crowd
from policies.past import at_moment

ARGUMENT = "at"
THEN = empty("AccessThen")
fill_type(
    THEN,
    "Users who saw a row, or a field of it, at a moment: of those as whom the caller may look now.",
    [
        Part("at", DateTime, "The moment. What was changed just then counts."),
        Part("version", maybe(int), "Number of the policy in force then; null before the first."),
        Part("gaps", listed(str), "Types of which it is not known how they were; where there is any, nobody is told."),
        Part("nodes", listed(SEES), "Those of this page, by id."),
        Part("endCursor", maybe(str), "Behind which the next page begins; null where this is the last."),
    ],
)
AT = Part(ARGUMENT, DateTime, "The moment; none that is to come.", default=REQUIRED)


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    told = "Who saw a row, or a field of it, at a moment; null where the row is not in the caller's view now."
    return Part("accessAt", maybe(THEN), told, (ID, FIELD_OF, AT, FIRST, AFTER))


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    row, asked, at = row_of(arguments), page_asked(arguments), past(arguments[ARGUMENT], ("", ARGUMENT))
    now = await looking.policy_of(asking, None)
    number = await version_at(asking.read, at)
    policy = None if number is None else await looking.policy_of(asking, number, ARGUMENT)
    if row is None:
        return None
    entity, node = row
    found = await page(asking, *asked)
    sight = entity.resource, key(node), arguments.get("field")
    is_seen = await Sight(now, *sight).of(asking.read, Crowd(asking.rights.principal, ())) is not None
    then = await _then(asking, PastSight(at_moment(policy), *sight, at, now), found) if is_seen and policy else NOBODY
    about = f"{arguments['id']} {at.isoformat()}"
    await looking.note_of(asking, Kind.EXPLAINED, asking.rights.principal.id, policy, about)
    return {"at": at, "version": number, **then, "endCursor": found.end} if is_seen else None


NOBODY: Mapping[str, Any] = {"gaps": [], "nodes": []}
"""What is told where no policy was in force."""


async def _then(asking: Asking, sight: PastSight, found: Page) -> Mapping[str, Any]:
    people = await people_at(asking.read, found.users, sight.at)
    if people.gaps:
        return {"gaps": people.gaps, "nodes": []}
    seeing, gaps = await sight.then(asking.read, Crowd(asking.rights.principal, people.found))
    return {"gaps": gaps, "nodes": await nodes(asking, seeing)}


PAST = Told("accessAt", _part, _tell, looking.shown, cost=100, size=MOST, most=MOST)
