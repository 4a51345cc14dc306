"""Plain values as YAML on one line, such that reading gives them back."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping
from typing import Any

import yaml

_PLAIN = re.compile(r"[A-Za-z$_][A-Za-z0-9$_.+/@-]*( [A-Za-z0-9$_.+/@-]+)*")
"""Texts that need no quotes, unless YAML takes them for something else."""
_HIDDEN = re.compile("[^\\x20-\\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Characters that stand in a YAML text only escaped."""
_STR = "tag:yaml.org,2002:str"
_RESOLVER = yaml.resolver.Resolver()


def flow(value: Any) -> str:
    """A plain value (maps, lists and scalars) as YAML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(entry(name, each) for name, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return _text(value) if isinstance(value, str) else json.dumps(value, default=str)


def entry(name: str, value: Any) -> str:
    """An entry of a map. Its key is read as a text, whatever else it might be."""
    return f"{name if _PLAIN.fullmatch(name) else _quoted(name)}: {flow(value)}"


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and _resolved(text) == _STR:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    return _HIDDEN.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _resolved(text: str) -> str:
    return str(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)))  # type: ignore[no-untyped-call]


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    digits, exponent, power = repr(value).partition("e")
    return digits if not exponent else f"{digits if '.' in digits else digits + '.0'}e{power}"


def plain(value: Any) -> Any:
    """A value read of a document, made of what JSON has: days and moments as texts."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def same(one: Any, other: Any) -> bool:
    """Whether two values read are the same, in whichever order their entries stand."""
    return _canonical(one) == _canonical(other)


def _canonical(value: Any) -> str:
    return json.dumps(plain(value), sort_keys=True)
