"""GraphQL over server-sent events, in distinct connections: each operation is a request, and its response a stream.

Source of the protocol: github.com/enisdenjo/graphql-sse, PROTOCOL.md. `next` brings a response, `complete` says that there
is no other. A stream that ends without it was cut: by a token that expired, or a server that stops. The client asks again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from app.http.admission import SOON
from app.http.graph import Response, error, failed, headers_of, send_response, token_of
from app.http.headers import Headers
from app.http.noting import tell
from app.http.requests import EVENTS, Refused
from app.http.streaming.expiry import expiry
from app.http.streaming.places import Places
from app.http.streaming.telling import Telling
from app.identity.bearer import Bearer
from app.identity.following import Stopped
from app.identity.tokens import Tokens
from graphql_schema.noting import Note
from graphql_schema.requests import Request

SILENCE = 12.0
"""Seconds after which a comment is sent, so that nobody on the way takes the stream for dead."""
COMPLETE = b"event: complete\ndata: \n\n"
COMMENT = b":\n\n"


def event(body: bytes) -> bytes:
    """A response as an event. JSON holds line breaks between its values only."""
    return b"event: next\ndata: " + body.replace(b"\n", b" ") + b"\n\n"


@dataclass(frozen=True)
class Events:
    """The graph as streams of events."""

    telling: Telling
    tokens: Tokens
    places: Places
    taken: float = 20
    """Seconds within which the peer takes an event."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send, request: Request, bearer: Bearer) -> None:
        """Tells what comes of a request."""
        stream = _Stream(request.id, send, self.taken)
        queries_only = scope["method"] == "GET"
        try:
            with self.places.open(), self.places.of(bearer.subject):
                responses = self.telling.responses(request, bearer, queries_only=queries_only)
                token = token_of(Headers(scope["headers"]))
                with suppress(Cut):
                    await self._tell(stream, responses, receive, token)
                await stream.end()
        except Refused as refused:
            response = failed(refused, request.id)
            await send_response(send, response, request.id)
            tell(request.id, bearer, Note(), 0, response)

    async def _tell(self, stream: _Stream, responses: AsyncGenerator[Response], receive: Receive, token: str) -> None:
        """Sends responses till the last, or till it makes no sense. Raises Cut."""
        try:
            async with asyncio.TaskGroup() as group, aclosing(responses):
                ends = (_left(receive), stream.breathe(), self._expire(token))
                beside = [group.create_task(end) for end in ends]
                async for response in responses:
                    await stream.tell(response)
                await stream.complete()
                for task in beside:
                    task.cancel()
        except* (Cut, Stopped):
            raise Cut from None

    async def _expire(self, token: str) -> None:
        await expiry(self.tokens, token)
        raise Cut


class Cut(Exception):
    """A stream ends before its time: the caller has left or takes nothing, the token has expired, the server stops."""


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    raise Cut


class _Stream:
    """A response that is sent piece by piece. What fails before anything was sent is an ordinary one."""

    def __init__(self, id_: str, send: Send, seconds: float) -> None:
        self._id, self._send, self._seconds = id_, send, seconds
        self._turn = asyncio.Lock()
        self._begun = self._whole = False

    async def tell(self, response: Response) -> None:
        """Sends a response. Raises Cut where it is not taken."""
        if not self._begun and response.status not in (200, 400):
            await self._refuse(response)
            return
        if not self._begun:
            headers = [*headers_of(EVENTS, self._id), (b"x-accel-buffering", b"no")]
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
            self._begun = True
        await self._write(event(response.body))

    async def complete(self) -> None:
        """There is no other response."""
        if not self._whole:
            await self._write(COMPLETE)

    async def breathe(self) -> None:
        """Sends comments."""
        while True:
            await asyncio.sleep(SILENCE)
            if self._begun:
                await self._write(COMMENT)

    async def end(self) -> None:
        """Nothing more comes. Whoever takes nothing keeps the place till they do, or leave."""
        if not self._begun:
            await self._refuse(error(503, "INTERNAL", "the service is not available now", self._id, *SOON))
        elif not self._whole:
            await self._send({"type": "http.response.body", "body": b""})

    async def _refuse(self, response: Response) -> None:
        self._begun = self._whole = True
        await send_response(self._send, response, self._id)

    async def _write(self, piece: bytes) -> None:
        try:
            async with asyncio.timeout(self._seconds), self._turn:
                await self._send({"type": "http.response.body", "body": piece, "more_body": True})
        except TimeoutError:
            raise Cut from None
