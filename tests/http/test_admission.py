"""Who is let in, and whose turn it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest

from app.http import admission as admission_module
from app.http.admission import Admission
from app.http.requests import Refused

PATIENCE = 10
"""Seconds in which all that is waited for must happen."""
HEAVY, OTHER, LIGHT = UUID(int=1), UUID(int=2), UUID(int=3)


class _Scene:
    """Requests of callers, of which each is worked on until it is told to end."""

    def __init__(self, at_work: int, connections: int = 16) -> None:
        self.admission = Admission(at_work=at_work, connections=connections)
        self.begun: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, asyncio.Event] = {}

    async def ask(self, caller: UUID, *names: str) -> None:
        """Some requests come."""
        for name in names:
            self._ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._answer(caller, name))
            await asyncio.sleep(0)

    async def _answer(self, caller: UUID, name: str) -> None:
        self.admission.enter(caller)
        try:
            await self.admission.turn(caller).of(self._work(name))
        finally:
            self.admission.leave(caller)

    async def _work(self, name: str) -> None:
        self.begun.append(name)
        await self._ends[name].wait()

    async def end(self, *names: str) -> None:
        """The work of some is done."""
        for name in names:
            self._ends[name].set()
            await self.tasks[name]
            await asyncio.sleep(0)

    async def end_all(self) -> None:
        """All work is done, in the order in which it began."""
        place = 0
        while place < len(self.begun):
            await self.end(self.begun[place])
            place += 1
        assert (self.admission._working, self.admission._running) == (0, 0)
        assert (self.admission._all, self.admission._of) == (0, {})
        assert not self.admission._first
        assert not self.admission._others


async def test_requests_are_worked_on_at_once_while_there_is_room() -> None:
    scene = _Scene(3)
    await scene.ask(HEAVY, "a", "b", "c", "d")
    assert scene.begun == ["a", "b", "c"]
    await scene.end("b")
    assert scene.begun == ["a", "b", "c", "d"]
    await scene.end_all()


async def test_callers_take_turns() -> None:
    scene = _Scene(1)
    await scene.ask(HEAVY, "h1", "h2", "h3", "h4")
    await scene.ask(OTHER, "o1", "o2", "o3")
    await scene.end_all()
    assert scene.begun == ["h1", "o1", "h2", "o2", "h3", "o3", "h4"]


async def test_who_has_nothing_else_being_answered_comes_first() -> None:
    scene = _Scene(2)
    for name in "abcdefgh":
        await scene.ask(HEAVY, f"h{name}")
        await scene.ask(OTHER, f"o{name}")
    await scene.ask(LIGHT, "light")
    await scene.end("ha")
    assert scene.begun == ["ha", "oa", "light"]
    await scene.end_all()


def _leaves(scene: _Scene, name: str) -> None:
    scene.tasks[name].cancel()


def _has_its_turn_and_leaves(scene: _Scene, name: str) -> None:
    scene._ends["a"].set()
    scene.admission._give(scene.admission._others[HEAVY][0])
    scene.tasks[name].cancel()


@pytest.mark.parametrize("leaves", [_leaves, _has_its_turn_and_leaves])
async def test_who_leaves_before_the_turn_takes_none_along(leaves: Callable[[_Scene, str], None]) -> None:
    scene = _Scene(1)
    await scene.ask(HEAVY, "a", "b", "c")
    leaves(scene, "b")
    with pytest.raises(asyncio.CancelledError):
        await scene.tasks["b"]
    scene._ends["b"].set()
    await scene.end("a")
    assert scene.begun == ["a", "c"]
    await scene.end("c")
    assert (scene.admission._working, scene.admission._running) == (0, 0)


async def test_work_that_fails_passes_its_turn_on() -> None:
    async def fail() -> None:
        raise KeyError

    async def answer(work: Coroutine[Any, Any, None]) -> None:
        await admission.turn(HEAVY).of(work)

    admission = Admission(at_work=1)
    results = await asyncio.gather(*(answer(fail()) for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [KeyError] * 3
    assert admission._working == 0


def test_too_many_of_a_caller_and_too_many_of_all_are_told_apart() -> None:
    admission = Admission(most_per_caller=2, most=3)
    for caller in (HEAVY, HEAVY, OTHER):
        admission.enter(caller)
    for caller, status in ((HEAVY, 429), (OTHER, 503), (LIGHT, 503)):
        with pytest.raises(Refused) as refused:
            admission.enter(caller)
        assert (refused.value.status, refused.value.headers) == (status, ((b"retry-after", b"1"),))
    admission.leave(HEAVY)
    admission.enter(LIGHT)


async def test_work_that_takes_long_gives_its_turn_up_once() -> None:
    admission, goes_on = Admission(at_work=1), asyncio.Event()
    slow = admission.turn(HEAVY)
    task = asyncio.create_task(slow.of(goes_on.wait()))
    others = [asyncio.create_task(admission.turn(OTHER).of(asyncio.sleep(0))) for _ in range(2)]
    await asyncio.sleep(0)
    slow.end()
    slow.end()
    await asyncio.gather(*others)
    assert not task.done()
    goes_on.set()
    await task
    assert (admission._working, admission._running) == (0, 0)


async def test_work_that_waited_for_its_turn_has_as_long_as_other_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission_module, "A_WHILE", 0.01)
    admission, goes_on = Admission(at_work=1), asyncio.Event()
    first, late = admission.turn(HEAVY), admission.turn(HEAVY)
    tasks = [asyncio.create_task(turn.of(goes_on.wait())) for turn in (first, late)]
    await asyncio.sleep(0)
    late.end()
    first.end()
    async with asyncio.timeout(PATIENCE):
        await admission.turn(OTHER).of(asyncio.sleep(0))
    assert not any(task.done() for task in tasks)
    goes_on.set()
    await asyncio.gather(*tasks)
    assert (admission._working, admission._running) == (0, 0)


async def test_slow_work_leaves_connections_to_who_has_nothing_else_being_answered() -> None:
    scene = _Scene(100, connections=8)
    await scene.ask(HEAVY, *(f"h{i}" for i in range(6)))
    await scene.ask(OTHER, *(f"o{i}" for i in range(6)))
    assert scene.begun == ["h0", "h1", "h2", "h3", "h4", "o0"]
    await scene.ask(LIGHT, "light", "second")
    assert scene.begun[6:] == ["light"]
    await scene.ask(UUID(int=4), "another")
    assert scene.begun[7:] == []
    await scene.end("h0")
    assert scene.begun[7:] == ["another"]
    await scene.end("o0", "light")
    assert scene.begun[8:] == []
    await scene.end("h1")
    assert scene.begun[8:] == ["h5"]
    await scene.end_all()


async def test_what_is_told_unasked_stands_in_a_line_of_its_caller() -> None:
    admission, told = Admission(), []

    async def tell(caller: UUID, name: str) -> None:
        async with admission.line(caller):
            told.append(name)
            await asyncio.sleep(0)
            told.append(name)

    await asyncio.gather(tell(HEAVY, "a"), tell(HEAVY, "b"), tell(LIGHT, "c"))
    assert told == ["a", "c", "a", "c", "b", "b"]
    assert not admission._lines
