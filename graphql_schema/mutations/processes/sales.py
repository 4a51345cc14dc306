"""From the first chance to the delivered order."""

from app.services.processes import opportunities
from graphql_schema.mutations.steps import Step

STEPS = (
    Step(
        "Opportunity",
        "StageChange",
        "Move an opportunity to another stage of its pipeline. Probability and forecast category follow the stage; to close it"
        " as lost needs a reason.",
        opportunities.change_stage,
        takes=("stage", "lostReason"),
    ),
)
