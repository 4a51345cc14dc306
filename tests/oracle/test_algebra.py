"""The algebra of policy.md, sentence by sentence, as the oracle says it."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest

from tests.oracle.company import CUSTOMER, EAST, MODEL, NOW, OTHER, SALES, SERVICE, WEST, Row, oracle, rule, shown, who
from tests.oracle.principals import Assignment, Unmask

TRUTHS = (True, False, None)
OPEN: Row = {"open": {"eq": True}}
BARRED: Row = {"barred": {"eq": True}}
BUSINESS: Row = {"classes": ["BUSINESS"]}
NAME: Row = {"names": ["name"]}
PLAIN = {"id": "plain"}
DOTS = "•••"


@pytest.mark.parametrize(("allow", "deny"), list(product(TRUTHS, TRUTHS)))
def test_only_a_certain_allow_without_any_possible_deny_opens_a_row(allow: Any, deny: Any) -> None:
    says = oracle(rule("allow", fields=NAME, when=OPEN), rule("deny", when=BARRED))
    opened = shown(says, who(), open=allow, barred=deny)
    assert (opened is not None) is (allow is True and deny is False)


@pytest.mark.parametrize(("allow", "deny"), list(product(TRUTHS, TRUTHS)))
def test_only_a_certain_allow_without_any_possible_deny_opens_a_field(allow: Any, deny: Any) -> None:
    says = oracle(
        rule("allow", fields={"names": ["born"]}),
        rule("allow", fields=NAME, when=OPEN),
        rule("deny", fields=NAME, when=BARRED),
    )
    opened = shown(says, who(), open=allow, barred=deny)
    assert opened is not None
    assert ("name" in opened) is (allow is True and deny is False)


def test_where_no_rule_speaks_nothing_is_seen() -> None:
    assert shown(oracle(), who()) is None
    assert shown(oracle(rule("allow")), who("nobody")) is None
    assert shown(oracle(rule("allow", on="Order"), rule("allow", action="update")), who()) is None


def test_any_allow_makes_the_row_visible_and_its_key_plain() -> None:
    assert shown(oracle(rule("allow", fields={"classes": ["SENSITIVE"]})), who()) == PLAIN


@pytest.mark.parametrize(
    ("fields", "plain"),
    [
        ("all", set(MODEL["Customer"].fields) - {"password", "new"}),
        ({"classes": ["CONTACT"]}, {"id", "email", "street", "level"}),
        ({"names": ["name"], "classes": ["IDENTITY"]}, {"id", "name", "born"}),
        ({"classes": ["SECRET"]}, {"id", "password"}),
        ({"names": ["password"]}, {"id", "password"}),
        ({"names": ["new"]}, {"id"}),
    ],
    ids=["all", "a class", "a name and a class", "secret by class", "secret by name", "unclassified"],
)
def test_fields_are_named_one_by_one_or_by_class(fields: Any, plain: set[str]) -> None:
    assert shown(oracle(rule("allow", fields=fields)), who()) == dict.fromkeys(plain, "plain")


@pytest.mark.parametrize("row", [{}, {"fields": "all"}])
def test_a_deny_of_all_is_of_the_row_and_wins_whichever_role_it_comes_from(row: Row) -> None:
    barring = {"role": "barring", "rules": [rule("deny", **row)]}
    assert shown(oracle(rule("allow"), documents=(barring,)), who("reader", "barring")) is None


def test_a_deny_wins_over_masks_too() -> None:
    masked = rule("allow", fields=NAME, mask={"name": "redact"})
    assert shown(oracle(masked, rule("deny", fields=BUSINESS)), who(), name="Anna") == PLAIN


def test_rows_that_are_deleted_or_erased_are_in_no_view() -> None:
    says = oracle(rule("allow"))
    assert shown(says, who(), deleted_at=NOW) is None
    assert shown(says, who(), erased_at=NOW) is None


# Masks


@pytest.mark.parametrize(
    ("mask", "found"),
    [
        ({"email": "email"}, {"email": "a•••@x.io"}),
        ({"email": "domain", "CONTACT": "initial"}, {"email": "x.io", "street": "L•••", "level": None}),
        ({"CONTACT": "redact"}, {"email": DOTS, "street": DOTS, "level": None}),
    ],
    ids=str,
)
def test_a_rule_with_masks_says_nothing_of_plain(mask: Row, found: Row) -> None:
    says = oracle(rule("allow", fields={"classes": ["CONTACT", "BUSINESS"]}, mask=mask))
    assert shown(says, who(), email="abcde@x.io", street="Long Lane", level=3, name="Anna") == PLAIN | found


def test_plain_wins_over_a_mask_and_of_masks_the_first_in_order() -> None:
    by = {
        mask: rule("allow", fields={"names": ["email"]}, mask={"email": mask}) for mask in ("last4", "email", "redact")
    }
    own = rule("allow", fields={"names": ["email"]}, when=OPEN)
    says = oracle(*by.values(), own)
    assert shown(says, who(), email="abcde@x.io", open=False) == PLAIN | {"email": "a•••@x.io"}
    assert shown(says, who(), email="abcde@x.io") == PLAIN | {"email": "plain"}


# Roles and assignments


def test_a_role_has_the_rules_of_those_it_includes() -> None:
    some = {"role": "some", "includes": ["reader"]}
    more = {"role": "more", "includes": ["some"], "rules": [rule("deny", when=BARRED)]}
    says = oracle(rule("allow", fields=NAME), documents=(some, more))
    assert shown(says, who("more")) == PLAIN | {"name": "plain"}
    assert shown(says, who("more"), barred=True) is None
    assert shown(says, who("some"), barred=True) is not None


IN_BOTH: Row = {"region": {"in": "$assignment.regions"}, "department": {"in": "$assignment.departments"}}


def test_sales_in_the_east_plus_service_in_the_west_is_not_sales_in_the_west() -> None:
    says = oracle(rule("allow", fields=NAME, when=IN_BOTH))
    asks = who(Assignment("reader", (SALES,), (EAST,)), Assignment("reader", (SERVICE,), (WEST,)))
    seen = {
        (department, region)
        for department, region in product((SALES, SERVICE), (EAST, WEST))
        if shown(says, asks, department_id=department, region_id=region)
    }
    assert seen == {(SALES, EAST), (SERVICE, WEST)}


def test_an_assignment_without_a_region_is_neither_everywhere_nor_nothing_to_deny() -> None:
    somewhere: Row = {"region": {"in": "$assignment.regions"}}
    assert shown(oracle(rule("allow", when=somewhere)), who(), region_id=EAST) is None
    assert shown(oracle(rule("allow"), rule("deny", when=somewhere)), who(), region_id=EAST) is None


def test_an_assignment_holds_from_its_beginning_until_just_before_its_end() -> None:
    tick = dt.timedelta(microseconds=1)
    holds = {
        (since, until): shown(oracle(rule("allow")), who(Assignment("reader", since=since, until=until))) is not None
        for since, until in product((None, NOW - tick, NOW, NOW + tick), repeat=2)
    }
    assert {times for times, held in holds.items() if held} == set(product((None, NOW - tick, NOW), (None, NOW + tick)))


# Ceilings

LEVELS: dict[str, Row] = {
    "plain": {"fields": {"names": ["email"]}},
    **{
        mask: {"fields": {"names": ["email"]}, "mask": {"email": mask}}
        for mask in ("email", "domain", "last4", "initial", "redact")
    },
    "withheld": {"fields": {"names": ["name"]}},
}
BY_LEVEL = tuple({"role": level, "rules": [rule("allow", **parts)]} for level, parts in LEVELS.items())
SHOWN = {
    "plain": "plain",
    "email": "a•••@x.io",
    "domain": "x.io",
    "last4": "•••x.io",
    "initial": "a•••",
    "redact": DOTS,
    "withheld": None,
}


@pytest.mark.parametrize(
    ("own", "ceiling", "met"),
    [
        *((level, level, level) for level in SHOWN),
        *(("plain", level, level) for level in SHOWN),
        *(("withheld", level, "withheld") for level in SHOWN),
        *(("redact", mask, "redact") for mask in ("email", "domain", "last4", "initial")),
        ("domain", "email", "domain"),
        ("email", "last4", "withheld"),
        ("email", "initial", "withheld"),
        ("domain", "last4", "withheld"),
        ("initial", "last4", "withheld"),
    ],
)
def test_what_is_seen_through_a_ceiling_is_the_meet(own: str, ceiling: str, met: str) -> None:
    says = oracle(documents=BY_LEVEL)
    for roles, above in (((own,), (ceiling,)), ((ceiling,), (own,))):
        opened = shown(says, who(*roles, ceilings=above), email="abcde@x.io")
        assert opened is not None
        assert opened.get("email") == SHOWN[met]


@pytest.mark.parametrize(
    "order", [("email", "last4", "redact"), ("redact", "email", "last4"), ("last4", "redact", "email")]
)
def test_the_order_of_ceilings_does_not_matter(order: tuple[str, str, str]) -> None:
    own, *above = order
    opened = shown(oracle(documents=BY_LEVEL), who(own, ceilings=tuple(above)), email="abcde@x.io")
    assert opened is not None
    assert "email" not in opened


def test_a_ceiling_that_is_silent_gives_nothing_and_one_that_denies_takes() -> None:
    barring = {"role": "barring", "rules": [rule("allow"), rule("deny", when=BARRED)]}
    says = oracle(rule("allow", fields=NAME), documents=(barring,))
    assert shown(says, who(ceilings=("nobody",))) is None
    assert shown(says, who(ceilings=("barring",))) == PLAIN | {"name": "plain"}
    assert shown(says, who(ceilings=("barring",)), barred=None) is None
    assert shown(says, who("nobody", ceilings=("barring",))) is None


def test_what_is_exported_is_read_too() -> None:
    reads = rule("allow", fields={"names": ["name", "born"]})
    exports = rule("allow", action="export", fields={"names": ["name", "street"]}, when=OPEN)
    view = oracle(reads, exports).view(who(), "Customer", action="export")
    assert [{name for name, cell in cells.items() if cell.state == "plain"} for cells in view.values()] == [
        {"id", "name"}
    ]
    assert oracle(reads).view(who(), "Customer", action="export") == {}
    assert oracle(exports).view(who(), "Customer", action="export") == {}


# Unmasks


def unmask(field: str = "name", *, row: Any = None, **times: Any) -> Unmask:
    return Unmask("Customer", field, (row or CUSTOMER["id"],), **times)


MASKED = rule("allow", fields=NAME, mask={"name": "redact"})
MAY = rule("allow", action="unmask", when=OPEN)


@pytest.mark.parametrize(("allow", "deny"), list(product(TRUTHS, TRUTHS)))
def test_what_is_masked_is_plain_where_an_unmask_is_certainly_granted_and_in_force(allow: Any, deny: Any) -> None:
    says = oracle(MASKED, MAY, rule("deny", action="unmask", when=BARRED))
    opened = shown(says, who(unmasks=(unmask(),)), name="Ann", open=allow, barred=deny)
    assert opened == PLAIN | {"name": "plain" if allow is True and deny is False else DOTS}


@pytest.mark.parametrize(
    ("asks", "rules", "name"),
    [
        (who(), [MASKED, MAY], DOTS),
        (who(unmasks=(unmask("email"),)), [MASKED, MAY], DOTS),
        (who(unmasks=(unmask(row=OTHER),)), [MASKED, MAY], DOTS),
        (who(unmasks=(unmask(),)), [MASKED], DOTS),
        (who(unmasks=(unmask(),)), [rule("allow", fields={"names": ["born"]}), MAY], None),
        (who(unmasks=(unmask(),)), [MASKED, MAY, rule("deny", fields=NAME)], None),
        (who(unmasks=(unmask(until=NOW),)), [MASKED, MAY], DOTS),
        (who(unmasks=(unmask(since=NOW),)), [MASKED, MAY], "plain"),
        (who(unmasks=(unmask(),), ceilings=("reader",)), [MASKED, MAY], DOTS),
    ],
)
def test_an_unmask_opens_no_more(asks: Any, rules: list[Row], name: str | None) -> None:
    opened = shown(oracle(*rules), asks, name="Ann", open=True)
    assert opened is not None
    assert opened.get("name") == name


# Purposes


@pytest.mark.parametrize(
    ("lists", "declared", "found"),
    [
        ((), None, (False, False)),
        ((), "gold", (False, False)),
        (("gold",), None, (False, False)),
        (("gold",), "iron", (False, False)),
        (("gold",), "gold", (True, False)),
        (("iron",), "iron", (False, True)),
    ],
)
def test_a_purpose_is_known_where_it_is_declared_and_listed(lists: Any, declared: Any, found: Any) -> None:
    asks = who(Assignment("reader", purposes=lists), declared=declared)
    named = {"name": {"eq": "$purpose"}}
    rules = (oracle(rule("allow", when=named)), oracle(rule("allow"), rule("deny", when=named)))
    assert tuple(shown(says, asks, name="gold") is not None for says in rules) == found
