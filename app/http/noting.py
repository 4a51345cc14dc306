"""The line in the log that a request leaves, and what is counted of it.

request_id   the caller's, or ours
principal    who asks: the key of a user, or of a client that asks for itself
client       the key of the client through which is asked
operation    its name in the document, as far as 64 letters go
document     the first sixteen digits of SHA-256 of the document's text
cost         points, as in extensions.cost
objects      objects in the answer: braces are counted, one in a text too
bytes        of the answer, before it is compressed
ms           from the first line of the request to the last byte of the answer
status       of HTTP; 499 where the caller left
code         of the first error

Never what was asked for with which values, never what was answered, never who somebody is but by a key.
"""

from __future__ import annotations

from typing import Any, Protocol

import structlog

from app.database import DatabaseUnavailable
from app.http.metrics import ERRORS, SECONDS
from app.identity.bearer import Bearer
from app.identity.proof import Unsettled
from app.logs import write
from app.services.policies.store import NoPolicy
from graphql_schema.noting import Note

log = structlog.get_logger("c360.request")

LONGEST_NAME = 64
AWAY = (DatabaseUnavailable, Unsettled, NoPolicy)
"""What passes, or is put right by an operator; nothing is wrong with the request."""


class Told(Protocol):
    """An answer, as far as it is told."""

    @property
    def status(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def failure(self) -> Exception | None: ...


def about(id_: str, bearer: Bearer | None, note: Note) -> dict[str, Any]:
    """Who asked what."""
    prepared, client = note.prepared, note.rights.client if note.rights else None
    return {
        "request_id": id_,
        "principal": bearer.subject if bearer else None,
        "client": client.id if client else None,
        "operation": prepared.name[:LONGEST_NAME] if prepared and prepared.name else None,
        "document": prepared.digest if prepared else None,
        "cost": note.cost,
    }


def tell(id_: str, bearer: Bearer | None, note: Note, seconds: float, answer: Told) -> None:
    """Counts and logs a request, in one line."""
    SECONDS.observe(seconds)
    if answer.code:
        ERRORS.labels(answer.code).inc()
    said = about(id_, bearer, note)
    said["objects"] = answer.body.count(b"{")
    said["bytes"] = len(answer.body)
    said["ms"] = round(seconds * 1000, 1)
    said["status"] = answer.status
    said["code"] = answer.code or None
    if answer.failure is None:
        write("request", **said)
    else:
        log.error("request", **said, **_why(answer.failure))


def _why(failure: Exception) -> dict[str, Any]:
    """What the log says of a failure: where a bug is, or why the service is away."""
    if isinstance(failure, AWAY):
        return {"reason": f"{type(failure).__name__}: {failure}".removesuffix(": ")}
    return {"exc_info": failure}
