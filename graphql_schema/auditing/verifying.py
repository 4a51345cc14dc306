"""`auditVerify`: whether the audit trail is whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.models.catalogue import CATALOGUE
from app.services.auditing import verify
from app.services.writing import driver_of
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.operands import BadInput
from graphql_schema.entities import Told
from graphql_schema.making import Part, empty, fill_type, maybe
from policies.access import Access
from policies.states import State

EVENT = CATALOGUE["AuditEvent"]

VERIFICATION = empty("AuditVerification")
fill_type(
    VERIFICATION,
    "What verifying the audit trail came to.",
    [
        Part("isWhole", bool, "Whether every event is as it was, and follows the one that it followed."),
        Part("events", int, "How many are, from the first on."),
        Part("head", maybe(str), "`hash` of the last of these. Note it elsewhere, and give it back the next time."),
        Part("fault", maybe(str), "`CHANGED`, `MISSING`, `REORDERED`, or `CUT_OFF`: the event of `head` is gone."),
        Part("brokenAt", maybe(int), "`seq` of the first event that is not as it was."),
    ],
)


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    given = (
        Part("from", maybe(int), "`seq` of the first event; else all are verified."),
        Part("to", maybe(int), "`seq` of the last event."),
        Part("head", maybe(str), "A head that was noted before: its event must be there, or stand before `from`."),
    )
    told = "Whether the audit trail is whole; null for who does not read all of it."
    return Part("auditVerify", maybe(VERIFICATION), told, given)


def readable(access: Access) -> bool:
    """Whether all events are seen, with what they are chained by."""
    found = access.on(EVENT)
    return found.every_row and all(found.state(name) is State.PLAIN for name in ("seq", "previous", "hash"))


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    if not readable(asking.rights.access):
        return None
    for name in ("from", "to"):
        if arguments.get(name) is not None and arguments[name] < 1:
            raise BadInput("must be at least 1", ("auditVerify", name))
    async with asking.connect() as connection:
        fetch = (await driver_of(connection)).fetch
        bounds = {"since": arguments.get("from"), "until": arguments.get("to"), "head": arguments.get("head")}
        found = await verify(fetch, **bounds)
    return {
        "isWhole": found.is_whole,
        "events": found.events,
        "head": found.head,
        "fault": found.fault,
        "brokenAt": found.broken_at,
    }


VERIFY = Told("auditVerify", _part, _tell, lambda _graph, access: readable(access), cost=100)
