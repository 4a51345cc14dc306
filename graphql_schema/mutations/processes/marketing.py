"""From a plan to the customers it reaches."""

import datetime as dt
from decimal import Decimal
from functools import partial

import strawberry

from app.services.processes import campaigns
from app.services.processes import segments as members
from app.services.records.drafts import Money
from app.services.transitions import CAMPAIGNS
from graphql_schema.making import REQUIRED, Part, maybe
from graphql_schema.mutations import segments
from graphql_schema.mutations.inputs import MONEY
from graphql_schema.mutations.steps import Step, moving

_HIDDEN = "null where the caller does not see what decides that"

STEPS = (
    moving("Campaign", "Launch", "Begin a campaign, or go on with one that was paused.", CAMPAIGNS),
    moving("Campaign", "Pause", "Pause a campaign.", CAMPAIGNS),
    moving("Campaign", "Complete", "End a campaign that ran.", CAMPAIGNS),
    moving("Campaign", "Cancel", "Call a campaign off.", CAMPAIGNS),
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
    Step(
        "Segment",
        "Refresh",
        "Have a segment with a rule hold the customers that the rule finds now, as the segment's owner sees customers.",
        made_for=lambda request: members.refresh(partial(segments.find, request)),
        sets={"refreshedAt": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)},
        tells=(
            Part("joined", maybe(int), "How many customers came in, of those in view."),
            Part("left", maybe(int), "How many fell out, of those in view."),
        ),
    ),
)
