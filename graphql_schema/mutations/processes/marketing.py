"""From a plan to the customers it reaches."""

from decimal import Decimal

import strawberry

from app.models.enums import CampaignStatus
from app.services.processes import campaigns
from app.services.records.drafts import Money
from graphql_schema.making import REQUIRED, Part, maybe
from graphql_schema.mutations.inputs import MONEY
from graphql_schema.mutations.steps import Step

_HIDDEN = "null where the caller does not see what decides that"

STEPS = (
    Step(
        "Campaign",
        "Launch",
        "Begin a campaign, or go on with one that was paused.",
        campaigns.launch,
        sets={"status": CampaignStatus.ACTIVE},
    ),
    Step("Campaign", "Pause", "Pause a campaign.", campaigns.pause, sets={"status": CampaignStatus.INACTIVE}),
    Step(
        "Campaign", "Complete", "End a campaign that ran.", campaigns.complete, sets={"status": CampaignStatus.COMPLETE}
    ),
    Step("Campaign", "Cancel", "Call a campaign off.", campaigns.cancel, sets={"status": CampaignStatus.CANCELED}),
    Step(
        "Campaign",
        "Commit",
        "Promise some of a campaign's budget to others: `committed` goes up by the amount. BUDGET_EXCEEDED where the budget"
        " does not allow it.",
        campaigns.commit,
        sets={"committed": Money(Decimal(0))},
        asks=(Part("amount", MONEY, "How much more.", default=REQUIRED),),
    ),
    Step(
        "Campaign",
        "MembersAdd",
        f"Add the customers that are now in a segment, as far as they are in view: up to {campaigns.MOST} at once. Left out are"
        " those whose latest consent to marketing on the campaign's channel is none that counts now, those of whom the primary"
        " contact or every contact must not be contacted, and those whom the campaign has already.",
        campaigns.add_members,
        before=campaigns.find_members,
        asks=(Part("segment", strawberry.ID, "The segment.", default=REQUIRED),),
        tells=(
            Part("found", maybe(int), "How many customers of the segment are in view."),
            Part("added", maybe(int), "How many of them were added."),
            Part("withoutConsent", maybe(int), f"Of those left out, how many have not agreed; {_HIDDEN}."),
            Part("doNotContact", maybe(int), f"Of those left out, how many must not be contacted; {_HIDDEN}."),
            Part("alreadyMembers", maybe(int), f"Of those left out, how many were members; {_HIDDEN}."),
        ),
    ),
)
