"""Messages of graphql-transport-ws as clients send them.

Source of the protocol: github.com/enisdenjo/graphql-ws, PROTOCOL.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.http.streaming.closed import Closed

INIT, PING, PONG, SUBSCRIBE, COMPLETE = "connection_init", "ping", "pong", "subscribe", "complete"
FORMS: Mapping[str, type] = {"query": str, "operationName": str, "variables": dict, "extensions": dict}
"""What the payload of an operation holds, unless it is null."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a client says. Only `subscribe` and `complete` have an id."""

    type: str
    id: str
    payload: Mapping[str, Any]


def read(text: str | None) -> Message:
    """The message in a frame's text, None for a binary frame. Raises Closed (4400)."""
    try:
        found = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        raise Closed(4400, "a message is JSON in a text frame") from None
    type_ = found.get("type") if isinstance(found, dict) else None
    if not isinstance(type_, str) or type_ not in _READ:
        raise Closed(4400, "a message is an object with a 'type' that clients send")
    return _READ[type_](found)


def _plain(found: Mapping[str, Any]) -> Message:
    payload = found.get("payload")
    if not isinstance(payload, (dict, type(None))):
        raise Closed(4400, "'payload' is an object")
    return Message(found["type"], "", payload or {})


def _complete(found: Mapping[str, Any]) -> Message:
    return Message(COMPLETE, _id(found), {})


def _subscribe(found: Mapping[str, Any]) -> Message:
    payload = found.get("payload")
    if not isinstance(payload, dict):
        raise Closed(4400, "'payload' is an object")
    for name, form in FORMS.items():
        if not isinstance(payload.get(name), (form, type(None))):
            raise Closed(4400, f"'{name}' is a text" if form is str else f"'{name}' is an object")
    if payload.get("query") is None and not _is_named(payload):
        raise Closed(4400, "'query' is a text")
    return Message(SUBSCRIBE, _id(found), payload)


def _is_named(payload: Mapping[str, Any]) -> bool:
    """Whether the document is named instead of written."""
    return "documentId" in payload or "persistedQuery" in (payload.get("extensions") or {})


def _id(found: Mapping[str, Any]) -> str:
    given = found.get("id")
    if not isinstance(given, str) or not given:
        raise Closed(4400, "'id' is a text that is not empty")
    return given


_READ = {INIT: _plain, PING: _plain, PONG: _plain, SUBSCRIBE: _subscribe, COMPLETE: _complete}
