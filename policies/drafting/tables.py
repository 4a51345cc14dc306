"""Tables of tests as they are written, with the line of each case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.drafting.writing import plain
from policies.marked_yaml import Marked, read_yaml


def tables(texts: Mapping[str, str]) -> dict[str, Any]:
    """By file, the people and the cases of documents of tests; None for one that is no table."""
    return {file: _table(file, text) for file, text in sorted(texts.items())}


def _table(file: str, text: str) -> Mapping[str, Any] | None:
    marked = read_yaml(text, file)
    written = marked.value if isinstance(marked, Marked) else None
    if not isinstance(marked, Marked) or not isinstance(written, dict):
        return None
    people, cases = written.get("people"), written.get("cases")
    listed = enumerate(cases) if isinstance(cases, list) else ()
    told = [{"line": marked.line(("cases", i)), "case": plain(case)} for i, case in listed]
    return {"people": plain(people) if isinstance(people, dict) else {}, "cases": told}
