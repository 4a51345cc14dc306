"""What tests of quotes, orders and contracts share: how they are written, and how they are told."""

from __future__ import annotations

from typing import Any

from tests.graphql_schema.rows import Row
from tests.http.asking import Asking

SUMS = "subtotal {amount} discount {amount} tax {amount} shipping {amount} total {amount}"
SHOWN = {
    "quote": f"id number status version {SUMS} lines(first: 50) {{ nodes {{ id }} }}",
    "quoteLine": "id position description quantity unitPrice {amount currency} discountPct taxRatePct lineTotal {amount}",
    "order": f"id number status fulfillmentStatus paymentStatus version refunded {{amount}} {SUMS}",
    "orderLine": (
        "id position quantity fulfilledQuantity returnedQuantity productCategoryPath taxRatePct"
        " unitPrice {amount currency} lineTotal {amount}"
    ),
    "contract": "id number status startDate endDate customerSignedOn companySignedOn version",
    "opportunity": "id type stageCode pipelineCode convertedAt probabilityPct version",
    "customer": "id displayName lifecycleStage",
    "contact": "id displayName email",
    "ticket": "id number",
}

MADE = {"following": "contract"}
"""What records in payloads are that are not named as what they are."""


async def write(graph: Asking, who: Row, name: str, *more: str, **given: Any) -> Any:
    """What came of a mutation: what is written, `more` beside it, and what is wrong."""
    kinds = (kind for kind in sorted(SHOWN, key=len, reverse=True) if name.startswith(kind))
    kind = next(kinds, "opportunity")
    title = name[:1].upper() + name[1:]
    shown = " ".join(f"{each} {{ {SHOWN[MADE.get(each, each)]} }}" for each in (kind, *more))
    query = (
        f"mutation ($i: {title}Input!) {{ {name}(input: $i) {{ {shown} userErrors {{ code field message params }} }} }}"
    )
    return (await graph.data(who, query, {"i": given}))[name]


async def done(graph: Asking, who: Row, name: str, **given: Any) -> Any:
    """What was written, without any mistake."""
    payload = await write(graph, who, name, **given)
    assert payload.pop("userErrors") == [], payload
    [shown] = payload.values()
    return shown


def sums(document: Any) -> tuple[str, ...]:
    """Subtotal, discount, tax, shipping and total."""
    return tuple(document[name]["amount"] for name in ("subtotal", "discount", "tax", "shipping", "total"))
