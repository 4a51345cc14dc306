"""What can go wrong with a request, as GraphQL errors.

Failure (GraphQLError with extensions.code)
    BAD_USER_INPUT       a value that cannot be what it stands for
    FIELD_NOT_READABLE   a filter or order by a field that the caller never reads
    INTERNAL             anything else; says nothing of the inside
Unsettled                rights changed under the statement again and again (503)
"""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

from graphql_schema.compiler.operands import BadInput
from graphql_schema.compiler.where import NotReadable

BAD_USER_INPUT, FIELD_NOT_READABLE, INTERNAL = "BAD_USER_INPUT", "FIELD_NOT_READABLE", "INTERNAL"


class Unsettled(Exception):
    """Rights changed during each of several attempts."""


def bad_input(found: BadInput) -> GraphQLError:
    """A value that no statement can take; `argument` names it."""
    return GraphQLError(found.message, extensions={"code": BAD_USER_INPUT, "argument": ".".join(found.place[1:])})


def not_readable(found: NotReadable) -> GraphQLError:
    """A filter or order that nothing could come of."""
    message = f"{found.entity}.{found.field} is not readable for you, so it cannot be asked for here"
    extensions = {"code": FIELD_NOT_READABLE, "argument": ".".join(found.place[1:])}
    return GraphQLError(message, extensions=extensions)


def formatted(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """An error as it is sent. What went wrong inside stays inside."""
    if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
        extensions = {"code": INTERNAL, "requestId": request_id}
        return {"message": "Something went wrong here.", "path": error.path, "extensions": extensions}
    found: dict[str, Any] = dict(error.formatted)
    known = dict(error.extensions or {})
    found["extensions"] = {"code": BAD_USER_INPUT, **known, "requestId": request_id}
    return found
