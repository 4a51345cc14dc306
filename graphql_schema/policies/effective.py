"""`effectiveAccess`: what somebody may see and do, of every type, whatever the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from app.models.catalogue import CATALOGUE
from app.services.auditing import Kind
from app.services.policies.explaining import knows_operands, names_of
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.entities import Told
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.policies import looking
from graphql_schema.policies.looking import Looked
from graphql_schema.policies.types import FIELD, RULE, Plain, upper
from policies.access import access
from policies.explaining.effective import Doing, Effective, Speaks, effective
from policies.principal import Assignment
from policies.rules import Effect
from policies.states import State
from policies.wording import in_words
from policies.words import Words, words_of

ASSIGNMENT = empty("AccessAssignment")
fill_type(
    ASSIGNMENT,
    "A role that a user holds now.",
    [
        Part("role", str, "Its code."),
        Part("regions", maybe(listed(str)), "The regions it is held for, with those below; null where not in view."),
        Part("departments", maybe(listed(str)), "The departments, with those below; null where not in view."),
        Part("purposes", listed(str), "The purposes that a request may declare."),
    ],
)
ACTION = empty("AccessAction")
fill_type(
    ACTION,
    "An action that may be done with some row.",
    [
        Part("action", str, "Its name in the policy."),
        Part("always", bool, "Whether it may be done with every row seen."),
        Part("fields", listed(str), "The fields that it may set."),
        Part("rules", listed(RULE), "The rules that speak of it."),
    ],
)
RESOURCE = empty("AccessResource")
fill_type(
    RESOURCE,
    "What may be seen and done of a type.",
    [
        Part("type", str, "Its name."),
        Part("everyRow", bool, "Whether every row is seen that was not deleted."),
        Part("fields", listed(FIELD), "How its fields are seen; none where no row ever is."),
        Part("rules", listed(RULE), "The rules of reading that speak."),
        Part("actions", listed(ACTION), "What else may be done."),
    ],
)
EFFECTIVE = empty("EffectiveAccess")
fill_type(
    EFFECTIVE,
    "What a user may see and do now, whatever the rows.",
    [
        Part("assignments", listed(ASSIGNMENT), "The roles that it comes from."),
        Part("tailored", bool, "Whether the schema holds only what can ever be seen or done."),
        Part("minGroup", int, "Groups of fewer rows are not shown in aggregates."),
        Part("resources", listed(RESOURCE), "The types of which anything may be seen or done."),
    ],
)


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    told = "What a user may see and do now, of every type, and by which rules."
    return Part("effectiveAccess", maybe(EFFECTIVE), told, (looking.AS, looking.VERSION))


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    found = await looking.find(asking, arguments)
    assignments = await looking.proved(asking, found, _assignments(asking, found))
    await looking.note(asking, Kind.EXPLAINED, found, "")
    rights = access(found.policy, found.person.principal.shape)
    return {
        "assignments": assignments,
        "tailored": rights.tailored,
        "minGroup": rights.min_group,
        "resources": [_resource(each, words_of(asking.language)) for each in effective(rights)],
    }


async def _assignments(asking: Asking, found: Looked) -> list[Plain]:
    """The roles held, with the places that they are held for as far as the asker may know them."""
    held, rights = found.person.principal.assignments, asking.rights
    policy = rights.access.policy
    if not knows_operands(policy, found.person.principal, rights.principal):
        return [_assignment(each, {}, {}, known=False) for each in held]

    async def named(of: str, keys: Iterable[UUID]) -> Mapping[UUID, str]:
        return await names_of(asking.read, policy, rights.principal, CATALOGUE[of], list(dict.fromkeys(keys)))

    regions = await named("Region", (key for each in held for key in each.regions))
    departments = await named("Department", (key for each in held for key in each.departments))
    return [_assignment(each, regions, departments, known=True) for each in held]


def _assignment(
    held: Assignment, regions: Mapping[UUID, str], departments: Mapping[UUID, str], *, known: bool
) -> Plain:
    return {
        "role": held.role,
        "regions": [regions[key] for key in held.regions if key in regions] if known else None,
        "departments": [departments[key] for key in held.departments if key in departments] if known else None,
        "purposes": list(held.purposes),
    }


def _resource(found: Effective, words: Words) -> Plain:
    return {
        "type": found.resource.name,
        "everyRow": found.every_row,
        "fields": [{"field": name, "state": upper(state)} for name, state in found.states.items()],
        "rules": [_rule(each, words) for each in found.rules],
        "actions": [_action(each, words) for each in found.actions],
    }


def _action(found: Doing, words: Words) -> Plain:
    return {
        "action": found.action.value,
        "always": found.settled is True,
        "fields": list(found.fields),
        "rules": [_rule(each, words) for each in found.rules],
    }


def _rule(found: Speaks, words: Words) -> Plain:
    rule = found.rule
    return {
        "effect": rule.effect.value,
        "gives": "; ".join(_gives(found)),
        "role": found.role,
        "ceiling": found.party,
        "when": in_words(rule.when, words),
        "file": rule.origin.file,
        "line": rule.origin.line,
        "holds": None,
        "conditions": [],
    }


def _gives(found: Speaks) -> Iterator[str]:
    """What a rule does with which fields: `plain: name, tier`."""
    rule = found.rule
    if rule.row or not (rule.plain or rule.masked):
        yield "deny" if rule.effect is Effect.DENY else "row"
        return
    if rule.plain:
        verb = State.PLAIN.value if rule.effect is Effect.ALLOW else "deny"
        yield f"{verb}: {', '.join(sorted(rule.plain))}"
    masks = dict.fromkeys(mask for _, mask in rule.masked)
    yield from (f"{mask}: {', '.join(sorted(name for name, by in rule.masked if by == mask))}" for mask in masks)


EFFECTIVELY = Told("effectiveAccess", _part, _tell, looking.shown, cost=100)
