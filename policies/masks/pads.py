"""Keys of the mask `hash`: one for each field, made from the deployment's secret."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from policies.conditions import Operand

BLOCK = 64
"""Bytes that SHA-256 takes at a time."""

_XOR = {"inner": 0x36, "outer": 0x5C}


@dataclass(frozen=True, slots=True)
class Pad(Operand):
    """The key of a field's hash, padded for one of the two rounds of HMAC (RFC 2104): `inner` or `outer`."""

    field: str
    part: str

    def of(self, secret: bytes | None) -> bytes | None:
        """The pad under a deployment's secret; None without one, so that nothing is shown."""
        if not secret:
            return None
        key = hmac.digest(secret, self.field.encode(), hashlib.sha256).ljust(BLOCK, b"\0")
        return bytes(byte ^ _XOR[self.part] for byte in key)
