"""Opportunities, quotes, contracts and orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.models.enums import (
    ApprovalStatus,
    Channel,
    ContractStatus,
    ContractType,
    FulfillmentStatus,
    LeadSource,
    LeadStatus,
    OpportunityStage,
    OpportunityType,
    OrderStatus,
    PaymentStatus,
    QuoteStatus,
    StageOutcome,
    SubjectType,
)
from app.services.demo.account import Account, Deal, Subject
from app.services.demo.money import Item, Totals, add_up, amount, exchange, item, share_of, smallest
from app.services.demo.source import NOW, TODAY, Weighted
from app.services.demo.writer import Writer
from app.services.stages import LEADS, SALES, STAGES, Stage

DAY = dt.timedelta(days=1)

WEIGHTS: Mapping[str, float] = {
    OpportunityStage.CLOSED_WON: 34.0,
    OpportunityStage.CLOSED_LOST: 22.0,
    LeadStatus.DEAD: 3.0,
}
DEALS = Weighted({stage: WEIGHTS.get(stage.code, 5.5) for stage in STAGES if stage.pipeline == SALES})
SIGNS = Weighted({stage: WEIGHTS.get(stage.code, 5.0) for stage in STAGES if stage.pipeline == LEADS})

QUOTED: Mapping[str, tuple[QuoteStatus, ...]] = {
    OpportunityStage.PERCEPTION_ANALYSIS: (QuoteStatus.DRAFT,),
    OpportunityStage.PROPOSAL: (QuoteStatus.DELIVERED, QuoteStatus.ON_HOLD, QuoteStatus.EXPIRED),
    OpportunityStage.NEGOTIATION: (QuoteStatus.NEGOTIATION, QuoteStatus.CONFIRMED),
    OpportunityStage.CLOSED_WON: (QuoteStatus.CLOSED_ACCEPTED,),
    OpportunityStage.CLOSED_LOST: (QuoteStatus.CLOSED_LOST, QuoteStatus.EXPIRED),
}
"""How quotes stand at each stage; earlier stages have none."""

SIGNING = DAY * 10
"""After so long a deal that was won is under contract."""

SOURCES, CONTRACTS = tuple(LeadSource), tuple(ContractType)

LINES = (1, 2, 3, 4, 5)
"""Lines of an order, in turn: three on average."""


def opportunities(writer: Writer, account: Account) -> None:
    """Leads and opportunities, and for full customers what follows from them."""
    times = sorted(writer.source.moment(account.since, NOW) for _ in range(account.profile.opportunities))
    for at in times:
        stage = writer.source.weigh(SIGNS if writer.source.chance(0.18) else DEALS)
        deal = _opportunity(writer, account, at, stage)
        account.deals.append(deal)
        account.subjects.append(Subject(SubjectType.OPPORTUNITY, deal.id, at))
        if account.full and stage.code in QUOTED:
            _quote(writer, account, deal, writer.source.pick(QUOTED[stage.code]))
        if account.full and deal.won and writer.source.chance(0.6):
            _contract(writer, account, deal)


def _opportunity(writer: Writer, account: Account, at: dt.datetime, stage: Stage) -> Deal:
    source, currency = writer.source, account.area.currency
    product = source.pick(writer.world.products)
    closed = min(at + DAY * source.between(12, 120), NOW) if stage.outcome is not StageOutcome.OPEN else None
    lead = stage.pipeline == LEADS
    worth = None if lead and source.chance(0.5) else product.price_in(currency) * source.between(2, 90)
    money = exchange(currency, at.date())
    key = writer.add(
        "opportunities",
        account,
        at,
        type=OpportunityType.LEAD if lead else OpportunityType.OPPORTUNITY,
        name=writer.say(account, "deal"),
        pipeline_code=stage.pipeline,
        stage_code=stage.code,
        stage_id=writer.world.stages[stage],
        amount=None if worth is None else amount(worth),
        **(money if worth is not None else dict.fromkeys(money)),
        probability_pct=stage.probability,
        forecast_category=stage.forecast,
        opened_at=at,
        expected_close_date=(closed.date() if closed else TODAY + DAY * source.between(-15, 120)),
        closed_at=closed,
        lost_reason=writer.say(account, "lost") if stage.outcome is StageOutcome.LOST else None,
        lead_source=source.pick(SOURCES),
        campaign_id=writer.campaign(at),
        primary_contact_id=source.pick(account.contacts),
        product_id=product.id,
        next_step=None if closed else writer.say(account, "next"),
        converted_at=closed if stage.code == LeadStatus.CONVERTED else None,
    )
    return Deal(key, at, closed, won=stage.code == OpportunityStage.CLOSED_WON)


def _items(writer: Writer, account: Account, count: int) -> list[Item]:
    source, most = writer.source, 12 if account.profile.band else 3
    return [
        item(
            source.pick(writer.world.products),
            source.between(1, most),
            source.pick((0, 0, 0, 5, 10)),
            account.area.currency,
        )
        for _ in range(count)
    ]


def _totals(writer: Writer, account: Account, items: Sequence[Item]) -> Totals:
    source, currency = writer.source, account.area.currency
    shipping = 0 if source.chance(0.5) else 1_000 * smallest(currency)
    return add_up(items, source.pick((0, 0, 0, 3)), account.area.tax, shipping, currency)


def _line(account: Account, line: Item, place: int) -> dict[str, Any]:
    return {
        "product_id": line.product.id,
        "position": place,
        "description": line.product.name,
        "quantity": Decimal(line.quantity),
        "unit_price": amount(line.price),
        "discount_pct": Decimal(line.discount),
        "tax_rate_pct": Decimal(account.area.tax).scaleb(-2),
        "line_total": amount(line.total),
    }


def _quote(writer: Writer, account: Account, deal: Deal, status: QuoteStatus) -> None:
    source = writer.source
    items = _items(writer, account, source.between(1, 4))
    at = min(deal.opened + DAY * source.between(1, 10), NOW)
    money, number = exchange(account.area.currency, at.date()), writer.number("Q", at)
    steep = any(line.discount >= 10 for line in items)
    decided = (ApprovalStatus.APPROVED, ApprovalStatus.APPROVED, ApprovalStatus.PENDING, ApprovalStatus.REJECTED)
    deal.quote = writer.add(
        "quotes",
        account,
        at,
        number=number,
        opportunity_id=deal.id,
        status=status,
        valid_until=at.date() + DAY * 30,
        approval_status=source.pick(decided) if steep else ApprovalStatus.NOT_REQUIRED,
        terms=writer.say(account, "terms"),
        **_totals(writer, account, items).columns(),
        **money,
    )
    writer.claim("quotes.number", number, account, deal.quote)
    account.subjects.append(Subject(SubjectType.QUOTE, deal.quote, at))
    for place, line in enumerate(items, start=1):
        writer.add("quote_lines", account, at, quote_id=deal.quote, **_line(account, line, place), **money)


def _contract(writer: Writer, account: Account, deal: Deal) -> None:
    source = writer.source
    at = min((deal.decided or NOW) + DAY * source.between(1, 8), NOW)
    start = at.date() + DAY * 7
    end = start + DAY * source.pick((180, 365, 730))
    running = (ContractStatus.ACTIVE, ContractStatus.ACTIVE, ContractStatus.TERMINATED)
    over = (ContractStatus.EXPIRED, ContractStatus.RENEWED)
    ahead = (ContractStatus.DRAFT, ContractStatus.IN_REVIEW, ContractStatus.SIGNED)
    status = source.pick(ahead if NOW - at < 45 * DAY else over if end < TODAY else running)
    signed = at.date() if status not in ahead[:2] else None
    number = writer.number("C", at)
    worth = share_of(
        source.between(200, 9_000) * 1_000 * smallest(account.area.currency), 10_000, account.area.currency
    )
    deal.contract = writer.add(
        "contracts",
        account,
        at,
        number=number,
        opportunity_id=deal.id,
        type=source.pick(CONTRACTS),
        status=status,
        start_date=start,
        end_date=end,
        customer_signed_on=signed,
        company_signed_on=signed + DAY if signed else None,
        renewal_notice_date=end - DAY * 60,
        auto_renew=source.chance(0.4),
        total=amount(worth),
        **exchange(account.area.currency, at.date()),
    )
    writer.claim("contracts.number", number, account, deal.contract)
    account.subjects.append(Subject(SubjectType.CONTRACT, deal.contract, at))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an order stands in all three respects."""

    status: OrderStatus
    payment: PaymentStatus
    fulfillment: FulfillmentStatus


_O, _P, _F = OrderStatus, PaymentStatus, FulfillmentStatus

DONE = Outcome(_O.FULFILLED, _P.FULLY_CHARGED, _F.FULFILLED)
IN_PART = {_F.PARTIALLY_FULFILLED, _F.PARTIALLY_RETURNED}
RECENT = Weighted(
    {
        Outcome(_O.DRAFT, _P.NOT_CHARGED, _F.UNFULFILLED): 1,
        Outcome(_O.UNCONFIRMED, _P.PENDING, _F.UNFULFILLED): 1,
        Outcome(_O.UNFULFILLED, _P.PARTIALLY_CHARGED, _F.UNFULFILLED): 2,
        Outcome(_O.UNFULFILLED, _P.FULLY_CHARGED, _F.UNFULFILLED): 2,
        Outcome(_O.PARTIALLY_FULFILLED, _P.FULLY_CHARGED, _F.PARTIALLY_FULFILLED): 3,
        DONE: 3,
    }
)
SETTLED = Weighted(
    {
        DONE: 82,
        Outcome(_O.PARTIALLY_RETURNED, _P.PARTIALLY_REFUNDED, _F.PARTIALLY_RETURNED): 5,
        Outcome(_O.RETURNED, _P.FULLY_REFUNDED, _F.RETURNED): 3,
        Outcome(_O.CANCELED, _P.CANCELLED, _F.CANCELED): 4,
        Outcome(_O.CANCELED, _P.REFUSED, _F.CANCELED): 3,
        Outcome(_O.EXPIRED, _P.NOT_CHARGED, _F.CANCELED): 3,
    }
)
SHOPS = (Channel.WEB, Channel.WEB, Channel.EMAIL, Channel.PHONE, Channel.APP, Channel.IN_PERSON, Channel.PARTNER)


@dataclass(frozen=True, slots=True)
class Placed:
    """An order before it is a row, and the deal it follows from."""

    at: dt.datetime
    items: Sequence[Item]
    outcome: Outcome
    deal: Deal | None


def orders(writer: Writer, account: Account, numbered: Iterator[int]) -> None:
    """Orders, of which the first follow from deals that were won. `numbered` counts the orders of all customers."""
    source = writer.source
    won = [deal for deal in account.deals if deal.won]
    times = sorted(source.moment(account.since, NOW) for _ in range(account.profile.orders))
    for at in times:
        deal = next((one for one in won if one.decided and one.decided + SIGNING < at), None)
        if deal:
            won.remove(deal)
        items = _items(writer, account, LINES[next(numbered) % len(LINES)])
        outcome = source.weigh(SETTLED if NOW - at > 25 * DAY else RECENT)
        if sum(line.quantity for line in items) == 1 and outcome.fulfillment in IN_PART:
            outcome = DONE
        _order(writer, account, Placed(at, items, outcome, deal))
    account.first_order = times[0] if times else None


def _order(writer: Writer, account: Account, placed: Placed) -> None:
    at, items, outcome, deal = placed.at, placed.items, placed.outcome, placed.deal
    source, money = writer.source, exchange(account.area.currency, at.date())
    totals, number = _totals(writer, account, items), writer.number("SO", at)
    key = writer.add(
        "orders",
        account,
        at,
        number=number,
        quote_id=deal.quote if deal else None,
        contract_id=deal.contract if deal else None,
        opportunity_id=deal.id if deal else None,
        campaign_id=writer.campaign(at),
        status=outcome.status,
        payment_status=outcome.payment,
        fulfillment_status=outcome.fulfillment,
        ordered_at=at,
        channel=source.pick(SHOPS),
        refunded=amount(_refunded(totals, items, outcome)),
        billing_address_id=account.billing,
        shipping_address_id=account.shipping,
        **totals.columns(),
        **money,
    )
    writer.claim("orders.number", number, account, key)
    account.orders.append((key, at))
    account.subjects.append(Subject(SubjectType.ORDER, key, at))
    account.spent += totals.total
    for place, line in enumerate(items, start=1):
        fulfilled, returned = _moved(line, place, outcome.fulfillment)
        writer.add(
            "order_lines",
            account,
            at,
            order_id=key,
            product_category_path=line.product.category,
            fulfilled_quantity=Decimal(fulfilled),
            returned_quantity=Decimal(returned),
            **_line(account, line, place),
            **money,
        )


def _moved(line: Item, place: int, status: FulfillmentStatus) -> tuple[int, int]:
    """How many of a line were delivered and came back."""
    if status in {_F.UNFULFILLED, _F.CANCELED}:
        return 0, 0
    if status is _F.PARTIALLY_FULFILLED:
        return (line.quantity + 1) // 2 if place == 1 else 0, 0
    if status is _F.PARTIALLY_RETURNED:
        return line.quantity, (line.quantity + 1) // 2 if place == 1 else 0
    return line.quantity, line.quantity if status is _F.RETURNED else 0


def _refunded(totals: Totals, items: Sequence[Item], outcome: Outcome) -> int:
    if outcome.payment is _P.FULLY_REFUNDED:
        return totals.total
    return min(items[0].total // 200 * 100, totals.total) if outcome.payment is _P.PARTIALLY_REFUNDED else 0
