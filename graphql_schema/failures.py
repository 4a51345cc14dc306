"""What can go wrong with a request, as GraphQL errors.

Failure (GraphQLError with extensions.code)
    BAD_USER_INPUT       a value that cannot be what it stands for
    FIELD_NOT_READABLE   a filter or order by a field that the caller never reads
    NOT_FOUND            an id in an argument that stands for nothing in view, where null would say something else
    COST_EXCEEDED        an answer that is longer than any may be
    INTERNAL             anything else; says nothing of the inside
"""

from __future__ import annotations

import re
from typing import Any

from graphql import GraphQLError

from graphql_schema.compiler.operands import BadInput
from graphql_schema.compiler.where import NotReadable

BAD_USER_INPUT, FIELD_NOT_READABLE, INTERNAL = "BAD_USER_INPUT", "FIELD_NOT_READABLE", "INTERNAL"
COST_EXCEEDED = "COST_EXCEEDED"
NOT_FOUND = "NOT_FOUND"


def refused(found: BadInput | NotReadable) -> GraphQLError:
    """Why a field cannot be answered; `argument` names what stands in the way."""
    return _bad_input(found) if isinstance(found, BadInput) else _not_readable(found)


def _bad_input(found: BadInput) -> GraphQLError:
    return GraphQLError(found.message, extensions={"code": BAD_USER_INPUT, "argument": ".".join(found.place[1:])})


def _not_readable(found: NotReadable) -> GraphQLError:
    message = f"{found.entity}.{found.field} is not readable for you, so it cannot be asked for here"
    extensions = {"code": FIELD_NOT_READABLE, "argument": ".".join(found.place[1:])}
    return GraphQLError(message, extensions=extensions)


def oversized(limit: int) -> GraphQLError:
    """Why an answer that was made is not sent; `limit` in bytes."""
    message = f"the answer has more than {limit} bytes: ask for fewer rows or fields"
    return GraphQLError(message, extensions={"code": COST_EXCEEDED, "limit": limit})


def is_internal(error: GraphQLError) -> bool:
    """Whether an error is a bug of ours, not the caller's doing."""
    return error.original_error is not None and not isinstance(error.original_error, GraphQLError)


_HINTS = re.compile(r"([,;] found: |\. Did you mean ).*", re.DOTALL)


def without_hints(message: str) -> str:
    """A message of graphql-core's that says what is wrong, and neither what there is instead nor what was given."""
    return _HINTS.sub(".", message)


def formatted(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """An error as it is sent. What went wrong inside stays inside."""
    if is_internal(error):
        extensions = {"code": INTERNAL, "requestId": request_id}
        return {"message": "Something went wrong here.", "path": error.path, "extensions": extensions}
    found: dict[str, Any] = {**error.formatted, "message": without_hints(error.message)}
    known = dict(error.extensions or {})
    found["extensions"] = {"code": BAD_USER_INPUT, **known, "requestId": request_id}
    return found
