"""The steps of all processes, one file for each domain."""

from graphql_schema.mutations.processes import activity, customers, marketing, policies, quality, sales, service

STEPS = (
    *customers.STEPS,
    *sales.STEPS,
    *service.STEPS,
    *marketing.STEPS,
    *activity.STEPS,
    *quality.STEPS,
    *policies.STEPS,
)
BEGINNINGS = (*service.BEGINNINGS,)
