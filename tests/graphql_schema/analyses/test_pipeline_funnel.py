"""How far deals came through a pipeline, in exact numbers, as several roles."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import asyncpg
import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, opportunity, stage, store
from tests.http.asking import Asking

STAGES = {"NEW": (1, "OPEN"), "TALKING": (2, "OPEN"), "OFFERED": (5, "OPEN"), "LOST": (6, "LOST"), "WON": (7, "WON")}
DEALS = {
    "germany": {"NEW": 3, "TALKING": 0, "OFFERED": 2, "LOST": 4, "WON": 1},
    "china": {"NEW": 1, "WON": 2, "LOST": 1},
}
"""How many deals stand at each stage, by region."""
PERIOD = 'period: {from: "2026-01-01", to: "2026-01-31"}'
FIELDS = "entered lost stages { stage { code position } standing reached conversion share }"


@pytest.fixture(scope="module", autouse=True)
async def deals(writer: asyncpg.Connection, company: Company) -> None:
    """The deals, and some that do not count: leads, of another pipeline, of another time, without one."""
    stages = {code: stage(code, position, outcome=outcome) for code, (position, outcome) in STAGES.items()}
    other = stage("ELSEWHERE", 2, pipeline_code="OTHER")
    await store(writer, *stages.values(), other)
    inside = dt.datetime(2026, 1, 31, 23, 30, tzinfo=dt.UTC)
    for region, standing in DEALS.items():
        of = customer(region=getattr(company, region), owner=company.rep)
        await store(writer, of)
        for code, number in standing.items():
            await store(writer, *(opportunity(of, stages[code], opened_at=inside) for _ in range(number)))
        await store(
            writer,
            opportunity(of, stages["WON"], opened_at=inside, type="LEAD"),
            opportunity(of, other, opened_at=inside),
            opportunity(of, stages["NEW"], opened_at=inside.replace(day=1, month=3)),
            opportunity(of, stages["NEW"]),
        )


def share(part: int, of: int) -> str | None:
    return str((Decimal(part) / of).quantize(Decimal("0.0001"), ROUND_HALF_UP)) if of else None


def funnel(*regions: str) -> Any:
    """What the deals of some regions should come to."""
    standing = {code: sum(DEALS[region].get(code, 0) for region in regions) for code in STAGES}
    entered, open_ = sum(standing.values()), [code for code in STAGES if code != "LOST"]
    reached = {code: sum(standing[later] for later in open_[i:]) for i, code in enumerate(open_)}
    reached["NEW"] = entered
    before: dict[str, str] = dict(zip(open_[1:], open_, strict=False))
    return {
        "entered": entered,
        "lost": standing["LOST"],
        "stages": [
            {
                "stage": {"code": code, "position": STAGES[code][0]},
                "standing": standing[code],
                "reached": reached[code],
                "conversion": share(reached[code], reached[before[code]]) if code in before else None,
                "share": share(reached[code], entered),
            }
            for code in open_
        ],
    }


async def ask(graph: Asking, who: Row, arguments: str = PERIOD) -> Any:
    return (await graph.data(who, f"{{ pipelineFunnel({arguments}) {{ {FIELDS} }} }}"))["pipelineFunnel"]


async def test_how_far_deals_came(graph: Asking, company: Company) -> None:
    found = await ask(graph, company.admin)
    assert found == funnel("germany", "china")
    assert [stage_["reached"] for stage_ in found["stages"]] == [14, 5, 5, 3]
    assert [stage_["conversion"] for stage_ in found["stages"]] == [None, "0.3571", "1.0000", "0.6000"]


async def test_each_sees_the_deals_in_view(graph: Asking, company: Company) -> None:
    assert await ask(graph, company.rep) == funnel("germany")
    assert await graph.faults(company.marketer, f"{{ pipelineFunnel({PERIOD}) {{ entered }} }}") == [
        ("FIELD_NOT_READABLE", "")
    ]


async def test_a_filter_a_time_zone_and_a_pipeline(graph: Asking, company: Company) -> None:
    assert await ask(graph, company.admin, f'{PERIOD} where: {{region: {{code: {{eq: "CN"}}}}}}') == funnel("china")
    assert await ask(graph, company.admin, f'{PERIOD} timeZone: "Asia/Tokyo"') == funnel()
    other = await ask(graph, company.admin, f'{PERIOD} pipeline: "OTHER"')
    assert (other["entered"], other["lost"], [each["reached"] for each in other["stages"]]) == (2, 0, [2])
    assert await ask(graph, company.admin, f'{PERIOD} pipeline: "NONE"') == {"entered": 0, "lost": 0, "stages": []}


async def test_what_cannot_be_is_refused(graph: Asking, company: Company) -> None:
    for arguments, place in ((f'{PERIOD} pipeline: "\\u0000"', "pipeline"), (f'{PERIOD} timeZone: "Mars"', "timeZone")):
        query = f"{{ pipelineFunnel({arguments}) {{ entered }} }}"
        assert await graph.faults(company.admin, query) == [("BAD_USER_INPUT", place)]
    assert await graph.data(
        company.admin, f"{{ a: pipelineFunnel({PERIOD}) {{ __typename stages {{ __typename }} }} }}"
    ) == {"a": {"__typename": "PipelineFunnel", "stages": [{"__typename": "FunnelStage"}] * 4}}
