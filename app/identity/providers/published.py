"""The keys that a provider publishes (RFC 7517): those alone that can verify a signature that we take."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

from app.identity.providers.faults import ProviderAway

KINDS: dict[str, type[RSAKey | ECKey | OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
ALGORITHMS = {
    "RS256": "RSA", "RS384": "RSA", "RS512": "RSA", "PS256": "RSA", "PS384": "RSA", "PS512": "RSA",
    "ES256": "EC", "ES384": "EC", "ES512": "EC", "Ed25519": "OKP", "EdDSA": "OKP",
}  # fmt: skip
"""Signatures that are taken, with the kind of key. None is by a shared secret, so that no public key is taken for one."""
MOST_KEYS = 100
RSA_BITS = range(2_048, 8_193)
"""Less can be broken; more takes long to verify."""

Key: TypeAlias = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class Published:
    """A key, its kind, and the one algorithm that it is for, if it says so."""

    key: Key
    kind: str
    algorithm: str | None

    def serves(self, algorithm: object) -> bool:
        """Whether it may have made a signature of an algorithm."""
        return ALGORITHMS.get(str(algorithm)) == self.kind and self.algorithm in (None, algorithm)


def published(found: dict[str, Any]) -> dict[str, Published]:
    """The keys in a document, by their ids; those of use for something else are left out. Raises ProviderAway."""
    given = found.get("keys")
    if not isinstance(given, list) or len(given) > MOST_KEYS:
        raise ProviderAway("its keys are no list of a hundred at most")
    return dict(_sound(given))


def _sound(given: list[Any]) -> Iterator[tuple[str, Published]]:
    for number, each in enumerate(given):
        key = _key(each)
        if key is not None:
            kid = each.get("kid")
            yield kid if isinstance(kid, str) else f" {number}", key


def _key(given: Any) -> Published | None:
    """A key to verify with, if this is one."""
    if not isinstance(given, dict) or given.get("use", "sig") != "sig":
        return None
    kind, algorithm = given.get("kty"), given.get("alg")
    if not isinstance(kind, str) or kind not in KINDS or not isinstance(algorithm, str | None):
        return None
    try:
        with warnings.catch_warnings(action="ignore", category=SecurityWarning):
            key = KINDS[kind].import_key({name: given[name] for name in given if name in _PUBLIC})
        if isinstance(key, RSAKey) and key.public_key.key_size not in RSA_BITS:
            return None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None
    return Published(key, kind, algorithm)


_PUBLIC = {"kty", "kid", "n", "e", "crv", "x", "y"}
