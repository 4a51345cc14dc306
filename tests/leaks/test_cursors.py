"""Cursors that somebody made up."""

from __future__ import annotations

import base64
import json
from random import Random
from typing import Any

import pytest

from tests.leaks.cursors import changed


def _cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


ONE, OTHER = _cursor("digest", "Ada", None), _cursor("digest", "Bo", 7)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("value", [["digest", "Bo", None], ["digest", "Ada", 7]]),
        ("null", [["digest", None, None], ["digest", "Ada", None]]),
        ("short", [["digest", "Ada"]]),
        ("long", [["digest", "Ada", None, 1]]),
    ],
)
def test_a_cursor_is_changed_in_one_place(how: str, expected: list[list[Any]]) -> None:
    found = {json.dumps(json.loads(base64.urlsafe_b64decode(changed(ONE, [OTHER], how, Random(n))))) for n in range(20)}
    assert found == {json.dumps(each) for each in expected}


@pytest.mark.parametrize("how", ["cut", "letter", "type"])
def test_a_cursor_is_broken(how: str) -> None:
    found = {changed(ONE, [OTHER], how, Random(n)) for n in range(20)}
    assert len(found) > 5
    assert ONE not in found or how == "letter"
