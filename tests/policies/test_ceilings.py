"""Ceilings: a client that acts for a user, and the scopes of a token, bound what the user sees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from policies.access import State, access
from policies.document import Action
from policies.principal import Assignment, Party, Principal
from policies.rules import Policy
from tests.policies.documents import ME, Written, allow, classes, deny, names, policy, role
from tests.policies.model import CUSTOMER, CUSTOMERS
from tests.policies.rows import ask, key, put

EAST, WEST, CLIENT = key(11), key(12), key(99)
EMAIL = "someone@example.com"
PLAIN, MASKED, WITHHELD = State.PLAIN, State.MASKED, State.WITHHELD


def scope(code: str, *rules: Written, includes: tuple[str, ...] = ()) -> str:
    return role(code, *rules, includes=includes).replace("role:", "scope:", 1)


def acting(*assignments: Assignment, client: tuple[Assignment, ...] = (), scopes: tuple[str, ...] | None = None) -> Any:
    """A user of some roles, for whom a client acts; with scopes where they are given."""
    ceilings = [Party(CLIENT, client)]
    if scopes is not None:
        ceilings.append(Party(ME, tuple(Assignment(f"scope:{code}") for code in scopes), (ME,)))
    return Principal(ME, assignments, (ME,), ceilings=tuple(ceilings))


async def shown(connection: asyncpg.Connection, rules: Policy, who: Principal, field: str = "email") -> dict[int, Any]:
    """By number of the row, value and state of a field."""
    rows = await ask(connection, access(rules, who.shape).view(CUSTOMER, [field], [field]), who)
    return {row["id"].int: (row[field], row[f"{field}__state"]) for row in rows}


@pytest.fixture
async def three(connection: asyncpg.Connection) -> asyncpg.Connection:
    rows = [(1, EAST, ME), (2, WEST, ME), (3, WEST, CLIENT)]
    await put(
        connection, CUSTOMERS, *({"id": key(n), "region_id": r, "owner_id": o, "email": EMAIL} for n, r, o in rows)
    )
    return connection


IN_REGIONS: Written = {"region": {"in": "$assignment.regions"}}
OWN: Written = {"owner": {"eq": "$me"}}
RULES = policy(
    role("reader", allow()),
    role("regional", allow(when=IN_REGIONS)),
    role("owner", allow(when=OWN)),
    role("masker", allow(fields=classes("CONTACT"), mask={"email": "email", "CONTACT": "redact"})),
    role("domain", allow(fields=names("email"), mask={"email": "domain"})),
    role("initial", allow(fields=names("email"), mask={"email": "initial"})),
    role("namer", allow(fields=names("name"))),
    role("barred", allow(), deny(when={"region": {"eq": str(EAST)}})),
    scope("contacts", allow(fields=classes("CONTACT"))),
    scope("own", allow(when=OWN)),
    scope("here", allow(when=IN_REGIONS)),
    scope("both", includes=("contacts", "own")),
)


def reader(code: str = "reader", *regions: Any) -> Assignment:
    return Assignment(code, regions=regions)


async def test_a_row_is_visible_where_it_is_to_every_party(three: asyncpg.Connection) -> None:
    who = acting(reader("regional", EAST), client=(reader("regional", EAST, WEST),))
    assert set(await shown(three, RULES, who)) == {1}
    assert set(await shown(three, RULES, acting(reader(), client=(reader("barred"),)))) == {2, 3}
    assert set(await shown(three, RULES, acting(reader("barred"), client=(reader(),)))) == {2, 3}


async def test_a_client_in_one_region_for_a_user_in_another_sees_nothing(three: asyncpg.Connection) -> None:
    assert await shown(three, RULES, acting(reader("regional", EAST), client=(reader("regional", WEST),))) == {}


@pytest.mark.parametrize("client", [(), (reader("nobody"),), (reader("regional"),)], ids=["none", "unknown", "nowhere"])
async def test_a_ceiling_that_is_silent_gives_nothing(
    three: asyncpg.Connection, client: tuple[Assignment, ...]
) -> None:
    who = acting(reader(), client=client)
    assert await shown(three, RULES, who) == {}
    on = access(RULES, who.shape).on(CUSTOMER)
    assert not on.visible or client[0].role == "regional"
    assert not on.every_row


async def test_me_is_the_party_of_whom_the_rule_speaks(three: asyncpg.Connection) -> None:
    assert set(await shown(three, RULES, acting(reader("owner"), client=(reader(),)))) == {1, 2}
    assert set(await shown(three, RULES, acting(reader(), client=(reader("owner"),)))) == {3}
    assert await shown(three, RULES, acting(reader("owner"), client=(reader("owner"),))) == {}


async def test_now_is_the_same_to_every_party(three: asyncpg.Connection) -> None:
    await three.execute(f"UPDATE {CUSTOMERS.fullname} SET seen_at = now() + $1 * interval '1 day'", 1)
    await three.execute(f"UPDATE {CUSTOMERS.fullname} SET seen_at = now() WHERE id = $1", key(2))
    rules = policy(role("reader", allow()), role("seen", allow(when={"seenAt": {"lte": "$now"}})))
    assert set(await shown(three, rules, acting(reader(), client=(reader("seen"),)))) == {2}
    assert set(await shown(three, rules, acting(reader("seen"), client=(reader(),)))) == {2}


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [((), set()), (("contacts",), {1, 2, 3}), (("own",), {1, 2}), (("here",), set()), (("contacts", "own"), {1, 2, 3})],
)
async def test_the_scopes_of_a_token_are_one_ceiling_held_by_the_user(
    three: asyncpg.Connection, scopes: tuple[str, ...], expected: set[int]
) -> None:
    assert set(await shown(three, RULES, acting(reader(), client=(reader(),), scopes=scopes))) == expected


async def test_scopes_include_scopes(three: asyncpg.Connection) -> None:
    one = await shown(three, RULES, acting(reader(), client=(reader(),), scopes=("both",)))
    assert one == await shown(three, RULES, acting(reader(), client=(reader(),), scopes=("contacts", "own")))
    assert one == {1: (EMAIL, PLAIN), 2: (EMAIL, PLAIN), 3: (EMAIL, PLAIN)}


CELLS = [
    ("reader", "reader", (EMAIL, PLAIN)),
    ("reader", "masker", ("s•••@example.com", MASKED)),
    ("masker", "reader", ("s•••@example.com", MASKED)),
    ("masker", "masker", ("s•••@example.com", MASKED)),
    ("masker", "domain", ("example.com", MASKED)),
    ("domain", "masker", ("example.com", MASKED)),
    ("masker", "initial", (None, WITHHELD)),
    ("reader", "namer", (None, WITHHELD)),
    ("namer", "reader", (None, WITHHELD)),
]


@pytest.mark.parametrize(("own", "client", "expected"), CELLS)
async def test_a_field_is_shown_at_the_meet(
    three: asyncpg.Connection, own: str, client: str, expected: tuple[Any, State]
) -> None:
    who = acting(reader(own), client=(reader(client),))
    assert await shown(three, RULES, who) == {1: expected, 2: expected, 3: expected}
    on = access(RULES, who.shape).on(CUSTOMER)
    assert on.state("email") is expected[1]
    assert ("email" in on.readable) is (expected[1] is not WITHHELD)


BOTH_MASKS = role(
    "either",
    allow(fields=names("email"), mask={"email": "email"}, when=OWN),
    allow(fields=names("email"), mask={"email": "domain"}, when=IN_REGIONS),
)


@pytest.mark.parametrize(
    ("own", "client", "state"),
    [
        ("either", "plain", MASKED),
        ("plain", "either", MASKED),
        ("either", "either", None),
        ("either", "email", None),
        ("email", "either", None),
        ("email", "email", MASKED),
        ("either", "silent", WITHHELD),
        ("two", "initial", WITHHELD),
        ("two", "email", MASKED),
    ],
)
def test_a_state_is_known_of_what_is_met_where_each_level_is(own: str, client: str, state: State | None) -> None:
    email, silent = allow(fields=names("email"), mask={"email": "email"}), allow(fields=names("name"))
    initial = allow(fields=names("email"), mask={"email": "initial"})
    one = role("plain", allow()), role("email", email), role("silent", silent), role("initial", initial)
    rules = policy(BOTH_MASKS, *one, role("two", email, initial))
    who = acting(reader(own, EAST), client=(reader(client, EAST),))
    assert access(rules, who.shape).on(CUSTOMER).state("email") is state


async def test_a_field_is_met_row_by_row(three: asyncpg.Connection) -> None:
    rules = policy(
        role("own", allow(fields=names("email"), when=OWN), allow(fields=names("email"), mask={"email": "email"})),
        role(
            "east",
            allow(fields=names("email"), when={"region": {"eq": str(EAST)}}),
            allow(fields=names("email"), mask={"email": "domain"}),
        ),
    )
    who = acting(reader("own"), client=(reader("east"),))
    assert await shown(three, rules, who) == {
        1: (EMAIL, PLAIN),
        2: ("example.com", MASKED),
        3: ("example.com", MASKED),
    }
    assert access(rules, who.shape).on(CUSTOMER).state("email") is None


async def test_what_is_exported_is_granted_for_reading_and_for_export(three: asyncpg.Connection) -> None:
    rules = policy(
        role(
            "exporter",
            allow(fields=classes("BUSINESS", "CONTACT"), when=OWN),
            allow(fields=classes("PUBLIC")) | {"allow": ["export"]},
            allow(fields=names("email"), mask={"email": "domain"}) | {"allow": ["export"]},
            allow(fields=names("tier")) | {"allow": ["export"]},
        )
    )
    who = Principal(ME, (reader("exporter"),), (ME,))
    rights = access(rules, who.shape)
    assert set(await shown(three, rules, who)) == {1, 2}
    view = rights.view(CUSTOMER, ["email", "name", "tier"], ["email", "name", "tier"], action=Action.EXPORT)
    rows = await ask(three, view, who)
    assert {row["id"].int for row in rows} == {1, 2}
    assert {(row["email"], row["email__state"], row["name__state"], row["tier__state"]) for row in rows} == {
        ("example.com", "masked", "withheld", "plain")
    }
    reading = policy(role("exporter", allow()))
    assert not access(reading, who.shape).on(CUSTOMER, Action.EXPORT).visible


@pytest.mark.parametrize(
    ("mine", "theirs", "possible"),
    [
        ({"tier": "GOLD"}, {"tier": "GOLD"}, True),
        ({"tier": "GOLD"}, {"level": None}, True),
        ({"tier": "GOLD"}, {"tier": "IRON"}, False),
        ({"tier": "GOLD"}, {"tier": None}, False),
        ({"owner": "$me"}, {"owner": "$me"}, False),
    ],
    ids=str,
)
def test_where_parties_preset_one_field_differently_nothing_is_written(
    mine: Written, theirs: Written, *, possible: bool
) -> None:
    written = [
        {"allow": ["create"], "on": "Customer", "fields": names("name"), "preset": each} for each in (mine, theirs)
    ]
    rules = policy(*map(role, ("writer", "client"), written))
    who = acting(reader("writer"), client=(reader("client"),))
    assert access(rules, who.shape).permits(Action.CREATE, CUSTOMER, ["name"]).possible is possible


def test_who_has_ceilings_shares_no_plan_with_who_has_none() -> None:
    alone = Principal(ME, (reader(),), (ME,))
    assert (
        alone.shape != acting(reader(), client=(reader(),)).shape != replace(alone, ceilings=(Party(CLIENT, ()),)).shape
    )


TAILORED = [
    (("staff",), None, False),
    (("outsider",), None, True),
    (("outsider", "outsider"), None, True),
    (("outsider", "staff"), None, False),
    (("outsider", "unknown"), None, False),
    ((), None, False),
    (("staff",), ("outsider",), True),
    (("outsider",), ("staff",), True),
    (("staff",), ("staff",), False),
    (("staff",), (), False),
]


@pytest.mark.parametrize(("own", "client", "expected"), TAILORED)
def test_a_schema_is_tailored_to_a_tailored_client_or_to_tailored_roles_alone(
    own: tuple[str, ...], client: tuple[str, ...] | None, *, expected: bool
) -> None:
    rules = policy(role("staff", allow()), role("outsider", allow()) + "schema: tailored\n")
    ceilings = () if client is None else (Party(CLIENT, tuple(map(reader, client))),)
    who = Principal(ME, tuple(map(reader, own)), (ME,), ceilings=ceilings)
    assert access(rules, who.shape).tailored is expected


@pytest.mark.parametrize(
    ("own", "client", "expected"),
    [(("some",), (), 3), (("many",), (), 7), (("none",), ("some",), 3), (("none",), (), 1), ((), (), 1)],
)
def test_the_largest_smallest_group_applies(own: tuple[str, ...], client: tuple[str, ...], expected: int) -> None:
    rules = policy(
        role("none", allow()),
        role("some", allow()) + "minGroup: 3\n",
        role("many", allow(), includes=("five",)) + "minGroup: 7\n",
        role("five", allow()) + "minGroup: 5\n",
    )
    who = Principal(ME, tuple(map(reader, own)), (ME,), ceilings=(Party(CLIENT, tuple(map(reader, client))),))
    assert access(rules, who.shape).min_group == expected
