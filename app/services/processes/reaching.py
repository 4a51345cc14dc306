"""Whom a campaign may reach: customers who agreed to it, and did not ask to be left alone.

What decides is read from the tables; what a caller is told of those left out is read from the caller's views.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.models.catalogue import CATALOGUE
from app.models.enums import ConsentPurpose, ConsentStatus
from app.services.records.given import Given
from app.services.writing import UnitOfWork
from policies.access import Access
from policies.predicates import bound
from policies.standing import DELETED
from policies.statements import Statement, statement
from policies.states import STATE, State

READ: Mapping[str, tuple[str, ...]] = {
    "Consent": ("purpose", "channel", "status", "obtainedAt", "expiresAt"),
    "Contact": ("doNotContact", "isPrimary"),
    "CampaignMember": ("campaign", "contact"),
}
"""By resource, the fields that decide."""
MEMBER = CATALOGUE["SegmentMember"]
SEGMENT, CUSTOMERS, CAMPAIGN, CHANNEL, NOW = map(Given, ("segment", "customers", "campaign", "channel", "now"))

Source: TypeAlias = Callable[[str], sa.FromClause]
"""Gives the rows of a resource, under the names of its columns."""
Columns: TypeAlias = dict[str, sa.ColumnElement[bool]]


@lru_cache(maxsize=256)
def _members(access: Access, most: int) -> Statement:
    """The customers now in a segment, as the caller sees it."""
    seen = access.view(MEMBER, ["removedAt", "segment"], ["removedAt"]).subquery("v")
    is_open = sa.and_(seen.c.removed_at.is_(None), seen.c[f"removed_at__{STATE}"] == sa.literal(State.PLAIN.value))
    found = sa.select(seen.c.customer_id).where(seen.c.segment_id == bound(SEGMENT, sa.Uuid()), is_open)
    return statement(found.distinct().order_by(seen.c.customer_id).limit(most))


async def members(unit: UnitOfWork, segment: UUID, most: int) -> list[UUID]:
    """The customers now in a segment, as far as the caller sees that; so many at the most."""
    found = await unit.fetch(_members(unit.access, most), {SEGMENT: segment})
    return [row["customer_id"] for row in found]


def _judged(source: Source, names: Collection[str]) -> Statement:
    asked = sa.func.unnest(bound(CUSTOMERS, ARRAY(sa.Uuid()))).table_valued(sa.column("id", sa.Uuid()), name="k")
    keys = asked.render_derived()
    of = {"Consent": _refused_by_consent, "Contact": _refused_by_contact, "CampaignMember": _is_member}
    columns = [of[name](source(name), keys.c.id).label(name) for name in sorted(names)]
    return statement(sa.select(keys.c.id, *columns).select_from(keys))


def _refused_by_consent(rows: sa.FromClause, customer: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether the latest consent for marketing on the channel is none, or none that counts now."""
    expires = sa.or_(rows.c.expires_at.is_(None), rows.c.expires_at > bound(NOW, sa.DateTime(timezone=True)))
    counts = sa.and_(rows.c.status == ConsentStatus.GRANTED.value, expires)
    latest = (
        sa.select(counts)
        .where(rows.c.customer_id == customer, rows.c.purpose == ConsentPurpose.MARKETING.value)
        .where(sa.or_(rows.c.channel.is_(None), rows.c.channel == bound(CHANNEL, sa.Text())))
        .order_by(rows.c.obtained_at.desc(), rows.c.id.desc())
        .limit(1)
        .correlate_except(rows)
    )
    return latest.scalar_subquery().is_not(sa.true())


def _refused_by_contact(rows: sa.FromClause, customer: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether the primary contact asked to be left alone, or all contacts did."""
    theirs = sa.select(sa.func.bool_and(rows.c.do_not_contact)).where(rows.c.customer_id == customer)
    every = theirs.correlate_except(rows).scalar_subquery()
    first = theirs.where(rows.c.is_primary).correlate_except(rows).scalar_subquery()
    return sa.or_(every.is_(sa.true()), first.is_(sa.true()))


def _is_member(rows: sa.FromClause, customer: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether the campaign has the customer already."""
    found = sa.select(rows.c.id).where(rows.c.customer_id == customer, rows.c.contact_id.is_(None))
    return sa.exists(found.where(rows.c.campaign_id == bound(CAMPAIGN, sa.Uuid())).correlate_except(rows))


def _stored(name: str) -> sa.FromClause:
    table = CATALOGUE[name].table
    return sa.select(table).where(table.c[DELETED].is_(None)).subquery(table.name)


_DECIDING = _judged(_stored, READ)


@lru_cache(maxsize=256)
def _telling(access: Access) -> Statement:
    return _judged(lambda name: access.view(CATALOGUE[name], READ[name]).subquery(name), _told(access))


def _told(access: Access) -> list[str]:
    """The resources of which a caller sees all that decides plain, wherever it sees a row."""
    return [name for name, fields in READ.items() if _is_plain(access, name, fields)]


def _is_plain(access: Access, name: str, fields: Iterable[str]) -> bool:
    on = access.on(CATALOGUE[name])
    return on.visible and all(on.state(field) is State.PLAIN for field in fields)


async def refused(unit: UnitOfWork, customers: Collection[UUID], campaign: Mapping[str, Any]) -> set[UUID]:
    """Those customers that a campaign may not reach, or has already."""
    found = await unit.fetch(_DECIDING, _values(unit, customers, campaign))
    return {row["id"] for row in found if any(row[name] for name in READ)}


async def told(unit: UnitOfWork, customers: Collection[UUID], campaign: Mapping[str, Any]) -> Mapping[str, int | None]:
    """By resource, how many of the customers it keeps away, as the caller sees it; None where the caller cannot see."""
    names = _told(unit.access)
    found = await unit.fetch(_telling(unit.access), _values(unit, customers, campaign))
    return {name: sum(row[name] for row in found) if name in names else None for name in READ}


def _values(unit: UnitOfWork, customers: Collection[UUID], campaign: Mapping[str, Any]) -> dict[Given, Any]:
    return {
        CUSTOMERS: sorted(customers),
        CAMPAIGN: campaign["id"],
        CHANNEL: campaign["channel"],
        NOW: unit.now,
    }
