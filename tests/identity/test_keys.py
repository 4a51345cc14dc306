"""A key that signs: read from PEM, or refused."""

from __future__ import annotations

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from app.identity.keys import BadKey, read_key, read_keys

GOOD = [OKPKey.generate_key("Ed25519").as_pem(private=True).decode() for _ in range(3)]
PUBLIC = OKPKey.generate_key("Ed25519").as_pem(private=False).decode()
REFUSAL = "the token key is an Ed25519 private key in PEM"
WRONG = {
    "nothing": "",
    "a word": "secret",
    "no PEM": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    "half": OKPKey.generate_key("Ed25519").as_pem(private=True).decode()[:60],
    "public": PUBLIC,
    "X25519": OKPKey.generate_key("X25519").as_pem(private=True).decode(),
    "Ed448": OKPKey.generate_key("Ed448").as_pem(private=True).decode(),
    "EC": ECKey.generate_key("P-256").as_pem(private=True).decode(),
    "RSA": RSAKey.generate_key(2048).as_pem(private=True).decode(),
    "JWK": str(OKPKey.generate_key("Ed25519").as_dict(private=True)),
    "a secret": OctKey.generate_key(256).as_dict()["k"],
    "two lines": "\0\n\xff",
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_no_key_of_ours_is_refused_without_being_repeated(kind: str) -> None:
    for read in (read_key, read_keys):
        with pytest.raises(BadKey) as refusal:
            read(str(WRONG[kind]))
        assert str(refusal.value) == REFUSAL


def test_several_keys_may_stand_one_after_another() -> None:
    read = [key.kid for key in read_keys("\n".join(GOOD))]
    assert read == [read_key(pem).thumbprint() for pem in GOOD]


def test_all_that_is_wrong_with_several_keys_is_told_at_once() -> None:
    with pytest.raises(BadKey) as refusal:
        read_keys("\n".join([GOOD[0], PUBLIC, GOOD[0], str(WRONG["EC"])]))
    assert str(refusal.value).splitlines() == [
        f"{REFUSAL}; number 2 is none",
        f"{REFUSAL}; number 4 is none",
        f"the token key {read_key(GOOD[0]).kid} is given twice",
    ]


@pytest.mark.parametrize("more", ["secret", "-----BEGIN PRIVATE KEY-----\n", "\0"])
def test_nothing_else_stands_among_keys(more: str) -> None:
    for given in (f"{more}\n{GOOD[0]}", f"{GOOD[0]}\n{more}"):
        with pytest.raises(BadKey):
            read_keys(given)
