"""`policySimulate`: a query as somebody else would ask it, met with what who asks sees."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson

from app.identity.proof import Stale
from app.services.auditing import Kind
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.documents import Invalid
from graphql_schema.compiler.operands import BadInput
from graphql_schema.entities import Told
from graphql_schema.failures import formatted
from graphql_schema.making import REQUIRED, Part, maybe
from graphql_schema.policies import looking
from graphql_schema.policies.looking import Looked
from graphql_schema.scalars import JSON

OPERATION = Part("operation", str, "A document that holds a query.", default=REQUIRED)
VARIABLES = Part("variables", maybe(JSON), "Values of its variables, by name.")
NAME = Part("operationName", maybe(str), "Which of its operations is asked.")


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    told = (
        "The response to a query, asked as a user: of what that user sees, what who asks sees, too. `access` tells of the"
        " fields' states what the user would be told. Its cost is charged to who asks."
    )
    return Part("policySimulate", maybe(JSON), told, (OPERATION, VARIABLES, NAME, looking.AS, looking.VERSION))


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    variables = arguments.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise BadInput("variables are a map of values by name", ("", "variables"))
    guessed = await looking.guess(asking, arguments)
    told = await _tell_guessed(asking, guessed, arguments) if guessed else None
    return orjson.Fragment(await _tell_found(asking, arguments) if told is None else told)


async def _tell_found(asking: Asking, arguments: Mapping[str, Any]) -> bytes:
    found = await looking.find(asking, arguments)
    noting = asyncio.create_task(looking.note(asking, Kind.SIMULATED, found, arguments["operation"]))
    try:
        return await looking.settled(asking, found, _body(asking, found, arguments))
    finally:
        await noting
        looking.begin(asking, Kind.SIMULATED, found, arguments["operation"])


async def _tell_guessed(asking: Asking, found: Looked, arguments: Mapping[str, Any]) -> bytes | None:
    """The response, where the asker lately looked as the same; None where the asker may not."""
    number = looking.goes_on(asking, Kind.SIMULATED, found, arguments["operation"])
    if number is None:
        return await _tell_at_once(asking, found, arguments)
    try:
        return await looking.settled(asking, found, _body(asking, found, arguments))
    except Stale:
        asking.looks.take_back(number)
        raise


async def _tell_at_once(asking: Asking, found: Looked, arguments: Mapping[str, Any]) -> bytes | None:
    """The response, asked for while it is asked whether the asker may, and noted; None where the asker may not."""
    noting = asyncio.create_task(looking.note_guess(asking, Kind.SIMULATED, found, arguments["operation"]))
    failure: Exception | None = None
    body = b""
    try:
        body = await looking.settled(asking, found, _body(asking, found, arguments))
    except Exception as raised:
        failure = raised
    finally:
        stands = await noting
    if not stands:
        return None
    if failure is not None:
        raise failure
    return body


async def _body(asking: Asking, found: Looked, arguments: Mapping[str, Any]) -> bytes:
    variables = arguments.get("variables") or {}
    try:
        return await asking.look(found.rights, arguments["operation"], variables, arguments.get("operationName"))
    except Invalid as invalid:
        errors = [formatted(error, asking.request_id) for error in invalid.errors]
        return orjson.dumps({"errors": errors})


SIMULATE = Told("policySimulate", _part, _tell, looking.shown, proves=True, finished=True, cost=10)
