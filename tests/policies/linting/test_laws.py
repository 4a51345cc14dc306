"""What lint calls superfluous, in vain or never true can be left out, and nobody sees anything else."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.linting.denied import DENIED
from policies.linting.findings import Check
from policies.linting.never import NEVER
from policies.linting.shadowed import SHADOWED
from policies.linting.subject import Subject
from policies.rules import Effect
from tests.oracle import Assignment, Oracle, Principal
from tests.oracle.bridge import described
from tests.oracle.description import Row
from tests.policies.documents import Written, allow, classes, deny, names, of
from tests.policies.model import CATALOGUE
from tests.policies.rows import key

ME, OTHER, HERE, THERE = key(1), key(2), key(11), key(12)
WHO = Principal(ME, (Assignment("reader", (), (HERE,)),), (ME,))
FIELDS = ("name", "email", "street", "level")
MODEL, NOW = described(CATALOGUE), dt.datetime(2026, 1, 31, tzinfo=dt.UTC)


def _rows() -> list[Row]:
    every = product((ME, OTHER, None), (HERE, THERE, None), (True, False, None), (1, 5, None))
    text = {"name": "Ann Smith", "email": "ann.smith@example.com", "street": "Long Lane 12"}
    return [
        {"id": key(1000 + n), "owner_id": owner, "region_id": region, "open": is_open, "level": level, **text}
        for n, (owner, region, is_open, level) in enumerate(every)
    ]


ROWS = _rows()
LEAVES: list[Written] = [
    {"owner": {"eq": "$me"}},
    {"owner": {"in": "$reports"}},
    {"region": {"in": "$assignment.regions"}},
    {"region": {"isNull": False}},
    {"department": {"in": "$assignment.departments"}},
    {"open": {"eq": True}},
    {"level": {"eq": 5}},
    {"level": {"gt": 3}},
    {"level": {"lt": 3}},
    {"level": {"isNull": True}},
]
leaf = st.sampled_from(LEAVES)
several = st.lists(leaf, min_size=2, max_size=3)
condition = st.one_of(
    st.none(), leaf, several.map(lambda parts: {"AND": parts}), several.map(lambda parts: {"OR": parts})
)
fields = st.one_of(
    st.just("all"),
    st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3, unique=True).map(lambda found: names(*found)),
    st.sampled_from(["BUSINESS", "CONTACT"]).map(classes),
)
MASKS = [{"email": "email"}, {"email": "domain"}, {"CONTACT": "initial"}, {"street": "last4", "email": "email"}]
rules = st.one_of(
    st.builds(lambda f, w: allow(fields=f, when=w), fields, condition),
    st.builds(lambda f, w: allow(fields=f, when=w), fields, condition),
    st.builds(lambda m, w: allow(fields=classes("CONTACT"), when=w, mask=m), st.sampled_from(MASKS), condition),
    st.builds(lambda f, w: deny(fields=f, when=w), st.one_of(st.none(), fields), condition),
)


def seen(written: list[Written]) -> Any:
    """What the holder of a role of these rules sees."""
    document = {"role": "reader", "includes": [], "rules": written}
    return Oracle(MODEL, [document], {"Customer": ROWS}, NOW).view(WHO, "Customer", FIELDS)


def told(check: Check, written: list[Written], so: str = "") -> set[int]:
    """The positions of the rules of which a check says so."""
    policy = of(*written)
    subject = Subject(policy, policy.roles["reader"])
    lines = [rule.origin.line for rule in policy.roles["reader"].rules]
    return {lines.index(remark.origin.line) for remark in check.find(subject) if remark.message.startswith(so)}


@settings(max_examples=100, deadline=None)
@given(st.lists(rules, min_size=2, max_size=5))
def test_what_is_superfluous_can_be_left_out(written: list[Written]) -> None:
    for check, so in ((SHADOWED, ""), (DENIED, "allows in vain"), (NEVER, "can never hold")):
        found = told(check, written, so)
        if check is NEVER:  # a deny that is never true is possible where it is unknown
            found = {n for n in found if Effect.ALLOW in written[n]}
        left = [rule for n, rule in enumerate(written) if n not in found]
        if found:
            assert seen(left) == seen(written), check.name


@settings(max_examples=60, deadline=None)
@given(st.lists(rules, min_size=2, max_size=4))
def test_what_shows_no_field_opens_rows_alone(written: list[Written]) -> None:
    found = told(DENIED, written, "shows no field")
    if found:
        before, after = seen(written), seen([rule for n, rule in enumerate(written) if n not in found])
        assert {row: before[row] for row in after} == after


def test_rules_that_are_superfluous_are_common_among_those_that_are_drawn() -> None:
    every = [allow(fields="all"), allow(fields=names("name")), allow(when=LEAVES[0], fields=classes("CONTACT"))]
    assert told(SHADOWED, every) == {1, 2}
