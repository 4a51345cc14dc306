"""An operation → its responses, under the rules of every request: admitted, charged, bounded in time, logged."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog

from app.http.admission import Admission
from app.http.graph import TOO_LONG, Response, failed, unanswerable
from app.http.noting import AWAY, about, tell
from app.http.requests import GRAPHQL
from app.http.watch import A_WHILE, TooLong
from app.identity.bearer import Bearer
from app.identity.following import Ended, Following, Stopped
from app.identity.tokens import BadToken
from graphql_schema.budgets import CostExceeded, Spent
from graphql_schema.compiler.documents import Invalid, Subscribes
from graphql_schema.engine import Engine
from graphql_schema.noting import Note
from graphql_schema.requests import Answer, Request
from graphql_schema.shadowing.shadowing import Shadowing

log = structlog.get_logger("c360.request")

GONE = Response(499, b"")
"""Where nobody waited for a response."""
AGAIN = 1.0
"""Seconds after which an event is tried again that could not be told."""


@dataclass
class _Asked:
    """An operation, and what has come of it so far."""

    request: Request
    bearer: Bearer
    queries_only: bool
    started: float
    noted: Note = field(default_factory=Note)
    """The same for all events: it is one request."""
    lasts: bool = False
    events: int = 0
    response: Response = GONE

    def note(self) -> None:
        """Counts and logs it, in one line."""
        seconds = time.perf_counter() - self.started
        if not self.lasts:
            tell(self.request.id, self.bearer, self.noted, seconds, self.response)
            return
        log.log(
            logging.INFO if self.response.failure is None else logging.ERROR,
            "subscription",
            **about(self.request.id, self.bearer, self.noted),
            code=self.response.code or None,
            ms=round(seconds * 1000, 1),
            events=self.events,
        )


@dataclass(frozen=True)
class Telling:
    """Answers operations that come over a socket, or leave as events."""

    engine: Engine
    following: Following
    admission: Admission
    seconds: float
    """Within which there is an answer."""
    shadowing: Shadowing

    async def responses(
        self, request: Request, bearer: Bearer, *, queries_only: bool = False
    ) -> AsyncGenerator[Response]:
        """The response to an operation, or those to a subscription; one of another status than 200 is the last.

        Whoever asks is admitted until the response was taken. Raises Stopped.
        """
        asked = _Asked(request, bearer, queries_only, time.perf_counter())
        try:
            async with aclosing(self._answers(asked)) as answers:
                async for answer in answers:
                    asked.response = Response(200, answer.body, answer.code, GRAPHQL, failure=answer.failure)
                    yield asked.response
        except Stopped:
            raise
        except (Invalid, CostExceeded) as failure:
            asked.response = unanswerable(failure, GRAPHQL, request.id)
            yield asked.response
        except Exception as failure:
            asked.response = failed(BadToken() if isinstance(failure, Ended) else failure, request.id)
            yield asked.response
        finally:
            asked.note()
            self.shadowing.follow(asked.noted, len(asked.response.body))

    async def _answers(self, asked: _Asked) -> AsyncGenerator[Answer]:
        if self.engine.budgets.closed:
            self.engine.budgets.knock(asked.bearer)
        self.admission.enter(asked.bearer.subject)
        try:
            answer = await self._answer(asked)
            if answer is not None:
                yield answer
                return
        finally:
            self.admission.leave(asked.bearer.subject)
        asked.lasts = True
        async with aclosing(self._events(asked)) as events:
            async for event in events:
                asked.events += 1
                yield event

    async def _events(self, asked: _Asked) -> AsyncGenerator[Answer]:
        """What a subscription tells: the state now, and after each change. Raises Ended, Stopped."""
        async with self.following.of(asked.bearer) as standing:
            turn = standing.turn
            yield await self._event(asked)
            while True:
                turn = await standing.after(turn)
                yield await self._patiently(asked)

    async def _patiently(self, asked: _Asked) -> Answer:
        """An event, as soon as it can be told."""
        while True:
            try:
                return await self._event(asked)
            except (*AWAY, *TOO_LONG, Spent):
                await asyncio.sleep(AGAIN)

    async def _event(self, asked: _Asked) -> Answer:
        async with self.admission.line(asked.bearer.subject):
            found = await self._in_time(asked, event=True)
        if found is None:
            raise Ended
        return found

    async def _answer(self, asked: _Asked) -> Answer | None:
        """The answer; None for a subscription."""
        try:
            found = await self._in_time(asked)
        except Subscribes:
            return None
        if found is None:
            raise Ended
        return found

    async def _in_time(self, asked: _Asked, *, event: bool = False) -> Answer | None:
        turn = self.admission.turn(asked.bearer.subject)
        work = self.engine.answer(
            asked.request, asked.bearer, queries_only=asked.queries_only, event=event, note=asked.noted
        )
        timer = asyncio.get_running_loop().call_later(A_WHILE, turn.end)
        try:
            async with asyncio.timeout(self.seconds):
                return await turn.of(work)
        except TimeoutError:
            raise TooLong from None
        finally:
            timer.cancel()
