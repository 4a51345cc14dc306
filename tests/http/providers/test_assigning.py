"""Roles by a provider's rules: given and ended at each sign-in, at once; others are left alone."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import asyncpg
import pytest

from app.identity.providers.finding import find
from app.identity.providers.linking import enter
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import store, user
from tests.http.providers.scene import Elsewhere

RULES = [
    {"claim": "groups", "contains": "reps-de", "role": "sales_rep", "region": "DE"},
    {"claim": "groups", "contains": "reps-fr", "role": "sales_rep", "region": "FR"},
    {"claim": ["access", "roles"], "contains": "finance", "role": "finance"},
    {"claim": "https://there.example/manager", "equals": True, "role": "sales_manager", "department": "SALES"},
    {"claim": "level", "equals": 3, "role": "auditor"},
    {"claim": "level", "equals": 9, "role": "admin"},
    {"claim": "level", "equals": 10, "role": "admin", "department": "SALES"},
]
HELD = """
    SELECT r.code, d.code AS department, g.code AS region FROM role_assignments a JOIN roles r ON r.id = a.role_id
    LEFT JOIN departments d ON d.id = a.department_id LEFT JOIN regions g ON g.id = a.region_id
    WHERE a.user_id = $1 AND a.deleted_at IS NULL ORDER BY 1, 2, 3"""
EVENTS = """
    SELECT op, changed, row_after, actor FROM change_events WHERE entity = 'role_assignments' AND actor IS NOT NULL
    AND row_after ->> 'user_id' = $1 ORDER BY seq"""
NOTED = "SELECT kind, actor, subject, details FROM audit_events WHERE subject = $1 ORDER BY seq"
OTHER_ADMINISTRATORS = """
    UPDATE role_assignments SET valid_to = {} WHERE user_id <> $1
    AND role_id IN (SELECT id FROM roles WHERE code = 'admin')"""
VIEWER = "{ viewer { roles } }"


class Somebody:
    """A user who signs in elsewhere, and a token of the house's for the same user."""

    def __init__(self, elsewhere: Elsewhere, writer: asyncpg.Connection, row: Any) -> None:
        self.elsewhere, self.writer, self.row = elsewhere, writer, row

    async def signs_in(self, **claims: Any) -> None:
        """Signs in with these claims."""
        self.elsewhere.stray.claims.clear()
        self.elsewhere.stray.claims.update(sub=str(self.row.key), **claims)
        assert (await self.elsewhere.sign_in()).status_code == 200

    async def holds(self) -> list[tuple[str | None, ...]]:
        """What is held: role, department, region."""
        return [tuple(row) for row in await self.writer.fetch(HELD, self.row.key)]

    async def roles(self) -> list[str]:
        """The roles as the graph tells them."""
        found: list[str] = (await self.elsewhere.graph.data(self.row, VIEWER))["viewer"]["roles"]
        return found


@pytest.fixture
async def somebody(elsewhere: Elsewhere, company: Company, writer: asyncpg.Connection) -> Somebody:
    await writer.execute("UPDATE oidc_providers SET rules = $1::jsonb WHERE code = 'stray'", json.dumps(RULES))
    number = await writer.fetchval("SELECT count(*) FROM users")
    row = user(f"somebody {number}", email=f"somebody{number}@example.com")
    await store(writer, row)
    await elsewhere.link(writer, str(row.key), row)
    return Somebody(elsewhere, writer, row)


@pytest.mark.parametrize(
    ("claims", "held"),
    [
        ({}, []),
        ({"groups": ["reps-de"]}, [("sales_rep", None, "DE")]),
        ({"groups": ["reps-fr", "others", "reps-de"]}, [("sales_rep", None, "DE"), ("sales_rep", None, "FR")]),
        ({"groups": "reps-de"}, []),
        ({"groups": {"reps-de": True}}, []),
        ({"groups": [["reps-de"], "REPS-DE", None]}, []),
        ({"access": {"roles": ["finance"]}}, [("finance", None, None)]),
        ({"access.roles": ["finance"], "access": []}, []),
        ({"https://there.example/manager": True}, [("sales_manager", "SALES", None)]),
        ({"https://there.example/manager": 1}, []),
        ({"https://there.example/manager": "true"}, []),
        ({"level": 3}, [("auditor", None, None)]),
        ({"level": "3"}, []),
        ({"level": 3.0}, []),
    ],
)
async def test_claims_give_roles(somebody: Somebody, claims: dict[str, Any], held: list[Any]) -> None:
    await somebody.signs_in(**claims)
    assert await somebody.holds() == held


async def test_what_no_longer_holds_ends_at_the_next_sign_in_and_at_once(somebody: Somebody) -> None:
    assert await somebody.roles() == []
    await somebody.signs_in(groups=["reps-de"], level=3)
    assert await somebody.roles() == ["auditor", "sales_rep"]
    await somebody.signs_in(groups=["reps-fr"])
    assert await somebody.roles() == ["sales_rep"]
    assert await somebody.holds() == [("sales_rep", None, "FR")]
    await somebody.signs_in()
    assert await somebody.roles() == []


async def test_each_change_leaves_an_event_of_the_providers(somebody: Somebody) -> None:
    await somebody.signs_in(level=3)
    await somebody.signs_in(level=3)
    await somebody.signs_in(level=4)
    provider = await somebody.writer.fetchval("SELECT id FROM oidc_providers WHERE code = 'stray'")
    events = await somebody.writer.fetch(EVENTS, str(somebody.row.key))
    assert [(event["op"], event["actor"]) for event in events] == [("CREATE", provider), ("DELETE", provider)]
    assert json.loads(events[0]["changed"])["user"] == [None, str(somebody.row.key)]


async def test_each_change_is_noted_in_the_audit_trail(somebody: Somebody) -> None:
    await somebody.signs_in(groups=["reps-de"])
    await somebody.signs_in(groups=["reps-de"])
    await somebody.signs_in(groups=["reps-fr"])
    provider = await somebody.writer.fetchval("SELECT id FROM oidc_providers WHERE code = 'stray'")
    events = await somebody.writer.fetch(NOTED, somebody.row.node)
    kinds = ["ASSIGNMENT_CREATED", "ASSIGNMENT_CREATED", "ASSIGNMENT_DELETED"]
    assert [(event["kind"], event["actor"]) for event in events] == [(kind, provider) for kind in kinds]
    made, _, ended = (json.loads(event["details"]) for event in events)
    assert (made["provider"], ended["provider"], ended["changed"]) == ("stray", "stray", [])
    assert {made[name] for name in ("assignment", "role", "region")} == {
        ended[name] for name in ("assignment", "role", "region")
    }


async def test_the_last_administrator_keeps_that_role_and_loses_the_others(
    somebody: Somebody, writer: asyncpg.Connection
) -> None:
    await somebody.signs_in(level=9, groups=["reps-de"])
    await writer.execute(OTHER_ADMINISTRATORS.format("now()"), somebody.row.key)
    try:
        await somebody.signs_in()
        assert await somebody.holds() == [("admin", None, None)]
        await somebody.signs_in(level=10)
        assert await somebody.holds() == [("admin", "SALES", None)]
    finally:
        await writer.execute(OTHER_ADMINISTRATORS.format("NULL"), somebody.row.key)
    await somebody.signs_in()
    assert await somebody.holds() == []


async def test_what_others_gave_is_left_alone_and_not_given_again(
    somebody: Somebody, company: Company, writer: asyncpg.Connection
) -> None:
    given = "INSERT INTO role_assignments (id, user_id, role_id) SELECT gen_random_uuid(), $1, id FROM roles WHERE code = $2"
    for role in ("auditor", "finance"):
        await writer.execute(given, somebody.row.key, role)
    await somebody.signs_in(level=3)
    assert await somebody.holds() == [("auditor", None, None), ("finance", None, None)]
    await somebody.signs_in()
    assert await somebody.holds() == [("auditor", None, None), ("finance", None, None)]
    assert await somebody.writer.fetch(EVENTS, str(somebody.row.key)) == []


async def test_signing_in_again_with_the_same_claims_changes_nothing(somebody: Somebody) -> None:
    await somebody.signs_in(level=3)
    epoch = "SELECT version FROM access_versions WHERE subject_id = $1"
    before = await somebody.writer.fetchval(epoch, somebody.row.key)
    await somebody.signs_in(level=3)
    assert await somebody.writer.fetchval(epoch, somebody.row.key) == before


async def test_a_rule_of_a_role_that_is_gone_gives_nothing(somebody: Somebody, writer: asyncpg.Connection) -> None:
    await writer.execute("UPDATE roles SET deleted_at = now() WHERE code = 'auditor'")
    try:
        await somebody.signs_in(level=3, groups=["reps-de"])
        assert await somebody.holds() == [("sales_rep", None, "DE")]
    finally:
        await writer.execute("UPDATE roles SET deleted_at = NULL WHERE code = 'auditor'")


async def test_who_signs_in_twice_at_once_holds_each_role_once(somebody: Somebody) -> None:
    sent = await asyncio.gather(*(_entered(somebody, level=3) for _ in range(4)))
    assert sent == [somebody.row.key] * 4
    assert await somebody.holds() == [("auditor", None, None)]


async def _entered(somebody: Somebody, **claims: Any) -> Any:
    database = somebody.elsewhere.graph.database
    async with database.writing() as connection:
        async with connection.begin():
            provider = await find(connection, "stray")
        assert provider is not None
        return await enter(connection, provider, {"sub": str(somebody.row.key), **claims}, _unnoted)


async def _unnoted(_connection: Any, _drafts: Any) -> None:
    pass
