"""Members of campaigns and segments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.models.enums import CampaignMemberStatus, SubjectType
from app.services.demo.account import Account, Subject
from app.services.demo.source import NOW, Weighted
from app.services.demo.writer import Writer

_Status = CampaignMemberStatus
STATUSES = Weighted(dict(zip(_Status, (8, 14, 16, 24, 14, 8, 4, 4, 4, 4), strict=True)))
FOLLOWED = {_Status.CLICKED, _Status.RESPONDED, _Status.CONVERTED}


def memberships(writer: Writer, account: Account) -> None:
    """Campaigns that reached the customer, each once."""
    source, campaigns = writer.source, writer.world.campaigns
    first, step = source.between(0, len(campaigns) - 1), len(campaigns) // account.profile.memberships
    for place in range(account.profile.memberships):
        campaign, status = campaigns[(first + place * step) % len(campaigns)], source.weigh(STATUSES)
        begun = max(account.since, campaign.begins)
        at = source.moment(begun, max(begun, min(campaign.ends, NOW)))
        writer.add(
            "campaign_members",
            account,
            at,
            campaign_id=campaign.id,
            contact_id=source.pick(account.contacts) if source.chance(0.8) else None,
            status=status,
            status_at=at,
            utm=json.dumps({"utm_source": "letter", "utm_medium": "email"}) if status in FOLLOWED else None,
            variant=source.pick(("A", "B")),
            unsubscribed_at=at if status is _Status.OPTED_OUT else None,
        )
        if place == 0:
            account.subjects.append(Subject(SubjectType.CAMPAIGN, campaign.id, at))


def belongs(account: Account, rule: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a customer fulfils a segment's rule: `eq` and `in` on its own fields, all of them."""
    mine = {
        "tier": account.profile.tier,
        "lifecycleStage": account.stage,
        "kind": account.profile.kind,
        "locale": account.area.locale,
    }
    return all(mine[name] in test.get("in", [test.get("eq")]) for name, test in rule.items())


def segments(writer: Writer, account: Account) -> None:
    """The segments the customer belongs to; one chosen by hand, which some have left again."""
    source = writer.source
    for segment in writer.world.segments if account.full else ():
        by_hand = segment.rule is None
        if source.chance(0.15) if segment.rule is None else belongs(account, segment.rule):
            at = source.moment(account.since, NOW)
            left = by_hand and source.chance(0.3)
            writer.add(
                "segment_members",
                account,
                at,
                segment_id=segment.id,
                added_at=at,
                removed_at=NOW if left else None,
                reason="Volunteered" if by_hand else None,
            )
