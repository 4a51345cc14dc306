"""`Opportunity.stageHistory`: the stages that a deal went through, and how long it stayed at each.

Told from the change events of its stage. An event is shown to one who reads the stage plainly on the deal as it is now, and
as it was after the event. The latter is known where the rights to the stage rest on fields of the deal alone, none of which
was changed since, neither in the deal's own events nor by an import or a merge. What is not known is not shown: so what is
shown is always the latest part of the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array

from app.models.platform import ChangeEvent
from graphql_schema.analyses.figures import ONE, ZERO, seconds_between
from graphql_schema.analyses.joined import Column
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.parts import TYPENAME, few
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Graph
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.scalars import DateTime
from policies.access import STATE, Access, State
from policies.history import rests_on
from policies.predicates import Row, companion, literal

TITLE, DEAL, STAGE = "StageStay", "Opportunity", "stageCode"


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    stay = empty(TITLE)
    parts = [
        Part("stageCode", maybe(str), "Short name of the stage."),
        Part("enteredAt", maybe(DateTime), "When it came there; null where that is not known."),
        Part("leftAt", maybe(DateTime), "When it left; null of the stage where it stands."),
        Part("seconds", maybe(int), "How long it stayed, in seconds; null where that is not known or not over."),
    ]
    fill_type(stay, "A stage that a deal went through.", parts)
    description = (
        "The stages that it went through, first to last: what of its history the caller could have seen at the time. Null"
        " where the caller does not see its stage."
    )
    return Part("stageHistory", maybe(listed(stay)), description)


def _events(here: Row, rests: Iterable[str]) -> sa.Subquery:
    """The events of a row's stage that are shown: `old`, `new`, `at`, when the next one was, and their order."""
    table = ChangeEvent.__table__
    events, later = table.alias("e"), table.alias("l")
    stage = events.c.changed.op("->", return_type=events.c.changed.type)(literal(STAGE))
    since = [
        later.c.seq > events.c.seq,
        later.c.entity == literal("opportunities"),
        sa.or_(later.c.entity_id.is_(None), sa.and_(later.c.entity_id == here["id"], _unsettles(later, rests))),
    ]
    changed = sa.select(ONE).select_from(later).where(*since).correlate_except(later).exists()
    in_order = [events.c.seq]
    found = (
        sa.select(
            _text(stage, 0).label("old"),
            _text(stage, 1).label("new"),
            events.c.at,
            sa.func.lead(events.c.at).over(order_by=in_order).label("next"),
            sa.func.row_number().over(order_by=in_order).label("place"),
        )
        .select_from(events)
        .where(
            events.c.entity == literal("opportunities"),
            events.c.entity_id == here["id"],
            events.c.customer_id == here["customer_id"],
            stage.is_not(None),
            ~changed if rests else sa.true(),
        )
    )
    return found.correlate_except(events, later).subquery("h")


def _text(pair: Column, place: int) -> Column:
    return pair.op("->>", return_type=sa.Text())(sa.literal_column(str(place), sa.Integer()))


def _unsettles(event: sa.FromClause, rests: Iterable[str]) -> Column:
    """Whether an event may have changed one of the fields: it names one or its column, or does not say what it changed."""
    names: Any = array([literal(name) for name in sorted(rests)], type_=sa.Text())
    named = sa.func.jsonb_exists_any(event.c.changed, sa.cast(names, ARRAY(sa.Text())), type_=sa.Boolean())
    merged = sa.or_(event.c.op == literal("MERGE"), event.c.op == literal("UNMERGE"))
    return sa.or_(event.c.changed.is_(None), merged, named)


def _compile(reader: Reader, selected: Selected, row: Row | None) -> Column:
    assert row is not None
    on = reader.access.on(reader.graph[DEAL].resource)
    rests, state = rests_on(on.grants, STAGE), on.state(STAGE)
    if rests is None or state not in (State.PLAIN, None):
        return sa.cast(sa.null(), sa.JSON())
    columns = {on.resource.fields[name].column.name for name in rests}
    events, side = (
        _events(row, rests | columns),
        sa.func.generate_series(ZERO, ONE).table_valued("of", name="k").render_derived(),
    )
    entered = side.c.of == ONE
    stay = {
        "stageCode": sa.case((entered, events.c.new), else_=events.c.old),
        "enteredAt": sa.case((entered, events.c.at)),
        "leftAt": sa.case((entered, events.c.next), else_=events.c.at),
    }
    shown = sa.or_(entered, events.c.place == ONE)
    stays = sa.func.json_agg(aggregate_order_by(_stay(selected, stay), events.c.place, side.c.of))
    source = sa.join(events, side, shown)
    known = sa.select(stays).select_from(source).where(stay["stageCode"].is_not(None))
    unknown = sa.cast(sa.null(), sa.DateTime(timezone=True))
    now = {"stageCode": row["stage_code"], "enteredAt": unknown, "leftAt": unknown}
    found = sa.func.coalesce(
        known.correlate_except(events, side).scalar_subquery(),
        sa.func.json_build_array(_stay(selected, now)),
        type_=sa.JSON(),
    )
    return (
        found
        if state is State.PLAIN
        else sa.case((row[companion("stage_code", STATE)] == literal(State.PLAIN.value), found))
    )


def _stay(selected: Selected, stay: Mapping[str, Column]) -> Column:
    values = {**stay, "seconds": seconds_between(stay["enteredAt"], stay["leftAt"]), TYPENAME: literal(TITLE)}
    return few([(item, values[item.name]) for item in selected.children()])


def _shown(graph: Graph, access: Access) -> bool:
    on = access.on(graph[DEAL].resource)
    return on.visible and on.state(STAGE) in (State.PLAIN, None) and rests_on(on.grants, STAGE) is not None


STAGE_HISTORY = Computed("stageHistory", _part, _compile, _shown, None, frozenset({STAGE}), frozenset({STAGE}))
