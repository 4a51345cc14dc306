"""What an overview holds: figures over some rows of a customer, and single rows picked from them.

Which rows they are is said in the language of callers' filters, and asked of views as such a filter is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from app.models.enums import (
    ContractStatus,
    InteractionKind,
    InteractionStatus,
    OpportunityType,
    OrderStatus,
    PaymentStatus,
    StageOutcome,
    SurveyKind,
    TaskStatus,
    TicketStatus,
)
from graphql_schema.entities import Entity, Graph
from policies.access import Access
from policies.catalogue import Relation
from policies.conditions import ALWAYS, And, Attribute, Compare, Condition, Constant, Operator, Or, Single, fields_read

CUSTOMER = "Customer"
NOW = Attribute("now")


def _in(field: str, *values: Enum) -> Condition:
    return Compare(field, Operator.IN, Constant(tuple(str(value.value) for value in values)))


def _all(*conditions: Condition) -> Condition:
    return And(conditions)


def _before_now(field: str) -> Condition:
    return Compare(field, Operator.LT, NOW)


def _deal(type_: OpportunityType, outcome: StageOutcome) -> Condition:
    stage = Single("stage", Compare("outcome", Operator.EQ, Constant(str(outcome.value))))
    return _all(_in("type", type_), stage)


_O, _P, _T, _K = OrderStatus, PaymentStatus, TicketStatus, InteractionKind

PLACED = _in(
    "status", _O.UNCONFIRMED, _O.UNFULFILLED, _O.PARTIALLY_FULFILLED, _O.FULFILLED, _O.PARTIALLY_RETURNED, _O.RETURNED
)
UNPAID = _all(PLACED, _in("paymentStatus", _P.NOT_CHARGED, _P.PENDING, _P.PARTIALLY_CHARGED, _P.REFUSED))
OPEN_LEAD = _deal(OpportunityType.LEAD, StageOutcome.OPEN)
OPEN_DEAL, WON_DEAL = (_deal(OpportunityType.OPPORTUNITY, each) for each in (StageOutcome.OPEN, StageOutcome.WON))
OPEN_TICKET = _in("status", _T.NEW, _T.ASSIGNED, _T.PENDING_CUSTOMER, _T.IN_PROGRESS)
OPEN_TASK = _in("status", TaskStatus.NOT_STARTED, TaskStatus.STARTED, TaskStatus.DEFERRED)
HELD = _in("status", InteractionStatus.HELD)
CONTACT = _all(
    HELD,
    _in("kind", _K.CALL, _K.EMAIL, _K.MEETING, _K.VISIT, _K.CHAT, _K.SMS, _K.SOCIAL),
    Compare("occurredAt", Operator.LTE, NOW),
)
VALID = Or((Compare("expiresAt", Operator.GT, NOW), Compare("expiresAt", Operator.IS_NULL, Constant(value=True))))


def _answered(kind: SurveyKind) -> Condition:
    survey = Single("survey", Compare("kind", Operator.EQ, Constant(str(kind.value))))
    return _all(Compare("score", Operator.IS_NULL, Constant(value=False)), survey)


class Form(Enum):
    """What a figure is."""

    COUNT = auto()
    """How many rows."""
    SPREAD = auto()
    """How many rows with each value of a field."""
    MONEY = auto()
    """The sum of an amount."""
    RATING = auto()
    """How many scores, and their average as a part of their scales."""
    LATEST = auto()
    """The row with the latest moment."""
    EARLIEST = auto()
    """The row with the earliest moment."""
    LATEST_OF_EACH = auto()
    """For each value of a field, the row with the latest moment."""


@dataclass(frozen=True)
class Figure:
    """A part of the overview, over those rows of one of the customer's lists that meet a condition."""

    name: str
    form: Form
    list: str
    doc: str
    among: Condition = ALWAYS
    by: str = ""
    """The field that is summed, or by whose values rows are counted or picked."""
    moment: str = ""
    """The field by which the latest or earliest is known."""

    def relation(self, graph: Graph) -> Relation:
        """From the customer to the rows."""
        return graph[CUSTOMER].resource.relations[self.list]

    def entity(self, graph: Graph) -> Entity:
        """What the rows are."""
        return graph[self.relation(graph).target]

    def fields(self, graph: Graph) -> frozenset[str]:
        """The fields of the rows that it rests on."""
        own = self.entity(graph).resource
        read = {name for on, name in fields_read(self.among, own, graph.catalogue) if on is own}
        scale = {"scaleMin", "scaleMax"} if self.form is Form.RATING else set()
        return frozenset(read | scale | {name for name in (self.by, self.moment) if name})

    def seen(self, graph: Graph, access: Access) -> bool:
        """Whether it can ever tell anything: the rows are seen at times, and so is each field that it rests on."""
        own = self.entity(graph).resource
        rests = [(own, name) for name in self.fields(graph)]
        rests += fields_read(self.among, own, graph.catalogue)
        return access.on(own).visible and all(
            access.on(on).visible and name in access.on(on).readable for on, name in rests
        )


def _count(name: str, of: str, doc: str, among: Condition = ALWAYS) -> Figure:
    return Figure(name, Form.COUNT, of, doc, among)


def _money(name: str, of: str, by: str, doc: str, among: Condition) -> Figure:
    return Figure(name, Form.MONEY, of, doc, among, by)


def _rating(name: str, kind: SurveyKind, what: str) -> Figure:
    doc = f"How they score {what}: the answers with a score to surveys of kind {kind.value}."
    return Figure(name, Form.RATING, "surveyResponses", doc, _answered(kind), "score", "respondedAt")


ALL = (
    _count("contacts", "contacts", "How many contacts there are."),
    _count("interactions", "interactions", "How many interactions took place.", HELD),
    _count("openLeads", "opportunities", "How many leads stand at a stage that is open.", OPEN_LEAD),
    _count(
        "openOpportunities",
        "opportunities",
        "How many opportunities, leads not among them, stand at a stage that is open.",
        OPEN_DEAL,
    ),
    _count("wonOpportunities", "opportunities", "How many opportunities stand at a stage that is won.", WON_DEAL),
    _count("orders", "orders", "How many orders were placed, less those called off or expired.", PLACED),
    _count("activeContracts", "contracts", "How many contracts are active.", _in("status", ContractStatus.ACTIVE)),
    _count("openTickets", "tickets", "How many tickets are neither solved nor closed.", OPEN_TICKET),
    _count(
        "overdueTickets",
        "tickets",
        "How many of the open tickets are past the time when a solution was due.",
        _all(OPEN_TICKET, _before_now("resolutionDueAt")),
    ),
    Figure(
        "openTicketsByPriority",
        Form.SPREAD,
        "tickets",
        "How many of the open tickets have each priority, the most urgent first; priorities that none has are left out.",
        OPEN_TICKET,
        "priority",
    ),
    _count("openTasks", "tasks", "How many tasks are neither done nor called off.", OPEN_TASK),
    _count(
        "overdueTasks", "tasks", "How many of the open tasks are past due.", _all(OPEN_TASK, _before_now("dueAt"))
    ),
    _money("openPipeline", "opportunities", "amount", "What the opportunities that are open are worth.", OPEN_DEAL),
    _money("wonAmount", "opportunities", "amount", "What the opportunities that were won are worth.", WON_DEAL),
    _money("ordered", "orders", "total", "The totals of the orders that `orders` counts.", PLACED),
    _money("refunded", "orders", "refunded", "What was paid back of these orders.", PLACED),
    _money(
        "outstanding",
        "orders",
        "total",
        "The totals of those of these orders that are not paid in full. What was paid of one is not known here, so it "
        "counts whole.",
        UNPAID,
    ),
    Figure(
        "lastContact",
        Form.LATEST,
        "interactions",
        "The last call, mail, meeting, visit, chat or message that took place; its `owner` is who had it.",
        CONTACT,
        moment="occurredAt",
    ),
    Figure("lastOrder", Form.LATEST, "orders", "The last of the orders that `orders` counts.", PLACED, "", "orderedAt"),
    Figure(
        "nextTask", Form.EARLIEST, "tasks", "Of the open tasks the one that is due first, or overdue longest.", OPEN_TASK,
        moment="dueAt",
    ),
    Figure(
        "scores",
        Form.LATEST_OF_EACH,
        "scores",
        "The latest score of each kind that has not expired, in the order of the kinds' names.",
        VALID,
        "kind",
        "asOf",
    ),
    _rating("csat", SurveyKind.CSAT, "their satisfaction"),
    _rating("nps", SurveyKind.NPS, "whether they would recommend us"),
    _rating("ces", SurveyKind.CES, "the effort that it took them"),
)  # fmt: skip
FIGURES: Mapping[str, Figure] = {figure.name: figure for figure in ALL}
"""All figures, by name."""
