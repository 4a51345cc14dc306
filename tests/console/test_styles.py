"""Styles of all pages are loaded together, so what one page calls something by its own is no name of another's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

PAGES = Path(__file__).parents[2] / "app/console/src/pages"
RULE = re.compile(r"([^{}]+)\{[^{}]*\}")
BARE, NAME = re.compile(r"(?:[a-z]+)?\.([\w-]+)"), re.compile(r"\.([a-zA-Z][\w-]*)")


def selectors(sheet: Path) -> Iterator[str]:
    """What a sheet has rules for."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    for rule in RULE.finditer(text):
        yield from (part.strip() for part in rule[1].split(","))


def test_what_a_page_styles_by_its_name_alone_no_other_page_styles() -> None:
    sheets = sorted(PAGES.rglob("*.css"))
    assert len(sheets) > 5
    bare: dict[str, set[str]] = {}
    named: dict[str, set[str]] = {}
    for sheet in sheets:
        place = sheet.relative_to(PAGES).parts[0]
        for selector in selectors(sheet):
            if whole := BARE.fullmatch(selector):
                bare.setdefault(whole[1], set()).add(place)
            for name in NAME.findall(selector):
                named.setdefault(name, set()).add(place)
    assert {name: named[name] for name in bare if len(named[name]) > 1} == {}
