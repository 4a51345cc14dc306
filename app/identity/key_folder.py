"""Keys in files beside the data, which only their owner reads: `token-key.pem`, the first, made on first start, and
`token-key-SECONDS.pem`, which signs from that moment on (seconds since 1970).
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from pathlib import Path

from joserfc.jwk import OKPKey

from app.identity.keys import BadKey, read_key
from app.identity.ring import LEAD, HeldKey, Ring, State, held, ring_of

FIRST = "token-key.pem"
_NAME = re.compile(r"token-key(?:-(\d{1,11}))?\.pem", re.ASCII).fullmatch


def load_ring(folder: Path) -> Ring:
    """The keys in a folder; one is made there if there is none. Safe when several processes start at once.

    Raises BadKey with all faults of all files, OSError.
    """
    found, faults = _read(folder)
    if not found and not faults:
        _write(folder / FIRST)
        found, faults = _read(folder)
    if faults or not found:
        raise BadKey("\n".join(faults) or f"{folder}: holds no token key, and none can be made")
    return ring_of(found.values())


def rotate(folder: Path, now: float) -> HeldKey:
    """A key that will sign in a while; those that verify nothing any more are removed.

    Raises BadKey where another is to sign already, or the keys cannot be read; OSError.
    """
    for each, state, _ in load_ring(folder).states(now):
        if state is State.NEXT:
            raise BadKey(f"the token key {each.kid} is the next already")
        if state is State.ENDED:
            retire(folder, each.kid)
    path = folder / f"token-key-{int(now) + LEAD}.pem"
    _write(path)
    return _held(path)


def retire(folder: Path, kid: str) -> None:
    """Removes a key: what it signed is no longer good. Raises BadKey where it is not there, or is the only one; OSError."""
    found, faults = _read(folder)
    paths = [path for path, each in found.items() if each.kid == kid]
    if not paths:
        raise BadKey("\n".join([f"there is no token key {kid!r}", *faults]))
    if len(found) == len(paths):
        raise BadKey("the only token key signs; rotate first")
    for path in paths:
        path.unlink()


def _read(folder: Path) -> tuple[dict[Path, HeldKey], list[str]]:
    """The keys by their files, and all that is wrong."""
    found: dict[Path, HeldKey] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("token-key*.pem")):
        try:
            each = _held(path)
            twin = next((other.name for other, known in found.items() if known.kid == each.kid), None)
            if twin is not None:
                faults.append(f"{path}: holds the same key as {twin}")
            found[path] = each
        except BadKey as bad:
            faults.append(f"{path}: {bad}")
        except FileNotFoundError:  # removed meanwhile
            continue
        except OSError as failure:
            faults.append(f"{path}: {failure.strerror}")
    return found, faults


def _held(path: Path) -> HeldKey:
    named = _NAME(path.name)
    faults = [] if named else ["is named token-key.pem or token-key-SECONDS.pem"]
    with path.open(encoding="ascii", errors="replace") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            faults.append("is open to others than its owner (chmod 600)")
        try:
            key = read_key(file.read(10_000))
        except BadKey as bad:
            faults.append(str(bad))
    if faults:
        raise BadKey("; ".join(faults))
    return held(key, float(named[1] or 0) if named else 0)


def _write(path: Path) -> None:
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
