"""docs/values.md tells what is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app.models.catalogue import CATALOGUE
from app.services.errors import Invalid
from app.services.messages import message
from app.services.values import stored

TEXT = (Path(__file__).parents[3] / "docs" / "values.md").read_text("utf-8")
CELL = r" (?:`([^`]*)`|([^|]*?)) \|"


def rows(columns: int) -> list[list[str]]:
    """The rows of tables of some columns that begin with a field."""
    found = re.findall(rf"^\| `(\w+\.\w+)` \|{CELL * (columns - 1)}$", TEXT, re.MULTILINE)
    return [[row[0], *(a or b for a, b in zip(row[1::2], row[2::2], strict=True))] for row in found]


def put(title: str, sent: str) -> object:
    resource, _, name = title.partition(".")
    return stored(CATALOGUE[resource].fields[name], json.loads(sent))


@pytest.mark.parametrize(("title", "sent", "made"), rows(3))
def test_a_documented_value_is_stored_so(title: str, sent: str, made: str) -> None:
    assert put(title, sent) == json.loads(made)


@pytest.mark.parametrize(("title", "sent", "english", "chinese"), rows(4))
def test_a_documented_mistake_is_told_so(title: str, sent: str, english: str, chinese: str) -> None:
    with pytest.raises(Invalid) as caught:
        put(title, sent)
    assert (message(caught.value, "en"), message(caught.value, "zh-CN")) == (english, chinese)


def test_all_rows_are_read() -> None:
    assert (len(rows(3)), len(rows(4))) == (14, 4)
