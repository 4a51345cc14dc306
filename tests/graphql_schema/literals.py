"""Values as documents and variables have them."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from enum import StrEnum
from typing import Any


def wire(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, list):
        return [wire(item) for item in value]
    if isinstance(value, dict):
        return {name: wire(item) for name, item in value.items()}
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, (dt.datetime, dt.date)) else value


def literal(value: Any) -> str:
    """A value as a document has it."""
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(item)}" for name, item in value.items()) + "}"
    if isinstance(value, StrEnum):
        return str(value.value)
    found = json.dumps(wire(value), ensure_ascii=False)
    return found if not isinstance(value, str) else json.dumps(value)
