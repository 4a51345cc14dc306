"""Lists of marketing."""

from app.models.enums.choice import Choice


class CampaignType(Choice):
    """What a campaign is."""

    EMAIL = "EMAIL", "E-mail."
    NEWSLETTER = "NEWSLETTER", "Newsletter."
    SMS = "SMS", "Text messages."
    SOCIAL = "SOCIAL", "Social networks."
    WEB = "WEB", "Web."
    TELESALES = "TELESALES", "Telephone sales."
    DIRECT_MAIL = "DIRECT_MAIL", "Letters."
    PRINT = "PRINT", "Newspapers and magazines."
    RADIO = "RADIO", "Radio."
    TELEVISION = "TELEVISION", "Television."
    EVENT = "EVENT", "An event."
    PROMOTION = "PROMOTION", "A promotion."
    ADVERTISING = "ADVERTISING", "Advertising."
    SURVEY = "SURVEY", "A survey."
    MARKET_RESEARCH = "MARKET_RESEARCH", "Market research."


class CampaignStatus(Choice):
    """Where a campaign stands."""

    PLANNING = "PLANNING", "Being planned."
    ACTIVE = "ACTIVE", "Running."
    INACTIVE = "INACTIVE", "Paused."
    COMPLETE = "COMPLETE", "Done."
    CANCELED = "CANCELED", "Called off."


class CampaignMemberStatus(Choice):
    """How far a campaign got with someone."""

    TARGETED = "TARGETED", "Chosen."
    SENT = "SENT", "Sent."
    DELIVERED = "DELIVERED", "Arrived."
    OPENED = "OPENED", "Opened."
    CLICKED = "CLICKED", "Followed a link."
    RESPONDED = "RESPONDED", "Answered."
    CONVERTED = "CONVERTED", "Bought."
    BOUNCED = "BOUNCED", "Could not be delivered."
    OPTED_OUT = "OPTED_OUT", "Wants no more."
    SUPPRESSED = "SUPPRESSED", "Left out: no consent."


class SegmentKind(Choice):
    """How a segment's members are chosen."""

    DYNAMIC = "DYNAMIC", "By a rule."
    STATIC = "STATIC", "By hand."
