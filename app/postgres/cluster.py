"""A server's data directory: made whole or not at all, never by another major version."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from app.postgres.errors import PostgresError
from app.postgres.places import seen_by
from app.postgres.programs import MAJOR, Programs

ROLE = "c360"

INITIAL = {
    "jit": "off",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "work_mem": "16MB",
}
"""Written into a new cluster's postgresql.conf, where its operator may change them. The log holds no row's values."""


def _initialise(directory: Path, programs: Programs, turn: int) -> None:
    settings = [part for name, value in INITIAL.items() for part in ("-c", f"{name}={value}")]
    with seen_by(programs.account, directory) as place:
        programs.must(
            "initdb",
            "-D",
            place.name,
            f"--username={ROLE}",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            *settings,
            descriptors=(*place.descriptors, turn),
        )


def _make_durable(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make(directory: Path, programs: Programs, turn: int) -> None:
    for leftover in directory.parent.glob(f"{directory.name}.new-*"):
        shutil.rmtree(leftover)
    new = Path(tempfile.mkdtemp(prefix=f"{directory.name}.new-", dir=directory.parent))
    try:
        programs.account.take(new)
        _initialise(new, programs, turn)
        new.rename(directory)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    _make_durable(directory.parent)


def ensure_cluster(directory: Path, programs: Programs, turn: int) -> None:
    """Leave with a data directory of our major version. One that a crash left half made is made anew.

    `turn` is the descriptor of the lock under which this runs. initdb inherits it: if we are killed while it works,
    nobody clears away after it before it is done.
    """
    if not directory.exists():
        _make(directory, programs, turn)
    try:
        version = (directory / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise PostgresError(f"{directory} is not a data directory of PostgreSQL. Move it away.") from None
    if version != str(MAJOR):
        raise PostgresError(
            f"{directory} was made by PostgreSQL {version}, and this release runs PostgreSQL {MAJOR}. "
            f"Dump the database with PostgreSQL {version}, move the directory away, and restore into the new one."
        )
