"""A customer while its rows are made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from app.models.enums import CustomerKind, CustomerTier, EmployeeBand, LifecycleStage, SubjectType
from app.services.demo.world import Area

PERSON, COMPANY = CustomerKind.INDIVIDUAL, CustomerKind.ORGANIZATION


@dataclass(frozen=True, slots=True)
class Profile:
    """What is typical of a customer. `seller` says who owns it: the area's seller, its chief, or nobody."""

    kind: CustomerKind
    tier: CustomerTier
    stages: tuple[LifecycleStage, ...]
    band: EmployeeBand | None
    seller: str | None
    contacts: int
    interactions: int
    opportunities: int
    orders: int
    tickets: int
    memberships: int


_Stage, _Tier, _Band = LifecycleStage, CustomerTier, EmployeeBand

PROFILES = (
    Profile(COMPANY, _Tier.STRATEGIC, (_Stage.ACTIVE,), _Band.GIANT, "chief", 7, 45, 6, 14, 9, 8),
    Profile(COMPANY, _Tier.KEY, (_Stage.ACTIVE, _Stage.AT_RISK), _Band.VERY_LARGE, "seller", 5, 32, 5, 11, 7, 7),
    Profile(COMPANY, _Tier.KEY, (_Stage.ACTIVE,), _Band.LARGE, "seller", 4, 26, 4, 8, 5, 6),
    Profile(COMPANY, _Tier.STANDARD, (_Stage.ACTIVE, _Stage.AT_RISK), _Band.MEDIUM, "seller", 4, 22, 3, 7, 4, 6),
    Profile(COMPANY, _Tier.STANDARD, (_Stage.DORMANT, _Stage.CHURNED), _Band.SMALL, "seller", 3, 14, 3, 5, 3, 4),
    Profile(COMPANY, _Tier.BASIC, (_Stage.PROSPECT, _Stage.LEAD), _Band.MICRO, "seller", 2, 14, 3, 0, 1, 5),
    Profile(COMPANY, _Tier.STANDARD, (_Stage.PROSPECT, _Stage.ACTIVE), _Band.SMALL, None, 2, 12, 2, 2, 2, 4),
    Profile(PERSON, _Tier.STANDARD, (_Stage.ACTIVE,), None, "seller", 1, 14, 2, 6, 4, 4),
    Profile(PERSON, _Tier.BASIC, (_Stage.ACTIVE, _Stage.DORMANT, _Stage.FORMER), None, "chief", 1, 11, 1, 4, 3, 3),
    Profile(PERSON, _Tier.BASIC, (_Stage.ACTIVE, _Stage.CHURNED), None, None, 1, 10, 1, 3, 2, 3),
)
"""Of ten customers each is one; together: 30 contacts, 200 interactions, 30 opportunities, 60 orders, 40 tickets,
50 memberships of campaigns."""


@dataclass(slots=True)
class Deal:
    """An opportunity, as far as later rows need it."""

    id: UUID
    opened: dt.datetime
    decided: dt.datetime | None
    won: bool
    quote: UUID | None = None
    contract: UUID | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that interactions and tasks may be about, from some time on."""

    type: SubjectType
    id: UUID
    at: dt.datetime


@dataclass(slots=True)
class Account:
    """A customer, as far as later rows need it. `full` customers have rows in every table."""

    number: int
    id: UUID
    profile: Profile
    stage: LifecycleStage
    area: Area
    name: str
    domain: str
    since: dt.datetime
    owner: UUID | None
    department: UUID
    full: bool
    contacts: list[UUID] = field(default_factory=list)
    billing: UUID | None = None
    shipping: UUID | None = None
    deals: list[Deal] = field(default_factory=list)
    orders: list[tuple[UUID, dt.datetime]] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    spent: int = 0
    last_contact: dt.datetime | None = None
    first_order: dt.datetime | None = None
