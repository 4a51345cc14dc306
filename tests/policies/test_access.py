"""The algebra: what of allow and deny opens which rows, and how their fields are shown."""

from __future__ import annotations

from itertools import product
from typing import Any

import asyncpg
import pytest

from policies.masks import MASKS
from tests.policies.documents import allow, classes, deny, names, of, principal, rights
from tests.policies.model import CUSTOMER, CUSTOMERS
from tests.policies.rows import key, put
from tests.policies.seeing import MASKED, PLAIN, TRUTH, WITHHELD, cell, ids, is_true

# Rows


@pytest.mark.parametrize(("allowed", "denied"), list(product(TRUTH, repeat=2)))
async def test_only_a_certain_allow_without_any_possible_deny_opens_a_row(
    connection: asyncpg.Connection, allowed: str, denied: str
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "open": TRUTH[allowed], "barred": TRUTH[denied]})
    rules = of(allow(when=is_true("open")), deny(when=is_true("barred")))
    assert len(await ids(connection, rules, principal())) == (allowed == "true" and denied == "false")


@pytest.mark.parametrize("fields", [None, "all"])
async def test_a_deny_of_no_field_and_of_all_is_a_deny_of_the_row(connection: asyncpg.Connection, fields: Any) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    assert await ids(connection, of(allow(), deny(fields=fields)), principal()) == set()


@pytest.mark.parametrize("fields", [names("name"), names("id"), classes("FINANCIAL"), "all"])
async def test_any_allow_however_narrow_opens_the_row(connection: asyncpg.Connection, fields: Any) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    assert await ids(connection, of(allow(fields=fields)), principal()) == {key(1)}


async def test_a_deny_of_fields_leaves_the_row(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    everything = classes("PUBLIC", "BUSINESS", "CONTACT", "IDENTITY", "FINANCIAL")
    assert await ids(connection, of(allow(), deny(fields=everything)), principal()) == {key(1)}


@pytest.mark.parametrize("action", ["create", "update", "delete", "merge", "export", "unmask", "aggregate"])
async def test_only_reading_opens_a_view(connection: asyncpg.Connection, action: str) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    assert await ids(connection, of(allow() | {"allow": [action]}), principal()) == set()
    assert await ids(connection, of(allow(), deny() | {"deny": [action]}), principal()) == {key(1)}
    assert await ids(connection, of(allow(), deny() | {"deny": [action, "read"]}), principal()) == set()


async def test_a_rule_of_one_resource_says_nothing_of_another(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1)})
    assert await ids(connection, of(allow("Order")), principal()) == set()
    assert await ids(connection, of(allow(), deny("Order")), principal()) == {key(1)}


# Fields


@pytest.mark.parametrize(("plain", "masked", "denied"), list(product(TRUTH, repeat=3)))
async def test_a_field_is_plain_before_it_is_masked_and_any_possible_deny_withholds_it(
    connection: asyncpg.Connection, plain: str, masked: str, denied: str
) -> None:
    flags = {"open": TRUTH[plain], "shaded": TRUTH[masked], "barred": TRUTH[denied]}
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane", **flags})
    found = await cell(
        connection,
        "street",
        allow(fields=names("name")),
        allow(fields=names("street"), when=is_true("open")),
        allow(fields=names("street"), when=is_true("shaded"), mask={"street": "initial"}),
        deny(fields=names("street"), when=is_true("barred")),
    )
    if denied != "false":
        assert found == (None, WITHHELD)
    elif plain == "true":
        assert found == ("Long Lane", PLAIN)
    elif masked == "true":
        assert found == ("L•••", MASKED)
    else:
        assert found == (None, WITHHELD)


@pytest.mark.parametrize("mask", [None, {"email": "domain"}])
@pytest.mark.parametrize("when", [None, is_true("open")])
@pytest.mark.parametrize("barred", TRUTH.values())
async def test_what_is_shown_on_every_visible_row_is_withheld_where_it_is_possibly_denied(
    connection: asyncpg.Connection, mask: Any, when: Any, barred: Any
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "email": EMAIL, "open": True, "barred": barred})
    denying = deny(fields=names("email"), when=is_true("barred"))
    found = await cell(connection, "email", allow(fields=names("email"), mask=mask, when=when), denying)
    shown = ("example.com", MASKED) if mask else (EMAIL, PLAIN)
    assert found == (shown if barred is False else (None, WITHHELD))


@pytest.mark.parametrize("denying", [names("street"), classes("CONTACT"), names("name", "street")])
@pytest.mark.parametrize("allowing", [names("street"), classes("CONTACT"), "all"])
@pytest.mark.parametrize("mask", [None, {"street": "redact"}])
async def test_a_field_is_denied_by_name_or_by_class(
    connection: asyncpg.Connection, denying: Any, allowing: Any, mask: Any
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane"})
    assert await cell(connection, "street", allow(fields=allowing, mask=mask), deny(fields=denying)) == (None, WITHHELD)


@pytest.mark.parametrize("denying", [names("email"), classes("FINANCIAL")])
async def test_a_deny_of_other_fields_says_nothing(connection: asyncpg.Connection, denying: Any) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane"})
    assert await cell(connection, "street", allow(), deny(fields=denying)) == ("Long Lane", PLAIN)


async def test_what_a_masking_rule_grants_but_does_not_list_is_withheld(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane", "phone": "+4930123456"})
    rule = allow(fields=classes("CONTACT"), mask={"phone": "phone"})
    assert await cell(connection, "phone", rule) == ("+49•••56", MASKED)
    assert await cell(connection, "street", rule) == (None, WITHHELD)


async def test_a_mask_of_a_field_goes_before_that_of_its_class(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane", "phone": "+4930123456"})
    rule = allow(fields=classes("CONTACT"), mask={"CONTACT": "redact", "phone": "phone"})
    assert await cell(connection, "phone", rule) == ("+49•••56", MASKED)
    assert await cell(connection, "street", rule) == ("•••", MASKED)


async def test_by_class_a_mask_that_does_not_fit_becomes_redact(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "street": "Long Lane", "phone": "+4930123456"})
    rule = allow(fields=classes("CONTACT"), mask={"CONTACT": "phone"})
    assert await cell(connection, "phone", rule) == ("+49•••56", MASKED)
    assert await cell(connection, "street", rule) == ("•••", MASKED)


EMAIL = "someone@example.com"
SHOWN = {"email": "s•••@example.com", "domain": "example.com", "last4": "•••.com", "initial": "s•••", "redact": "•••"}


def test_masks_are_chosen_in_a_fixed_order() -> None:
    texts = ["email", "phone", "domain", "city_only", "last4", "initial"]
    assert list(MASKS) == [*texts, "month", "year", "round2", "bucket", "hash", "redact"]


@pytest.mark.parametrize("first", SHOWN)
@pytest.mark.parametrize("second", SHOWN)
@pytest.mark.parametrize("written", ["in order", "turned round"])
async def test_of_several_masks_that_hold_the_first_in_order_is_chosen(
    connection: asyncpg.Connection, first: str, second: str, written: str
) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "email": EMAIL, "open": True, "shaded": True})
    rules = [
        allow(fields=names("email"), mask={"email": first}, when=is_true("open")),
        allow(fields=names("email"), mask={"email": second}, when=is_true("shaded")),
    ]
    chosen = min(first, second, key=list(MASKS).index)
    found = await cell(connection, "email", allow(fields=names("name")), *rules[:: 1 if written == "in order" else -1])
    assert found == (SHOWN[chosen], MASKED)


async def test_a_mask_that_does_not_hold_leaves_the_choice_to_the_next(connection: asyncpg.Connection) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "email": EMAIL, "open": False})
    found = await cell(
        connection,
        "email",
        allow(fields=names("email"), mask={"email": "email"}, when=is_true("open")),
        allow(fields=names("email"), mask={"email": "domain"}),
    )
    assert found == ("example.com", MASKED)


@pytest.mark.parametrize("open_", TRUTH.values())
async def test_plain_under_a_condition_beside_a_mask_on_every_row(connection: asyncpg.Connection, open_: Any) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "email": EMAIL, "open": open_})
    found = await cell(
        connection,
        "email",
        allow(fields=names("email"), mask={"email": "domain"}),
        allow(fields=names("email"), when=is_true("open")),
    )
    assert found == ((EMAIL, PLAIN) if open_ else ("example.com", MASKED))


async def test_all_fields_are_the_classified_ones_but_secrets(connection: asyncpg.Connection) -> None:
    on = rights(allow()).on(CUSTOMER)
    assert set(CUSTOMER.fields) - on.readable == {"secret", "unclassified"}
    assert rights(allow(fields=names("secret"))).on(CUSTOMER).readable == {"id", "secret"}
    assert rights(allow(fields=classes("SECRET"))).on(CUSTOMER).readable == {"id", "secret"}
