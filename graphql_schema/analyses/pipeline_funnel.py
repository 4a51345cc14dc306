"""`pipelineFunnel`: how far the deals opened in a period came.

    entered     deals opened in the period that stand at a stage of the pipeline
    reached     those that stand at the stage or at a later one, up to won: by their stages' positions
    conversion  reached / reached at the stage before

A deal that is lost stands at a stage that does not say how far it had come: it counts as having reached the first stage, and
no other. (The history of each deal is `Opportunity.stageHistory`.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from app.models.enums import StageOutcome
from graphql_schema.aggregates import suppression
from graphql_schema.analyses.asked import condition_of
from graphql_schema.analyses.figures import SHARE, ZERO, as_text, ratio
from graphql_schema.analyses.groups import collected
from graphql_schema.analyses.joined import Column, join
from graphql_schema.analyses.period import PERIOD_PART, ZONE_PART, window
from graphql_schema.analyses.sales import is_deal, lost
from graphql_schema.analyses.source import Source
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.arguments import Leaf
from graphql_schema.compiler.converting import text
from graphql_schema.compiler.operands import Converted
from graphql_schema.compiler.parts import TYPENAME, Needs
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Computed, Graph
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.scalars import Exact
from policies.access import Access
from policies.conditions import fields_read
from policies.predicates import Compiler, Reading, Row, bound, literal

TITLE, STAGE = "PipelineFunnel", "FunnelStage"
STAGES = frozenset({"pipelineCode", "position", "outcome"})
DEALS = Source(
    "Opportunity",
    at="openedAt",
    reads="type stage.pipelineCode stage.position stage.outcome",
    when=is_deal,
    keys={},
)


def _part(types: Mapping[str, EntityTypes]) -> Part:
    funnel, stage = empty(TITLE), empty(STAGE)
    fill_type(
        stage,
        "A stage of a funnel.",
        [
            Part("stage", maybe(types["PipelineStage"].object), "The stage."),
            Part("standing", maybe(int), "Deals that stand here."),
            Part("reached", maybe(int), "Deals that stand here or further on; at the first stage, all."),
            Part("conversion", maybe(Exact), "`reached / reached` at the stage before: 0 to 1, four decimals."),
            Part("share", maybe(Exact), "`reached / entered`: 0 to 1, four decimals."),
        ],
    )
    fill_type(
        funnel,
        "How far deals came.",
        [
            Part("entered", maybe(int), "Deals opened in the period."),
            Part("lost", maybe(int), "Of these, how many are lost."),
            Part("stages", maybe(listed(stage)), "The stages of the pipeline but lost ones, first to last."),
        ],
    )
    description = (
        "How far the deals opened in a period came through a pipeline, told from the stages at which they stand now. A lost"
        " deal counts at the first stage alone. Leads count nothing."
    )
    arguments = (
        Part("pipeline", str, "The code of the pipeline.", default="SALES"),
        PERIOD_PART,
        ZONE_PART,
        Part("where", maybe(types["Opportunity"].where), "Only deals that meet these conditions."),
    )
    return Part("pipelineFunnel", maybe(funnel), description, arguments)


@dataclass(frozen=True)
class _Funnel:
    """One request for a funnel."""

    reader: Reader
    selected: Selected

    @cached_property
    def pipeline(self) -> Column:
        leaf = self.selected.arguments["pipeline"]
        assert isinstance(leaf, Leaf)
        return bound(Converted(leaf.operand, text, (*self.selected.place, "pipeline")), sa.Text())

    @cached_property
    def deals(self) -> sa.CTE:
        """How many deals stand at each position, and whether those are lost."""
        graph = self.reader.graph
        entity, condition = graph[DEALS.entity], condition_of(self.reader, self.selected, DEALS.entity)
        asked = fields_read(condition, entity.resource, graph.catalogue)
        rows = join(self.reader, entity, DEALS.rests, (name for on, name in asked if on is entity.resource))
        meets = Compiler(graph.catalogue, self.reader.rows, Reading.ASKED).predicate
        holds = sa.and_(
            window(self.selected).holds(rows[DEALS.at]),
            DEALS.when(rows),
            rows["stage.pipelineCode"] == self.pipeline,
            meets(condition, entity.resource, rows.row.c),
        )
        position, is_lost = rows["stage.position"].label("position"), lost(rows).label("lost")
        found = sa.select(position, is_lost, sa.func.count().label("n")).select_from(rows.source).where(holds)
        return found.group_by(position, is_lost).correlate_except(*rows.views.values()).cte(self.reader.name("d"))

    @cached_property
    def stages(self) -> sa.Subquery:
        """The stages but lost ones, each with how many deals stand there and further on."""
        view = self.reader.view(self.reader.graph["PipelineStage"].resource, Needs(set(STAGES)))
        first = sa.func.min(view.c.position).over() == view.c.position
        ours = sa.and_(view.c.pipeline_code == self.pipeline, view.c.outcome != literal(StageOutcome.LOST.value))
        deals = self.deals
        further = sa.and_(~deals.c.lost, deals.c.position >= view.c.position)
        here = sa.and_(~deals.c.lost, deals.c.position == view.c.position)
        columns = (
            view.c.id,
            view.c.position,
            self._number(here).label("standing"),
            sa.case((first, self._number(sa.true())), else_=self._number(further)).label("reached"),
            self._number(sa.true()).label("entered"),
        )
        return (
            sa.select(*columns)
            .select_from(view)
            .where(ours)
            .correlate_except(view, deals)
            .subquery(self.reader.name("s"))
        )

    def _number(self, which: Column) -> Column:
        deals = self.deals
        total = sa.select(sa.func.coalesce(sa.func.sum(deals.c.n), ZERO)).where(which).correlate_except(deals)
        return total.scalar_subquery()

    def _told(self, number: Column) -> Column:
        return suppression.told(number, number, self.reader.access.min_group)

    def json(self) -> Column:
        values = {
            TYPENAME: lambda _: literal(TITLE),
            "entered": lambda _: self._told(self._number(sa.true())),
            "lost": lambda _: self._told(self._number(self.deals.c.lost)),
            "stages": self._stages,
        }
        return self.reader.object([values[item.name](item).label(item.key) for item in self.selected.children()])

    def _stages(self, selected: Selected) -> Column:
        stages = self.stages
        before = sa.func.lag(stages.c.reached).over(order_by=[stages.c.position, stages.c.id])
        numbers = sa.select(stages, before.label("before")).subquery(self.reader.name("s"))
        columns = [self._column(item, numbers).label(item.key) for item in selected.children()]
        rows = sa.select(*columns).select_from(numbers).order_by(numbers.c.position, numbers.c.id)
        return collected(self.reader, rows.correlate_except(numbers))

    def _column(self, item: Selected, of: sa.Subquery) -> Column:
        if item.name == TYPENAME:
            return literal(STAGE)
        if item.name == "stage":
            return self.reader.one(
                self.reader.graph["PipelineStage"], item.children(), lambda row: row["id"] == of.c.id
            )
        if item.name in ("standing", "reached"):
            return self._told(of.c[item.name])
        whole = self._told(of.c.before if item.name == "conversion" else of.c.entered)
        return as_text(ratio(self._told(of.c.reached), whole, SHARE))


def _compile(reader: Reader, selected: Selected, _row: Row | None) -> Column:
    lacking = _lacking(reader.graph, reader.access)
    if lacking is not None:
        raise NotReadable(*lacking, selected.place)
    return _Funnel(reader, selected).json()


def _lacking(graph: Graph, access: Access) -> tuple[str, str] | None:
    """What it rests on that the access never shows."""
    return DEALS.never_read(graph, access)


def _shown(graph: Graph, access: Access) -> bool:
    return _lacking(graph, access) is None


PIPELINE_FUNNEL = Computed("pipelineFunnel", _part, _compile, _shown)
