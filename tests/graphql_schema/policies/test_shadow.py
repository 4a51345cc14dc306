"""Shadow mode: reads are asked of a draft, too, and what it would change of them is counted, exactly."""

from __future__ import annotations

import asyncpg
import pytest

from graphql_schema.shadowing.shadowing import Time
from tests.graphql_schema.company import Company
from tests.graphql_schema.policies.looking import RULES, Team
from tests.graphql_schema.policies.shadows import Shadows, ask, counts, deny
from tests.graphql_schema.policies.test_impact import also
from tests.graphql_schema.rows import order, store


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
