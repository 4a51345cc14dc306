"""What lint finds is told in plain words in each language, whatever found it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policies.linting import checks
from policies.linting.findings import Check

MEANINGS = Path(__file__).parents[2] / "app/console/src/pages/versions/meanings.ts"
KEY = re.compile(r"^    '?([a-z-]+)'?: '.+',$", re.MULTILINE)


def check_names() -> set[str]:
    """What findings name as what found them."""
    listed = [each for part in vars(checks).values() if isinstance(part, tuple) for each in part]
    found = {each.name for each in listed if isinstance(each, Check)}
    assert len(found) > 10
    return found | {checks.NO_CLASS, checks.MEANT, "fault", "test"}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_each_finding_has_its_meaning(language: str) -> None:
    parts = re.split(r"^  '?(en|zh-CN)'?: \{$", MEANINGS.read_text("utf-8"), flags=re.MULTILINE)
    by_language = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert set(KEY.findall(by_language[language])) == check_names()
