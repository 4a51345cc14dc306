"""Where the server's socket lies: a directory that is the account's alone, under a short path."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from app.postgres.account import Account
from app.postgres.places import is_open, is_plain

LONGEST = 100
"""Bytes of a socket's path. Systems cut it at 104 or 108."""


def _fits(directory: Path, account: Account, port: int) -> bool:
    short = len(os.fsencode(directory / f".s.PGSQL.{port}.lock")) < LONGEST
    return short and is_plain(directory) and (not account.is_other or is_open(directory))


def _is_private(directory: Path, account: Account) -> bool:
    try:
        found = directory.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and stat.S_IMODE(found.st_mode) == 0o700


def _made(directory: Path, account: Account) -> Path:
    directory.mkdir(mode=0o700, exist_ok=True)
    directory.chmod(0o700)
    account.take(directory)
    return directory


def _elsewhere(link: Path, account: Account, port: int) -> Path:
    """A private directory among the temporary ones, remembered by a link."""
    if link.is_symlink() and _is_private(remembered := link.readlink(), account):
        return remembered
    roomy = Path(tempfile.gettempdir()) / "c360-12345678"
    directory = Path(tempfile.mkdtemp(prefix="c360-", dir=None if _fits(roomy, account, port) else "/tmp"))  # noqa: S108 private by mkdtemp
    account.take(directory)
    link.unlink(missing_ok=True)
    link.symlink_to(directory)
    return directory


def _link(home: Path) -> Path:
    return home / "run.elsewhere"


def socket_directory(home: Path, account: Account, port: int) -> Path:
    """`home/run`; where that path is too long, needs quoting or is closed to the account, one among the temporary."""
    usual = home / "run"
    if _fits(usual, account, port):
        return _made(usual, account)
    return _elsewhere(_link(home), account, port)


def leave_no_sockets(home: Path) -> None:
    """Once the server is down, take away the directory among the temporary ones."""
    link = _link(home)
    if link.is_symlink():
        with suppress(OSError):
            link.readlink().rmdir()
        link.unlink()
