"""Lists of the organisation and its policy."""

from app.models.enums.choice import Choice


class UserStatus(Choice):
    """Whether a user may sign in."""

    INVITED = "INVITED", "Asked to join, has not signed in yet."
    ACTIVE = "ACTIVE", "May sign in."
    SUSPENDED = "SUSPENDED", "Shut out for the time being."
    LEFT = "LEFT", "No longer with us."


class PolicyStatus(Choice):
    """Where a version of the policy stands."""

    DRAFT = "DRAFT", "Being written."
    SUBMITTED = "SUBMITTED", "Waits for somebody else to look at it."
    APPROVED = "APPROVED", "May come into force."
    ACTIVE = "ACTIVE", "In force; one version at a time."
    RETIRED = "RETIRED", "Was in force."
    REJECTED = "REJECTED", "Was not approved."
    DISCARDED = "DISCARDED", "Was given up as a draft."


class FieldType(Choice):
    """What a defined field holds."""

    TEXT = "TEXT", "Text."
    INTEGER = "INTEGER", "A whole number."
    DECIMAL = "DECIMAL", "An exact number."
    BOOLEAN = "BOOLEAN", "Yes or no."
    DATE = "DATE", "A calendar day."
    TIME = "TIME", "A moment."
    CHOICE = "CHOICE", "One of the options."
    CHOICES = "CHOICES", "Any of the options."
    MONEY = "MONEY", "An amount with its currency."
    REFERENCE = "REFERENCE", "Another record."
