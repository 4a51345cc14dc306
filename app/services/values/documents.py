"""JSON documents: of a bounded depth and size, and such that PostgreSQL takes every text in them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal

from app.services.errors import Invalid
from app.services.values.limits import Limits

DEPTH, NODES, CHARACTERS = 32, 10_000, 100_000
"""Most levels, values and characters of a document."""

_INTEGERS = Limits(Decimal(-(2**63)), Decimal(2**63 - 1))
_refused = re.compile("[\x00\ud800-\udfff]")


def document(value: object, shape: type | None = None) -> object:
    """A JSON value; `shape` is dict or list where it must be an object or a list."""
    if shape is dict and not isinstance(value, dict):
        raise Invalid("no_object")
    if shape is list and not isinstance(value, list):
        raise Invalid("no_list")
    characters = 0
    for count, node in enumerate(_nodes(value, 1), start=1):
        characters += _judged(node)
        if count > NODES or characters > CHARACTERS:
            raise Invalid("too_large", max=CHARACTERS)
    return value


def _nodes(value: object, depth: int) -> Iterator[object]:
    """All values and keys, outermost first."""
    yield value
    inner = (*value, *value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
    if inner and depth == DEPTH:
        raise Invalid("too_deep", max=DEPTH)
    if isinstance(value, dict) and not all(isinstance(key, str) for key in value):
        raise Invalid("no_document")
    for each in inner:
        yield from _nodes(each, depth + 1)


def _judged(node: object) -> int:
    """How many characters a value of its own has."""
    if isinstance(node, str):
        if _refused.search(node):
            raise Invalid("unprintable")
        return len(node)
    if isinstance(node, float):
        if not math.isfinite(node):
            raise Invalid("no_document")
    elif isinstance(node, int):
        _INTEGERS.check(node)
    elif node is not None and not isinstance(node, (dict, list)):
        raise Invalid("no_document")
    return 0
