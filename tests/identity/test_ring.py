"""Keys take turns: published before they sign, good for as long as what they signed may live."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from joserfc.jwk import OKPKey

from app.identity.bearer import Bearer
from app.identity.keys import BadKey
from app.identity.ring import HOLDS, INTERVAL, LEAD, Keys, Ring, State, held, keys_of, ring_of
from app.identity.tokens import LONGEST, BadToken, Tokens
from app.models.ids import uuid7

NOW = 1_800_000_000.0
USER = uuid7()
OLD, NEW, LAST = (OKPKey.generate_key("Ed25519") for _ in range(3))
RING = ring_of([held(LAST, NOW + 9_000), held(OLD), held(NEW, NOW)])


@pytest.mark.parametrize(
    ("at", "states"),
    [
        (NOW - 1, [State.CURRENT, State.NEXT, State.NEXT]),
        (NOW, [State.RETIRED, State.CURRENT, State.NEXT]),
        (NOW + HOLDS - 1, [State.RETIRED, State.CURRENT, State.NEXT]),
        (NOW + HOLDS, [State.ENDED, State.CURRENT, State.NEXT]),
        (NOW + 9_000, [State.ENDED, State.RETIRED, State.CURRENT]),
        (NOW + 9_000 + HOLDS, [State.ENDED, State.ENDED, State.CURRENT]),
    ],
)
def test_one_key_signs_and_others_verify_before_and_after(at: float, states: list[State]) -> None:
    assert [state for _, state, _ in RING.states(at)] == states
    assert RING.signing(at).kid == RING.keys[states.index(State.CURRENT)].kid
    good = [each.kid for each, state in zip(RING.keys, states, strict=True) if state is not State.ENDED]
    assert [each.kid for each in RING.verifying(at)] == good


def test_where_no_key_has_begun_the_first_signs() -> None:
    assert ring_of([held(LAST, NOW + 2), held(NEW, NOW + 1)]).signing(NOW).key is NEW


class Clock:
    """A time that a test turns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        monkeypatch.setattr(time, "time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class Source:
    """Where two processes read their keys."""

    def __init__(self, *rings: Ring | Exception) -> None:
        self.ring: Ring | Exception = rings[0]
        self.reads = 0

    def read(self) -> Ring:
        self.reads += 1
        if isinstance(self.ring, Exception):
            raise self.ring
        return self.ring


def test_no_good_token_is_refused_while_keys_are_rotated(clock: Clock) -> None:
    """Two processes that look at different times, a token of each at every step, tried at each all its life long."""
    source = Source(ring_of([held(OLD)]))
    here = Tokens(Keys(source.read))
    clock.now += 17
    there = Tokens(Keys(source.read))
    given: list[tuple[str, float]] = []
    kids = set()
    source.ring = ring_of([held(OLD), held(NEW, clock.now + LEAD)])
    for _ in range(0, LEAD + HOLDS + 600, 10):
        clock.now += 10
        given = [(token, end) for token, end in given if end > clock.now]
        given += [(tokens.issue(USER, 3_600), clock.now + 3_600) for tokens in (here, there)]
        for token, _ in (*given[:8], *given[-8:]):
            assert here.bearer(token) == there.bearer(token) == Bearer(USER)
        kids.add(here.key.kid)
    assert kids == {OLD.kid, NEW.kid}
    assert [key.kid for key in here.keys.published()] == [NEW.kid]


def test_a_key_that_is_removed_opens_nothing_within_half_a_minute_also_what_was_verified(clock: Clock) -> None:
    source = Source(ring_of([held(OLD), held(NEW, NOW + LEAD)]))
    tokens = Tokens(Keys(source.read))
    token = tokens.issue(USER)
    assert tokens.bearer(token) == Bearer(USER)
    source.ring = ring_of([held(NEW, NOW + LEAD)])
    clock.now += INTERVAL
    with pytest.raises(BadToken):
        tokens.bearer(token)
    assert tokens.key.kid == NEW.kid
    assert tokens.bearer(tokens.issue(USER)) == Bearer(USER)


@pytest.mark.parametrize(
    "looks", [lambda tokens: tokens.issue(USER), lambda tokens: tokens.keys.published()], ids=["issuing", "publishing"]
)
def test_whoever_looks_first_has_what_was_verified_forgotten(clock: Clock, looks: Callable[[Tokens], object]) -> None:
    source = Source(ring_of([held(OLD), held(NEW, NOW + LEAD)]))
    tokens = Tokens(Keys(source.read))
    token = tokens.issue(USER)
    tokens.bearer(token)
    source.ring = ring_of([held(NEW, NOW + LEAD)])
    clock.now += INTERVAL
    looks(tokens)
    with pytest.raises(BadToken):
        tokens.bearer(token)


def test_an_unknown_key_is_looked_for_once_in_half_a_minute(clock: Clock) -> None:
    source = Source(ring_of([held(OLD)]))
    tokens, other = Tokens(Keys(source.read)), Tokens(keys_of(NEW))
    assert source.reads == 1
    for _ in range(50):
        with pytest.raises(BadToken):
            tokens.bearer(other.issue(USER))
    assert source.reads == 2
    source.ring = ring_of([held(OLD), held(NEW, NOW + LEAD)])
    clock.now += INTERVAL - 1
    with pytest.raises(BadToken):
        tokens.bearer(other.issue(USER))
    clock.now += 1
    assert tokens.bearer(other.issue(USER)) == Bearer(USER)
    assert source.reads == 3
    assert len(other.issue(USER)) < LONGEST


@pytest.mark.parametrize("failure", [BadKey("a file is none"), PermissionError(13, "Permission denied")])
def test_what_cannot_be_read_later_leaves_all_as_it_was(clock: Clock, failure: Exception) -> None:
    source = Source(ring_of([held(OLD)]))
    tokens = Tokens(Keys(source.read))
    token = tokens.issue(USER)
    source.ring = failure
    clock.now += INTERVAL
    assert tokens.bearer(token) == Bearer(USER)
    assert tokens.bearer(tokens.issue(USER)) == Bearer(USER)
    assert source.reads == 2


def test_of_keys_that_are_given_the_first_signs_and_all_verify() -> None:
    tokens = Tokens(keys_of(OLD, NEW, LAST))
    assert tokens.key is OLD
    for key in (OLD, NEW, LAST):
        assert tokens.bearer(Tokens(keys_of(key)).issue(USER)) == Bearer(USER)
    assert [key.kid for key in tokens.keys.published()] == [OLD.kid, NEW.kid, LAST.kid]
