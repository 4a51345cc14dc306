"""A log that nobody reads stops nothing."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from typing import TextIO

import orjson
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


LIBRARY = """
import logging
from app.logs import set_up_logs
set_up_logs(readable={readable})
logging.getLogger("a.library").warning("said\\nexception=KeyError('secretvalue')")
try:
    raise KeyError("secretvalue")
except KeyError:
    logging.getLogger("a.library").exception("failed\\n")
"""


def _logged(*, readable: bool) -> str:
    program = [sys.executable, "-c", LIBRARY.format(readable=readable)]
    return subprocess.run(program, check=True, capture_output=True, text=True).stderr


def test_what_a_library_says_is_an_event_and_no_message_of_an_exception() -> None:
    said, failed = map(orjson.loads, _logged(readable=False).splitlines())
    assert (said["event"], said["level"], said["logger"]) == ("said", "warning", "a.library")
    assert set(said) == {"event", "level", "logger", "timestamp"}
    assert (failed["event"], failed["level"]) == ("failed", "error")
    assert failed["exception"].splitlines()[-1] == "KeyError"


def test_people_read_what_a_library_says_without_its_values() -> None:
    text = _logged(readable=True)
    assert "[warning] said logger=a.library" in text
    assert text.endswith("KeyError\n")
    assert "secretvalue" not in text
