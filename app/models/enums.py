"""The closed lists of values, as stored and as shown in the API."""

from enum import StrEnum


class CustomerKind(StrEnum):
    """Two classes of customers."""

    INDIVIDUAL = "INDIVIDUAL"
    ORGANIZATION = "ORGANIZATION"


class LifecycleStage(StrEnum):
    """Where a customer stands in its life with us."""

    LEAD = "LEAD"
    PROSPECT = "PROSPECT"
    ACTIVE = "ACTIVE"
    AT_RISK = "AT_RISK"
    DORMANT = "DORMANT"
    CHURNED = "CHURNED"
    FORMER = "FORMER"


class CustomerTier(StrEnum):
    """How much a customer matters to us."""

    STRATEGIC = "STRATEGIC"
    KEY = "KEY"
    STANDARD = "STANDARD"
    BASIC = "BASIC"
