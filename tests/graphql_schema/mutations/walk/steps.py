"""Steps of processes, beginnings of processes, and what else is done that is no change of one record."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from app.models.ids import uuid7
from graphql_schema.mutations.processes import BEGINNINGS
from graphql_schema.types import GRAPH
from policies.document import Action
from tests.graphql_schema.mutations.walk.cases import CASES, NAMED, Case, one
from tests.graphql_schema.mutations.walk.giving import fields_of, node
from tests.graphql_schema.mutations.walk.people import Attempt, Someone

CLIENT: Mapping[str, Mapping[str, Any]] = {
    "Create": {"name": "Walker", "scopes": ["graph"], "itself": True, "role": "partner"},
    "Update": {"name": "W"},
    "Rotate": {},
    "Disable": {},
}
"""What is said of a client, in turn."""
POLICIES: Mapping[str, Mapping[str, Any]] = {
    "policyDraftCreate": {},
    "policyRollback": {"version": 1},
    "policyTestRun": {},
}
"""What is said of policies where it is no step of one."""
UNMASKING = ("unmask", "unmaskEnd")
OTHERS = {
    "segmentPreview",
    "customerMerge",
    "customerUnmerge",
    *(f"client{verb}" for verb in CLIENT),
    *POLICIES,
    *UNMASKING,
}
"""Mutations that are neither of an entity nor of a process."""
KNOWN = CASES.keys() | {each.name for each in BEGINNINGS} | OTHERS
BESIDE = {"ticketReply": "TicketMessage", "campaignMembersAdd": "CampaignMember"}
"""By step, what the caller has to be permitted to make, too."""


async def steps(who: Someone) -> AsyncIterator[Attempt]:
    """Each step, with a record of theirs and one that is not."""
    for name, case in CASES.items():
        async for attempt in _step(who, name, case):
            yield attempt


async def _step(who: Someone, name: str, case: Case) -> AsyncIterator[Attempt]:
    step = NAMED[name]
    entity = GRAPH[step.entity]
    fields = [*step.sets, *(each for part in case.takes for each in fields_of(entity, entity.members[part]))]
    ways = [who.rights.access.permits(Action.UPDATE, entity.resource, fields)]
    if not fields:
        ways = list(who.rights.access.ways(Action.UPDATE, entity.resource))
    makes = name not in BESIDE or who.possible(Action.CREATE, GRAPH[BESIDE[name]], ())
    mine, other = await who.rows(entity, ways, more=case.where)
    for row, permitted in ((mine, makes), (other, False)):
        if row is not None:
            table, of = entity.resource.table.name, {"id": row["id"], "me": who.rights.principal.id}
            brought = f"UPDATE {table} SET {case.brought} WHERE id = '{{id}}'"
            yield Attempt(
                name,
                {"id": node(entity, row), **await case.given(who, row)},
                permitted,
                leaves=(case.leaves, "CREATE") if case.leaves else (table, "UPDATE"),
                prepared=[text.format(**of) for text in (brought, *case.also)],
            )


async def others(who: Someone) -> AsyncIterator[Attempt]:
    """Surveys sent, rules tried, fields unmasked, and customers merged."""
    entity = GRAPH["SurveyResponse"]
    permit = who.rights.access.permits(Action.CREATE, entity.resource, ["survey", "customer"])
    mine, other = await who.rows(entity, [permit], "after")
    survey = await one(who, "Survey", "status = 'ACTIVE' AND deleted_at IS NULL")
    for row, permitted in ((mine, True), (other, False)):
        if row is not None:
            given = {"survey": survey, "customer": await one(who, "Customer", f"id = '{row['customer_id']}'")}
            yield Attempt("surveySend", given, permitted, leaves=("survey_responses", "CREATE"))
    actions = (Action.CREATE, Action.UPDATE)
    permitted = any(who.possible(action, GRAPH["Segment"], ["rule"]) for action in actions)
    yield Attempt("segmentPreview", {"rule": {"tier": {"eq": "KEY"}}}, permitted)
    permitted = who.possible(Action.CREATE, GRAPH["RoleAssignment"], ["user", "role", "department", "region"])
    for verb, said in CLIENT.items():
        yield Attempt(f"client{verb}", {"code": "walker", **said}, permitted)
    versions = GRAPH["PolicyVersion"]
    makes = who.possible(Action.CREATE, versions, ["document", "status"])
    reads = "document" in who.rights.access.on(versions.resource).readable
    for name, asked in POLICIES.items():
        yield Attempt(name, asked, reads if name == "policyTestRun" else makes)
    for name in UNMASKING:
        why = {"reason": "She called"} if name == "unmask" else {}
        asked = {"id": await one(who, "Customer", "deleted_at IS NULL"), "field": "email", **why}
        yield Attempt(
            name, asked, who.rights.access.permits(Action.UNMASK, GRAPH["Customer"].resource, ["email"]).possible
        )
    async for attempt in _merges(who):
        yield attempt


async def _merges(who: Someone) -> AsyncIterator[Attempt]:
    """A customer of theirs takes in another that lies where it does, and gives it back; one that is not does neither."""
    customers = GRAPH["Customer"]
    mine, other = await who.rows(customers, [who.rights.access.permits(Action.MERGE, customers.resource, ())])
    if mine is not None:
        lost = {**mine, "id": uuid7()}
        twin = (
            "INSERT INTO customers (id, kind, display_name, owner_id, department_id, region_id, tier, lifecycle_stage)"
            f" SELECT '{lost['id']}', kind, display_name, owner_id, department_id, region_id, tier, lifecycle_stage"
            f" FROM customers WHERE id = '{mine['id']}'"
        )
        free = "UPDATE customers SET legal_hold = false, deleted_at = NULL WHERE id = '{id}'".format(**mine)
        given = {"id": node(customers, mine), "merged": [node(customers, lost)]}
        yield Attempt("customerMerge", given, True, leaves=("customers", "MERGE"), prepared=(free, twin))
        given = {"id": node(customers, lost)}
        yield Attempt("customerUnmerge", given, True, leaves=("customers", "UNMERGE"))
    if other is not None:
        another = await one(who, "Customer", f"id <> '{other['id']}' AND deleted_at IS NULL")
        yield Attempt("customerMerge", {"id": node(customers, other), "merged": [another]}, False)
        yield Attempt("customerUnmerge", {"id": node(customers, other)}, False)
