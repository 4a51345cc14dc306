"""What can ever be written under an access, told from the access alone."""

from __future__ import annotations

from collections.abc import Iterator

from graphql_schema.entities import Entity
from graphql_schema.mutations.declaring import Mutation
from graphql_schema.mutations.inputs import held_by
from graphql_schema.mutations.processes import BEGINNINGS, STEPS
from graphql_schema.schema import MUTATIONS, SCHEMA
from graphql_schema.types import GRAPH
from policies.access import Access
from policies.catalogue import DataClass
from policies.document import Action
from tests.graphql_schema.tailoring.shown import elements, shows


def mutations(access: Access) -> dict[str, set[str]]:
    """Mutation, and inputs and payloads: what can ever be done, and of each what can ever be set and shown."""
    found: dict[str, set[str]] = {}
    whole = SCHEMA._schema.type_map
    others = CLIENTS | TESTING | UNMASKING
    done = {name for name, each in MUTATIONS.items() if name not in others and any(_does(access, name, each))}
    done |= TESTING if _reads_policies(access) else set()
    done |= UNMASKING if any(access.permits(Action.UNMASK, of.resource, ()).possible for of in GRAPH) else set()
    given = ("user", "role", "department", "region")
    done |= CLIENTS if access.permits(Action.CREATE, GRAPH["RoleAssignment"].resource, given).possible else set()
    for name in done & others:
        title = name[:1].upper() + name[1:]
        found |= {each: elements(whole[each]) for each in (f"{title}Input", f"{title}Payload")}
    for name in done - others:
        title, of = name[:1].upper() + name[1:], MUTATIONS[name].shown[0].entity
        fields = elements(whole[f"{title}Input"])
        verb = Action.CREATE if name.endswith("Create") else Action.UPDATE
        if name.endswith("BulkUpsert"):
            found |= _bulk(access, title, of)
            continue
        held = {each: [field.name for field in held_by(of, of.members[each])] for each in fields & set(of.members)}
        unset = (
            {each for each, names in held.items() if not _sets(access, verb, of, each, names)}
            if name.endswith(("Create", "Update"))
            else set()
        )
        found[f"{title}Input"] = fields - unset
        hidden = {
            each.name for each in MUTATIONS[name].shown if not (each.gone or access.on(each.entity.resource).visible)
        }
        found[f"{title}Payload"] = elements(whole[f"{title}Payload"]) - hidden
    return found | ({"Mutation": done} if done else {})


def _bulk(access: Access, title: str, of: Entity) -> dict[str, set[str]]:
    """A bulk upsert: of each record what can be set when it is made or changed."""
    seen = {of.single} if access.on(of.resource).visible else set()
    fields = elements(SCHEMA._schema.type_map[f"{title}Input"])
    found = {"results", "changeCursor", "userErrors"}
    ordered = {"matchBy"} if _orders(access, of) else set()
    whole = elements(SCHEMA._schema.type_map[f"{of.name}UpsertInput"])
    held = {each: [field.name for field in held_by(of, of.members[each])] for each in whole & set(of.members)}
    ways = {
        each: [_sets(access, way, of, each, names) for way in (Action.CREATE, Action.UPDATE)]
        for each, names in held.items()
    }
    item = {f"{of.name}UpsertInput": whole - {each for each, open_ in ways.items() if not any(open_) and each != "id"}}
    result = item | {f"{of.name}UpsertResult": {"created", "userErrors"} | seen}
    return {f"{title}Input": fields - {"matchBy"} | ordered, f"{title}Payload": found, **result}


def _orders(access: Access, of: Entity) -> bool:
    return access.on(of.resource).visible and any(shows(access, of, of.members[name]) for name in of.sortable)


CLIENTS = {f"client{verb}" for verb in ("Create", "Update", "Rotate", "Disable")}
TESTING = {"policyTestRun"}
UNMASKING = {"unmask", "unmaskEnd"}
BEGUN = {each.name for each in BEGINNINGS}
PREVIEW = "segmentPreview"
SETS = {(step.called or GRAPH[step.entity].single) + step.verb: step.sets for step in STEPS}
"""By step of a process, what it sets."""


def _does(access: Access, name: str, mutation: Mutation) -> Iterator[bool]:
    """Whether there is a way in which it is permitted."""
    of = mutation.shown[0].entity
    if name in ("policyDraftCreate", "policyRollback"):
        makes = access.permits(Action.CREATE, of.resource, ["document", "status"]).possible
        activates = name != "policyRollback" or _permits(access, Action.UPDATE, of, "status")
        yield _reads_policies(access) and makes and activates
    elif name.endswith(("Delete", "Restore")):
        yield access.permits(Action.DELETE, of.resource, ()).possible
    elif name.endswith(("Create", "BulkUpsert")) or name in BEGUN:
        yield access.permits(Action.CREATE, of.resource, ()).possible
        if name.endswith("BulkUpsert"):
            yield from (_permits(access, Action.UPDATE, of, field) for field in of.resource.fields)
    elif name in ("customerMerge", "customerUnmerge"):
        yield access.permits(Action.MERGE, of.resource, ()).possible
    elif name == PREVIEW:
        yield from (_permits(access, action, GRAPH["Segment"], "rule") for action in (Action.CREATE, Action.UPDATE))
    elif SETS.get(name):
        yield access.permits(Action.UPDATE, of.resource, SETS[name]).possible
    else:
        yield from (_permits(access, Action.UPDATE, of, field) for field in of.resource.fields)


def _reads_policies(access: Access) -> bool:
    return access.on(GRAPH["PolicyVersion"].resource).readable.issuperset(("number", "status", "document"))


DEFINED = {"entity", "key", "dataType", "isCustom", "required", "requiredWhen", "pattern", "min", "max", "options"}
"""What one has to read of definitions to set custom fields."""


def _sets(access: Access, action: Action, of: Entity, name: str, fields: list[str]) -> bool:
    """Whether a member can ever be set: custom fields, where those of some class can."""
    if name != "customFields":
        return all(_permits(access, action, of, field) for field in fields)
    definitions = access.on(GRAPH["FieldDefinition"].resource)
    holders = [f"custom{each.value.title()}" for each in DataClass]
    known = definitions.visible and definitions.readable.issuperset(DEFINED)
    return known and any(_permits(access, action, of, each) for each in holders)


def _permits(access: Access, action: Action, of: Entity, field: str) -> bool:
    return access.permits(action, of.resource, [field]).possible
