"""The stages that deals pass through unless a company has its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from app.models.enums import ForecastCategory, LeadStatus, OpportunityStage, StageOutcome
from app.models.ids import uuid7

SALES, LEADS = "SALES", "LEADS"
"""The pipelines of opportunities and of leads."""


class Connection(Protocol):
    """What is needed of an asyncpg connection."""

    async def fetch(self, query: str, *args: Any) -> Any: ...
    async def executemany(self, command: str, args: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a pipeline. `probability` is in per cent."""

    pipeline: str
    code: str
    name: str
    probability: int
    outcome: StageOutcome
    forecast: ForecastCategory


def _open(code: OpportunityStage, name: str, probability: int, forecast: ForecastCategory) -> Stage:
    return Stage(SALES, code, name, probability, StageOutcome.OPEN, forecast)


def _lead(code: LeadStatus, name: str, probability: int, outcome: StageOutcome = StageOutcome.OPEN) -> Stage:
    return Stage(LEADS, code, name, probability, outcome, ForecastCategory.OMITTED)


STAGES = (
    _open(OpportunityStage.PROSPECTING, "Prospecting", 10, ForecastCategory.PIPELINE),
    _open(OpportunityStage.QUALIFICATION, "Qualification", 20, ForecastCategory.PIPELINE),
    _open(OpportunityStage.NEEDS_ANALYSIS, "Needs analysis", 25, ForecastCategory.PIPELINE),
    _open(OpportunityStage.VALUE_PROPOSITION, "Value proposition", 30, ForecastCategory.PIPELINE),
    _open(OpportunityStage.DECISION_MAKERS, "Decision makers", 40, ForecastCategory.BEST_CASE),
    _open(OpportunityStage.PERCEPTION_ANALYSIS, "Perception analysis", 50, ForecastCategory.BEST_CASE),
    _open(OpportunityStage.PROPOSAL, "Proposal", 65, ForecastCategory.MOST_LIKELY),
    _open(OpportunityStage.NEGOTIATION, "Negotiation", 80, ForecastCategory.FORECAST),
    Stage(SALES, OpportunityStage.CLOSED_WON, "Won", 100, StageOutcome.WON, ForecastCategory.CLOSED),
    Stage(SALES, OpportunityStage.CLOSED_LOST, "Lost", 0, StageOutcome.LOST, ForecastCategory.OMITTED),
    _lead(LeadStatus.NEW, "New", 5),
    _lead(LeadStatus.ASSIGNED, "Assigned", 5),
    _lead(LeadStatus.IN_PROCESS, "In process", 10),
    _lead(LeadStatus.CONVERTED, "Converted", 100, StageOutcome.WON),
    _lead(LeadStatus.RECYCLED, "Recycled", 5),
    _lead(LeadStatus.DEAD, "Dead", 0, StageOutcome.LOST),
)

_INSERT = """
    INSERT INTO pipeline_stages
        (id, pipeline_code, position, code, name, probability_pct, outcome, forecast_category)
    VALUES ($1, $2, $3, $4, $5, $6::int, $7, $8)
    ON CONFLICT DO NOTHING
"""


async def ensure_stages(connection: Connection, new_id: Callable[[], UUID] = uuid7) -> dict[tuple[str, str], UUID]:
    """Add the stages that are missing. Returns the id of every stage by pipeline and code."""
    rows = [
        (new_id(), s.pipeline, position * 10, str(s.code), s.name, s.probability, str(s.outcome), str(s.forecast))
        for position, s in enumerate(STAGES, start=1)
    ]
    await connection.executemany(_INSERT, rows)
    found = await connection.fetch("SELECT pipeline_code, code, id FROM pipeline_stages")
    return {(row["pipeline_code"], row["code"]): row["id"] for row in found}
