"""`policyImpact`: what a draft would change, over live data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry

from app.identity.bearer import Bearer
from app.services.auditing import Kind
from app.services.policies.explaining import names_of
from app.services.policies.impact import Changed, Group, Impact, grouped
from app.services.policies.looking import USER, all_lookable
from app.services.policies.trusted import MOST, trusted
from graphql_schema import ids
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.operands import BadInput
from graphql_schema.entities import Told
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe
from graphql_schema.policies import looking
from graphql_schema.policies.breaking import DOCUMENT, broken
from graphql_schema.policies.types import Plain

PEOPLE, SAMPLE, MOST_SAMPLE = 500, 20, 100
"""Users who are taken into account; of each group those over whose rows is counted, where nothing is said, and at most."""

TURNED = empty("PolicyImpactField")
fill_type(
    TURNED,
    "A field that would be seen otherwise. A row that is not seen withholds its fields.",
    [
        Part("field", str, "Its name in the policy."),
        Part("plain", int, "Rows on which it would become plain."),
        Part("masked", int, "Rows on which it would become masked."),
        Part("withheld", int, "Rows on which it would become withheld."),
    ],
)
TYPE = empty("PolicyImpactEntity")
fill_type(
    TYPE,
    "What would change of a type, counted for each user and added up. Counted are rows in the caller's view.",
    [
        Part("type", str, "Its name."),
        Part("countable", bool, "Whether the caller reads all that the rules compare; else nothing is counted."),
        Part("gained", maybe(int), "Rows that would be seen."),
        Part("lost", maybe(int), "Rows that would be seen no longer."),
        Part("fields", listed(TURNED), "Fields that would be seen otherwise."),
    ],
)
PERSON = empty("PolicyImpactPerson")
fill_type(
    PERSON,
    "What would change for one user.",
    [
        Part("id", strawberry.ID, "The user's id."),
        Part("name", maybe(str), "The user's name, where it is in view."),
        Part("types", listed(TYPE), "What would change."),
    ],
)
GROUP = empty("PolicyImpactGroup")
fill_type(
    GROUP,
    "Users who hold the same roles.",
    [
        Part("roles", listed(str), "Codes of the roles."),
        Part("users", int, "How many they are."),
        Part("sampled", int, "How many of them are counted for."),
        Part("types", listed(TYPE), "What would change."),
        Part("people", listed(PERSON), "The same for each of those counted for."),
    ],
)
IMPACT = empty("PolicyImpact")
fill_type(
    IMPACT,
    "What a draft of the policy would change, over live data.",
    [
        Part("groups", listed(GROUP), "For whom anything would: of the users as whom the caller may look."),
        Part("documents", listed(DOCUMENT), "Trusted documents that would break: of clients in the caller's view."),
        Part("complete", bool, "Whether every user and document was looked at; there may be too many."),
    ],
)


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    draft = Part("draft", int, "Number of the version.", default=REQUIRED)
    sample = Part("sample", maybe(int), f"Users of each group to count for, 1 to {MOST_SAMPLE}; else {SAMPLE}.")
    return Part("policyImpact", maybe(IMPACT), "What a version would change, were it in force.", (draft, sample))


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    sample, rights = arguments.get("sample"), asking.rights
    if sample is not None and not 1 <= sample <= MOST_SAMPLE:
        raise BadInput(f"between 1 and {MOST_SAMPLE}", ("", "sample"))
    draft = await looking.policy_of(asking, arguments["draft"], "draft")
    users = await all_lookable(asking.read, rights.access, rights.principal, None, PEOPLE)
    people = [found for user in users if (found := await asking.authority.rights(Bearer(user))) is not None]
    groups = list(grouped((each.principal for each in people), sample or SAMPLE))
    impact = Impact(rights.access.policy, draft, rights.principal)
    await looking.proved_of_all(asking, people, impact.weigh(asking.read, groups))
    await looking.note_of(asking, Kind.WEIGHED, rights.principal.id, draft, "")
    asked = await trusted(asking.read, rights.access, rights.principal)
    documents = await broken(asked[:MOST], asking.schemas, asking.documents, rights.access.policy, draft)
    counted = [person for each in groups for person in each.of]
    names = await names_of(asking.read, rights.access.policy, rights.principal, USER, counted)
    return {
        "groups": [_group(each, names) for each in groups if each.types],
        "documents": documents,
        "complete": len(asked) <= MOST and len(users) < PEOPLE,
    }


def _group(group: Group, names: Mapping[UUID, str]) -> Plain:
    return {
        "roles": list(group.roles),
        "users": group.users,
        "sampled": len(group.people),
        "types": [_type(each) for each in group.types.values()],
        "people": [_person(user, names.get(user), types) for user, types in group.of.items()],
    }


def _person(user: UUID, name: str | None, types: Mapping[str, Changed]) -> Plain:
    id_ = ids.encode(ids.NodeId(looking.USER_TAG, None, user))
    return {"id": id_, "name": name, "types": [_type(each) for each in types.values()]}


def _type(found: Changed) -> Plain:
    known = found.countable
    return {
        "type": found.on,
        "countable": known,
        "gained": found.gained if known else None,
        "lost": found.lost if known else None,
        "fields": [_field(each) for each in found.fields.values()] if known else [],
    }


def _field(found: Any) -> Plain:
    return {name: getattr(found, name) for name in ("field", "plain", "masked", "withheld")}


WEIGHING = Told("policyImpact", _part, _tell, looking.shown, cost=1_000)
