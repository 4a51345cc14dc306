"""Keys that sign our tokens: Ed25519, each known by its RFC 7638 thumbprint."""

from __future__ import annotations

import re
from collections.abc import Iterable

from joserfc.jwk import OKPKey

_BLOCK = re.compile(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----\s*", re.DOTALL)


class BadKey(Exception):
    """Texts or files that are no keys of ours: a line for each. The message repeats none of them."""


def read_key(pem: str) -> OKPKey:
    """The key in a PEM text.

    Raises BadKey where the text is no Ed25519 private key.
    """
    try:
        key = OKPKey.import_key(pem)
        if not key.is_private or key.as_dict().get("crv") != "Ed25519":
            raise ValueError
    except Exception:  # whatever it is, it is no key
        raise BadKey("the token key is an Ed25519 private key in PEM") from None
    key.ensure_kid()
    return key


def read_keys(text: str) -> list[OKPKey]:
    """The keys in a text, one PEM after another, each once. Raises BadKey with all faults."""
    found, faults = [], []
    parts = _BLOCK.findall(text)
    if "".join(parts).strip() != text.strip() or not parts:
        raise BadKey("the token key is an Ed25519 private key in PEM")
    for number, part in enumerate(parts, start=1):
        try:
            found.append(read_key(part))
        except BadKey as bad:
            faults.append(str(bad) if len(parts) == 1 else f"{bad}; number {number} is none")
    faults += [f"the token key {kid} is given twice" for kid in _twice(key.kid or "" for key in found)]
    if faults:
        raise BadKey("\n".join(faults))
    return found


def _twice(names: Iterable[str]) -> list[str]:
    given = list(names)
    return sorted({name for name in given if given.count(name) > 1})
