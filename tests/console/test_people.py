"""People: found on trees, given roles and taken them, with the way back; and told what comes of it."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.console.steps import (
    SCREENS,
    address,
    cells,
    choose,
    fill,
    find,
    heading,
    judged,
    press,
    reads,
    refused,
    signed_in,
    told,
)
from tests.graphiql.chromium import Chromium
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, assign, store, user
from tests.process import Server

TITLES = {"en": "People", "zh-CN": "人员"}
GRANTOR = """{role: grantor, rules: [
    {allow: [read], on: [RoleAssignment, User, Role, Region], fields: {classes: [PUBLIC, BUSINESS, CONTACT]}},
    {allow: [create], on: RoleAssignment, when: {region: {in: $assignment.regions}, role: {code: {eq: partner}}},
     fields: {classes: [PUBLIC, BUSINESS]}}]}"""
HELD = """SELECT roles.code, regions.code AS region, departments.code AS department, valid_to FROM role_assignments AS held
    JOIN roles ON roles.id = role_id LEFT JOIN regions ON regions.id = held.region_id LEFT JOIN departments ON departments.id = held.department_id
    WHERE user_id = $1 AND held.deleted_at IS NULL ORDER BY roles.code"""


@pytest.fixture(scope="module", autouse=True)
async def crowd(writer: asyncpg.Connection, company: Company) -> None:
    """Sixty users more, in customer service."""
    await store(writer, *(user(f"extra{n:02}", department=company.service) for n in range(60)))


def of(who: Row) -> str:
    return address("/people/person", id=who.node)


async def held(writer: asyncpg.Connection, who: Row) -> list[tuple[Any, ...]]:
    return [tuple(row.values())[:3] for row in await writer.fetch(HELD, who.key)]


async def test_people_are_found_on_trees_by_role_and_by_name(served: Server, browser: Chromium) -> None:
    with signed_in(browser, served, "/people") as page:
        heading(page, "People")
        reads(page, "70 people")
        press(page, "Service")
        reads(page, "61 people")
        press(page, "Next page")
        page.until("document.querySelectorAll('tbody tr').length === 11")
        press(page, "Service")
        reads(page, "70 people")
        press(page, "Show what is below World")
        press(page, "Show what is below Eu")
        press(page, "De")
        reads(page, "1 person\n")
        assert cells(page, "Rep") == ["Sales representative", "Sales", "De", "rep@example.com", "Active"]
        press(page, "De")
        fill(page, "Name or e-mail address", "extra5")
        page.press("Enter")
        reads(page, "10 people")
        assert page.complaints == []


async def test_a_role_is_given_for_a_place_and_taken_back_in_one_press(
    served: Server, browser: Chromium, company: Company, writer: asyncpg.Connection
) -> None:
    with signed_in(browser, served, of(company.nobody)) as page:
        heading(page, "Nobody")
        reads(page, "No role is held", "Nothing.")
        choose(page, "Role", "Sales representative")
        find(page, "For which region", "Fr")
        page.open(f"{served.address}/admin{of(company.nobody)}")
        assert page.dialogs == ["beforeunload"]
        page.until("document.querySelector('.assignment .finder:nth-of-type(2) input')?.value === 'Fr'")
        press(page, "Give a role")
        reads(page, "everywhere")
        told(page, "Sales representative was given to Nobody.")
        assert await held(writer, company.nobody) == [("sales_rep", "FR", None)]
        page.until("[...document.querySelectorAll('tbody th')].some((each) => each.textContent === 'Customer')")
        press(page, "Undo")
        reads(page, "No role is held")
        told(page, "It is as it was.")
        assert await held(writer, company.nobody) == []
        assert page.complaints == []


async def test_what_is_taken_can_be_had_back(
    served: Server, browser: Chromium, company: Company, writer: asyncpg.Connection
) -> None:
    with signed_in(browser, served, of(company.agent)) as page:
        press(page, "Take Service agent from Agent")
        reads(page, "No role is held")
        assert await held(writer, company.agent) == []
        press(page, "Undo")
        page.until("document.querySelector('tbody tr .bad')")
        assert await held(writer, company.agent) == [("service_agent", "EU", "SERVICE")]


async def test_what_another_changed_meanwhile_is_not_written_over(
    served: Server, browser: Chromium, company: Company, writer: asyncpg.Connection
) -> None:
    with signed_in(browser, served, of(company.colleague)) as page:
        press(page, "Change Sales representative of Colleague")
        find(page, "For which region", "De")
        await writer.execute(
            "UPDATE role_assignments SET version = version + 1, department_id = NULL WHERE user_id = $1",
            company.colleague.key,
        )
        press(page, "Save")
        page.until("document.querySelector('[role=alert]')")
        assert await held(writer, company.colleague) == [("sales_rep", "FR", None)]
        press(page, "See how it is now")
        page.until("!document.querySelector('[role=alert]')")
        press(page, "Save")
        told(page, "was changed")
        assert await held(writer, company.colleague) == [("sales_rep", "DE", None)]
        press(page, "Undo")
        told(page, "It is as it was.")
        assert await held(writer, company.colleague) == [("sales_rep", "FR", None)]


async def test_what_is_written_while_nothing_can_be_reached_is_not_lost(
    served: Server, browser: Chromium, company: Company, writer: asyncpg.Connection
) -> None:
    with signed_in(browser, served, of(company.marketer)) as page:
        choose(page, "Role", "Finance")
        page.until("!document.querySelector('.assignment .first').disabled")
        reached = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        page.call("Network.emulateNetworkConditions", offline=True, **reached)
        press(page, "Give a role")
        reads(page, "The server cannot be reached. What you wrote is still here")
        assert await held(writer, company.marketer) == [("marketer", None, None)]
        page.call("Network.emulateNetworkConditions", offline=False, **reached)
        press(page, "Give a role")
        told(page, "Finance was given to Marketer.")
        assert await held(writer, company.marketer) == [("finance", None, None), ("marketer", None, None)]


async def test_the_last_administrator_stays(
    served: Server, browser: Chromium, company: Company, writer: asyncpg.Connection
) -> None:
    with signed_in(browser, served, of(company.admin)) as page:
        press(page, "Take Administrator from Admin")
        reads(page, "Would leave nobody who may administer the policy.")
        assert await held(writer, company.admin) == [("admin", None, None)]


@pytest.mark.parametrize("screen", SCREENS)
async def test_anyone_can_use_it(served: Server, browser: Chromium, company: Company, screen: str) -> None:
    judged(browser, served, "/people", TITLES, "document.querySelector('tbody tr')", screen=screen)
    names = dict.fromkeys(TITLES, "Rep")
    judged(browser, served, of(company.rep), names, "document.querySelector('.state')", screen=screen)


async def test_nobody_gives_what_they_could_not(
    served: Server, browser: Chromium, company: Company, writer: asyncpg.Connection
) -> None:
    async with writer.transaction():
        await writer.execute("INSERT INTO roles (id, code, name) VALUES (gen_random_uuid(), 'grantor', 'Grantor')")
        await activate(writer, read_folder(DEFAULT_RULES) | {"grantor.yaml": GRANTOR})
    await assign(writer, company.rep, "grantor", region=company.germany)
    with signed_in(browser, served, of(company.nobody), "rep@example.com") as page:
        reads(page, "You may not look as this person.")
        choose(page, "Role", "Partner")
        press(page, "Give a role")
        refused(page)
        assert await held(writer, company.nobody) == []
        find(page, "For which region", "De")
        press(page, "Give a role")
        told(page, "Partner was given to Nobody.")
        assert await held(writer, company.nobody) == [("partner", "DE", None)]
        choose(page, "Role", "Administrator")
        press(page, "Give a role")
        refused(page)
        assert await held(writer, company.nobody) == [("partner", "DE", None)]
