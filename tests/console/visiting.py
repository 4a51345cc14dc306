"""People at work in the console: Chromium led by Playwright, which waits for what it is to press."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, Request, expect

from tests.http.oauth.scene import PASSWORD
from tests.process import Server

__all__ = ["Page", "expect", "sign_in", "visit"]

PATIENCE = 30_000
"""Milliseconds after which something is not to come any more."""

expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def visit(browser: Browser, server: Server, email: str, place: str = "", **options: Any) -> AsyncIterator[Page]:
    """Somebody who has signed in, at a place. Nothing they do asks another origin, or has the page complain."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, locale="en", **options)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    elsewhere: list[str] = []
    complaints: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((server.address, "data:")):
            elsewhere.append(request.url)

    page.on("request", asked)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    try:
        await sign_in(page, server, email, place)
        yield page
        assert (elsewhere, complaints) == ([], []), (elsewhere, complaints)
    finally:
        await context.close()


async def sign_in(page: Page, server: Server, email: str, place: str = "") -> None:
    """Signs in through the product's own pages."""
    await page.goto(f"{server.address}/admin{place}")
    await page.get_by_role("button", name="Sign in").click()
    await page.fill("#email", email)
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("header nav")).to_be_visible()
