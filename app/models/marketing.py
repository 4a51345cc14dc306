"""Campaigns and segments, and who belongs to them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.models.base import CustomerOwned, Following, Priced, Record, Scoped
from app.models.columns import (
    BUSINESS,
    CODE,
    FINANCIAL,
    PUBLIC,
    base_of,
    boolean,
    choice,
    day,
    document,
    integer,
    money,
    reference,
    text,
    time,
)
from app.models.constraints import LIVE, newest_first, one_per, ordered
from app.models.enums import CampaignMemberStatus, CampaignStatus, CampaignType, Channel, SegmentKind
from policies.catalogue import Searched


class Campaign(Scoped, Priced, Record):
    """A marketing campaign."""

    __tablename__ = "campaigns"
    __table_args__ = (
        sa.Index(None, "name", "id"),
        sa.Index(None, "starts_on", "id"),
        ordered("starts_on", "ends_on"),
        sa.CheckConstraint("budget_overridden OR committed <= budget", name="within_budget"),
        sa.CheckConstraint("parent_id <> id", name="parent_is_another"),
    )

    code: Mapped[str] = text(PUBLIC, "Short name, unique.", size=CODE, unique=True, searched=Searched("mc", 3))
    name: Mapped[str] = text(PUBLIC, "Name.", searched=Searched("mn", 4))
    type: Mapped[CampaignType] = choice(CampaignType, PUBLIC, "What it is.")
    channel: Mapped[Channel | None] = choice(Channel, PUBLIC, "How customers are reached.")
    status: Mapped[CampaignStatus] = choice(CampaignStatus, PUBLIC, "Where it stands.", server_default="PLANNING")
    objective: Mapped[str | None] = text(BUSINESS, "What it is to achieve.", size=None)
    starts_on: Mapped[dt.date | None] = day(PUBLIC, "First day.")
    ends_on: Mapped[dt.date | None] = day(PUBLIC, "Last day.")
    budget: Mapped[Decimal | None] = money(FINANCIAL, "What it may cost.", base="base_budget")
    base_budget: Mapped[Decimal | None] = base_of("budget")
    committed: Mapped[Decimal | None] = money(FINANCIAL, "What has been promised to others.", base="base_committed")
    base_committed: Mapped[Decimal | None] = base_of("committed")
    budget_overridden: Mapped[bool] = boolean(BUSINESS, "May promise more than the budget.", server_default=sa.false())
    actual_cost: Mapped[Decimal | None] = money(FINANCIAL, "What it has cost.", base="base_actual_cost")
    base_actual_cost: Mapped[Decimal | None] = base_of("actual_cost")
    expected_revenue: Mapped[Decimal | None] = money(FINANCIAL, "What it is to bring in.", base="base_expected_revenue")
    base_expected_revenue: Mapped[Decimal | None] = base_of("expected_revenue")
    parent_id: Mapped[UUID | None] = reference("campaigns", PUBLIC, "The campaign it is part of.", back="children")


class CampaignMember(Following, CustomerOwned):
    """How far a campaign got with a customer or a contact."""

    __tablename__ = "campaign_members"
    __back__ = "campaignMemberships"
    __table_args__ = (one_per("customer_id", "campaign_id", "contact_id"), newest_first("status_at"))

    campaign_id: Mapped[UUID] = reference("campaigns", BUSINESS, "The campaign.", back="members")
    contact_id: Mapped[UUID | None] = reference(
        "contacts", BUSINESS, "Who; absent: the customer.", back="campaignMemberships", owned=True
    )
    status: Mapped[CampaignMemberStatus] = choice(
        CampaignMemberStatus, BUSINESS, "How far the campaign got.", server_default="TARGETED"
    )
    status_at: Mapped[dt.datetime | None] = time(BUSINESS, "Since when.")
    utm: Mapped[dict[str, Any] | None] = document(BUSINESS, "Parameters of the link followed.")
    variant: Mapped[str | None] = text(BUSINESS, "Which variant was sent.", size=CODE)
    unsubscribed_at: Mapped[dt.datetime | None] = time(BUSINESS, "When they asked for no more.")


class Segment(Scoped, Record):
    """A group of customers, chosen by a rule or by hand."""

    __tablename__ = "segments"
    __table_args__ = (
        sa.Index(None, "name", "id"),
        sa.CheckConstraint("(kind = 'DYNAMIC') = (rule IS NOT NULL)", name="kind_rule"),
    )

    code: Mapped[str] = text(BUSINESS, "Short name, unique.", size=CODE, unique=True, searched=Searched("sc", 3))
    name: Mapped[str] = text(BUSINESS, "Name.", searched=Searched("sn", 4))
    kind: Mapped[SegmentKind] = choice(SegmentKind, BUSINESS, "How members are chosen.")
    rule: Mapped[dict[str, Any] | None] = document(BUSINESS, "Who belongs, written as a customer filter.")
    refreshed_at: Mapped[dt.datetime | None] = time(BUSINESS, "When members were last chosen.")
    member_count: Mapped[int | None] = integer(
        BUSINESS, "How many there were then.", check="{} >= 0", managed=True, sums=("members.added_at",)
    )


class SegmentMember(Following, CustomerOwned):
    """A customer's time in a segment."""

    __tablename__ = "segment_members"
    __back__ = "segmentMemberships"
    __table_args__ = (
        one_per("customer_id", "segment_id", among=f"removed_at IS NULL AND {LIVE}"),
        ordered("added_at", "removed_at"),
    )

    segment_id: Mapped[UUID] = reference("segments", BUSINESS, "The segment.", back="members")
    added_at: Mapped[dt.datetime] = time(BUSINESS, "When the customer came in.")
    removed_at: Mapped[dt.datetime | None] = time(BUSINESS, "When the customer fell out.")
    reason: Mapped[str | None] = text(BUSINESS, "Why.", size=None)
