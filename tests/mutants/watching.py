"""Plugins of pytest: one puts tests in order and keeps the first that failed, one notes which lines each test runs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, TypeAlias

import pytest

Tracer: TypeAlias = Any


@dataclass(eq=False)
class Watch:
    """Runs tests in an order, the others after them or not at all, and keeps what failed first."""

    order: Sequence[str]
    alone: bool
    by: str = ""
    message: str = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put the tests in order."""
        place = {test: number for number, test in enumerate(self.order)}
        items[:] = [item for item in items if not self.alone or item.nodeid in place]
        items.sort(key=lambda item: place.get(item.nodeid, len(place)))

    def pytest_exception_interact(self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any]) -> None:
        """Keep what failed first."""
        if not self.by and call.excinfo is not None:
            self.by, self.message = node.nodeid or "collection", call.excinfo.exconly(tryshort=True)[:300]


@dataclass(eq=False)
class Lines:
    """Notes how long each test takes, and which lines of some files it runs."""

    files: Mapping[str, str]
    """By file name, what it is called in the notes."""
    notes: dict[str, tuple[float, list[tuple[str, int]]]] = field(default_factory=dict)
    _found: set[tuple[str, int]] = field(default_factory=set)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        """Note one test."""
        self._found, started = set(), time.monotonic()
        threading.settrace(self._enter)
        sys.settrace(self._enter)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)
            self.notes[item.nodeid] = time.monotonic() - started, sorted(self._found)

    def _enter(self, frame: FrameType, _event: str, _of: object) -> Tracer:
        return self._step if frame.f_code.co_filename in self.files else None

    def _step(self, frame: FrameType, event: str, _of: object) -> Tracer:
        if event == "line":
            self._found.add((self.files[frame.f_code.co_filename], frame.f_lineno))
        return self._step
