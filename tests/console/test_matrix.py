"""The matrix: filtered, compared, explained; and fluid however large the policy is."""

from __future__ import annotations

import json
from logging import getLogger
from typing import Any

from playwright.async_api import Browser, Route

from tests.console.visiting import Page, expect, visit
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.asking import done, drafted
from tests.http.asking import Asking
from tests.process import Server

CELLS = "document.querySelectorAll('.matrix [role=gridcell]').length"
ROLES, TYPES, FIELDS = 500, 60, 40
STATES = ("PLAIN", "MASKED", "WITHHELD", "CONDITIONAL")
CLASSES = ("PUBLIC", "BUSINESS", "CONTACT", "IDENTITY")
SCROLL = """(async () => {
  const box = document.querySelector('.matrix'), frames = [];
  let most = 0;
  await new Promise((done) => {
    let last = performance.now(), step = 0;
    const frame = (now) => {
      frames.push(now - last);
      last = now;
      box.scrollTop += 97;
      box.scrollLeft += 61;
      most = Math.max(most, document.querySelectorAll('.matrix *').length);
      if (++step < 180) requestAnimationFrame(frame); else done();
    };
    requestAnimationFrame(frame);
  });
  frames.sort((a, b) => a - b);
  return { median: frames[90], p95: frames[171], worst: frames[179], most };
})()"""


async def test_it_is_filtered_and_compared_and_says_why(
    served: Server, chrome: Browser, graph: Asking, company: Company
) -> None:
    draft = await drafted(graph, company.admin)
    rule = {"allow": ["read"], "on": "Customer", "fields": {"names": ["email"]}}
    await done(
        graph, company.admin, "policyDraftRuleSet", {"id": draft["id"], "role": "finance", "index": 2, "rule": rule}
    )
    async with visit(chrome, served, "admin@example.com", "/matrix?type=Customer&role=finance") as page:
        rows = page.get_by_role("row")
        email = rows.filter(has=page.get_by_role("rowheader", name="Email", exact=True))
        await expect(email.get_by_role("gridcell")).to_have_text(["◐ masked"])
        await page.get_by_role("combobox", name="Data class").select_option("IDENTITY")
        await expect(page.get_by_role("rowheader")).to_have_text(
            ["Customer", "Birth date", "Tax ID", "Custom identity"]
        )
        await page.go_back()
        await page.goto(f"{served.address}/admin/matrix?type=Customer&version={draft['number']}&against=1&only=yes")
        await expect(email.get_by_role("gridcell")).to_have_text(["● plainbefore:◐ masked"])
        await expect(page.get_by_role("columnheader")).to_have_text(["Fields by role", "Finance"])
        await page.goto(f"{served.address}/admin/matrix?a=finance&b=auditor&only=yes&type=Customer")
        await expect(email).to_have_count(0)
        taxes = rows.filter(has=page.get_by_role("rowheader", name="Tax ID", exact=True))
        await expect(taxes.get_by_role("gridcell")).to_have_text(["● plain", "◐ masked"])

        await page.goto(
            f"{served.address}/admin/matrix?version={draft['number']}&role=finance&type=Customer&text=email"
        )
        await page.get_by_role("grid").focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        why = page.get_by_role("dialog")
        await expect(why).to_contain_text("May read Customer: email.")
        await why.get_by_role("link", name="Change the rule").click()
        await expect(page.locator(".sentence")).to_have_text("May read Customer: email.")


def _terms() -> Any:
    fields: Any = [
        {"name": f"field{i}", "doc": "", "class": CLASSES[i % 4], "kind": "TEXT", "values": [], "keysOf": None, "settable": True, "masks": []}
        for i in range(FIELDS)
    ]  # fmt: skip
    types = [{"name": f"Entity{i}", "key": ["id"], "fields": fields, "relations": []} for i in range(TYPES)]
    lists = ("lists", "quantifiers", "attributes", "actions", "showing", "writing", "meant")
    return {"policyTerms": {"types": types, "operators": {}, **{name: [] for name in lists}}}


def _lines(asked: Any) -> Any:
    return [
        {"role": role, "resource": on, "cells": [
            {"field": f"field{i}", "shown": STATES[(int(role[4:]) + int(on[6:]) + i) % 4], "mask": None} for i in range(FIELDS)
        ]} for role in asked["roles"] for on in asked["resources"]
    ]  # fmt: skip


class Huge:
    """A made-up policy of 500 roles on 60 types of 40 fields; it counts the lines that are asked for."""

    def __init__(self) -> None:
        self.lines = 0

    async def answer(self, route: Route) -> None:
        asked = route.request.post_data_json
        assert isinstance(asked, dict)
        match asked["operationName"]:
            case "Terms":
                data = _terms()
            case "MatrixOf":
                roles = [{"code": f"role{i}", "name": f"Role {i}", "includes": []} for i in range(ROLES)]
                data = {"policy": {"id": "p", "number": 1, "status": "ACTIVE", "version": 1, "roles": roles}}
            case "MatrixVersions":
                data = {"policyVersions": {"nodes": [{"id": "p", "number": 1, "status": "ACTIVE", "note": None}]}}
            case "Lines":
                found = _lines(asked["variables"])
                self.lines += len(found)
                data = {"policy": {"matrix": found}}
            case _:
                data = {}
        await route.fulfill(content_type="application/json", body=json.dumps({"data": data}))


async def _opened(page: Page) -> float:
    """Opens the matrix from the list of versions, and gives the milliseconds until its first cells are there."""
    return float(
        await page.evaluate(
            """new Promise((done) => {
            const start = performance.now();
            [...document.querySelectorAll('header nav a')].find((each) => each.pathname === '/admin/matrix').click();
            const look = () => document.querySelector('.matrix .PLAIN') ? done(performance.now() - start) : requestAnimationFrame(look);
            look();
            })"""
        )
    )


async def test_five_hundred_roles_of_sixty_types_stay_fluid(served: Server, chrome: Browser) -> None:
    async with visit(chrome, served, "admin@example.com", "/versions") as page:
        huge = Huge()
        await page.route("**/graphql", huge.answer)
        first = await _opened(page)
        assert await page.get_by_role("grid").get_attribute("aria-rowcount") == str(TYPES * (FIELDS + 1) + 1)
        assert await page.get_by_role("grid").get_attribute("aria-colcount") == str(ROLES + 1)
        found = await page.evaluate(SCROLL)
        getLogger(__name__).info(
            "first cells %.0f ms; frames %s; lines asked for: %d of %d", first, found, huge.lines, ROLES * TYPES
        )
        assert found["most"] < 2_000
        assert huge.lines < ROLES * TYPES / 4
        assert found["median"] < 50
        await page.get_by_role("grid").focus()
        await page.keyboard.press("Control+End")
        await expect(page.get_by_role("columnheader", name="Role 499")).to_be_visible()
        await expect(
            page.locator(
                ".matrix .cell.active.PLAIN, .matrix .cell.active.MASKED, .matrix .cell.active.WITHHELD, .matrix .cell.active.CONDITIONAL"
            )
        ).to_be_visible()
        assert await page.evaluate(CELLS) < 600
