"""When a token ends, while something lasts that it opened."""

from __future__ import annotations

import asyncio

from app.identity.tokens import BadToken, Tokens

LOOK = 1.0
"""Seconds between one look at a token and the next; it may end before its time, with the key that signed it."""


async def expiry(tokens: Tokens, token: str) -> None:
    """Waits until a token is no longer valid."""
    while True:
        await asyncio.sleep(LOOK)
        try:
            tokens.bearer(token)
        except BadToken:
            return
