"""The check of one customer, before or after it is made: whom it may be the same as, among those its maker may see.

*What is told is a function of the caller's views.* Rows come from `access.view`; a field is looked for, compared and told
of on those rows alone on which it is plain for the caller: one that is masked or withheld is no evidence, neither for nor
against, and leads to nothing. Tokens of the search index say where to look, as they do for a search; whether a row
is found, its view says.

To be run in the unit of work that makes the customer, where the caller's rights stay as they are.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast
from uuid import UUID

from app.services.duplicates.asking import asked_of, statement_of
from app.services.duplicates.details import Details
from app.services.duplicates.profiles import profile
from app.services.duplicates.reading import details as details_of
from app.services.duplicates.scoring import THRESHOLD, Score, score
from policies.access import Access
from policies.conditions import Operand
from policies.principal import Principal

Fetch: TypeAlias = Callable[..., Awaitable[Sequence[Mapping[str, Any]]]]
"""Runs one statement with its values, and gives its rows: `fetch` of an asyncpg connection."""

MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer in view that the new one may be, how sure that is and on what it rests."""

    id: UUID
    score: Score


async def similar(
    fetch: Fetch, access: Access, principal: Principal, new: Details, threshold: int = THRESHOLD
) -> list[Candidate]:
    """The customers in a principal's view whose score with a new one reaches a threshold: the ten surest, surest first.

    `new` holds what the caller has given; with an `id`, that customer is not told of.
    """
    values = ChainMap(asked_of(new), cast(dict[Operand, Any], principal.values))
    asked = statement_of(access.policy, access.shape)
    mine = profile(new)
    found = []
    for row in await fetch(asked.sql, *asked.values(values)):
        theirs = score(mine, profile(details_of(row, new.kind)))
        if theirs.value >= threshold:
            found.append(Candidate(row["id"], theirs))
    return sorted(found, key=lambda each: (-each.score.value, -each.score.bits, each.id))[:MOST_TOLD]
