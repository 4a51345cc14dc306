"""Global ids: opaque, unique across types, carrying type, customer and key, so that any node is found on one shard.

The bytes are the type's tag, then customer and key (or a zero and the key where no customer owns
the row), in base64: 44 or 24 characters, no padding. SQL makes them; Python only reads them.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

OWNED, OTHER = 33, 18
LENGTHS = frozenset({44, 24})
"""Of the texts of both, in characters."""
REMEMBERED = 1_024
"""Ids; each is looked at several times in a request."""
NOTHING = UUID(int=0)
"""No row has this key; stands for ids of another type, so that they match what a hidden row matches: nothing."""


@dataclass(frozen=True, slots=True)
class NodeId:
    """A decoded id. `customer` is None for rows that no customer owns."""

    tag: int
    customer: UUID | None
    key: UUID


def decode(text: str) -> NodeId | None:
    """The id in a text; None where it is none. Each id has just one text."""
    return _decoded(text) if len(text) in LENGTHS else None


@lru_cache(maxsize=REMEMBERED)
def _decoded(text: str) -> NodeId | None:
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        return None
    found = None
    if len(raw) == OWNED:
        found = NodeId(raw[0], UUID(bytes=raw[1:17]), UUID(bytes=raw[17:]))
    elif len(raw) == OTHER and raw[1] == 0:
        found = NodeId(raw[0], None, UUID(bytes=raw[2:]))
    return found if found and encode(found) == text else None


def encode(node: NodeId) -> str:
    """The text of an id."""
    owner = node.customer.bytes if node.customer else b"\0"
    return base64.b64encode(bytes([node.tag]) + owner + node.key.bytes).decode()


def expression(tag: int, key: sa.ColumnElement[Any], customer: sa.ColumnElement[Any] | None) -> sa.ColumnElement[str]:
    """The id of a row, in SQL."""
    head = f"'\\x{tag:02x}{'' if customer is not None else '00'}'::bytea"
    parts = [sa.func.uuid_send(column) for column in (customer, key) if column is not None]
    raw: sa.ColumnElement[Any] = sa.literal_column(head, sa.LargeBinary())
    for part in parts:
        raw = raw.op("||")(part)
    return sa.func.encode(raw, sa.literal_column("'base64'"))
