"""The key that signs our tokens: made on first start, kept where only its owner reads it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from joserfc.jwk import OKPKey


class BadKey(Exception):
    """A text that is no key of ours. The message does not repeat it."""


def load_key(path: Path) -> OKPKey:
    """The key in a file (PEM), made there if there is none. Safe when several processes start at once.

    Raises BadKey, OSError.
    """
    if not path.exists():
        _make(path)
    return read_key(path.read_text("ascii", errors="replace"))


def read_key(pem: str) -> OKPKey:
    """The key in a PEM text. Its id is its RFC 7638 thumbprint.

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


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(OKPKey.generate_key("Ed25519").as_pem(private=True))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # the first of several wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()
