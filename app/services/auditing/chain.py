"""The form of an event that is hashed, so that anybody can hash it again.

An event's values are written one behind the other, each as the number of its bytes in decimal, a colon, and its bytes in
UTF-8; one that is absent as `-`; a comma behind each. So no two events have one form. The values are, in this order:

    seq  id  at  kind  actor  user_id  client  request_id  subject  owner_id  details  deleted_at  previous

`seq` in decimal; ids as RFC 9562 writes UUIDs, in small letters; times as `2026-01-31T12:00:00.000000Z`; `details` as
PostgreSQL writes JSONB; `previous` as it is. `hash` is the SHA-256 digest of the form (FIPS 180-4), in hexadecimal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

VALUES = (
    *("seq", "id", "at", "kind", "actor", "user_id", "client", "request_id", "subject", "owner_id"),
    *("details", "deleted_at", "previous"),
)


def digest(event: Mapping[str, Any]) -> str:
    """The hash that an event should have; of `details` it takes the text."""
    return hashlib.sha256(b"".join(_part(event[name]) for name in VALUES)).hexdigest()


def _part(value: object) -> bytes:
    if value is None:
        return b"-,"
    text = _text(value).encode()
    return b"%d:%b," % (len(text), text)


def _text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    return str(value)
