"""`auditNames`: what is called what of which audit events tell the key alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import strawberry

from app.models.catalogue import CATALOGUE
from app.services.policies.explaining import names_of
from graphql_schema.asking import Asking
from graphql_schema.auditing.verifying import EVENT
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.operands import BadInput
from graphql_schema.declaring import DECLARED
from graphql_schema.entities import Told
from graphql_schema.ids import NodeId, encode
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe
from policies.access import Access

MOST = 200
_TYPES = ("User", "Role", "Department", "Region")

NAME = empty("AuditName")
fill_type(
    NAME,
    "What something is called that audit events tell of.",
    [
        Part("key", str, "As events have it."),
        Part("id", strawberry.ID, "Its id."),
        Part("type", str, "Its type."),
        Part("name", str, "What it is called."),
    ],
)


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    given = Part("keys", listed(str), f"Keys that events tell: at most {MOST}.", default=REQUIRED)
    told = "What is in the caller's view of that of which audit events tell the key alone: users, roles, departments, regions."
    return Part("auditNames", maybe(listed(NAME)), told, (given,))


def _readable(access: Access) -> bool:
    """Whether any event is ever seen."""
    return access.on(EVENT).visible


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    given = arguments["keys"]
    if len(given) > MOST:
        raise BadInput(f"at most {MOST}", ("auditNames", "keys"))
    keys = list(dict.fromkeys(_keys(given)))
    rights, told = asking.rights, []
    if not _readable(rights.access):
        return None
    for type_ in _TYPES:
        names = await names_of(asking.read, rights.access.policy, rights.principal, CATALOGUE[type_], keys)
        tag = DECLARED[type_].tag
        told += [
            {"key": str(key), "id": encode(NodeId(tag, None, key)), "type": type_, "name": names[key]}
            for key in keys
            if key in names
        ]
    return told


def _keys(given: list[str]) -> Iterator[UUID]:
    for each in given:
        try:
            yield UUID(each)
        except ValueError:
            continue


NAMES = Told("auditNames", _part, _tell, lambda _graph, access: _readable(access), cost=20)
