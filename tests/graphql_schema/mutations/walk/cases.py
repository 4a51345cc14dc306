"""Every step of a process: what a record is brought to, so that the step can be taken, and what is said with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg

from graphql_schema.mutations.processes import STEPS
from graphql_schema.mutations.steps import Step
from graphql_schema.types import GRAPH
from tests.graphql_schema.mutations.walk.giving import node
from tests.graphql_schema.mutations.walk.people import Someone

Given: TypeAlias = Callable[[Someone, asyncpg.Record], Awaitable[Mapping[str, Any]]]


async def nothing(_who: Someone, _row: asyncpg.Record) -> Mapping[str, Any]:
    """Nothing is said."""
    return {}


def said(**values: Any) -> Given:
    """Always the same is said."""

    async def given(_who: Someone, _row: asyncpg.Record) -> Mapping[str, Any]:
        return values

    return given


@dataclass(frozen=True)
class Case:
    """`brought` is what the record's columns are set to, `also` what else is written; `where` says which records will do."""

    brought: str
    given: Given = nothing
    takes: tuple[str, ...] = ()
    """The members of the record among what is said."""
    where: str = "true"
    also: tuple[str, ...] = ()
    leaves: str | None = None
    """The table whose rows it makes, where the record itself does not change."""


async def one(who: Someone, entity: str, where: str) -> str:
    """The id of a record."""
    row = await who.writer.fetchrow(
        f"SELECT * FROM {GRAPH[entity].resource.table.name} WHERE {where} ORDER BY id LIMIT 1"
    )
    assert row is not None, (entity, where)
    return node(GRAPH[entity], row)


async def _shadow(_who: Someone, _row: asyncpg.Record) -> Mapping[str, Any]:
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    return {"shadowShare": "10", "shadowUntil": until.isoformat()}


async def _department(who: Someone, row: asyncpg.Record) -> Mapping[str, Any]:
    now = f"id IS DISTINCT FROM '{row['department_id']}'" if row["department_id"] else "true"
    return {"department": await one(who, "Department", f"deleted_at IS NULL AND {now}")}


async def _stage(who: Someone, _row: asyncpg.Record) -> Mapping[str, Any]:
    return {"stage": await one(who, "PipelineStage", "pipeline_code = 'SALES' AND code = 'QUALIFICATION'")}


async def _me(who: Someone, _row: asyncpg.Record) -> Mapping[str, Any]:
    return {"owner": who.node}


async def _score(_who: Someone, row: asyncpg.Record) -> Mapping[str, Any]:
    return {"score": row["scale_min"]}


async def _segment(who: Someone, _row: asyncpg.Record) -> Mapping[str, Any]:
    held = "id IN (SELECT segment_id FROM segment_members WHERE removed_at IS NULL AND deleted_at IS NULL)"
    return {"segment": await one(who, "Segment", f"deleted_at IS NULL AND {held}")}


async def _twin(who: Someone, row: asyncpg.Record) -> Mapping[str, Any]:
    same = f"customer_id = '{row['customer_id']}' AND id <> '{row['id']}' AND deleted_at IS NULL"
    return {"of": await one(who, "Ticket", f"{same} AND department_id = '{row['department_id']}'")}


_RULE = {"allow": ["read"], "on": "PolicyVersion", "fields": {"names": ["number"]}}
_AT = "(SELECT id FROM pipeline_stages WHERE pipeline_code = '{0}' AND code = '{1}')"
_PLACED = "pipeline_code = '{0}', stage_code = '{1}', stage_id = " + _AT + ", closed_at = NULL, lost_reason = NULL"
_OPEN = "resolved_at = NULL, closed_at = NULL, resolution = NULL, priority = 'LOW', severity = NULL"
_ENDED = "resolved_at = greatest(opened_at, now()), closed_at = NULL, resolution = 'Done'"
_LINES = "UPDATE order_lines SET fulfilled_quantity = {0}, returned_quantity = 0 WHERE order_id = '{{id}}'"
_NEW_LINES, _SENT_LINES = (_LINES.format(quantity) for quantity in ("0", "quantity"))
_LINED = "EXISTS (SELECT FROM {0}_lines l WHERE l.{0}_id = {0}s.id AND l.deleted_at IS NULL)"
_TWO = """EXISTS (SELECT FROM tickets o WHERE o.customer_id = tickets.customer_id AND o.id <> tickets.id
    AND o.deleted_at IS NULL AND o.department_id = tickets.department_id AND o.region_id = tickets.region_id
    AND o.owner_id IS NOT DISTINCT FROM tickets.owner_id)"""


def _ticket(status: str, *takes: str, given: Given = nothing, where: str = "true") -> Case:
    ended = status in ("RESOLVED", "CLOSED")
    return Case(f"status = '{status}', {_ENDED if ended else _OPEN}", given, takes, where)


def _order(status: str, fulfillment: str, lines: str) -> Case:
    brought = f"status = '{status}', fulfillment_status = '{fulfillment}', payment_status = 'NOT_CHARGED', refunded = 0"
    return Case(brought, where=_LINED.format("order"), also=(lines,))


def _version(status: str, *takes: str, given: Given = nothing) -> Case:
    active = "(SELECT id FROM policy_versions WHERE status = 'ACTIVE')"
    return Case(f"status = '{status}', based_on = {active}", given, takes, "status <> 'ACTIVE'")


def _contract(status: str, *takes: str, given: Given = nothing) -> Case:
    dates = "start_date = '2026-01-01', end_date = '2027-12-31', renewal_notice_date = NULL"
    return Case(f"status = '{status}', customer_signed_on = NULL, company_signed_on = NULL, {dates}", given, takes)


CASES: Mapping[str, Case] = {
    "customerTransfer": Case("version = version", _department, ("department",)),
    "duplicateDismiss": Case("kind = 'DUPLICATE', status = 'OPEN'"),
    "leadConvert": Case(f"type = 'LEAD', converted_at = NULL, {_PLACED.format('LEADS', 'NEW')}"),
    "opportunityStageChange": Case(
        f"type = 'OPPORTUNITY', {_PLACED.format('SALES', 'PROSPECTING')}", _stage, ("stage",)
    ),
    "orderConfirm": _order("DRAFT", "UNFULFILLED", _NEW_LINES),
    "orderFulfill": _order("UNFULFILLED", "UNFULFILLED", _NEW_LINES),
    "orderReturn": _order("FULFILLED", "FULFILLED", _SENT_LINES),
    "orderCancel": _order("UNFULFILLED", "UNFULFILLED", _NEW_LINES),
    "quoteSend": Case("status = 'DRAFT'", where=_LINED.format("quote")),
    "quoteAccept": Case("status = 'DELIVERED', valid_until = NULL", where=_LINED.format("quote")),
    "quoteExpire": Case("status = 'DELIVERED', valid_until = current_date - 2"),
    "contractSign": _contract(
        "DRAFT",
        "customerSignedOn",
        "companySignedOn",
        given=said(customerSignedOn="2026-01-15", companySignedOn="2026-01-15"),
    ),
    "contractRenew": _contract("ACTIVE"),
    "contractTerminate": _contract("ACTIVE"),
    "ticketAssign": _ticket("NEW", "owner", given=_me),
    "ticketStart": _ticket("NEW"),
    "ticketReply": _ticket("NEW", given=said(body="We look into it.")),
    "ticketWait": _ticket("NEW"),
    "ticketResume": _ticket("PENDING_CUSTOMER"),
    "ticketResolve": _ticket("NEW", "resolution", given=said(resolution="Done")),
    "ticketReopen": _ticket("RESOLVED"),
    "ticketEscalate": _ticket("NEW", "priority", given=said(priority="URGENT")),
    "ticketMarkDuplicate": _ticket("NEW", given=_twin, where=_TWO),
    "ticketClose": _ticket("RESOLVED"),
    "ticketReject": _ticket("NEW", "resolution", given=said(resolution="No")),
    "surveyResponseSubmit": Case(
        "responded_at = NULL, score = NULL, sent_at = now() - interval '1 day'", _score, ("score",)
    ),
    "campaignLaunch": Case("status = 'PLANNING'"),
    "campaignPause": Case("status = 'ACTIVE'"),
    "campaignComplete": Case("status = 'ACTIVE'"),
    "campaignCancel": Case("status = 'PLANNING'"),
    "campaignCommit": Case(
        "status = 'ACTIVE', currency = coalesce(currency, 'EUR'), budget = 1000, committed = 0",
        said(amount={"amount": "1"}),
    ),
    "campaignMembersAdd": Case(
        "status = 'ACTIVE', channel = 'EMAIL'",
        _segment,
        also=("UPDATE campaign_members SET deleted_at = now() WHERE campaign_id = '{id}' AND deleted_at IS NULL",),
        leaves="campaign_members",
    ),
    "segmentRefresh": Case("""kind = 'DYNAMIC', rule = '{{"tier": {{"eq": "KEY"}}}}', owner_id = '{me}'"""),
    "taskStart": Case("status = 'NOT_STARTED'"),
    "taskDefer": Case("status = 'STARTED'", said(dueAt="2030-01-01T00:00:00Z"), ("dueAt",)),
    "taskComplete": Case("status = 'STARTED', completed_at = NULL"),
    "taskCancel": Case("status = 'STARTED'"),
    "taskReopen": Case("status = 'CANCELED'"),
    "policyDraftRoleSet": _version("DRAFT", given=said(role="visitor", name="Visitor")),
    "policyDraftRuleSet": _version("DRAFT", given=said(role="visitor", rule=_RULE)),
    "policyDraftRuleRemove": _version("DRAFT", given=said(role="visitor", index=0)),
    "policyDraftRoleRemove": _version("DRAFT", given=said(role="visitor")),
    "policyDraftFileSet": _version("DRAFT", given=said(name="guest.yaml", text="role: guest\nrules: []\n")),
    "policyDraftTestsSet": _version("DRAFT", given=said(name="admin.yaml")),
    "policyDraftDiscard": _version("DRAFT"),
    "policySubmit": _version("DRAFT"),
    "policyApprove": _version("SUBMITTED"),
    "policyReject": _version("SUBMITTED", "reason", given=said(reason="No.")),
    "policyShadowStart": _version("DRAFT", "shadowShare", "shadowUntil", given=_shadow),
    "policyShadowStop": Case(
        "status = 'DRAFT', shadow_share = 10, shadow_until = now() + interval '1 day'", where="status <> 'ACTIVE'"
    ),
    "policyActivate": _version("DRAFT"),
}
"""By mutation."""

NAMED: Mapping[str, Step] = {f"{step.called or GRAPH[step.entity].single}{step.verb}": step for step in STEPS}
"""The steps by mutation."""
