"""Lists that several domains use."""

from app.models.enums.choice import Choice


class Channel(Choice):
    """How two parties talk."""

    PHONE = "PHONE", "Telephone call."
    EMAIL = "EMAIL", "E-mail."
    IN_PERSON = "IN_PERSON", "Face to face."
    VIDEO = "VIDEO", "Video call."
    CHAT = "CHAT", "Live chat."
    SMS = "SMS", "Text message."
    SOCIAL = "SOCIAL", "Social network."
    WEB = "WEB", "Web site or portal."
    APP = "APP", "Mobile app."
    POST = "POST", "Letter or parcel."
    PARTNER = "PARTNER", "Through a partner."
    SYSTEM = "SYSTEM", "Made by a system."


class SubjectType(Choice):
    """What an interaction or a task is about."""

    OPPORTUNITY = "OPPORTUNITY", "An opportunity."
    QUOTE = "QUOTE", "A quote."
    CONTRACT = "CONTRACT", "A contract."
    ORDER = "ORDER", "An order."
    TICKET = "TICKET", "A ticket."
    CAMPAIGN = "CAMPAIGN", "A campaign."


class Priority(Choice):
    """How soon something is needed."""

    LOW = "LOW", "When there is time."
    NORMAL = "NORMAL", "In turn."
    HIGH = "HIGH", "Before others."
    URGENT = "URGENT", "At once."
