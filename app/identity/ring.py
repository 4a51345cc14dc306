"""The ring of our keys: which one signs now, and which verify.

A key signs from a moment on, until another does. It is published before, so that whoever keeps our keys for a while has
it in time; afterwards it verifies for as long as a token may live that it has signed.

    NEXT      is published and verifies; does not sign yet
    CURRENT   signs
    RETIRED   verifies what it has signed
    ENDED     verifies nothing any more
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import structlog
from joserfc.jwk import OKPKey

from app.identity.keys import BadKey

log = structlog.get_logger("c360.keys")

LEAD = 600
"""Seconds between being published and signing: twice as long as others may keep what we publish."""
HOLDS = 3_660
"""Seconds that a key verifies after its last signature: the longest life of a token, and clocks that differ."""
INTERVAL = 30
"""Seconds between two looks at the keys."""


class State(StrEnum):
    """Where a key stands."""

    NEXT = "NEXT"
    CURRENT = "CURRENT"
    RETIRED = "RETIRED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key, and when it begins to sign (seconds since 1970)."""

    key: OKPKey = field(compare=False)
    kid: str
    since: float = 0


def held(key: OKPKey, since: float = 0) -> HeldKey:
    """A key on a ring."""
    key.ensure_kid()
    return HeldKey(key, key.kid or key.thumbprint(), since)


@dataclass(frozen=True)
class Ring:
    """Keys, by when they begin to sign; at least one."""

    keys: tuple[HeldKey, ...]

    def signing(self, now: float) -> HeldKey:
        """The key that signs: of those that have begun the last, or else the first that will."""
        return next((each for each in reversed(self.keys) if each.since <= now), self.keys[0])

    def states(self, now: float) -> Iterator[tuple[HeldKey, State, float | None]]:
        """Each key with its state, and until when it verifies, where that is known."""
        current = self.signing(now)
        followers = (*self.keys[1:], None)
        for each, follower in zip(self.keys, followers, strict=True):
            until = None if follower is None else follower.since + HOLDS
            if each is current:
                yield each, State.CURRENT, until
            elif each.since > current.since:
                yield each, State.NEXT, until
            else:
                yield each, State.RETIRED if until is None or until > now else State.ENDED, until

    def verifying(self, now: float) -> list[HeldKey]:
        """The keys whose signatures are good."""
        return [each for each, state, _ in self.states(now) if state is not State.ENDED]


def ring_of(keys: Iterable[HeldKey]) -> Ring:
    """A ring of these keys."""
    return Ring(tuple(sorted(keys, key=lambda each: each.since)))


class Keys:
    """The ring of this process: it is looked at again every half a minute, and for a key that is not known."""

    def __init__(self, read: Callable[[], Ring]) -> None:
        self._read = read
        self._ring = read()
        self._watching: list[Callable[[], None]] = []
        self._by_id: dict[str, OKPKey] = {}
        self._asked = 0.0
        self.due = 0.0
        """When the ring is to be looked at again."""
        self._settle(time.time())

    def watch(self, changed: Callable[[], None]) -> None:
        """Has something done whenever other keys verify than before."""
        self._watching.append(changed)

    def look(self, now: float) -> None:
        """Reads the keys anew. What cannot be read leaves all as it was."""
        try:
            self._ring = self._read()
        except (BadKey, OSError) as failure:
            log.error("the token keys cannot be read again", reason=str(failure))
        self._settle(now)

    def find(self, kid: object) -> OKPKey | None:
        """The key of an id, if its signatures are good."""
        if not isinstance(kid, str):
            return None
        if kid not in self._by_id and (now := time.time()) >= self._asked + INTERVAL:
            self._asked = now
            self.look(now)
        return self._by_id.get(kid)

    @property
    def signing(self) -> OKPKey:
        """The key that signs now."""
        now = time.time()
        return self._fresh(now).signing(now).key

    def published(self) -> list[OKPKey]:
        """The keys whose signatures are good now, or will be."""
        now = time.time()
        return [each.key for each in self._fresh(now).verifying(now)]

    def states(self, now: float) -> list[tuple[HeldKey, State, float | None]]:
        """Each key with its state, and until when it verifies, where that is known."""
        return list(self._fresh(now).states(now))

    def _fresh(self, now: float) -> Ring:
        if now >= self.due:
            self.look(now)
        return self._ring

    def _settle(self, now: float) -> None:
        self.due = now + INTERVAL
        before, self._by_id = self._by_id, {each.kid: each.key for each in self._ring.verifying(now)}
        if before.keys() != self._by_id.keys():
            for changed in self._watching:
                changed()


def keys_of(*keys: OKPKey) -> Keys:
    """Keys that stay as they are: the first signs, all verify."""
    ring = ring_of(held(key, since=math.inf if number else 0) for number, key in enumerate(keys))
    return Keys(lambda: ring)
