"""Lists of scores and data quality."""

from app.models.enums.choice import Choice


class ScoreKind(Choice):
    """What a score tells."""

    RFM = "RFM", "Recency, frequency and value of purchases."
    CLV = "CLV", "Value over the customer's life."
    CHURN = "CHURN", "Danger of leaving."
    HEALTH = "HEALTH", "State of the relation."
    RISK = "RISK", "Danger of not being paid, or appetite for risk."
    NEXT_BEST = "NEXT_BEST", "What to offer next."
    REPEAT_PURCHASE = "REPEAT_PURCHASE", "Intent to buy again."
    ENGAGEMENT = "ENGAGEMENT", "How much the customer deals with us."


class IssueKind(Choice):
    """What is wrong with a record."""

    DUPLICATE = "DUPLICATE", "May be the same as another."
    MISSING = "MISSING", "A field is empty."
    INVALID = "INVALID", "A field is not valid."
    STALE_FIELD = "STALE_FIELD", "A field may be out of date."
    INACTIVE = "INACTIVE", "Nothing has happened for long."
    CONFLICT = "CONFLICT", "Two sources disagree."


class IssueStatus(Choice):
    """What became of an issue."""

    OPEN = "OPEN", "Not decided."
    ACCEPTED = "ACCEPTED", "Held to be true."
    DISMISSED = "DISMISSED", "Held to be untrue."
    FIXED = "FIXED", "Put right."
