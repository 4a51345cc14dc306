"""The keys of a provider: those that do not verify sign nobody in, and nobody notices when they change."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

from tests.http.providers.refusing import is_refused
from tests.http.providers.scene import Elsewhere
from tests.http.providers.stray import GONE, KEY, KNOWN_AT, OTHER, public

with warnings.catch_warnings(action="ignore", category=SecurityWarning):
    WEAK = RSAKey.generate_key(1024, {"kid": "first"})


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [{**public(KEY), "use": "enc"}],
        [{**public(KEY), "alg": "RSA-OAEP"}],
        [{**public(KEY), "kty": "oct", "k": "c2VjcmV0"}],
        [{**public(KEY), "n": "!"}],
        [public(OTHER)],
        [public(WEAK)],
        [None, 1, "key", [], {}],
        [{**public(KEY), "kty": ["RSA"]}, {**public(KEY), "kty": {}}],
        [{**public(KEY), "n": ["AQAB"]}, {**public(KEY), "e": {}}, {"kty": "EC", "crv": []}, {"kty": "OKP", "crv": 1}],
    ],
    ids=[
        "none",
        "for secrets",
        "for something else",
        "shared",
        "no number",
        "another",
        "weak",
        "nonsense",
        "no kind",
        "no parts",
    ],
)
async def test_keys_that_do_not_verify_sign_nobody_in(elsewhere: Elsewhere, keys: list[Any]) -> None:
    elsewhere.stray.keys = keys
    if keys and isinstance(keys[0], dict) and keys[0].get("n") == public(WEAK)["n"]:
        elsewhere.stray.key = WEAK
    await is_refused(elsewhere, await elsewhere.sign_in())


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (RSAKey.generate_key(2048, {"kid": "a"}), "PS256"),
        (ECKey.generate_key("P-256", {"kid": "a"}), "ES256"),
        (OKPKey.generate_key("Ed25519", {"kid": "a"}), "Ed25519"),
    ],
    ids=["PS256", "ES256", "Ed25519"],
)
async def test_signatures_in_use_are_known(elsewhere: Elsewhere, key: Any, algorithm: str) -> None:
    elsewhere.stray.keys = [{**key.as_dict(private=False), "kid": "a"}]
    elsewhere.stray.key = key
    elsewhere.stray.header["alg"] = algorithm
    assert (await elsewhere.sign_in()).status_code == 200


async def test_where_a_token_names_no_key_the_only_one_serves(elsewhere: Elsewhere) -> None:
    elsewhere.stray.header["kid"] = GONE
    assert (await elsewhere.sign_in()).status_code == 200
    elsewhere.browser.cookies.clear()
    elsewhere.stray.header["kid"] = "unknown"
    elsewhere.stray.keys = [public(KEY), public(OTHER)]
    await is_refused(elsewhere, await elsewhere.sign_in())
    elsewhere.stray.header["kid"] = GONE
    await is_refused(elsewhere, await elsewhere.sign_in())


async def test_a_provider_rotates_its_keys_and_nobody_notices(elsewhere: Elsewhere) -> None:
    assert (await elsewhere.sign_in()).status_code == 200
    elsewhere.stray.key, elsewhere.stray.keys = OTHER, [public(KEY), public(OTHER)]
    assert (await elsewhere.sign_in()).status_code == 200
    assert (elsewhere.stray.count(KNOWN_AT), elsewhere.stray.count("/keys")) == (1, 2)


async def test_a_storm_of_unknown_keys_has_them_fetched_once(elsewhere: Elsewhere) -> None:
    for number in range(12):
        elsewhere.stray.header["kid"] = f"unknown {number}"
        await is_refused(elsewhere, await elsewhere.sign_in())
    assert (elsewhere.stray.count(KNOWN_AT), elsewhere.stray.count("/keys")) == (1, 2)


async def test_of_many_who_come_at_once_one_asks(elsewhere: Elsewhere) -> None:
    sent = await asyncio.gather(*(elsewhere.browser.get("/oauth/sign-in/stray") for _ in range(10)))
    assert {response.status_code for response in sent} == {303}
    assert (elsewhere.stray.count(KNOWN_AT), elsewhere.stray.count("/keys")) == (1, 1)
