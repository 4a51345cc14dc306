"""What may be wrong with the records of customers, and what becomes of it."""

from app.models.enums import IssueStatus
from app.services.processes import duplicates
from graphql_schema.mutations.steps import Step

STEPS = (
    Step(
        "DataQualityIssue",
        "Dismiss",
        "Note that two customers, which a search took for one, are two. It does not bring them up again.",
        duplicates.dismiss,
        sets={"status": IssueStatus.DISMISSED},
        called="duplicate",
    ),
)
