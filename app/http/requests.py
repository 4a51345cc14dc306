"""What a caller sent → a request to the engine, or why it is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from starlette.datastructures import QueryParams
from starlette.types import Receive

from app.http.headers import Headers
from app.http.persisted import digest_of
from app.models.ids import uuid7
from app.services.messages import language_of
from graphql_schema.requests import Request

GRAPHQL, JSON, EVENTS = "application/graphql-response+json", "application/json", "text/event-stream"
_OFFERED = {GRAPHQL: GRAPHQL, JSON: JSON, EVENTS: EVENTS, "application/*": JSON, "*/*": JSON}
_WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?", re.ASCII)
_PURPOSE = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)


@dataclass(eq=False)
class Refused(Exception):
    """A request that is not even asked. `code` is the error's, `status` HTTP's."""

    status: int
    message: str
    code: str = "BAD_USER_INPUT"
    headers: tuple[tuple[bytes, bytes], ...] = ()


def request_id(headers: Headers) -> str:
    """The caller's id of the request where it is a plain one, else one of ours."""
    given = headers.get(b"x-request-id")
    return given if _REQUEST_ID.fullmatch(given) else uuid7().hex


def purpose_of(headers: Headers) -> str | None:
    """What the caller declares that the request is for (`X-Purpose`). Raises Refused (400) where it is no code."""
    said = "is one code of at most 64 letters a to z, digits and _, a letter first"
    return _one(headers, b"x-purpose", _PURPOSE, said)


def key_of(headers: Headers) -> str | None:
    """What the caller calls the request (`Idempotency-Key`). Raises Refused (400) where it is no name."""
    return _one(headers, b"idempotency-key", _KEY, "is one text of at most 200 visible ASCII characters")


def _one(headers: Headers, name: bytes, form: re.Pattern[str], said: str) -> str | None:
    """The value of a header that may stand once, in a form."""
    given = headers.all(name)
    if not given:
        return None
    if len(given) > 1 or not form.fullmatch(given[0]):
        raise Refused(400, f"{name.decode().title()} {said}")
    return given[0]


def response_type(headers: Headers) -> str:
    """Which of our types the caller likes best, of equals the first. Raises Refused (406)."""
    accept = ",".join(headers.all(b"accept"))
    return _liked(accept) if accept else JSON


@lru_cache(maxsize=64)
def _liked(accept: str) -> str:
    best, liked = "", 0.0
    for choice in accept.split(","):
        name, *parameters = (part.strip().lower() for part in choice.split(";"))
        quality = _quality(parameters)
        if name in _OFFERED and quality > liked:
            best, liked = _OFFERED[name], quality
    if not best:
        raise Refused(406, f"answers come as {GRAPHQL}, {JSON} or {EVENTS}")
    return best


def _quality(parameters: Iterable[str]) -> float:
    """How much a choice is liked, 0 to 1; one whose weight is no weight is not liked at all."""
    given = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    return float(given) if _WEIGHT.fullmatch(given) else 0.0


async def read_body(headers: Headers, receive: Receive, most: int) -> bytes:
    """The whole body. Raises Refused (413, 400) when it has more than `most` bytes or breaks off."""
    _check_length(headers.get(b"content-length", "0"), most)
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "the request broke off")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise Refused(413, f"a request has at most {most} bytes")
        if not message.get("more_body"):
            return b"".join(parts)


def _check_length(given: str, most: int) -> None:
    if not (given.isascii() and given.isdigit()):
        raise Refused(400, "Content-Length is a number of bytes")
    if len(given) > len(str(most)) or int(given) > most:
        raise Refused(413, f"a request has at most {most} bytes")


def from_body(headers: Headers, body: bytes, id_: str) -> Request:
    """The request in a body. Raises Refused (400, 415)."""
    kind = headers.get(b"content-type").partition(";")[0].strip().lower()
    if kind != JSON:
        raise Refused(415, f"a request is {JSON}")
    if headers.get(b"content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Refused(415, "a request is sent as it is, not compressed")
    return checked(_parsed(body), headers, id_)


def from_query(parameters: QueryParams, headers: Headers, id_: str) -> Request:
    """The request in an address. Raises Refused (400)."""
    found: dict[str, Any] = {
        name: parameters[name] for name in ("query", "operationName", "documentId") if name in parameters
    }
    for name in ("variables", "extensions"):
        if parameters.get(name):
            found[name] = _parsed(parameters[name].encode())
    return checked(found, headers, id_)


def _parsed(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(400, "this is not JSON") from None


def checked(found: Any, headers: Headers, id_: str) -> Request:
    """The request in what was parsed. Raises Refused (400)."""
    if not isinstance(found, dict):
        raise Refused(400, "a request is a JSON object")
    query, variables, name = found.get("query"), found.get("variables"), found.get("operationName")
    extensions = found.get("extensions")
    if not isinstance(extensions, (dict, type(None))):
        raise Refused(400, "'extensions' is an object")
    digest = _digest(found, extensions or {})
    if digest is not None and query is None:
        query = ""
    elif not isinstance(query, str) or not query.strip():
        raise Refused(400, "'query' is a GraphQL document")
    if variables is not None and not isinstance(variables, dict):
        raise Refused(400, "'variables' is an object")
    if name is not None and not isinstance(name, str):
        raise Refused(400, "'operationName' is a text")
    explain = (extensions or {}).get("explainCost", False)
    if not isinstance(explain, bool):
        raise Refused(400, "'explainCost' is true or false")
    said = purpose_of(headers), language_of(headers.get(b"accept-language")), key_of(headers)
    return Request(query, variables or {}, name or None, id_, explain, *said, digest, headers.path)


def _digest(found: Mapping[str, Any], extensions: Mapping[str, Any]) -> bytes | None:
    try:
        return digest_of(found, extensions)
    except ValueError as fault:
        raise Refused(400, str(fault)) from None
