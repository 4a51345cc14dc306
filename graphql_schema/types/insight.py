"""What is computed about a customer."""

from app import models
from graphql_schema.declaring import declare

declare(
    models.CustomerScore,
    tag=34,
    values="""
    kind value band probability factors modelVersion asOf expiresAt version createdAt updatedAt
    """,
    one="customer owner department region",
)

declare(
    models.DataQualityIssue,
    tag=35,
    values="""
    kind field score evidence status version createdAt updatedAt
    """,
    one="customer otherCustomer owner department region",
)
