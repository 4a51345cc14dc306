"""Tokens: what is ours is known, and nothing else is."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

import pytest
from joserfc.jwk import OKPKey

from app.identity.bearer import Bearer
from app.identity.keys import read_key
from app.identity.ring import keys_of
from app.identity.tokens import LEEWAY, LIFETIME, LONGEST, BadToken, Tokens
from app.models.ids import uuid7
from tests.identity.forging import FORGED, GONE, claims, signed

USER = uuid7()


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens(keys_of(OKPKey.generate_key("Ed25519")))


def test_a_token_names_the_user_it_was_issued_for(tokens: Tokens) -> None:
    token = tokens.issue(USER)
    assert tokens.bearer(token) == tokens.bearer(token) == Bearer(USER)
    assert len(token) < 1_000
    assert LIFETIME == 900


@pytest.mark.parametrize("how", FORGED)
def test_any_other_token_is_bad_and_the_error_does_not_say_why(tokens: Tokens, how: str) -> None:
    token = FORGED[how](tokens, USER)
    for _ in range(2):
        with pytest.raises(BadToken) as refusal:
            tokens.bearer(token)
        assert str(refusal.value) == ""
        assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exp", lambda now: now - LEEWAY + 20),
        ("exp", lambda now: now + 60.5),
        ("iat", lambda now: now + LEEWAY - 10),
        ("nbf", lambda now: now + LEEWAY - 10),
        ("aud", lambda _: ["billing", "customer360"]),
        ("scope", lambda _: "everything"),
        ("roles", lambda _: ["admin"]),
        ("sub", lambda _: str(USER).upper()),
    ],
    ids=["expired within the leeway", "fraction", "iat", "nbf", "several audiences", "scope", "roles", "capitals"],
)
def test_what_does_not_matter_in_a_token_does_not_matter(
    tokens: Tokens, name: str, value: Callable[[int], object]
) -> None:
    assert tokens.bearer(signed(tokens, claims(USER, **{name: value(int(time.time()))}))) == Bearer(USER)


def test_a_token_of_a_grant_says_what_it_opens_of_it(tokens: Tokens) -> None:
    grant = uuid7()
    said = {"iss": tokens.issuer, "grant": str(grant), "scope": ""}
    assert tokens.bearer(signed(tokens, claims(USER, **said))) == Bearer(USER, grant, "")
    with pytest.raises(BadToken):
        tokens.bearer(signed(tokens, claims(USER, **{**said, "scope": GONE})))


def test_a_token_that_was_verified_expires_all_the_same(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    token = tokens.issue(USER, 60)
    assert tokens.bearer(token) == Bearer(USER)
    later = time.time() + 60 + LEEWAY + 1
    monkeypatch.setattr(time, "time", lambda: later)
    for _ in range(2):
        with pytest.raises(BadToken):
            tokens.bearer(token)


def test_a_token_of_another_deployment_is_bad(tokens: Tokens) -> None:
    other = Tokens(keys_of(OKPKey.generate_key("Ed25519")))
    with pytest.raises(BadToken):
        tokens.bearer(other.issue(USER))


def test_two_processes_with_one_key_know_each_others_tokens(tokens: Tokens) -> None:
    again = Tokens(keys_of(read_key(tokens.key.as_pem(private=True).decode())))
    assert again.bearer(tokens.issue(USER)) == Bearer(USER)


def test_only_so_many_verified_tokens_are_remembered(tokens: Tokens) -> None:
    few = Tokens(keys_of(tokens.key), remembered=3)
    made = [few.issue(UUID(int=i)) for i in range(10)]
    for _ in range(2):
        assert [few.bearer(token).subject.int for token in made] == list(range(10))
    assert len(few._verified) == 3


def test_a_token_may_be_just_so_long(tokens: Tokens) -> None:
    room = LONGEST - len(signed(tokens, claims(USER, more="")))
    longest = signed(tokens, claims(USER, more="x" * (room * 3 // 4 - 3)))
    assert LONGEST - 8 < len(longest) <= LONGEST
    assert tokens.bearer(longest) == Bearer(USER)
