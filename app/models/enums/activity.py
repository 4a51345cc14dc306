"""Lists of interactions and tasks."""

from app.models.enums.choice import Choice


class InteractionKind(Choice):
    """What took place."""

    CALL = "CALL", "A telephone call."
    EMAIL = "EMAIL", "An e-mail."
    MEETING = "MEETING", "A meeting."
    VISIT = "VISIT", "A visit."
    CHAT = "CHAT", "A chat."
    SMS = "SMS", "A text message."
    SOCIAL = "SOCIAL", "A message in a social network."
    NOTE = "NOTE", "A note."
    WEB_VISIT = "WEB_VISIT", "A visit to our web site."
    SYSTEM = "SYSTEM", "An event of a system."


class InteractionDirection(Choice):
    """Who began."""

    INBOUND = "INBOUND", "The customer."
    OUTBOUND = "OUTBOUND", "We."
    INTERNAL = "INTERNAL", "Among ourselves."


class InteractionStatus(Choice):
    """Whether it took place."""

    PLANNED = "PLANNED", "Will take place."
    HELD = "HELD", "Took place."
    NOT_HELD = "NOT_HELD", "Did not take place."


class TaskStatus(Choice):
    """Where a task stands."""

    NOT_STARTED = "NOT_STARTED", "Not begun."
    STARTED = "STARTED", "Begun."
    COMPLETED = "COMPLETED", "Done."
    CANCELED = "CANCELED", "Called off."
    DEFERRED = "DEFERRED", "Put off."
