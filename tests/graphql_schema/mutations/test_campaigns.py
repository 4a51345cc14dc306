"""Campaigns run, keep to their budget, and reach those who agreed to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import asyncpg
import pytest

from app import models
from app.models.enums import CampaignStatus
from app.services.transitions import CAMPAIGNS, possible
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import NOON, Row, contact, customer, owned, row, store
from tests.http.asking import Asking

VERBS = {step: step.title() for step in sorted(CAMPAIGNS.steps)}
COUNTS = "found added withoutConsent doNotContact alreadyMembers"


async def take(graph: Asking, who: Row, verb: str, **given: Any) -> Any:
    more = COUNTS if verb == "MembersAdd" else ""
    text = f"""mutation ($input: Campaign{verb}Input!) {{ campaign{verb}(input: $input) {{
        campaign {{ id status committed {{ amount currency }} members {{ totalCount }} }}
        {more} userErrors {{ code field params }} }} }}"""
    return (await graph.data(who, text, {"input": given}))[f"campaign{verb}"]


def campaign(code: str, **values: Any) -> Row:
    """A campaign by e-mail."""
    return row(models.Campaign, **{"code": code, "name": code.title(), "type": "EMAIL", "channel": "EMAIL", **values})


@pytest.mark.parametrize("status", CampaignStatus, ids=str)
async def test_a_step_is_taken_just_where_the_process_has_it(
    graph: Asking, company: Company, writer: asyncpg.Connection, status: CampaignStatus
) -> None:
    rows = {step: campaign(f"{status}-{step}", status=str(status)) for step in VERBS}
    await store(writer, *rows.values())
    open_, taken = possible(CAMPAIGNS, status), {}
    async with watched(writer) as change:
        for step in rows.keys() - set(open_):
            made = await take(graph, company.marketer, VERBS[step], id=rows[step].node)
            assert codes(made) == [("INVALID_STATE", None)], step
            assert made["userErrors"][0]["params"] == {"step": step, "status": status, "possible": list(open_)}
    assert change.tables == []
    for step in open_:
        made = await take(graph, company.marketer, VERBS[step], id=rows[step].node)
        assert made["userErrors"] == [], step
        taken[step] = made["campaign"]["status"]
    assert taken == CAMPAIGNS.table[status]


async def test_who_may_not_run_campaigns_changes_nothing(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    at = campaign("mine", currency="EUR", budget=100)
    await store(writer, at)
    async with watched(writer) as change:
        launched = await take(graph, company.rep, "Launch", id=at.node)
        spent = await take(graph, company.marketer, "Commit", id=at.node, amount={"amount": "1"})
    assert (codes(launched), codes(spent)) == ([("FORBIDDEN", ["id"])], [("FORBIDDEN", ["id"])])
    assert change.tables == []


async def test_the_budget_is_kept(graph: Asking, company: Company, writer: asyncpg.Connection) -> None:
    at = campaign("spending", currency="EUR", budget=100)
    await store(writer, at)
    first = await take(graph, company.admin, "Commit", id=at.node, amount={"amount": "60"})
    assert first["campaign"]["committed"] == {"amount": "60.0000", "currency": "EUR"}
    async with watched(writer) as change:
        over = await take(graph, company.admin, "Commit", id=at.node, amount={"amount": "40.0001"})
        dollars = await take(graph, company.admin, "Commit", id=at.node, amount={"amount": "1", "currency": "USD"})
        back = await take(graph, company.admin, "Commit", id=at.node, amount={"amount": "-1"})
    assert codes(over) == [("BUDGET_EXCEEDED", None)]
    assert (codes(dollars), codes(back)) == ([("INVALID", ["amount"])], [("INVALID", ["amount"])])
    assert change.tables == []
    last = await take(graph, company.admin, "Commit", id=at.node, amount={"amount": "40"})
    assert last["campaign"]["committed"]["amount"] == "100.0000"


async def test_nothing_is_promised_for_what_has_ended_or_has_no_currency(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    ended, bare = campaign("ended", currency="EUR", budget=9, status="COMPLETE"), campaign("bare")
    await store(writer, ended, bare)
    async with watched(writer) as change:
        late = await take(graph, company.admin, "Commit", id=ended.node, amount={"amount": "1"})
        vague = await take(graph, company.admin, "Commit", id=bare.node, amount={"amount": "1"})
    assert (codes(late), codes(vague)) == ([("INVALID_STATE", None)], [("REQUIRED", ["amount"])])
    assert change.tables == []


def consent(of: Row, status: str, *, day: int = 1, **values: Any) -> Row:
    """A consent to marketing, or the end of one."""
    at = NOON + dt.timedelta(days=day)
    given = {"purpose": "MARKETING", "status": status, "lawful_basis": "CONSENT", "obtained_at": at, **values}
    return owned(models.Consent, of, **given)


SOON = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
async def audience(company: Company, writer: asyncpg.Connection) -> Row:
    """A segment of customers, each of whom agreed in a way of their own, or did not."""
    names = (
        "yes",
        "everywhere",
        "again",
        "never",
        "withdrawn",
        "expired",
        "other-channel",
        "other-purpose",
        "left-alone",
    )
    all_ = {name: customer(name, region=company.germany) for name in (*names, "gone")}
    of = row(models.Segment, code=f"S-{all_['yes'].key}", name="Audience", kind="STATIC")
    past = NOON + dt.timedelta(days=2)
    consents = [
        consent(all_["yes"], "GRANTED", channel="EMAIL", expires_at=SOON),
        consent(all_["everywhere"], "GRANTED"),
        consent(all_["again"], "WITHDRAWN"),
        consent(all_["again"], "GRANTED", day=2),
        consent(all_["withdrawn"], "GRANTED"),
        consent(all_["withdrawn"], "WITHDRAWN", day=2, channel="EMAIL"),
        consent(all_["expired"], "GRANTED", expires_at=past),
        consent(all_["other-channel"], "GRANTED", channel="PHONE"),
        consent(all_["other-purpose"], "GRANTED", purpose="SERVICE"),
        consent(all_["left-alone"], "GRANTED"),
        consent(all_["gone"], "GRANTED"),
    ]
    silent = contact(all_["left-alone"], do_not_contact=True)
    heard = contact(all_["yes"], do_not_contact=True), contact(all_["yes"], "Di", do_not_contact=False)
    inside = [owned(models.SegmentMember, each, segment=of, added_at=NOON) for each in all_.values()]
    left = {"removed_at": NOON, "reason": "left"}
    inside[-1] = owned(models.SegmentMember, all_["gone"], segment=of, added_at=NOON, **left)
    await store(writer, *all_.values(), of, *consents, silent, *heard, *inside)
    return of


async def test_those_are_added_who_agreed_and_did_not_ask_to_be_left_alone(
    graph: Asking, company: Company, audience: Row, writer: asyncpg.Connection
) -> None:
    at = campaign(f"reach-{audience.key}")
    await store(writer, at)
    async with watched(writer) as checked:
        tried = await take(graph, company.admin, "MembersAdd", id=at.node, segment=audience.node, validateOnly=True)
    assert (tried["userErrors"], tried["added"], checked.tables) == ([], 3, [])
    first = await take(graph, company.admin, "MembersAdd", id=at.node, segment=audience.node, idempotencyKey=at.node)
    assert first == {
        "campaign": {"id": at.node, "status": "PLANNING", "committed": None, "members": {"totalCount": 3}},
        "found": 9,
        "added": 3,
        "withoutConsent": 5,
        "doNotContact": 1,
        "alreadyMembers": 0,
        "userErrors": [],
    }
    names = await writer.fetch(
        "SELECT display_name FROM campaign_members m JOIN customers c ON c.id = m.customer_id WHERE campaign_id = $1"
        " AND m.status = 'TARGETED' ORDER BY 1",
        at.key,
    )
    assert [name for (name,) in names] == ["again", "everywhere", "yes"]
    async with watched(writer) as change:
        same = await take(graph, company.admin, "MembersAdd", id=at.node, segment=audience.node, idempotencyKey=at.node)
    assert (same, change.tables) == (first, [])
    again = await take(graph, company.admin, "MembersAdd", id=at.node, segment=audience.node)
    assert (again["added"], again["alreadyMembers"]) == (0, 3)


async def test_why_somebody_is_left_out_is_told_only_to_who_sees_it(
    graph: Asking, company: Company, audience: Row, writer: asyncpg.Connection
) -> None:
    at = campaign(f"blind-{audience.key}")
    await store(writer, at)
    made = await take(graph, company.marketer, "MembersAdd", id=at.node, segment=audience.node)
    assert (made["found"], made["added"], made["withoutConsent"], made["doNotContact"]) == (9, 3, None, None)


async def test_members_are_added_to_what_can_still_reach_them(
    graph: Asking, company: Company, audience: Row, writer: asyncpg.Connection
) -> None:
    ended = campaign(f"ended-{audience.key}", status="CANCELED")
    mute, ready = campaign(f"mute-{audience.key}", channel=None), campaign(f"ready-{audience.key}")
    await store(writer, ended, mute, ready)
    async with watched(writer) as change:
        late = await take(graph, company.marketer, "MembersAdd", id=ended.node, segment=audience.node)
        silent = await take(graph, company.marketer, "MembersAdd", id=mute.node, segment=audience.node)
        missing = await take(graph, company.marketer, "MembersAdd", id=ready.node, segment=ready.node)
        never = await take(graph, company.rep, "MembersAdd", id=ready.node, segment=audience.node)
    assert (codes(late), codes(silent)) == ([("INVALID_STATE", None)], [("INVALID_STATE", None)])
    assert (codes(missing), codes(never)) == ([("NOT_FOUND", ["segment"])], [("FORBIDDEN", ["id"])])
    assert change.tables == []
