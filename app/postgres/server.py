"""The server process over a data directory."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from app.postgres.cluster import ROLE
from app.postgres.errors import PostgresError
from app.postgres.places import seen_by
from app.postgres.programs import Programs

DATABASE = "customer360"
PATIENCE = 600
"""Seconds that recovery or a shutdown may take."""
UNREACHABLE = 15
"""Seconds in which a process that lives must begin to answer."""
FORMER_GOING = 15
"""Seconds in which a former server, or the children of a killed one, get out of the way."""
FORMER = ("pre-existing shared memory", "lock file")
"""What a new server says of a former one."""
PAUSE = 0.05

ALWAYS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "unix_socket_permissions": "0700",
}
"""Given on the command line, which outranks the cluster's files."""

LIVES = '[ "/proc/$0/cwd" -ef "$1" ] || { [ ! -d /proc/self ] && kill -0 "$0"; }'
"""Whether a process works in a directory. A pid file's number may long be another process's."""


class State(IntEnum):
    """What pg_isready says of a server."""

    ACCEPTING = 0
    REJECTING = 1
    SILENT = 2
    UNASKED = 3


@dataclass(frozen=True)
class Server:
    """A server that is (to be) run over `directory` and reached in `sockets`."""

    directory: Path
    programs: Programs
    sockets: Path
    port: int
    tcp: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)

    def state(self) -> State:
        """Whether it answers."""
        return State(self.programs.run("pg_isready", "-q", *self._address).returncode)

    @property
    def _address(self) -> tuple[str, ...]:
        return ("-h", str(self.sockets), "-p", str(self.port), "-U", ROLE, "-d", "postgres")

    def bring_up(self) -> None:
        """Leave with a server that accepts connections: the one found running, or a new one."""
        if self._settled() is State.ACCEPTING:
            return
        self._remove_remains()
        self._start()
        try:
            self._settled()
            self._ensure_database()
        except BaseException:
            self.bring_down()
            raise

    def bring_down(self) -> None:
        """Leave with no server running; what was committed stands on disk, cleanly."""
        stopped = self._pg_ctl("stop", "-m", "fast")
        if stopped.returncode and self._lives():
            raise PostgresError(f"The server of {self.directory} does not stop: {stopped.stderr.strip()}")

    def _settled(self) -> State:
        """The state, once the server neither starts, recovers nor shuts down."""
        begun = time.monotonic()
        while (state := self.state()) is not State.ACCEPTING:
            waited = time.monotonic() - begun
            if state is not State.REJECTING and not self._lives():
                break
            if waited > (PATIENCE if state is State.REJECTING else UNREACHABLE):
                raise PostgresError(
                    f"A server runs in {self.directory} that does not answer in {self.sockets}. Stop it."
                )
            time.sleep(PAUSE)
        return state

    def _lives(self) -> bool:
        try:
            pid = (self.directory / "postmaster.pid").read_text().partition("\n")[0]
        except FileNotFoundError:
            return False
        with seen_by(self.programs.account, self.directory) as place:
            asked = self.programs.run("/bin/sh", "-c", LIVES, pid, place.name, descriptors=place.descriptors)
        return asked.returncode == 0

    def _remove_remains(self) -> None:
        """Take away what a killed server left and a new one could mistake for a living one's."""
        if self._lives():
            return
        socket = self.sockets / f".s.PGSQL.{self.port}"
        for remains in (self.directory / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
            remains.unlink(missing_ok=True)

    def _start(self) -> None:
        settings = {
            **ALWAYS,
            **self.settings,
            "listen_addresses": "localhost" if self.tcp else "",
            "port": str(self.port),
            "unix_socket_directories": str(self.sockets),
        }
        options = shlex.join(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        begun = time.monotonic()
        while self._pg_ctl("start", "-o", options).returncode:
            complaint = self._last_words()
            if not any(word in complaint for word in FORMER) or time.monotonic() - begun > FORMER_GOING:
                raise PostgresError(f"PostgreSQL does not start: {complaint}")
            if self._settled() is State.ACCEPTING:
                return
            time.sleep(PAUSE)

    def _pg_ctl(self, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
        with seen_by(self.programs.account, self.directory) as place:
            log = ("-l", f"{place.name}/server.log") if verb == "start" else ()
            common = ("-D", place.name, "-w", "-t", str(PATIENCE))
            return self.programs.run("pg_ctl", verb, *common, *log, *options, descriptors=place.descriptors)

    def _last_words(self) -> str:
        log = self.directory / "server.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join(lines[-5:]) or "it left no word in its log."

    def _ensure_database(self) -> None:
        known = f"SELECT FROM pg_database WHERE datname = '{DATABASE}'"
        missing = f"SELECT 'CREATE DATABASE {DATABASE}' WHERE NOT EXISTS ({known})"
        self.programs.must("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *self._address, stdin=f"{missing} \\gexec\n")
