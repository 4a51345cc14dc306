"""Values as GraphQL writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Name:
    """What is written bare: a value of an enum, a number of any length, or a variable."""

    text: str


def written(value: Any) -> str:
    """The literal of a value."""
    if isinstance(value, Name):
        return value.text
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {written(part)}" for name, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def sent(value: Any) -> Any:
    """The same value as JSON has it, for a variable."""
    if isinstance(value, Name):
        return _number(value.text)
    if isinstance(value, Mapping):
        return {name: sent(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [sent(part) for part in value]
    return value


def _number(text: str) -> Any:
    return int(text) if text.lstrip("-").isdigit() else text
