"""Clients: made, changed, given another secret and shut out; a secret is shown once."""

from __future__ import annotations

import re

import asyncpg
import pytest

from tests.console.steps import (
    SCREENS,
    TEXT,
    cells,
    choose,
    fill,
    find,
    focus,
    heading,
    judged,
    press,
    reads,
    signed_in,
    told,
)
from tests.graphiql.chromium import Chromium, Page
from tests.process import Server

TITLES = {"en": "Clients", "zh-CN": "客户端"}
ROW = "SELECT name, scopes, disabled_at IS NOT NULL AS off, requests_per_minute FROM oauth_clients WHERE code = $1"
SECRETS = "SELECT count(*) FROM oauth_secrets JOIN oauth_clients ON oauth_clients.id = client_id WHERE code = $1"


async def row(writer: asyncpg.Connection, code: str) -> tuple[object, ...] | None:
    found = await writer.fetchrow(ROW, code)
    return found and tuple(found.values())


def make(page: Page, code: str) -> str:
    """Makes a client that asks for itself, by the form; its secret."""
    press(page, "Make a client")
    reads(page, "Code: its client_id")
    fill(page, "Name", f"The {code}")
    fill(page, "Code", code)
    focus(page, "Asks for itself")
    page.evaluate("document.activeElement.click()")
    choose(page, "Role", "Partner")
    find(page, "For which region", "De")
    press(page, "Make a client", among="dialog button")
    page.until("document.querySelector('input.secret')?.selectionEnd > 20")
    secret: str = page.evaluate("document.activeElement.value")
    return secret


async def test_a_client_is_made_and_its_secret_shown_once(
    served: Server, browser: Chromium, writer: asyncpg.Connection
) -> None:
    with signed_in(browser, served, "/clients") as page:
        heading(page, "Clients")
        secret = make(page, "till")
        page.press("Escape")
        reads(page, "It is shown this once")
        press(page, "I have kept it")
        page.until("!document.querySelector('dialog')")
        assert cells(page, "The till")[:3] == ["for itself", "Partner DE", "graph"]
        assert await row(writer, "till") == ("The till", ["graph"], False, None)
        page.open(f"{served.address}/admin/clients")
        reads(page, "The till", "none registered")
        kept = page.evaluate("document.body.innerText + JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
        assert re.fullmatch(r"[\w-]{30,}", secret) and secret not in kept
        assert page.complaints == []


async def test_a_client_is_changed_and_the_change_taken_back(
    served: Server, browser: Chromium, writer: asyncpg.Connection
) -> None:
    with signed_in(browser, served, "/clients") as page:
        make(page, "shop")
        press(page, "I have kept it")
        press(page, "Change The shop")
        fill(page, "Requests a minute", "90")
        fill(page, "Name", "Shop")
        page.open(page.evaluate("location.href"))
        assert page.dialogs == ["beforeunload"]
        page.until("document.querySelector('dialog input')?.value === 'Shop'")
        press(page, "Save", among="dialog button")
        told(page, "Shop was changed.")
        assert await row(writer, "shop") == ("Shop", ["graph"], False, 90)
        press(page, "Undo")
        told(page, "It is as it was.")
        assert await row(writer, "shop") == ("The shop", ["graph"], False, None)
        page.press("Tab")
        page.open(page.evaluate("location.href"))
        assert page.dialogs == ["beforeunload"]


async def test_another_secret_is_made_and_a_client_shut_out(
    served: Server, browser: Chromium, writer: asyncpg.Connection
) -> None:
    with signed_in(browser, served, "/clients") as page:
        before = make(page, "kiosk")
        press(page, "I have kept it")
        press(page, "Another secret The kiosk")
        reads(page, "holds for another day")
        press(page, "Another secret", among="dialog button")
        page.until("document.querySelector('input.secret')?.value.length > 20")
        assert page.evaluate("document.querySelector('input.secret').value") != before
        assert await writer.fetchval(SECRETS, "kiosk") == 2
        press(page, "I have kept it")
        press(page, "Shut out The kiosk")
        reads(page, "This cannot be taken back here")
        assert (await row(writer, "kiosk") or ())[2] is False
        press(page, "Shut out", among="dialog button")
        told(page, "The kiosk is shut out.")
        reads(page, "Shut out since")
        assert (await row(writer, "kiosk") or ())[2] is True


async def test_what_is_refused_is_said_and_what_was_written_stays(
    served: Server, browser: Chromium, writer: asyncpg.Connection
) -> None:
    with signed_in(browser, served, "/clients?does=make") as page:
        reads(page, "Code: its client_id")
        fill(page, "Name", "Nothing")
        fill(page, "Code", "no code")
        press(page, "Make a client", among="dialog button")
        page.until("document.querySelector('dialog [role=alert] li')")
        assert page.evaluate("document.querySelector('dialog input').value") == "Nothing"
        assert await row(writer, "no code") is None


async def test_who_gives_no_role_is_shown_no_client(served: Server, browser: Chromium) -> None:
    with signed_in(browser, served, "/clients", "rep@example.com") as page:
        reads(page, "Where you may give no role, you are shown no client")
        assert "console" not in page.evaluate(TEXT)


@pytest.mark.parametrize("screen", SCREENS)
async def test_anyone_can_use_it(served: Server, browser: Chromium, screen: str) -> None:
    judged(browser, served, "/clients", TITLES, "document.querySelector('tbody tr')", screen=screen)
    judged(browser, served, "/clients?does=make", TITLES, "document.querySelector('form.client')", screen=screen)
