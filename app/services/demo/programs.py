"""Campaigns, segments and surveys."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

from app.models.enums import CampaignStatus, SegmentKind
from app.services.demo.founding import Founding
from app.services.demo.money import BASE, amount, exchange
from app.services.demo.organisation import Organisation
from app.services.demo.source import NOW, TODAY
from app.services.demo.world import Campaign, Segment, Survey, read

STARTS = {
    CampaignStatus.PLANNING: 30,
    CampaignStatus.ACTIVE: -40,
    CampaignStatus.INACTIVE: -90,
    CampaignStatus.COMPLETE: -200,
    CampaignStatus.CANCELED: -120,
}
"""Days from today to the first day of a campaign."""
NEVER_RAN = {CampaignStatus.PLANNING, CampaignStatus.CANCELED}
LENGTH = dt.timedelta(days=75)


def campaign(founding: Founding, organisation: Organisation, count: int) -> tuple[Campaign, ...]:
    """So many campaigns, at least one of each kind; the later ones are part of the first of their kind.

    Returns those that ran.
    """
    templates = read("catalogue")["campaigns"]
    desks = list(dict.fromkeys(area.desk for area in organisation.areas.things))
    regions = [organisation.regions[code] for code in ("EMEA", "AMER", "APAC")]
    keys: list[UUID] = []
    for place in range(max(count, len(templates))):
        round_, kind = divmod(place, len(templates))
        parts = {
            "owner_id": organisation.users["nadia.petrova"],
            "department_id": desks[round_ % 3] if round_ else organisation.departments["MARKETING"],
            "region_id": regions[round_ % 3] if round_ else None,
            "parent_id": keys[kind] if round_ else None,
        }
        keys.append(_campaign(founding, templates[kind], round_, **parts))
    return tuple(
        Campaign(row["id"], _midnight(row["starts_on"]), _midnight(row["ends_on"]))
        for row in founding.rows["campaigns"]
        if CampaignStatus(row["status"]) not in NEVER_RAN
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _campaign(founding: Founding, template: list[str], round_: int, **columns: Any) -> UUID:
    name, type_, channel, status, objective = template
    starts = TODAY + dt.timedelta(days=STARTS[CampaignStatus(status)] - 3 * round_)
    budget = 100 * founding.source.between(40, 900) * 100
    overrun = type_ == "EVENT"
    return founding.add(
        "campaigns",
        code=f"{type_.replace('_', '-')}-{len(founding.rows['campaigns']) + 1:03d}",
        name=f"{name} {round_ + 1}" if round_ else name,
        type=type_,
        channel=channel,
        status=status,
        objective=objective,
        starts_on=starts,
        ends_on=starts + LENGTH,
        budget=amount(budget),
        committed=amount(budget * 11 // 10 if overrun else budget * 7 // 10),
        budget_overridden=overrun,
        actual_cost=amount(0 if status == "PLANNING" else budget * founding.source.between(30, 90) // 100),
        expected_revenue=amount(budget * founding.source.between(3, 8)),
        **exchange(BASE, min(starts, TODAY)),
        **columns,
    )


def gather(founding: Founding, organisation: Organisation) -> tuple[Segment, ...]:
    """The segments; their members are counted when all customers stand."""
    scope = {"owner_id": organisation.users["nadia.petrova"], "department_id": organisation.departments["MARKETING"]}
    segments = []
    for code, name, kind, rule in read("catalogue")["segments"]:
        key = founding.add(
            "segments",
            code=code,
            name=name,
            kind=SegmentKind(kind),
            rule=json.dumps(rule) if rule else None,
            refreshed_at=NOW,
            region_id=None,
            **scope,
        )
        segments.append(Segment(key, rule))
    return tuple(segments)


def ask(founding: Founding) -> tuple[Survey, ...]:
    """The surveys."""
    surveys = []
    for code, name, kind, low, high, status, questions in read("catalogue")["surveys"]:
        key = founding.add(
            "surveys",
            code=code,
            name=name,
            kind=kind,
            scale_min=low,
            scale_max=high,
            questions=json.dumps(questions),
            status=status,
        )
        surveys.append(Survey(key, code, low, high, tuple(questions)))
    return tuple(surveys)
