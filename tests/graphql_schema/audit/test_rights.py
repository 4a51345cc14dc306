"""Nobody gives what they could not have given, the policy keeps somebody who administers it, and each change is noted."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from app import models
from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.audit.trail import last, noted, write
from tests.graphql_schema.company import Company
from tests.graphql_schema.mutations.writing import codes, watched
from tests.graphql_schema.rows import Row, row, store, user
from tests.http.asking import Asking

CLERK = """
role: clerk
includes: [employee]
rules:
  - allow: [read, update, delete]
    on: [User, Role, RoleAssignment]
    fields: all
  - allow: [create]
    on: RoleAssignment
    when: {role: {code: {eq: sales_rep}}}
    fields: all
"""
"""May change and delete whatever rights rest on, and give one role."""

FORBIDDEN, REFUSED = [("FORBIDDEN", ["id"])], [("INVALID_STATE", None)]


class Scene:
    """Who is there besides the company: a clerk, somebody, and what they hold."""

    def __init__(self, writer: asyncpg.Connection) -> None:
        self.writer = writer
        self.clerk, self.somebody = user("clerk"), user("somebody")

    async def role(self, code: str) -> Row:
        key = await self.writer.fetchval("SELECT id FROM roles WHERE code = $1", code)
        return Row(models.Role, {"id": key})

    async def held(self, who: Row) -> Row:
        key = await self.writer.fetchval(
            "SELECT id FROM role_assignments WHERE user_id = $1 AND deleted_at IS NULL", who.key
        )
        return Row(models.RoleAssignment, {"id": key})


@pytest.fixture(scope="module")
async def scene(writer: asyncpg.Connection, company: Company) -> Scene:
    found = Scene(writer)
    async with writer.transaction():
        await activate(writer, {**read_folder(DEFAULT_RULES), "clerk.yaml": CLERK})
    await store(writer, found.clerk, found.somebody)
    clerk, rep = await found.role("clerk"), await found.role("sales_rep")
    await store(writer, row(models.RoleAssignment, user=found.clerk, role=clerk))
    await store(writer, row(models.RoleAssignment, user=found.somebody, role=rep))
    return found


async def test_the_server_says_who_gave_a_role_and_it_is_noted(
    graph: Asking, company: Company, scene: Scene, writer: asyncpg.Connection
) -> None:
    before, rep = await last(writer), await scene.role("sales_rep")
    given = {"user": scene.somebody.node, "role": rep.node, "region": company.france.node}
    shows = "roleAssignment { id grantedBy { id } }"
    made = (await write(graph, scene.clerk, "roleAssignmentCreate", shows, **given))["roleAssignment"]
    assert made["grantedBy"] == {"id": scene.clerk.node}
    assert codes(await write(graph, scene.clerk, "roleAssignmentDelete", id=made["id"])) == []
    created, deleted = await noted(writer, before)
    told = {"assignment": made["id"], "user": scene.somebody.node, "role": rep.node, "region": company.france.node}
    assert created == ("ASSIGNMENT_CREATED", scene.somebody.node, {**told, "validFrom": None, "validTo": None})
    assert deleted[:2] == ("ASSIGNMENT_DELETED", scene.somebody.node)


async def _nothing(graph: Asking, scene: Scene, name: str, expected: Any, /, **given: Any) -> None:
    """What the clerk tries is refused, and nothing changes."""
    async with watched(scene.writer) as change:
        found = await write(graph, scene.clerk, name, **given)
        tried = await write(graph, scene.clerk, name, **given, validateOnly=True)
    assert (codes(found), codes(tried), change.tables) == (expected, expected, [])


@pytest.mark.parametrize("whom", ["clerk", "somebody"])
async def test_a_role_that_one_may_not_give_is_given_in_no_way(
    graph: Asking, company: Company, scene: Scene, writer: asyncpg.Connection, whom: str
) -> None:
    """To oneself or another: made, put in the place of a role that is held, or come by with another code."""
    who, admin = getattr(scene, whom), await scene.role("admin")
    held = await scene.held(scene.somebody)
    await _nothing(graph, scene, "roleAssignmentCreate", [("FORBIDDEN", None)], user=who.node, role=admin.node)
    await _nothing(graph, scene, "roleAssignmentUpdate", FORBIDDEN, id=held.node, user=who.node, role=admin.node)
    await _nothing(
        graph, scene, "roleAssignmentUpdate", FORBIDDEN, id=(await scene.held(company.admin)).node, user=who.node
    )


async def test_a_role_that_one_may_not_give_has_no_other_code(graph: Asking, scene: Scene) -> None:
    await _nothing(graph, scene, "roleUpdate", FORBIDDEN, id=(await scene.role("auditor")).node, code="other")


@pytest.mark.parametrize("given", [{"email": "clerk2@example.com"}, {"status": "ACTIVE"}], ids=["email", "status"])
async def test_nobody_lets_another_in_who_holds_what_they_may_not_give(
    graph: Asking, company: Company, scene: Scene, writer: asyncpg.Connection, given: dict[str, str]
) -> None:
    if "status" in given:
        await writer.execute("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", company.auditor.key)
    await _nothing(graph, scene, "userUpdate", FORBIDDEN, id=company.auditor.node, **given)
    assert codes(await write(graph, company.admin, "userUpdate", id=company.auditor.node, status="ACTIVE")) == []


@pytest.mark.parametrize("what", ["users", "role_assignments", "roles"])
async def test_nobody_brings_back_what_gives_what_they_may_not_give(
    graph: Asking, company: Company, scene: Scene, writer: asyncpg.Connection, what: str
) -> None:
    gone = {
        "users": company.auditor,
        "role_assignments": await scene.held(company.auditor),
        "roles": await scene.role("auditor"),
    }[what]
    delete = f"UPDATE {what} SET deleted_at = $2 WHERE id = $1"
    await writer.execute(delete, gone.key, await writer.fetchval("SELECT now()"))
    single = {"users": "user", "role_assignments": "roleAssignment", "roles": "role"}[what]
    async with watched(writer) as change:
        assert codes(await write(graph, scene.clerk, f"{single}Restore", id=gone.node)) == FORBIDDEN
    assert change.tables == []
    await writer.execute(delete, gone.key, None)


async def test_what_takes_nothing_more_than_one_may_give_is_done(graph: Asking, scene: Scene) -> None:
    held = await scene.held(scene.somebody)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("roleAssignmentUpdate", {"id": held.node, "validTo": "2030-01-01T00:00:00Z"}),
        ("roleAssignmentUpdate", {"id": held.node, "validTo": None}),
        ("userUpdate", {"id": scene.somebody.node, "email": "somebody2@example.com"}),
        ("userUpdate", {"id": scene.clerk.node, "email": "clerk3@example.com"}),
        ("roleAssignmentDelete", {"id": held.node}),
        ("roleAssignmentRestore", {"id": held.node}),
    ]
    for name, given in steps:
        assert codes(await write(graph, scene.clerk, name, **given)) == [], name


LAST = {
    "is disabled": ("userUpdate", "user", {"status": "SUSPENDED"}),
    "is deleted": ("userDelete", "user", {}),
    "loses the role": ("roleAssignmentDelete", "held", {}),
    "loses the role in time": ("roleAssignmentUpdate", "held", {"validTo": "2020-01-01T00:00:00Z"}),
    "has yet to get the role": ("roleAssignmentUpdate", "held", {"validFrom": "2090-01-01T00:00:00Z"}),
    "hands the role to nobody": ("roleAssignmentUpdate", "held", {"user": "gone"}),
    "has a role that is deleted": ("roleDelete", "role", {}),
    "has a role that the policy does not know": ("roleUpdate", "role", {"code": "other"}),
}


@pytest.mark.parametrize("way", LAST)
async def test_the_last_administrator_stays(
    graph: Asking, company: Company, scene: Scene, writer: asyncpg.Connection, way: str
) -> None:
    name, what, given = LAST[way]
    gone = user(way.replace(" ", "-"), status="SUSPENDED")
    await store(writer, gone)
    on = {"user": company.admin, "held": await scene.held(company.admin), "role": await scene.role("admin")}[what]
    said = {"id": on.node, **{part: gone.node if value == "gone" else value for part, value in given.items()}}
    async with watched(writer) as change:
        found = await write(graph, company.admin, name, **said)
        tried = await write(graph, company.admin, name, **said, validateOnly=True)
    assert (codes(found), codes(tried), change.tables) == (REFUSED, REFUSED, [])


async def test_of_many_changes_the_one_that_disables_the_last_is_left_out(
    graph: Asking, company: Company, scene: Scene, writer: asyncpg.Connection
) -> None:
    inputs = [{"id": each.node, "status": "SUSPENDED"} for each in (company.nobody, company.admin)]
    found = await write(
        graph, company.admin, "userBulkUpsert", "results { userErrors { code field } }",
        inputs=inputs, errorPolicy="REJECT_FAILED",
    )  # fmt: skip
    assert [codes(each) for each in found["results"]][1] == [("INVALID_STATE", ["inputs", "1"])]
    assert await writer.fetchval("SELECT status FROM users WHERE id = $1", company.admin.key) == "ACTIVE"


async def test_of_two_administrators_who_end_each_other_one_stays(
    graph: Asking, company: Company, scene: Scene, writer: asyncpg.Connection
) -> None:
    second = user("second-admin")
    await store(writer, second, row(models.RoleAssignment, user=second, role=await scene.role("admin")))
    first_held, second_held = await scene.held(company.admin), await scene.held(second)
    before = await last(writer)
    query = (
        "mutation ($input: RoleAssignmentDeleteInput!) { roleAssignmentDelete(input: $input) { userErrors { code } } }"
    )
    found = await asyncio.gather(
        graph.ask(company.admin, query, {"input": {"id": second_held.node}}),
        graph.ask(second, query, {"input": {"id": first_held.node}}),
    )
    done = [not answer["data"]["roleAssignmentDelete"]["userErrors"] for answer in found]
    assert sorted(done) == [False, True]
    assert [kind for kind, _, _ in await noted(writer, before)] == ["ASSIGNMENT_DELETED"]
    await writer.execute(
        "UPDATE role_assignments SET deleted_at = NULL WHERE id = ANY($1)", [first_held.key, second_held.key]
    )
    for other in (second, company.admin):
        assert (await graph.data(other, "{ viewer { roles } }"))["viewer"]["roles"] == ["admin"]
    assert codes(await write(graph, company.admin, "userUpdate", id=second.node, status="SUSPENDED")) == []


async def test_changes_of_users_and_roles_are_noted_by_their_names_alone(
    graph: Asking, company: Company, scene: Scene, writer: asyncpg.Connection
) -> None:
    before = await last(writer)
    made = await write(graph, company.admin, "userCreate", "user { id }", displayName="New", email="new@example.com")
    key = made["user"]["id"]
    await write(graph, company.admin, "userUpdate", id=key, displayName="Newer")
    await write(graph, company.admin, "userUpdate", id=key, email="newer@example.com", status="SUSPENDED")
    await write(graph, company.admin, "userDelete", id=key)
    role = (await write(graph, company.admin, "roleCreate", "role { id }", code="spare", name="Spare"))["role"]["id"]
    await write(graph, company.admin, "roleDelete", id=role)
    assert await noted(writer, before) == [
        ("USER_CREATED", key, {}),
        ("USER_CHANGED", key, {"changed": ["email", "status"]}),
        ("USER_DELETED", key, {"changed": []}),
        ("ROLE_CREATED", role, {"code": "spare"}),
        ("ROLE_DELETED", role, {"changed": [], "code": "spare"}),
    ]
