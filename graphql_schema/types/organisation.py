"""People, departments, regions, roles and the policy."""

from app import models
from graphql_schema.declaring import declare

declare(
    models.User,
    tag=1,
    values="""
    email displayName locale timeZone status version createdAt updatedAt
    """,
    one="manager department region",
    many="""
    auditEvents authoredMessages decidedPolicyVersions grantedAssignments managedDepartments ownedAddresses
    ownedAuditEvents ownedCampaignMembers ownedCampaigns ownedConsents ownedContactPoints ownedContacts ownedContracts
    ownedCustomerRelations ownedCustomerScores ownedCustomers ownedDataQualityIssues ownedInteractions
    ownedOpportunities ownedOrderLines ownedOrders ownedQuoteLines ownedQuotes ownedSalesTargets ownedSegmentMembers
    ownedSegments ownedSurveyResponses ownedTasks ownedTicketMessages ownedTickets policyVersions reports
    roleAssignments submittedPolicyVersions surveyResponses
    """,
)

declare(
    models.Department,
    tag=2,
    values="""
    code name path version createdAt updatedAt
    """,
    one="parent managerUser",
    many="""
    addresses campaignMembers campaigns children consents contactPoints contacts contracts customerRelations
    customerScores customers dataQualityIssues interactions opportunities orderLines orders quoteLines quotes
    roleAssignments salesTargets segmentMembers segments surveyResponses tasks ticketMessages tickets users
    """,
)

declare(
    models.Region,
    tag=3,
    values="""
    code name path currency timeZone salesPolicy businessCalendar servicePromises version createdAt updatedAt
    """,
    one="parent",
    many="""
    addresses campaignMembers campaigns children consents contactPoints contacts contracts customerRelations
    customerScores customers dataQualityIssues interactions opportunities orderLines orders quoteLines quotes
    roleAssignments salesTargets segmentMembers segments surveyResponses tasks ticketMessages tickets users
    """,
)

declare(
    models.Role,
    tag=4,
    values="""
    code name rank isSystem version createdAt updatedAt
    """,
    many="assignments",
)

declare(
    models.RoleAssignment,
    tag=5,
    values="""
    validFrom validTo version createdAt updatedAt
    """,
    one="user role grantedBy department region",
)

declare(
    models.PolicyVersion,
    tag=6,
    values="""
    number status document note activatedAt decidedAt reason shadowShare shadowUntil version createdAt updatedAt
    """,
    one="basedOn author submittedBy decidedBy",
    many="derived",
)

declare(
    models.FieldDefinition,
    tag=7,
    values="""
    entity key dataType label hint required requiredWhen pattern min max options dataClass encrypted filterable isCustom
    version createdAt updatedAt
    """,
)
