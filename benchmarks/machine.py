"""Where and when the figures were made."""

from __future__ import annotations

import datetime as dt
import os
import platform
from dataclasses import dataclass
from pathlib import Path

from app.database import Database


@dataclass(frozen=True, slots=True)
class Machine:
    """What the figures depend on, beside the code."""

    date: str
    processor: str
    cores: int
    memory_gib: int
    system: str
    python: str
    postgres: str
    load: float
    """Processes that were running in the last minute before, on average."""

    @property
    def is_busy(self) -> bool:
        """Whether others use the machine so much that the figures will be unsteady."""
        return self.load > self.cores / 2


async def describe(database: Database) -> Machine:
    """This machine, now."""
    row = await database.read("SELECT current_setting('server_version') AS version")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory_gib=round(memory / 2**30),
        system=_system(),
        python=platform.python_version(),
        postgres=str(row["version"]).partition(" ")[0] if row else "",
        load=round(os.getloadavg()[0], 1),
    )


def _processor() -> str:
    found = Path("/proc/cpuinfo")
    lines = found.read_text().splitlines() if found.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.platform(terse=True)
