"""Logs: one line of JSON for each event (readable in development mode), on standard error."""

from __future__ import annotations

import logging
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

import orjson
import structlog


def where(exc_info: structlog.typing.ExcInfo) -> str:
    """What failed and where, causes first; never the messages, in which values stand."""
    lines: list[str] = []
    found: BaseException | None = exc_info[1]
    while found is not None:
        frames = traceback.extract_tb(found.__traceback__)
        lines = [
            *(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames),
            type(found).__qualname__,
            *lines,
        ]
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return "\n".join(lines)


@dataclass
class Lines:
    """Writes lines to a stream. Where nobody takes a line it is lost, and nothing else."""

    stream: TextIO = sys.stderr

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            self.stream.write(f"{line}\n")
            self.stream.flush()

    log = debug = info = warning = error = critical = exception = msg


_lines = Lines()
_steps: list[structlog.typing.Processor] = []
"""What makes a line of an event; as `_lines` it is always the same object, so that loggers in use follow a later set-up."""


def _json(event: object, **options: object) -> str:
    return orjson.dumps(event, **options).decode()  # type: ignore[arg-type]


_rendered: structlog.typing.Processor = structlog.processors.JSONRenderer(serializer=_json)


def write(event: str, **said: object) -> None:
    """Writes a line of level info, as a logger does, in a third of the time: for what is said with each request."""
    if _steps[-1:] == [_rendered]:
        found = {**said, "event": event, "level": "info", "timestamp": datetime.now(UTC)}
        _lines.msg(_json(found, option=orjson.OPT_UTC_Z))
    else:
        structlog.get_logger().info(event, **said)


class OfLibraries(logging.Formatter):
    """What libraries say, as an event of ours: the first line of it, and of a failure where it was.

    In the lines that follow, and in messages of exceptions, values stand.
    """

    def __init__(self, *, readable: bool) -> None:
        super().__init__()
        self._is_readable = readable

    def format(self, record: logging.LogRecord) -> str:
        """The line; for people to read there may be several."""
        event, _, _ = record.getMessage().partition("\n")
        level, name, time = record.levelname.lower(), record.name, datetime.fromtimestamp(record.created, UTC)
        failure = where(record.exc_info) if record.exc_info and record.exc_info[1] else None
        if self._is_readable:
            return "\n".join(filter(None, (f"{time:%Y-%m-%dT%H:%M:%S.%fZ} [{level}] {event} logger={name}", failure)))
        said = {"logger": name, "event": event, "level": level, "timestamp": time}
        return _json(said | ({"exception": failure} if failure else {}), option=orjson.OPT_UTC_Z)


def set_up_logs(*, readable: bool) -> None:
    """Sends our events and those of the libraries to standard error."""
    _lines.stream = sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(where),
    ]
    colored = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    _steps[:] = [*shared, colored if readable else _rendered]
    structlog.configure(
        processors=_steps,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _lines,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OfLibraries(readable=readable))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
