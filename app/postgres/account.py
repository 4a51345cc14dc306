"""The operating system's account that runs the server. PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.postgres.errors import PostgresError


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether it is not the one this process runs as."""
        return self.uid != os.geteuid()

    def take(self, path: Path) -> None:
        """Become the owner of a file or directory that this process made."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def _of(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _by_uid(uid: int) -> Account:
    try:
        return _of(pwd.getpwuid(uid))
    except KeyError:
        raise PostgresError(
            f"User id {uid} has no name on this system, and PostgreSQL needs one. Add it to the users, or run as another."
        ) from None


def _make(user: str) -> None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    refusal = f"PostgreSQL does not run as root, and user {user!r} (C360_POSTGRES_USER) could not be made"
    if program is None:
        raise PostgresError(f"{refusal}: there is no useradd here. Make the user, or name another.")
    arguments = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "--", user]
    made = subprocess.run([program, *arguments], capture_output=True, text=True)  # noqa: S603 a fixed program
    if made.returncode:
        raise PostgresError(f"{refusal}: {made.stderr.strip()}")


def _by_name(user: str) -> Account:
    try:
        return _of(pwd.getpwnam(user))
    except KeyError:
        _make(user)
        return _of(pwd.getpwnam(user))


def _unprivileged(account: Account) -> Account:
    if account.uid == 0:
        raise PostgresError("PostgreSQL does not run as root. Name an unprivileged user in C360_POSTGRES_USER.")
    return account


def server_account(cluster: Path, user: str) -> Account:
    """Who runs the server of a data directory.

    Ourselves; where we are root, the owner of the data, or for new data `user`, who is made if missing.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() == 0:
        return _unprivileged(_by_name(user) if owner is None else _by_uid(owner))
    if owner not in (None, os.geteuid()):
        raise PostgresError(f"{cluster} belongs to another user (id {owner}). Start as that user, or as root.")
    return _by_uid(os.geteuid())
