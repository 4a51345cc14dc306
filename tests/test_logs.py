"""A log that nobody reads stops nothing."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import TextIO

import pytest

from app.logs import Lines


def _closed() -> TextIO:
    stream = io.StringIO()
    stream.close()
    return stream


def _nobody_at_the_other_end() -> TextIO:
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "w")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("stream", [_closed, _nobody_at_the_other_end])
def test_a_line_that_cannot_be_written_is_lost_and_nothing_else(stream: Callable[[], TextIO]) -> None:
    found = stream()
    Lines(found).msg("somebody asked")
    Lines(found).warning("and somebody else")
