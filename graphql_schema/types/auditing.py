"""The audit trail."""

from app import models
from graphql_schema.declaring import declare

declare(
    models.AuditEvent,
    tag=36,
    values="""
    seq kind at client requestId subject details previous hash
    """,
    one="user owner",
)
