"""Lists of service."""

from app.models.enums.choice import Choice


class TicketType(Choice):
    """What a customer asks for."""

    QUESTION = "QUESTION", "Wants to know something."
    INCIDENT = "INCIDENT", "Something does not work now."
    PROBLEM = "PROBLEM", "The cause of several incidents."
    COMPLAINT = "COMPLAINT", "Is dissatisfied."
    AFTER_SALES = "AFTER_SALES", "Return, repair or spare part."
    FEEDBACK = "FEEDBACK", "Tells what they think."
    REQUEST = "REQUEST", "Wants something done."


class TicketStatus(Choice):
    """Where a ticket stands."""

    NEW = "NEW", "Nobody has looked at it."
    ASSIGNED = "ASSIGNED", "Given to someone."
    PENDING_CUSTOMER = "PENDING_CUSTOMER", "Waits for the customer."
    IN_PROGRESS = "IN_PROGRESS", "Being worked on."
    RESOLVED = "RESOLVED", "Solved, may be reopened."
    CLOSED = "CLOSED", "Done."
    REJECTED = "REJECTED", "Not ours to solve."
    DUPLICATE = "DUPLICATE", "The same as another."


class TicketSeverity(Choice):
    """How much harm there is."""

    MINOR = "MINOR", "A nuisance."
    MODERATE = "MODERATE", "Work is harder."
    MAJOR = "MAJOR", "Work is partly stopped."
    CRITICAL = "CRITICAL", "Work is stopped."


class MessageDirection(Choice):
    """Who wrote to whom."""

    IN = "IN", "From the customer."
    OUT = "OUT", "To the customer."
    INTERNAL = "INTERNAL", "Among ourselves."


class SurveyKind(Choice):
    """What a survey measures."""

    CSAT = "CSAT", "Satisfaction."
    NPS = "NPS", "Willingness to recommend."
    CES = "CES", "Effort."
    CUSTOM = "CUSTOM", "Anything else."


class SurveyStatus(Choice):
    """Where a survey stands."""

    DRAFT = "DRAFT", "Being written."
    ACTIVE = "ACTIVE", "Being sent."
    CLOSED = "CLOSED", "No longer sent."
