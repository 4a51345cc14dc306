"""`policyShadow`: what a draft would have changed of reads that were asked of both.

The counts are of what others asked and were shown. So they are for those who may look as anybody; and of a type they are told
where who asks sees every row of it, and reads plain all that its rules compare, in either version. Then each count is of what
who asks could find out by looking as the others; of what is not told, not even whether there is anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeAlias

from app.services.auditing import Kind
from app.services.policies import shadows
from app.services.policies.looking import anybody
from app.services.policies.shadows import Counted, Pair, What
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.entities import Graph, Told
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe
from graphql_schema.policies import looking
from graphql_schema.policies.impact import TURNED as FIELD
from graphql_schema.policies.types import Plain
from graphql_schema.scalars import DateTime
from graphql_schema.shadowing.counting import TURNED
from policies.access import Access
from policies.weighing import known_of_all, touched_by_any

MOST = 500
"""Operations that are told."""

TYPE = empty("PolicyShadowEntity")
fill_type(
    TYPE,
    "What would be otherwise of a type's rows in answers, each row counted in each answer.",
    [
        Part("type", str, "Its name."),
        Part("gained", int, "Rows that would be seen."),
        Part("lost", int, "Rows that would be seen no longer."),
        Part("fields", listed(FIELD), "Fields that would be seen otherwise."),
    ],
)
OPERATION = empty("PolicyShadowOperation")
fill_type(
    OPERATION,
    "An operation of those who hold the same roles.",
    [
        Part("roles", listed(str), "Codes of the roles; none where there were too many different ones."),
        Part(
            "operation", str, "Name of the trusted document, else its fields of Query; empty where there were too many."
        ),
        Part("compared", int, "Requests that were asked of both policies."),
        Part("refused", int, "Of these, those that the draft would refuse."),
        Part("differing", maybe(int), "Those whose answer would be another; null where types are uncountable."),
        Part("types", listed(TYPE), "What would be otherwise of the rows in their answers."),
    ],
)
SHADOW = empty("PolicyShadow")
fill_type(
    SHADOW,
    "What a draft would have changed of reads. Counts are of its documents as they are, against those in force.",
    [
        Part("since", maybe(DateTime), "When it was first counted; null: never."),
        Part("compared", int, "Requests that were asked of both policies."),
        Part("dropped", int, "Requests that were chosen, and for which there was no time."),
        Part("failed", int, "Requests that could not be compared."),
        Part(
            "uncountable",
            listed(str),
            "Types of which nothing is told, as the caller does not see all that the rules compare.",
        ),
        Part("operations", listed(OPERATION), f"What they asked, most often first; {MOST} at most."),
    ],
)
Group: TypeAlias = tuple[str, str]


def shown(graph: Graph, access: Access) -> bool:
    """Whether an access may look as anybody, and read what the policy says."""
    return looking.shown(graph, access) and anybody(access) and access.min_group <= 1


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    version = Part("version", int, "Number of the version.", default=REQUIRED)
    told = "What a version would have changed of reads that were asked of it, too; see `policyShadowStart`."
    return Part("policyShadow", maybe(SHADOW), f"{told} For those who may look as anybody.", (version,))


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    rights = asking.rights
    if not (anybody(rights.access) and rights.access.min_group <= 1):
        looking.missing("version")
    draft = await looking.policy_of(asking, arguments["version"])
    active = rights.access.policy
    told = await shadows.counted(asking.read, Pair(draft.digest, active.digest))
    await looking.note_of(asking, Kind.WEIGHED, rights.principal.id, draft, "shadow")
    touched = {on.name: known_of_all(active, draft, on, rights.access.shape) for on in touched_by_any(active, draft)}
    groups = _groups(told.counts)
    asked = sorted(groups, key=lambda group: (-_sum(groups[group], What.COMPARED), group))[:MOST]
    return {
        "since": told.since,
        "compared": _sum(told.counts, What.COMPARED),
        "dropped": _sum(told.counts, What.DROPPED),
        "failed": _sum(told.counts, What.FAILED),
        "uncountable": sorted(name for name, known in touched.items() if not known),
        "operations": [_operation(group, groups[group], touched) for group in asked],
    }


def _sum(counts: Counter[Counted], what: What) -> int:
    return sum(count for of, count in counts.items() if of.what == what)


def _groups(counts: Counter[Counted]) -> dict[Group, Counter[Counted]]:
    found: dict[Group, Counter[Counted]] = {}
    for of, count in counts.items():
        if of.what not in (What.DROPPED, What.FAILED):
            found.setdefault((of.roles, of.operation), Counter())[of] = count
    return found


def _operation(group: Group, counts: Counter[Counted], touched: Mapping[str, bool]) -> Plain:
    roles, operation = group
    told = sorted({of.entity for of in counts if touched.get(of.entity)})
    return {
        "roles": roles.split(),
        "operation": operation,
        "compared": _sum(counts, What.COMPARED),
        "refused": _sum(counts, What.REFUSED),
        "differing": _sum(counts, What.DIFFERING) if all(touched.values()) else None,
        "types": [_type(name, _only(counts, entity=name)) for name in told],
    }


def _only(counts: Counter[Counted], **of: str) -> Counter[Counted]:
    return Counter(
        {key: n for key, n in counts.items() if all(getattr(key, name) == each for name, each in of.items())}
    )


def _type(name: str, counts: Counter[Counted]) -> Plain:
    fields = sorted({of.field for of in counts} - {""})
    return {
        "type": name,
        "gained": _sum(counts, What.GAINED),
        "lost": _sum(counts, What.LOST),
        "fields": [_field(each, _only(counts, field=each)) for each in fields],
    }


def _field(name: str, counts: Counter[Counted]) -> Plain:
    return {"field": name, **{what.value.lower(): _sum(counts, what) for what in TURNED.values()}}


SHADOWED = Told("policyShadow", _part, _tell, shown, cost=20)
