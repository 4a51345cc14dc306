"""How far events are settled: none can come any more before one that is.

Numbers of events are drawn before their transactions end, so a lower one may come to be seen later than a higher one. A
reader that went by the highest number would lose it. An event is written in a subtransaction that gets its id after the
event's number was drawn (`app.services.records.events`), and whoever draws a number has a transaction's id already. So
whoever drew a lower number has a lower id than the event's own; and where that is below the snapshot's horizon, the oldest
id that still runs (`pg_snapshot_xmin`), all of them have ended, and what they left is seen.

Ids of rows are told modulo 2³²; an id that may be between the horizon and the snapshot's end is taken to be.
"""

from __future__ import annotations

import sqlalchemy as sa

from graphql_schema.history.events import events

_SETTLED = """(({name}.xmin::text::bigint - pg_snapshot_xmin(pg_current_snapshot())::text::bigint) & 4294967295)
    >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint - pg_snapshot_xmin(pg_current_snapshot())::text::bigint"""


def settled() -> sa.ColumnElement[int]:
    """The highest number of an event before which none can come any more; NULL where there is none."""
    event = events("z")
    known = sa.literal_column(_SETTLED.format(name="z"), sa.Boolean())
    found = sa.select(event.c.seq).where(known).order_by(event.c.seq.desc()).limit(sa.literal_column("1"))
    return found.correlate_except(event).scalar_subquery()
