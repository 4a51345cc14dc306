"""axe-core, which judges whether anyone can use a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graphiql.chromium import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Path(__file__).parents[1] / "app" / "graphiql" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page, *, scheme: str) -> list[list[str]]:
    """What it finds in a colour scheme: rule and place."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci --prefix app/graphiql")
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    page.evaluate(f"{AXE.read_text()};0")
    found: list[list[str]] = page.evaluate(
        f"axe.run({{ runOnly: {WCAG} }}).then(({{ violations }}) =>"
        " violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => [id, String(target)])))"
    )
    return found
