"""Whether a given server keeps what the product promises: no committed row lost, every text stored and folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import asyncpg

from app.database.errors import UnfitDatabase

OLDEST = 15

ASKED = """
SELECT current_setting('server_version_num')::int / 10000 AS major,
       current_setting('server_version') AS version,
       current_setting('server_encoding') AS encoding,
       current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS synchronous_commit,
       lower('ÄÉЖΩ') = 'äéжω' AS folds
"""

FAULTS: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (lambda found: found["major"] < OLDEST, f"It is PostgreSQL {{version}}; {OLDEST} or later is needed."),
    (
        lambda found: found["encoding"] != "UTF8",
        "Its encoding is {encoding}; create the database with ENCODING 'UTF8'.",
    ),
    (lambda found: found["fsync"] == "off", "fsync is off: a crash would lose or corrupt rows. Set fsync = on."),
    (
        lambda found: found["synchronous_commit"] == "off",
        "synchronous_commit is off: a crash would lose committed rows. Set synchronous_commit = on.",
    ),
    (
        lambda found: not found["folds"],
        "Its locale knows letters A to Z only; create the database with a locale such as C.UTF-8 or en_US.UTF-8.",
    ),
)


def faults_of(found: Mapping[str, Any]) -> list[str]:
    """Every fault in what a server answered to `ASKED`."""
    return [complaint.format(**found) for is_so, complaint in FAULTS if is_so(found)]


async def refuse_unfit(connection: asyncpg.Connection) -> None:
    """Raise UnfitDatabase with every fault of the connection's database."""
    faults = faults_of(await connection.fetchrow(ASKED))
    if faults:
        raise UnfitDatabase("\n".join(("The database cannot be used.", *faults)))
