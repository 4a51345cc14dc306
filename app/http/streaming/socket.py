"""One connection of graphql-transport-ws, from its `connection_init` to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog
from starlette.types import Receive, Send

from app.http.graph import error, failed, token_of
from app.http.headers import Headers
from app.http.noting import AWAY
from app.http.requests import Refused, checked
from app.http.streaming.closed import Closed, Gone
from app.http.streaming.expiry import expiry
from app.http.streaming.messages import COMPLETE, INIT, PING, SUBSCRIBE, Message, read
from app.http.streaming.places import Places
from app.http.streaming.telling import Telling
from app.identity.bearer import Bearer
from app.identity.following import Ended, Standing, Stopped
from app.identity.tokens import BadToken, Tokens
from app.models.ids import uuid7

log = structlog.get_logger("c360.socket")

SAID = ("authorization", "accept-language", "x-purpose")
"""Headers that the payload of `connection_init` may hold, and browsers cannot send with a handshake."""


@dataclass(frozen=True)
class Bounds:
    """How much one connection may do, and how long it may take for it."""

    most_operations: int = 32
    most_bytes: int = 65_536
    """Of a message."""
    begin: float = 5
    """Seconds within which `connection_init` comes."""
    taken: float = 20
    """Seconds within which the peer takes a message."""
    rest: float = 8
    """Seconds for what runs when the server stops."""


@dataclass(eq=False)
class Socket:
    """A connection that was accepted."""

    headers: Headers
    receive: Receive
    send: Send
    telling: Telling
    tokens: Tokens
    places: Places
    bounds: Bounds
    bearer: Bearer | None = None
    """Who asks, once known."""
    operations: int = 0
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    """By the ids that are in use."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    """All operations, those that are being cancelled too."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._end: asyncio.Future[Closed] = asyncio.get_running_loop().create_future()

    async def run(self) -> Closed:
        """Serves it to its end, and says why it ended."""
        listening = self._begin(self._listen())
        try:
            closed = await asyncio.shield(self._end)
            listening.cancel()
            if closed.gentle and self._tasks:
                await asyncio.wait(self._tasks, timeout=self.bounds.rest)
        finally:
            ended = [listening, *self._tasks]
            for task in ended:
                task.cancel()
            await asyncio.gather(*ended, return_exceptions=True)
        await self._close(closed)
        return closed

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._guarded(work))
        task.add_done_callback(lambda _: work.close())  # it may have been cancelled before it began
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Does a part of the work. What goes wrong with it ends the connection."""
        try:
            await work
        except Closed as closed:
            self._over(closed)
        except Stopped:
            self._over(Closed(1012, "the server stops", gentle=True))
        except Refused as refused:
            self._over(Closed(1013, refused.message))
        except AWAY:
            self._over(Closed(1013, "the service is not available now"))
        except Exception as failure:
            log.error("socket", exc_info=failure)
            self._over(Closed(1011, "something went wrong here"))

    def _over(self, closed: Closed) -> None:
        if not self._end.done():
            self._end.set_result(closed)

    # What the client says

    async def _listen(self) -> None:
        token = await self._token()
        try:
            bearer = self.tokens.bearer(token)
            with self.places.of(bearer.subject):
                async with self.telling.following.of(bearer) as standing:
                    await self._converse(bearer, standing, token)
        except (BadToken, Ended):
            raise Closed(4403, "Forbidden") from None

    async def _token(self) -> str:
        """The token by which the client says who asks. Raises Closed."""
        try:
            async with asyncio.timeout(self.bounds.begin):
                while (message := await self._next()).type != INIT:
                    if message.type == SUBSCRIBE:
                        raise Closed(4401, "Unauthorized")
                    await self._answer_ping(message)
        except TimeoutError:
            raise Closed(4408, "Connection initialisation timeout") from None
        self.headers = said(self.headers, message)
        try:
            return token_of(self.headers)
        except BadToken:
            raise Closed(4403, "Forbidden") from None

    async def _converse(self, bearer: Bearer, standing: Standing, token: str) -> None:
        if not await self.telling.engine.knows(bearer):
            raise Ended
        self.bearer = bearer
        beside = [self._begin(self._expire(token)), self._begin(self._follow(standing))]
        try:
            await self._say({"type": "connection_ack"})
            while True:
                await self._take(await self._next(), bearer)
        finally:
            for task in beside:
                task.cancel()

    async def _expire(self, token: str) -> None:
        await expiry(self.tokens, token)
        raise Closed(4403, "the token has expired")

    async def _follow(self, standing: Standing) -> None:
        turn = standing.turn
        try:
            while True:
                turn = await standing.after(turn)
        except Ended:
            raise Closed(4401, "nothing may be asked any more", gentle=True) from None

    async def _next(self) -> Message:
        """The next message. Raises Closed."""
        event = await self.receive()
        if event["type"] == "websocket.disconnect":
            raise Gone(event.get("code") or 1005)
        text = event.get("text")
        if max(len(text or ""), len(event.get("bytes") or b"")) > self.bounds.most_bytes:
            raise Closed(1009, f"a message has at most {self.bounds.most_bytes} bytes")
        return read(text)

    async def _take(self, message: Message, bearer: Bearer) -> None:
        if message.type == INIT:
            raise Closed(4429, "Too many initialisation requests")
        if message.type == SUBSCRIBE:
            await self._subscribe(message, bearer)
        elif message.type == COMPLETE and message.id in self._running:
            self._running.pop(message.id).cancel()
        else:
            await self._answer_ping(message)

    async def _answer_ping(self, message: Message) -> None:
        if message.type == PING:
            await self._say({"type": "pong", **({"payload": message.payload} if message.payload else {})})

    async def _subscribe(self, message: Message, bearer: Bearer) -> None:
        if message.id in self._running:
            raise Closed(4409, "Subscriber for this id already exists")
        if len(self._tasks) >= self.bounds.most_operations:
            fault = f"at most {self.bounds.most_operations} operations of a socket run at a time"
            await self._error(message.id, error(429, "RATE_LIMITED", fault, uuid7().hex).body)
            return
        self.operations += 1
        task = self._running[message.id] = self._begin(self._operate(message, bearer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # What it is told

    async def _operate(self, message: Message, bearer: Bearer) -> None:
        """One operation, to its end."""
        wrong = await self._tell(message, bearer)
        if self._running.get(message.id) is asyncio.current_task():
            del self._running[message.id]
        if wrong is None:
            await self._say({"type": "complete", "id": message.id})
        else:
            await self._error(message.id, wrong)

    async def _tell(self, message: Message, bearer: Bearer) -> bytes | None:
        """Tells what comes of an operation; what is wrong, if anything is, it gives back."""
        id_ = uuid7().hex
        try:
            request = checked(message.payload, self.headers, id_)
        except Refused as refused:
            return failed(refused, id_).body
        async with aclosing(self.telling.responses(request, bearer)) as responses:
            async for response in responses:
                if response.status != 200:
                    return response.body
                payload = orjson.Fragment(response.body)
                await self._say({"type": "next", "id": message.id, "payload": payload})
        return None

    async def _error(self, id_: str, body: bytes) -> None:
        """An operation came to nothing, for the errors of a response's body."""
        await self._say({"type": "error", "id": id_, "payload": orjson.loads(body)["errors"]})

    async def _say(self, message: dict[str, Any]) -> None:
        """Sends a message once those before it are taken. Raises Closed."""
        text = orjson.dumps(message).decode()
        try:
            async with asyncio.timeout(self.bounds.taken), self._turn:
                await self.send({"type": "websocket.send", "text": text})
        except TimeoutError:
            raise Closed(1013, "messages are not taken") from None
        except (OSError, RuntimeError):
            raise Gone from None

    async def _close(self, closed: Closed) -> None:
        if isinstance(closed, Gone):
            return
        with suppress(OSError, RuntimeError):  # the peer was faster, or takes nothing
            async with asyncio.timeout(1), self._turn:
                await self.send({"type": "websocket.close", "code": closed.code, "reason": closed.reason})


def said(handshake: Headers, init: Message) -> Headers:
    """What is told of the one who asks: in the payload of `connection_init`, or else by the handshake.

    A name for one request is none for all that a socket brings.
    """
    given = {name.lower(): value for name, value in init.payload.items() if isinstance(value, str)}
    found = {name.encode(): [given[name].encode("latin-1", "replace")] for name in SAID if name in given}
    return handshake.but({b"idempotency-key": [], **found})
