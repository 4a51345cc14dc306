"""Directories as the server's account sees them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.postgres.account import Account
from app.postgres.errors import PostgresError

DESCRIPTORS = Path("/proc/self/fd")
PLAIN = re.compile(r"[\w./+@=-]+", re.ASCII)
"""Paths that a list in a setting takes as they are."""
QUOTABLE = re.compile(r'[^"$`\\\n]+')
"""Paths that a shell takes between double quotes, as PostgreSQL's programs write them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A directory's name, and the open files that a program must inherit for the name to hold."""

    name: str
    descriptors: tuple[int, ...] = ()


def is_open(directory: Path) -> bool:
    """Whether every user may pass through the directories above it."""
    return all(above.stat().st_mode & stat.S_IXOTH for above in directory.resolve().parents)


def is_plain(directory: Path) -> bool:
    """Whether its path needs no quoting in a setting."""
    return PLAIN.fullmatch(str(directory)) is not None


@contextmanager
def seen_by(account: Account, directory: Path) -> Iterator[Place]:
    """A name under which the account reaches a directory of its own.

    Below a directory that is closed to it (root's home), that is the name of an inherited descriptor: the kernel
    then asks for rights on the directory itself, not on those above it, and none of them need be opened to others.
    """
    if QUOTABLE.fullmatch(str(directory)) and (not account.is_other or is_open(directory)):
        yield Place(str(directory))
        return
    if not DESCRIPTORS.is_dir():
        raise PostgresError(f"User {account.name!r} cannot reach {directory}. Set C360_DATA_DIR to another directory.")
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Place(str(DESCRIPTORS / str(descriptor)), (descriptor,))
    finally:
        os.close(descriptor)
