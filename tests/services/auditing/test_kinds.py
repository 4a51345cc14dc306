"""What is noted, and what the documentation tells of it."""

from __future__ import annotations

import re
from pathlib import Path

from app.services.auditing import Kind

TOLD = Path(__file__).parents[3] / "docs" / "audit.md"


def test_every_kind_of_event_is_told_and_no_other() -> None:
    rows = [line.split(" | ")[0] for line in TOLD.read_text("utf-8").split("\n\n")[2].splitlines()[2:]]
    told = []
    for row in rows:
        first, *others = re.findall(r"`(\w+)`", row)
        told += [first, *(first.rpartition("_")[0] + name if name.startswith("_") else name for name in others)]
    assert sorted(told) == sorted(Kind)
