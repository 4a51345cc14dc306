"""`clientCreate`, `clientUpdate`, `clientRotate` and `clientDisable`. A secret is told once, and kept nowhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from enum import Enum
from typing import Any, TypeAlias

from app.identity.oauth.declaring import NewClient, grant_types
from app.models.ids import uuid7
from app.services import clients
from app.services.clients import ASSIGNMENT
from app.services.errors import Invalid, Refused
from app.services.records.drafts import Draft, Once
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork
from graphql_schema.clients.types import CHANGED, CLIENT, COLUMNS, CREATED, WHICH, told
from graphql_schema.making import Part, maybe
from graphql_schema.mutations import inputs
from graphql_schema.mutations.declaring import Mutation, Request
from graphql_schema.mutations.payloads import make_payload

_TOLD = (Part("client", maybe(CLIENT), "The client as it is now."),)
_SECRET = Part("secret", maybe(str), "Its secret, told this once; a request that is sent again is not told it.")
Did: TypeAlias = tuple[NewClient, str | None]
"""A client, and its secret where it has another."""
_UNSAID: Mapping[str, Any] = {"code": "", "name": "", "scopes": ()}
_CLEARED = {**_UNSAID, "redirect_uris": (), "networks": (), "documents": "OFF"}
"""What null stands for, where a column is never empty."""


async def _create(unit: UnitOfWork, given: Mapping[str, Any]) -> Did:
    said = _columns(given)
    itself = said.pop("itself", None)
    flags: dict[str, Any] = {name: bool(said.pop(name, None)) for name in ("is_public", "is_own")}
    said = {**_UNSAID, **said}
    new = NewClient(grant_types=grant_types(said.get("redirect_uris", ()), itself=bool(itself)), **flags, **said)
    return new, await clients.create(unit, new, only_validate=bool(given.get("validateOnly")))


async def _update(unit: UnitOfWork, given: Mapping[str, Any]) -> Did:
    said = _columns(given)
    code, itself = said.pop("code"), said.pop("itself", None)
    return await clients.update(unit, code, lambda now: now.changed(said, itself=itself)), None


async def _rotate(unit: UnitOfWork, given: Mapping[str, Any]) -> Did:
    code = _columns(given)["code"]
    secret = await clients.rotate(unit, code)
    return await clients.load(unit, code), secret


async def _disable(unit: UnitOfWork, given: Mapping[str, Any]) -> Did:
    code = _columns(given)["code"]
    await clients.disable(unit, code)
    return await clients.load(unit, code), None


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    """By column, what a caller says of a client. Raises Refused for texts that cannot be shown."""
    if faults := [Invalid("unprintable", (name,)) for name, value in given.items() if not _is_printable(value)]:
        raise Refused(faults)
    said: dict[str, Any] = {}
    for name, value in given.items():
        if name in inputs.CONTROLS:
            continue
        column = COLUMNS.get(name, name)
        plain = value.value if isinstance(value, Enum) else value
        said[column] = _CLEARED.get(column) if plain is None else plain
    return said


def _is_printable(value: object) -> bool:
    texts = value if isinstance(value, list) else [value]
    return all(text.isprintable() for text in texts if isinstance(text, str))


def mutations() -> Iterator[Mutation]:
    """All of them."""
    yield _mutation("Create", "Make a client, which holds a role that the caller may give.", CREATED, _create, _SECRET)
    yield _mutation("Update", "Change a client. Absent fields stay; null clears.", CHANGED, _update)
    rotated = "Give a client another secret; the one of before holds for another day."
    yield _mutation("Rotate", rotated, (WHICH,), _rotate, _SECRET)
    yield _mutation("Disable", "Shut a client out, from its next request on.", (WHICH,), _disable)


def _mutation(
    verb: str,
    description: str,
    given: tuple[Part, ...],
    do: Callable[[UnitOfWork, Mapping[str, Any]], Awaitable[Did]],
    *more: Part,
) -> Mutation:
    name, title = f"client{verb}", f"Client{verb}"

    async def run(unit: UnitOfWork, request: Request) -> Outcome:
        client, secret = await do(unit, request.given)
        shown: dict[str, Any] = {"client": told(client)}
        if secret is not None and not request.only_validate:
            shown["secret"] = Once(secret)
        return {"": [Draft(ASSIGNMENT, {}, row={"id": uuid7()}, told=shown)]}

    return Mutation(
        name=name,
        description=description,
        input=inputs.make_input(f"{title}Input", f"For `{name}`.", given),
        payload=make_payload(f"{title}Payload", f"What came of `{name}`.", (), {}, (*_TOLD, *more)),
        shown=(),
        run=run,
        possible=lambda access: clients.giving(access).possible,
        changes_rights=True,
    )
