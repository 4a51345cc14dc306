"""Secrets, codes and tokens that say nothing: random texts, of which a digest is kept.

A digest without salt is enough, for a text of 256 random bits is not found by trying.
"""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def fresh() -> str:
    """A text that nobody can guess, of 43 characters that need no quoting."""
    return secrets.token_urlsafe(BYTES)


def digest(text: str) -> bytes:
    """What is kept of a text: its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
