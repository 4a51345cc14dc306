"""Logs: one line of JSON for each event (readable in development mode), on standard error."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

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


def set_up_logs(*, readable: bool) -> None:
    """Sends our events and those of the libraries to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(where),
    ]
    if readable:
        last: structlog.typing.Processor = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        factory: Any = structlog.WriteLoggerFactory(sys.stderr)
    else:
        last = structlog.processors.JSONRenderer(serializer=orjson.dumps)
        factory = structlog.BytesLoggerFactory(sys.stderr.buffer)
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=factory,
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
