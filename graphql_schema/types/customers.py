"""The customer and what describes it."""

from app import models
from graphql_schema.custom.field import computed as custom_fields
from graphql_schema.declaring import declare
from graphql_schema.overview.field import CUSTOMER_OVERVIEW
from graphql_schema.timeline.field import TIMELINE

declare(
    models.Customer,
    tag=12,
    values="""
    kind displayName email phone legalName givenName familyName birthDate taxId lifecycleStage tier categoryPath
    industryCode employeeBand annualRevenue source locale timeZone lastInteractionAt firstOrderedAt erasedAt
    legalHold currency fxRate fxDate version createdAt updatedAt
    """,
    one="mergedInto owner department region",
    many="""
    addresses campaignMemberships consents contactPoints contacts contracts dataQualityIssues interactions
    mergedCustomers opportunities orderLines orders quoteLines quotes relatedFrom relations scores
    segmentMemberships surveyResponses suspectedDuplicates tasks ticketMessages tickets
    """,
    computed=(CUSTOMER_OVERVIEW, TIMELINE, custom_fields("Customer")),
)

declare(
    models.Contact,
    tag=13,
    values="""
    displayName givenName familyName email phone jobTitle role isPrimary doNotContact birthDate version createdAt
    updatedAt
    """,
    one="customer owner department region",
    many="campaignMemberships contactPoints interactions opportunities ticketMessages tickets",
)

declare(
    models.ContactPoint,
    tag=14,
    values="""
    kind label value valueNormalized isPrimary verifiedAt validFrom validTo version createdAt updatedAt
    """,
    one="customer contact owner department region",
    many="consents",
)

declare(
    models.Address,
    tag=15,
    values="""
    kind isDefault line1 line2 city adminArea postalCode country latitude longitude verifiedAt version createdAt
    updatedAt
    """,
    one="customer owner department region",
    many="billedOrders shippedOrders",
)

declare(
    models.Consent,
    tag=16,
    values="""
    purpose channel status lawfulBasis source obtainedAt expiresAt evidence version createdAt updatedAt
    """,
    one="customer contactPoint owner department region",
)

declare(
    models.CustomerRelation,
    tag=17,
    values="""
    type since version createdAt updatedAt
    """,
    one="customer relatedCustomer owner department region",
)
