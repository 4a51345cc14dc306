"""Fields that only the steps of a process set: a stage, a status, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping

_TOTALS = frozenset({"subtotal", "tax", "total"})

BY_PROCESS: Mapping[str, frozenset[str]] = {
    "Campaign": frozenset({"status", "committed"}),
    "CampaignMember": frozenset({"status", "statusAt", "unsubscribedAt"}),
    "Contract": frozenset({"status", "customerSignedOn", "companySignedOn"}),
    "Department": frozenset({"path"}),
    "Opportunity": frozenset(
        {"pipelineCode", "stageCode", "closedAt", "convertedAt", "lostReason", "probabilityPct", "forecastCategory"}
    ),
    "Order": frozenset({"status", "paymentStatus", "fulfillmentStatus", "refunded"}) | _TOTALS,
    "OrderLine": frozenset({"lineTotal", "fulfilledQuantity", "returnedQuantity", "productCategoryPath"}),
    "Quote": frozenset({"status", "approvalStatus"}) | _TOTALS,
    "QuoteLine": frozenset({"lineTotal"}),
    "Region": frozenset({"path"}),
    "Segment": frozenset({"refreshedAt", "memberCount"}),
    "SegmentMember": frozenset({"removedAt", "reason"}),
    "SurveyResponse": frozenset({"scaleMin", "scaleMax", "respondedAt"}),
    "Task": frozenset({"status", "completedAt"}),
    "Ticket": frozenset(
        {
            *("status", "firstRespondedAt", "firstResponseDueAt", "resolvedAt", "resolutionDueAt", "closedAt"),
            *("reopenedCount", "slaPolicy", "duplicateOf"),
        }
    ),
}
"""By entity."""
