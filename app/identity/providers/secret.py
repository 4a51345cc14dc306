"""Our secret at a provider. It has to be sent, so no digest would do: the database holds where it is, and not what it is.

It is read anew each time, so that it can be changed without a restart.
"""

from __future__ import annotations

import os
from pathlib import Path

from app.identity.providers.faults import ProviderAway

LONGEST = 4_096


def reference_to(*, file: Path | None, env: str | None) -> str | None:
    """What is kept: `file:PATH` or `env:NAME`; None where there is no secret."""
    if file is not None:
        return f"file:{file.expanduser().absolute()}"
    return f"env:{env}" if env is not None else None


def secret_of(reference: str | None) -> str | None:
    """The secret that a reference leads to. Raises ProviderAway where there is none; which does not say where it was."""
    if reference is None:
        return None
    kind, _, place = reference.partition(":")
    try:
        found = os.environ[place] if kind == "env" else _first(Path(place))
    except (OSError, KeyError, ValueError):
        found = ""
    if not found.strip():
        raise ProviderAway("what proves us there cannot be read")
    return found.strip()


def _first(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.read(LONGEST)
