"""What has taken place does not lie in the future."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from app.models.catalogue import CATALOGUE
from app.services.checks.check import Check, check, named
from app.services.errors import Invalid, UserError

SKEW = dt.timedelta(minutes=5)
"""By how much a caller's clock may be ahead of ours."""
EASTERNMOST = dt.timezone(dt.timedelta(hours=14))
"""Where a day begins first: its date may be written there."""

HAPPENED: Mapping[str, tuple[str, ...]] = {
    "Address": ("verified_at",),
    "CampaignMember": ("unsubscribed_at",),
    "Consent": ("obtained_at",),
    "Contact": ("birth_date",),
    "ContactPoint": ("verified_at",),
    "Contract": ("customer_signed_on", "company_signed_on"),
    "Customer": ("birth_date",),
    "Opportunity": ("closed_at", "converted_at"),
    "SurveyResponse": ("responded_at",),
    "Task": ("completed_at",),
    "Ticket": ("first_responded_at", "resolved_at", "closed_at"),
}
"""By entity, columns that say when something took place."""


def today() -> dt.date:
    """The latest day that it is anywhere."""
    return dt.datetime.now(EASTERNMOST).date()


def _happened(entity: str, column: str) -> Check:
    name = named(CATALOGUE[entity], column)

    def test(when: dt.date | dt.datetime | None) -> Iterator[UserError]:
        if when is None:
            return
        if when > (dt.datetime.now(dt.UTC) + SKEW if isinstance(when, dt.datetime) else today()):
            yield Invalid("in_future", (name,))

    return check(entity, (column,), test)


CHECKS: Mapping[str, tuple[Check, ...]] = {
    entity: tuple(_happened(entity, column) for column in columns) for entity, columns in HAPPENED.items()
}
