"""What is written that rights rest on, for the audit trail: who was given what, and whose rights changed.

Of users it is told which fields changed, not what they held; of assignments what they give, which is told to whoever
administers roles anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services import auditing
from app.services.auditing import By, Kind
from app.services.records.drafts import Draft
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork
from graphql_schema import ids
from graphql_schema.entities import Graph
from policies.standing import DELETED

PREFIXES: Mapping[str, str] = {"RoleAssignment": "ASSIGNMENT", "Role": "ROLE", "User": "USER"}
GIVING = ("user_id", "role_id", "department_id", "region_id")
RESTING = frozenset({"status", "email", "manager_id", "department_id", "region_id", "deleted_at"})
"""What of a user rights rest on, besides roles."""
KEPT = frozenset({"version", "updated_at", "updated_by"})
Event: TypeAlias = tuple[Kind, str, Mapping[str, Any]]
"""Kind, subject and details."""


async def note(unit: UnitOfWork, graph: Graph, outcome: Outcome) -> None:
    """Has what was written noted, each record by itself."""
    for event in _events(graph, (draft for drafts in outcome.values() for draft in drafts)):
        await auditing.note(unit, *event)


async def record(connection: AsyncConnection, graph: Graph, drafts: Iterable[Draft], by: By, **more: str) -> None:
    """Notes what the house itself wrote, in the open transaction, which should end soon."""
    for kind, subject, details in _events(graph, drafts):
        await auditing.record(connection, kind, subject, by, {**details, **more})


def _events(graph: Graph, drafts: Iterable[Draft]) -> Iterable[Event]:
    for draft in drafts:
        if draft.resource.name in PREFIXES and draft.row.keys() > {"id"} and not draft.errors and _matters(draft):
            yield _event(graph, draft)


def _matters(draft: Draft) -> bool:
    """Whether rights rest on what was written."""
    if draft.old is None:
        return True
    changed = _changed(draft).keys()
    return bool(changed & RESTING if draft.resource.name == "User" else changed)


def _event(graph: Graph, draft: Draft) -> Event:
    changed, name = _changed(draft), draft.resource.name
    is_given = name == "RoleAssignment"
    about = _id(graph, "User", draft.row["user_id"]) if is_given else _id(graph, name, draft.row["id"])
    told: dict[str, Any] = {} if draft.old is None else {"changed": [field for field in changed.values() if field]}
    if name == "Role":
        told["code"] = draft.row["code"]
    elif is_given:
        told |= _given(graph, draft)
    return Kind(f"{PREFIXES[name]}_{_verb(draft)}"), about, told


def _verb(draft: Draft) -> str:
    if draft.row.get(DELETED):
        return "DELETED"
    return "CREATED" if draft.old is None or draft.old[DELETED] else "CHANGED"


def _changed(draft: Draft) -> Mapping[str, str | None]:
    """By column that is other than it was, the field that it holds."""
    old = draft.old or {}
    names = sorted(old.keys() - KEPT)
    return {name: draft.resource.of_column(name) for name in names if draft.row[name] != old[name]}


def _given(graph: Graph, draft: Draft) -> Mapping[str, Any]:
    """What an assignment gives."""
    resource, row = draft.resource, draft.row
    relations = [resource.relations[str(resource.of_column(column))] for column in GIVING]
    keys = {each.name: (each.target, row.get(each.pairs[0][0])) for each in relations}
    told = {name: _id(graph, target, key) for name, (target, key) in keys.items() if key is not None}
    times = {"validFrom": row.get("valid_from"), "validTo": row.get("valid_to")}
    return {"assignment": _id(graph, resource.name, row["id"]), **told, **times}


def _id(graph: Graph, name: str, key: Any) -> str:
    return ids.encode(ids.NodeId(graph[name].tag, None, key))
