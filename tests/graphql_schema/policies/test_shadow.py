"""Shadow mode: reads are asked of a draft, too, and what it would change of them is counted, exactly, and told to whom it may be."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from app.services.policies.store import activate
from graphql_schema.ids import NodeId, encode
from graphql_schema.shadowing.shadowing import Shadowing, Time
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.asking import do
from tests.graphql_schema.policies.looking import RULES, Team
from tests.graphql_schema.policies.test_impact import also
from tests.graphql_schema.rows import Row, assign, order, store
from tests.http.asking import Asking, faults_of

NAMES = "{ customers(orderBy: [{field: DISPLAY_NAME}]) { nodes { displayName email taxId } } }"
TOLD = """query ($version: Int!) { policyShadow(version: $version) {
    since compared dropped failed uncountable
    operations { roles operation compared refused differing types { type gained lost fields { field plain masked withheld } } }
} }"""
SHOWN = "policyVersion { number shadowShare shadowUntil version }"
LATER = "2126-01-01T00:00:00Z"


def deny(role: str, what: str, on: str = "Customer") -> dict[str, str]:
    """The rules, with something denied to a role."""
    return {**RULES, f"{role}.yaml": f"{RULES[f'{role}.yaml']}\n  - deny: [read]\n    on: {on}\n    {what}\n"}


def soon() -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).isoformat()


class Shadows:
    """Drafts of the policy, and one process that compares as many reads as it is asked to."""

    def __init__(self, graph: Asking, admin: Row, writer: asyncpg.Connection) -> None:
        self.graph, self.admin, self.writer = graph, admin, writer

    def _repr_pretty_(self, printer: Any, cycle: object) -> None:
        printer.text("shadows")

    @property
    def process(self) -> Shadowing:
        return self.graph.app.graph.shadowing

    async def draft(self, rules: Mapping[str, str], status: str = "DRAFT") -> tuple[int, str]:
        """Number and id of a version."""
        row = await self.writer.fetchrow(
            "INSERT INTO policy_versions (id, number, status, document)"
            " SELECT gen_random_uuid(), max(number) + 1, $1, $2::text::jsonb FROM policy_versions RETURNING id, number",
            status, json.dumps({"files": dict(rules)}),
        )  # fmt: skip
        assert row is not None
        return row["number"], encode(NodeId(6, None, row["id"]))

    async def begin(self, rules: Mapping[str, str], share: str = "100") -> int:
        """A draft that is compared from now on, in the place of any other."""
        await self.writer.execute("UPDATE policy_versions SET shadow_until = NULL WHERE shadow_until IS NOT NULL")
        await self.process.settle()
        await self.writer.execute("DELETE FROM policy_shadow_counts")
        number, id_ = await self.draft(rules)
        given = {"id": id_, "shadowShare": share, "shadowUntil": soon()}
        payload = await do(self.graph, self.admin, "policyShadowStart", given, SHOWN)
        assert payload["userErrors"] == [], payload
        self.process.time = Time(1_000, 1_000_000)
        await self.process.refresh()
        return number

    async def told(self, number: int, who: Row | None = None) -> Any:
        await self.process.settle()
        return (await self.graph.data(who or self.admin, TOLD, {"version": number}))["policyShadow"]


@pytest.fixture(scope="module")
def shadows(graph: Asking, company: Company, team: Team, writer: asyncpg.Connection) -> Shadows:
    return Shadows(graph, company.admin, writer)


async def ask(shadows: Shadows, who: Row, query: str = NAMES, **more: Any) -> None:
    """Asks, and waits for what comes of it."""
    await shadows.graph.ask(who, query, **more)
    await shadows.process.settle()


def counts(told: Any) -> dict[str, tuple[int, int, dict[str, tuple[int, int, int]]]]:
    """Of the one operation that was asked: by type, rows gained and lost, and by field how many turned."""
    [operation] = told["operations"]
    return {
        each["type"]: (each["gained"], each["lost"], {
            field["field"]: (field["plain"], field["masked"], field["withheld"]) for field in each["fields"]
        }) for each in operation["types"]
    }  # fmt: skip


# What is counted


async def test_rows_lost_are_counted_once_an_answer(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    for _ in range(3):
        await ask(shadows, team.member)
    told = await shadows.told(number)
    assert counts(told) == {"Customer": (0, 3, {"displayName": (0, 0, 3), "email": (0, 0, 3), "taxId": (0, 0, 3)})}
    [operation] = told["operations"]
    assert (operation["roles"], operation["operation"]) == (["sales_manager"], "customers")
    assert (operation["compared"], operation["differing"], operation["refused"]) == (3, 3, 0)
    assert (told["compared"], told["dropped"], told["failed"], told["uncountable"]) == (3, 0, 0, [])
    assert told["since"] is not None


async def test_rows_gained_are_counted_with_what_is_read_of_them(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(also("sales_manager", "{displayName: {eq: Chinese}}", "{names: [displayName]}"))
    await ask(shadows, team.member)
    assert counts(await shadows.told(number)) == {"Customer": (1, 0, {"displayName": (1, 0, 0)})}


async def test_a_field_that_is_withheld_is_counted_though_it_is_empty(
    shadows: Shadows, team: Team, writer: asyncpg.Connection
) -> None:
    await writer.execute("UPDATE customers SET email = NULL WHERE id = $1", team.german.key)
    number = await shadows.begin(deny("sales_manager", "fields: {names: [email]}"))
    await ask(shadows, team.member)
    await writer.execute("UPDATE customers SET email = 'ada.lovelace@example.com' WHERE id = $1", team.german.key)
    assert counts(await shadows.told(number)) == {"Customer": (0, 0, {"email": (0, 0, 2)})}


async def test_only_what_is_asked_for_is_counted(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "fields: {names: [email]}"))
    await ask(shadows, team.member, "{ customers { nodes { displayName } } }")
    told = await shadows.told(number)
    assert (told["compared"], counts(told)) == (1, {})
    assert told["operations"][0]["differing"] == 0


async def test_a_row_that_only_moves_to_the_page_is_not_gained(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await ask(
        shadows, team.member, "{ customers(first: 1, orderBy: [{field: DISPLAY_NAME}]) { nodes { displayName } } }"
    )
    told = await shadows.told(number)
    assert counts(told) == {"Customer": (0, 1, {"displayName": (0, 0, 1)})}


async def test_rows_at_any_depth_are_counted_each_once(
    shadows: Shadows, team: Team, writer: asyncpg.Connection
) -> None:
    await store(writer, order(team.german), order(team.german))
    number = await shadows.begin(deny("sales_manager", "fields: {names: [number]}", on="Order"))
    query = """{ a: customers { edges { node { displayName orders { nodes { number customer { displayName } } } } } }
        b: orders { nodes { number } } }"""
    await ask(shadows, team.member, query)
    told = await shadows.told(number)
    assert counts(told) == {"Order": (0, 0, {"number": (0, 0, 2)})}
    assert told["operations"][0]["operation"] == "customers orders"
    await writer.execute("DELETE FROM orders WHERE customer_id = $1", team.german.key)


async def test_what_would_be_refused_is_counted(shadows: Shadows, team: Team, company: Company) -> None:
    number = await shadows.begin(deny("sales_manager", "fields: {names: [email]}"))
    await ask(shadows, team.member, '{ customers(where: {email: {startsWith: "ada"}}) { nodes { id email } } }')
    told = await shadows.told(number)
    [operation] = told["operations"]
    assert (operation["compared"], operation["refused"], operation["differing"]) == (1, 1, 0)
    assert counts(told) == {"Customer": (0, 0, {"email": (0, 0, 2)})}


async def test_a_tailored_schema_without_the_field_refuses(shadows: Shadows, company: Company) -> None:
    rules = {**RULES, "partner.yaml": "role: partner\nname: Partner\nschema: tailored\nrules: []\n"}
    number = await shadows.begin(rules)
    await ask(shadows, company.partner, "{ customers { nodes { displayName } } }")
    told = await shadows.told(number)
    [operation] = told["operations"]
    assert (operation["roles"], operation["compared"], operation["refused"]) == (["partner"], 1, 1)


async def test_a_draft_that_gives_nothing_loses_all(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin({**RULES, "sales_manager.yaml": "role: sales_manager\nname: Manager\nrules: []\n"})
    await ask(shadows, team.member, "{ customers { nodes { displayName } } }")
    assert counts(await shadows.told(number))["Customer"][:2] == (0, 2)


async def test_what_is_no_row_counts_as_differing(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await ask(shadows, team.member, "{ customersAggregate { nodes { count } } }")
    told = await shadows.told(number)
    assert (told["operations"][0]["differing"], counts(told)) == (1, {})


async def test_what_comes_to_the_same_statement_costs_no_statement(
    shadows: Shadows, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await shadows.begin(deny("finance", "when: {displayName: {eq: French}}"))
    monkeypatch.setattr(shadows.process, "beside", None)  # whatever would be asked of it fails
    await ask(shadows, team.member)
    told = await shadows.told(number)
    assert (told["compared"], told["failed"], counts(told)) == (1, 0, {})


async def test_an_operation_has_its_own_name_only_where_the_house_knows_it(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await ask(shadows, team.member, "query A7354 { customers { nodes { id } } viewer { id } }")
    [operation] = (await shadows.told(number))["operations"]
    assert operation["operation"] == "customers viewer"


# What is not


@pytest.mark.parametrize("query", [
    "mutation { customerUpdate(input: {id: \"x\"}) { userErrors { code } } }",
    "{ policy { number } }", "{ nothing }", '{ customer(id: "x") { displayName } }',
])  # fmt: skip
async def test_what_is_no_answered_read_is_not_compared(shadows: Shadows, company: Company, query: str) -> None:
    number = await shadows.begin(deny("admin", "when: {displayName: {eq: French}}"))
    response = await shadows.graph.post(company.admin, query)
    assert response.status_code == 200
    await shadows.process.settle()
    assert (await shadows.told(number))["compared"] == 0


async def test_of_no_share_nothing_is_asked_and_of_some_about_as_many(
    shadows: Shadows, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"), share="25")
    drawn = iter([0.25, 0.9, 0.24, 0.0, 0.5])
    monkeypatch.setattr("graphql_schema.shadowing.shadowing.random", lambda: next(drawn))
    for _ in range(5):
        await ask(shadows, team.member)
    monkeypatch.undo()
    await shadows.writer.execute("UPDATE policy_versions SET shadow_until = NULL WHERE number = $1", number)
    await shadows.process.refresh()
    assert (await shadows.told(number))["compared"] == 2


@pytest.mark.parametrize("how", ["busy", "spent", "large"])
async def test_what_there_is_no_time_for_is_dropped_and_counted(
    shadows: Shadows, team: Team, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    monkeypatch.setattr(shadows.process, "beside", None)
    if how == "busy":
        monkeypatch.setattr(shadows.process, "has_leisure", lambda: False)
    elif how == "spent":
        monkeypatch.setattr(shadows.process, "time", Time(0.04, 0))
    else:
        monkeypatch.setattr("graphql_schema.shadowing.shadowing.LARGEST", 10)
    for _ in range(2):
        await ask(shadows, team.member)
    monkeypatch.setattr(shadows.process, "has_leisure", lambda: False)
    told = await shadows.told(number)
    assert (told["compared"], told["dropped"], told["failed"]) == (0, 2, 0)


async def test_where_there_never_is_time_nothing_is_asked_or_counted(
    shadows: Shadows, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    monkeypatch.setattr(shadows.process, "time", Time(0))
    monkeypatch.setattr(shadows.process, "read", None)  # what would look which draft is to be compared
    monkeypatch.setattr(shadows.process, "_due", 0.0)
    await ask(shadows, team.member)
    assert shadows.process.shadow is not None
    monkeypatch.undo()
    told = await shadows.told(number)
    assert (told["compared"], told["dropped"], told["failed"]) == (0, 0, 0)


async def test_what_fails_is_counted_and_harms_nobody(
    shadows: Shadows, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    monkeypatch.setattr("graphql_schema.shadowing.shadowing.both", None)
    query = "{ customers(first: 3) { nodes { displayName } } }"
    before = (await shadows.graph.post(team.member, query)).content
    await shadows.process.settle()
    assert (await shadows.graph.post(team.member, query)).content == before
    await shadows.process.settle()
    monkeypatch.undo()
    assert (await shadows.told(number))["failed"] == 2


def test_time_is_a_share_of_what_passes() -> None:
    time = Time(0.04, 0.1)
    now = time._at
    assert time.is_left(now)
    time.spend(0.5)
    assert (time.is_left(now), time.is_left(now + 9.9), time.is_left(now + 10.1)) == (False, False, True)
    assert not Time(0).is_left(now + 1_000_000)
    time.is_left(now + 1_000_000)
    time.spend(0.11)
    assert not time.is_left(now + 1_000_000)  # no more is saved up


async def test_the_answer_is_the_same_with_and_without(shadows: Shadows, team: Team, company: Company) -> None:
    who = (team.member, company.admin, company.rep, company.auditor, company.partner)
    query = (
        "{ customers(orderBy: [{field: DISPLAY_NAME}]) { nodes { id displayName } pageInfo { endCursor } totalCount } }"
    )
    await shadows.writer.execute("UPDATE policy_versions SET shadow_until = NULL")
    await shadows.process.refresh()
    before = [(await shadows.graph.post(each, query)).content for each in who]
    number = await shadows.begin({**RULES, "sales_manager.yaml": "role: sales_manager\nname: M\nrules: []\n"})
    statements = shadows.graph.engine.statements
    for _ in range(2):
        assert [(await shadows.graph.post(each, query)).content for each in who] == before
        await shadows.process.settle()
    assert shadows.graph.engine.statements - statements == 2 * len(who)
    assert (await shadows.told(number))["failed"] == 0


# For how long


async def test_it_ends_by_itself_and_with_what_becomes_of_the_draft(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    for change in (
        "shadow_until = now()",
        "shadow_until = now() + interval '1 day', status = 'DISCARDED'",
        "shadow_until = now() + interval '1 day', status = 'DRAFT', deleted_at = now()",
    ):
        await shadows.writer.execute(f"UPDATE policy_versions SET {change} WHERE number = $1", number)
        await shadows.process.refresh()
        assert shadows.process.shadow is None
        await shadows.writer.execute(
            "UPDATE policy_versions SET shadow_until = now() + interval '1 day', status = 'DRAFT', deleted_at = NULL"
            " WHERE number = $1",
            number,
        )
        await shadows.process.refresh()
        assert shadows.process.shadow is not None


async def test_counts_belong_to_the_documents(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await ask(shadows, team.member)
    assert (await shadows.told(number))["compared"] == 1
    other = deny("sales_manager", "when: {displayName: {eq: German}}")
    await shadows.writer.execute(
        "UPDATE policy_versions SET document = $2::text::jsonb, version = version + 1 WHERE number = $1",
        number, json.dumps({"files": other}),
    )  # fmt: skip
    assert (await shadows.told(number))["compared"] == 0
    await shadows.process.refresh()
    await ask(shadows, team.member)
    await ask(shadows, team.member)
    assert (await shadows.told(number))["compared"] == 2


async def test_a_draft_that_cannot_be_read_is_compared_with_nothing(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await shadows.writer.execute(
        """UPDATE policy_versions SET document = '{"files": {"a.yaml": "rules"}}', version = version + 1 WHERE number = $1""",
        number,
    )
    await shadows.process.refresh()
    assert shadows.process.shadow is None
    await ask(shadows, team.member)
    answer = await shadows.graph.ask(shadows.admin, TOLD, {"version": number})
    assert faults_of(answer) == [("BAD_USER_INPUT", "version")]


async def test_processes_add_up(shadows: Shadows, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await ask(shadows, team.member)
    held = shadows.process.tally.taken()
    await ask(shadows, team.member)
    shadows.process.tally.back(held)
    assert (await shadows.told(number))["compared"] == 2
    assert (await shadows.told(number))["compared"] == 2


# Who starts it


async def test_starting_and_stopping_are_noted_with_the_drafts_digest(
    shadows: Shadows, writer: asyncpg.Connection
) -> None:
    number = await shadows.begin(RULES)
    row = await writer.fetchrow("SELECT id, version FROM policy_versions WHERE number = $1", number)
    assert row is not None
    given = {"id": encode(NodeId(6, None, row["id"])), "expectedVersion": row["version"]}
    payload = await do(shadows.graph, shadows.admin, "policyShadowStop", given, SHOWN)
    assert (payload["userErrors"], payload["policyVersion"]["shadowUntil"]) == ([], None)
    noted = await writer.fetch(
        "SELECT kind, details->>'policy' AS policy FROM audit_events WHERE subject = $1 ORDER BY seq", str(number)
    )
    assert [each["kind"] for each in noted] == ["POLICY_SHADOW_STARTED", "POLICY_SHADOW_STOPPED"]
    active = shadows.graph.engine.authority._policy
    assert active is not None
    assert noted[0]["policy"] == active[1].digest[:12]
    again = await do(shadows.graph, shadows.admin, "policyShadowStop", {"id": given["id"]}, SHOWN)
    assert [each["code"] for each in again["userErrors"]] == ["INVALID_STATE"]


@pytest.mark.parametrize(("given", "codes"), [
    ({}, [("REQUIRED", ["shadowShare"]), ("REQUIRED", ["shadowUntil"])]),
    ({"shadowShare": "0", "shadowUntil": soon()}, [("INVALID", ["shadowShare"])]),
    ({"shadowShare": "100.01", "shadowUntil": soon()}, [("INVALID", ["shadowShare"])]),
    ({"shadowShare": "10", "shadowUntil": "2020-01-01T00:00:00Z"}, [("INVALID", ["shadowUntil"])]),
    ({"shadowShare": "10", "shadowUntil": LATER}, [("INVALID", ["shadowUntil"])]),
])  # fmt: skip
async def test_all_that_is_wrong_is_told(shadows: Shadows, given: Any, codes: Any) -> None:
    await shadows.writer.execute("UPDATE policy_versions SET shadow_until = NULL")
    _, id_ = await shadows.draft(RULES)
    payload = await do(shadows.graph, shadows.admin, "policyShadowStart", {"id": id_, **given}, SHOWN)
    assert [(each["code"], each["field"]) for each in payload["userErrors"]] == codes
    assert await shadows.writer.fetchval("SELECT count(*) FROM policy_versions WHERE shadow_until > now()") == 0


async def test_one_at_a_time_and_only_what_is_open(shadows: Shadows) -> None:
    await shadows.begin(RULES)
    given = {"shadowShare": "10", "shadowUntil": soon()}
    _, other = await shadows.draft(RULES, "APPROVED")
    payload = await do(shadows.graph, shadows.admin, "policyShadowStart", {"id": other, **given}, SHOWN)
    assert [each["code"] for each in payload["userErrors"]] == ["CONFLICT"]
    for status in ("RETIRED", "DISCARDED", "REJECTED"):
        _, closed = await shadows.draft(RULES, status)
        payload = await do(shadows.graph, shadows.admin, "policyShadowStart", {"id": closed, **given}, SHOWN)
        assert payload["userErrors"][0]["code"] == "INVALID_STATE"


@pytest.mark.parametrize("name", ["policyShadowStart", "policyShadowStop"])
async def test_only_who_may_set_it_starts_or_stops_it(
    shadows: Shadows, company: Company, team: Team, name: str
) -> None:
    await shadows.writer.execute("UPDATE policy_versions SET shadow_until = NULL")
    number, id_ = await shadows.draft(RULES)
    given = {"id": id_} | ({"shadowShare": "10", "shadowUntil": soon()} if name.endswith("Start") else {})
    before = await shadows.writer.fetchrow("SELECT * FROM policy_versions WHERE number = $1", number)
    for who in (company.auditor, team.lead, company.manager, company.nobody):
        payload = await do(shadows.graph, who, name, given, SHOWN)
        assert payload["userErrors"][0]["code"] in ("FORBIDDEN", "NOT_FOUND")
    assert await shadows.writer.fetchrow("SELECT * FROM policy_versions WHERE number = $1", number) == before


# Who is told


async def test_only_who_may_look_as_anybody_is_told(shadows: Shadows, company: Company, team: Team) -> None:
    number = await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    await ask(shadows, team.member)
    await shadows.process.settle()
    assert (await shadows.told(number, company.auditor))["compared"] == 1
    for who in (team.lead, company.manager, company.nobody):
        answer = await shadows.graph.ask(who, TOLD, {"version": number})
        assert (answer["data"]["policyShadow"], faults_of(answer)) == (None, [("NOT_FOUND", "version")])
    missing = await shadows.graph.ask(company.admin, TOLD, {"version": 9_999})
    assert faults_of(missing) == [("NOT_FOUND", "version")]


OVERSEER = """
role: overseer
rules:
  - allow: [read]
    on: [User, Role, RoleAssignment, PolicyVersion]
    fields: {classes: [PUBLIC, BUSINESS]}
  - allow: [simulate]
    on: User
  - allow: [read]
    on: Customer
    fields: CUSTOMER
"""


async def test_what_the_rules_compare_has_to_be_read_or_not_even_a_difference_is_told(
    shadows: Shadows, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    """Whoever could draft conditions on what is hidden, and be told the counts, would read it bit by bit."""
    overseen = {**RULES, "overseer.yaml": OVERSEER.replace("CUSTOMER", "{names: [displayName]}")}
    await activate(writer, overseen, "With an overseer.")
    await assign(writer, company.nobody, "overseer")
    try:
        for hits in ("DE", "XX"):
            rules = deny("sales_manager", f"when: {{taxId: {{startsWith: {hits}}}}}")
            number = await shadows.begin({**rules, "overseer.yaml": overseen["overseer.yaml"]})
            await ask(shadows, team.member)
            told = await shadows.told(number, company.nobody)
            [operation] = told["operations"]
            assert (told["uncountable"], operation["types"]) == (["Customer"], [])
            assert (operation["compared"], operation["refused"], operation["differing"]) == (1, 0, None)
            full = await shadows.told(number)
            assert (full["uncountable"], full["operations"][0]["differing"]) == ([], int(hits == "DE"))
    finally:
        await writer.execute("DELETE FROM role_assignments WHERE user_id = $1", company.nobody.key)
        await activate(writer, RULES, "As it was.")


async def test_no_value_and_no_key_is_kept(
    shadows: Shadows, company: Company, team: Team, writer: asyncpg.Connection
) -> None:
    await shadows.begin(deny("sales_manager", "when: {displayName: {eq: French}}"))
    query = 'query French { x: customers(where: {displayName: {eq: "French"}}) { nodes { French: displayName id } } }'
    await ask(shadows, team.member, query)
    await shadows.process.settle()
    kept = await writer.fetchval("SELECT json_agg(c)::text FROM policy_shadow_counts c")
    assert "LOST" in kept
    for secret in ("French", str(team.french.key), team.french.node, str(team.member.key), team.member.node):
        assert secret not in kept
