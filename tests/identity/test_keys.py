"""The signing key: made once, read by its owner only."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from app.identity.keys import BadKey, load_key, read_key


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "token-key.pem"
    made = load_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(path).thumbprint() == made.thumbprint() == made.kid
    assert [found.name for found in path.parent.iterdir()] == ["token-key.pem"]


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "token-key.pem"
    with ThreadPoolExecutor(8) as pool:
        ids = {key.kid for key in pool.map(lambda _: load_key(path), range(16))}
    assert len(ids) == 1
    assert [found.name for found in tmp_path.iterdir()] == ["token-key.pem"]


WRONG = {
    "nothing": "",
    "a word": "secret",
    "no PEM": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    "half": OKPKey.generate_key("Ed25519").as_pem(private=True).decode()[:60],
    "public": OKPKey.generate_key("Ed25519").as_pem(private=False).decode(),
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
    with pytest.raises(BadKey) as refusal:
        read_key(str(WRONG[kind]))
    assert str(refusal.value) == "the token key is an Ed25519 private key in PEM"
