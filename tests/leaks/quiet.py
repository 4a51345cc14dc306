"""A log that goes to a file: a line for each request would be all that is seen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

from app.logs import set_up_logs


@contextmanager
def quiet(directory: Path) -> Iterator[None]:
    """Has this process log into a directory."""
    with (directory / "log").open("wb") as file:
        with redirect_stderr(io.TextIOWrapper(file)):
            set_up_logs(readable=False)
        yield
