"""The tables, one domain per file. Columns carry their data class and description; nothing of ours is imported."""

from app.models.activity import Interaction, Task
from app.models.auditing import AuditEvent
from app.models.base import Base
from app.models.customers import Address, Consent, Contact, ContactPoint, Customer, CustomerRelation
from app.models.insight import CustomerScore, DataQualityIssue
from app.models.marketing import Campaign, CampaignMember, Segment, SegmentMember
from app.models.oauth import (
    Credential,
    OAuthClient,
    OAuthGrant,
    OAuthRefreshToken,
    OAuthSecret,
    Session,
    TrustedDocument,
)
from app.models.organisation import Department, FieldDefinition, PolicyVersion, Region, Role, RoleAssignment, User
from app.models.planning import CurrencyRate, PipelineStage, Product, SalesTarget
from app.models.platform import (
    AccessVersion,
    ChangeEvent,
    ExternalRef,
    IdempotencyKey,
    Job,
    Numbering,
    PolicyState,
    SearchTokens,
    UniqueKey,
    Unmask,
)
from app.models.providers import OidcAssignment, OidcLink, OidcProvider
from app.models.sales import Contract, Opportunity, Order, OrderLine, Quote, QuoteLine
from app.models.service import Survey, SurveyResponse, Ticket, TicketMessage

__all__ = [
    "AccessVersion",
    "Address",
    "AuditEvent",
    "Base",
    "Campaign",
    "CampaignMember",
    "ChangeEvent",
    "Consent",
    "Contact",
    "ContactPoint",
    "Contract",
    "Credential",
    "CurrencyRate",
    "Customer",
    "CustomerRelation",
    "CustomerScore",
    "DataQualityIssue",
    "Department",
    "ExternalRef",
    "FieldDefinition",
    "IdempotencyKey",
    "Interaction",
    "Job",
    "Numbering",
    "OAuthClient",
    "OAuthGrant",
    "OAuthRefreshToken",
    "OAuthSecret",
    "OidcAssignment",
    "OidcLink",
    "OidcProvider",
    "Opportunity",
    "Order",
    "OrderLine",
    "PipelineStage",
    "PolicyState",
    "PolicyVersion",
    "Product",
    "Quote",
    "QuoteLine",
    "Region",
    "Role",
    "RoleAssignment",
    "SalesTarget",
    "SearchTokens",
    "Segment",
    "SegmentMember",
    "Session",
    "Survey",
    "SurveyResponse",
    "Task",
    "Ticket",
    "TicketMessage",
    "TrustedDocument",
    "UniqueKey",
    "Unmask",
    "User",
]
