"""Lists of the customer core."""

from app.models.enums.choice import Choice


class CustomerKind(Choice):
    """Two classes of customers."""

    INDIVIDUAL = "INDIVIDUAL", "A person."
    ORGANIZATION = "ORGANIZATION", "A company or another body."


class LifecycleStage(Choice):
    """Where a customer stands in its life with us."""

    LEAD = "LEAD", "Known by name only."
    PROSPECT = "PROSPECT", "In talks, has not bought."
    ACTIVE = "ACTIVE", "Buys from us."
    AT_RISK = "AT_RISK", "Buys, but shows signs of leaving."
    DORMANT = "DORMANT", "Has not bought for long."
    CHURNED = "CHURNED", "Has left."
    FORMER = "FORMER", "Was a customer; the relation is over."


class CustomerTier(Choice):
    """How much a customer matters to us."""

    STRATEGIC = "STRATEGIC", "Shapes our plans."
    KEY = "KEY", "Has a named team."
    STANDARD = "STANDARD", "Served in the usual way."
    BASIC = "BASIC", "Served by self-service."


class EmployeeBand(Choice):
    """How many people an organisation employs."""

    MICRO = "MICRO", "1 to 9."
    SMALL = "SMALL", "10 to 49."
    MEDIUM = "MEDIUM", "50 to 249."
    LARGE = "LARGE", "250 to 999."
    VERY_LARGE = "VERY_LARGE", "1,000 to 9,999."
    GIANT = "GIANT", "10,000 or more."


class LeadSource(Choice):
    """Where a customer or an opportunity came from."""

    WEBSITE = "WEBSITE", "Our web site."
    COLD_CALL = "COLD_CALL", "A call that nobody asked for."
    EXISTING_CUSTOMER = "EXISTING_CUSTOMER", "An existing customer's new need."
    REFERRAL = "REFERRAL", "Recommended by someone."
    PARTNER = "PARTNER", "Brought by a partner."
    PUBLIC_RELATIONS = "PUBLIC_RELATIONS", "Press and public relations."
    DIRECT_MAIL = "DIRECT_MAIL", "A letter."
    TRADE_SHOW = "TRADE_SHOW", "A trade show."
    EMAIL = "EMAIL", "An e-mail."
    CAMPAIGN = "CAMPAIGN", "A campaign."
    WORD_OF_MOUTH = "WORD_OF_MOUTH", "Hearsay."
    OTHER = "OTHER", "Anything else."


class ContactRole(Choice):
    """A contact's part in a purchase."""

    DECISION_MAKER = "DECISION_MAKER", "Decides."
    EVALUATOR = "EVALUATOR", "Compares offers."
    INFLUENCER = "INFLUENCER", "Is listened to."
    EXECUTIVE_SPONSOR = "EXECUTIVE_SPONSOR", "Backs us at the top."
    TECHNICAL = "TECHNICAL", "Answers technical questions."
    BILLING = "BILLING", "Receives invoices."
    USER = "USER", "Uses what was bought."
    OTHER = "OTHER", "Any other part."


class ContactPointKind(Choice):
    """A way to reach someone."""

    EMAIL = "EMAIL", "E-mail address."
    MOBILE = "MOBILE", "Mobile telephone."
    PHONE = "PHONE", "Fixed telephone."
    FAX = "FAX", "Fax."
    WECHAT = "WECHAT", "WeChat account."
    WHATSAPP = "WHATSAPP", "WhatsApp number."
    SOCIAL = "SOCIAL", "Account in another social network."
    WEBSITE = "WEBSITE", "Web site."
    APP = "APP", "Account in our app."


class AddressKind(Choice):
    """What an address is for."""

    BILLING = "BILLING", "Invoices go there."
    SHIPPING = "SHIPPING", "Goods go there."
    OFFICE = "OFFICE", "A place of business."
    HOME = "HOME", "A home."
    LEGAL = "LEGAL", "The registered seat."
    OTHER = "OTHER", "Anything else."


class ConsentPurpose(Choice):
    """What a consent is for."""

    MARKETING = "MARKETING", "Offers and advertising."
    NEWSLETTER = "NEWSLETTER", "Regular news."
    RESEARCH = "RESEARCH", "Surveys and market research."
    PROFILING = "PROFILING", "Scores and personal recommendations."
    SERVICE = "SERVICE", "Messages about a purchase or a ticket."
    SHARING = "SHARING", "Passing data to partners."


class ConsentStatus(Choice):
    """What a consent says."""

    GRANTED = "GRANTED", "Agreed."
    WITHDRAWN = "WITHDRAWN", "Taken back."
    EXPIRED = "EXPIRED", "Run out."
    BOUNCED = "BOUNCED", "The address no longer works."


class LawfulBasis(Choice):
    """Ground for processing personal data, GDPR article 6(1)."""

    CONSENT = "CONSENT", "The person agreed."
    CONTRACT = "CONTRACT", "Needed for a contract."
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION", "Demanded by law."
    VITAL_INTEREST = "VITAL_INTEREST", "Protects someone's life."
    PUBLIC_TASK = "PUBLIC_TASK", "A task in the public interest."
    LEGITIMATE_INTEREST = (
        "LEGITIMATE_INTEREST",
        "An interest that outweighs the person's.",
    )


class RelationType(Choice):
    """What the related customer is to this one."""

    PARENT = "PARENT", "Owns this one."
    SUBSIDIARY = "SUBSIDIARY", "Is owned by this one."
    PARTNER = "PARTNER", "Works with this one."
    REFERRER = "REFERRER", "Brought this one to us."
    HOUSEHOLD = "HOUSEHOLD", "Lives in the same household."
