"""On what it rests who reads a field: known, as long as a row's own fields decide."""

from __future__ import annotations

from typing import Any

import pytest

from policies.history import rests_on
from tests.policies.documents import allow, deny, names, rights
from tests.policies.model import CATALOGUE

MINE, HERE = {"owner": {"eq": "$me"}}, {"name": {"eq": "x"}}
RELATED: Any = {"orders": {"some": {"title": {"eq": "x"}}}}
CASES: list[tuple[str, list[Any], set[str] | None]] = [
    ("nothing is allowed", [], set()),
    ("all is allowed", [allow()], set()),
    ("one's own", [allow(when=MINE)], {"owner"}),
    ("this or that", [allow(when={"OR": [MINE, HERE]})], {"owner", "name"}),
    ("this and that", [allow(when={"AND": [MINE, HERE]})], {"owner", "name"}),
    ("a field on other grounds", [allow(fields=names("name")), allow(fields=names("email"), when=MINE)], set()),
    ("the field on grounds of its own", [allow(fields=names("name"), when=MINE)], {"owner"}),
    ("a row that is denied", [allow(), deny(when=HERE)], {"name"}),
    ("the field denied", [allow(), deny(fields=names("name"), when=MINE)], {"owner"}),
    ("another field denied", [allow(), deny(fields=names("email"), when=MINE)], set()),
    ("masked", [allow(fields=names("name"), when=MINE, mask={"name": "redact"})], {"owner"}),
    ("a related row", [allow(when=RELATED)], None),
    ("a related row among others", [allow(when={"OR": [MINE, {"AND": [HERE, RELATED]}]})], None),
    ("a related row that denies", [allow(), deny(when=RELATED)], None),
]


@pytest.mark.parametrize(("rules", "rests"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_on_what_it_rests_who_reads_a_name(rules: list[Any], rests: set[str] | None) -> None:
    assert rests_on(rights(*rules).on(CATALOGUE["Customer"]).grants, "name") == rests
