"""`Opportunity.stageHistory`: the stages that a deal went through, and how long it stayed at each.

Told from the changes of its stage that `changeHistory` shows the caller: those where the stage is readable on the deal as
it is now and as the event left it, and of what it was before, where it was readable then, too. What is not shown is not
concluded from: a deal left a stage when the next change says so that is shown, and else it is not known when.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from graphql_schema.analyses.figures import ONE, ZERO, seconds_between
from graphql_schema.analyses.joined import Column
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.parts import TYPENAME, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Entity, Graph
from graphql_schema.history.events import events, of_row, told_of
from graphql_schema.history.sides import told
from graphql_schema.history.telling import Telling
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.scalars import DateTime
from policies.access import STATE, Access, State
from policies.predicates import Row, companion, literal

TITLE, DEAL, STAGE = "StageStay", "Opportunity", "stageCode"
TWO = sa.literal_column("2", sa.Integer())


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    stay = empty(TITLE)
    parts = [
        Part("stageCode", maybe(str), "Short name of the stage."),
        Part("enteredAt", maybe(DateTime), "When it came there; null where that is not known."),
        Part(
            "leftAt", maybe(DateTime), "When it left; null of the stage where it stands, and where that is not known."
        ),
        Part("seconds", maybe(int), "How long it stayed, in seconds; null where that is not known or not over."),
    ]
    fill_type(stay, "A stage that a deal went through.", parts)
    description = (
        "The stages that it went through, first to last: what of its history the caller could have seen at the time. Null"
        " where the caller does not see its stage."
    )
    return Part("stageHistory", maybe(listed(stay)), description)


def _changes(reader: Reader, deals: Entity, here: Row) -> sa.Subquery:
    """The changes of a row's stage that are shown plainly: `at`, `old` and `new`, and their neighbours; in the order of `place`."""
    event = events("e")
    of = told_of(deals.resource, event).select_from(event).correlate_except(event)
    found = of.where(*of_row(deals.resource, event, here)).subquery(reader.name("h"))
    rows = Telling(reader, deals, {STAGE: told(deals)[STAGE]}, found, whole=False).rows(None)
    change = sa.literal_column(f"{rows.name}.told[1]", JSONB())
    old, new = (change.op("->>", return_type=sa.Text())(literal(side)) for side in ("old", "new"))
    order = [rows.c.seq]
    shown = sa.select(
        rows.c.at,
        old.label("old"),
        new.label("new"),
        sa.func.row_number().over(order_by=order).label("place"),
        sa.func.lag(new).over(order_by=order).label("came_to"),
        sa.func.lead(old).over(order_by=order).label("left"),
        sa.func.lead(rows.c.at).over(order_by=order).label("left_at"),
        (sa.func.lead(rows.c.seq).over(order_by=order)).is_(None).label("is_last"),
    ).select_from(rows)
    masked = change.op("->", return_type=JSONB())(literal("masked"))
    return shown.where(masked == sa.literal_column("'false'::jsonb")).correlate_except(rows).subquery(reader.name("s"))


def _stays(reader: Reader, selected: Selected, here: Row) -> Column:
    """The stays that changes tell of: each of the one that it began; where no other change does, of that before, and of today's."""
    change = _changes(reader, reader.graph[DEAL], here).c
    of = sa.func.generate_series(ZERO, TWO).table_valued("of", name=reader.name("k")).render_derived()
    before, entered, now = (of.c.of == each for each in (ZERO, ONE, TWO))
    nothing = sa.cast(sa.null(), sa.DateTime(timezone=True))
    stay = {
        "stageCode": sa.case((before, change.old), (entered, change.new), else_=here["stage_code"]),
        "enteredAt": sa.case((entered, change.at), else_=nothing),
        "leftAt": sa.case((before, change.at), (sa.and_(entered, change.left == change.new), change.left_at)),
    }
    shown = sa.or_(
        entered,
        sa.and_(before, change.old.is_distinct_from(change.came_to)),
        sa.and_(now, change.is_last, change.new.is_distinct_from(here["stage_code"])),
    )
    source = change.at.table.join(of, shown)
    in_order = sa.func.json_agg(aggregate_order_by(_stay(selected, stay), change.place, of.c.of))
    known = sa.select(in_order).select_from(source).where(stay["stageCode"].is_not(None))
    today = {"stageCode": here["stage_code"], "enteredAt": nothing, "leftAt": nothing}
    return sa.func.coalesce(
        known.correlate_except(change.at.table, of).scalar_subquery(),
        sa.func.json_build_array(_stay(selected, today)),
        type_=sa.JSON(),
    )


def _stay(selected: Selected, stay: Mapping[str, Column]) -> Column:
    values = {**stay, "seconds": seconds_between(stay["enteredAt"], stay["leftAt"]), TYPENAME: literal(TITLE)}
    return few([(item, values[item.name]) for item in selected.children()])


def _compile(reader: Reader, selected: Selected, row: Row | None) -> Column:
    assert row is not None
    state = reader.access.on(reader.graph[DEAL].resource).state(STAGE)
    if state not in (State.PLAIN, None):
        return sa.cast(sa.null(), sa.JSON())
    found = _stays(reader, selected, row)
    if state is State.PLAIN:
        return found
    return sa.case((row[companion("stage_code", STATE)] == literal(State.PLAIN.value), found))


def _shown(graph: Graph, access: Access) -> bool:
    on = access.on(graph[DEAL].resource)
    return on.visible and on.state(STAGE) in (State.PLAIN, None)


STAGE_HISTORY = Computed("stageHistory", _part, _compile, _shown, None, frozenset({STAGE}), frozenset({STAGE}))
