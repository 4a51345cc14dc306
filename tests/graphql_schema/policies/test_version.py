"""`policy` tells what a version says, byte for byte, to those in whose view its documents are."""

from __future__ import annotations

import asyncpg
import pytest

from app.services.policies.reading import VERSION
from graphql_schema.schema import SCHEMA
from policies.loading import DEFAULT_RULES, read_folder
from policies.testing import FOLDER
from tests.graphql_schema.company import Company
from tests.http.asking import Asking

QUERY = """query ($version: Int) {
    policy(version: $version) { number note activatedAt files { name text } tests { name text } }
}"""


async def test_an_admin_reads_the_documents_byte_for_byte(graph: Asking, company: Company) -> None:
    rules, tests = read_folder(DEFAULT_RULES), read_folder(DEFAULT_RULES / FOLDER)
    told = (await graph.data(company.admin, QUERY))["policy"]
    assert {file["name"]: file["text"] for file in told["files"]} == rules
    assert {file["name"]: file["text"] for file in told["tests"]} == tests
    assert [file["name"] for file in told["files"]] == sorted(rules)
    assert (told["number"], told["note"]) == (1, "The policy that is shipped.")
    assert (await graph.data(company.admin, QUERY, {"version": 1}))["policy"] == told


@pytest.mark.parametrize("version", [0, 2, -1, 2**31 - 1])
async def test_there_is_no_other_version(graph: Asking, company: Company, version: int) -> None:
    assert await graph.data(company.admin, QUERY, {"version": version}) == {"policy": None}


@pytest.mark.parametrize("name", ["manager", "rep", "agent", "marketer", "finance", "nobody"])
async def test_those_who_do_not_read_documents_are_told_nothing(graph: Asking, company: Company, name: str) -> None:
    assert await graph.data(getattr(company, name), QUERY) == {"policy": None}


async def test_in_a_tailored_schema_it_is_not_there(graph: Asking, company: Company) -> None:
    answer = await graph.client.post(
        "/graphql", json={"query": "{ policy { number } }"}, headers=graph.bearer(company.partner)
    )
    assert [error["message"] for error in answer.json()["errors"]] == ["Cannot query field 'policy' on type 'Query'."]


async def test_it_is_asked_beside_what_a_statement_answers_and_by_other_names(graph: Asking, company: Company) -> None:
    query = """{ first: policy { ...Which } me: viewer { displayName } second: policy(version: 9) { ...Which } __typename }
    fragment Which on Policy { kind: __typename n: number }"""
    for _ in range(2):
        assert await graph.data(company.admin, query) == {
            "first": {"kind": "Policy", "n": 1},
            "me": {"displayName": "Admin"},
            "second": None,
            "__typename": "Query",
        }


async def test_what_is_told_is_charged_for(graph: Asking, company: Company) -> None:
    answer = await graph.ask(company.admin, "{ policy { number } }")
    assert answer["extensions"]["cost"]["requested"] == 20


async def test_rights_that_are_gone_tell_nothing_more(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    who = company.admin
    assert (await graph.data(who, QUERY))["policy"] is not None
    await writer.execute("UPDATE role_assignments SET valid_to = now() WHERE user_id = $1", who.key)
    try:
        assert await graph.data(who, QUERY) == {"policy": None}
    finally:
        await writer.execute("UPDATE role_assignments SET valid_to = NULL WHERE user_id = $1", who.key)
    assert (await graph.data(who, QUERY))["policy"] is not None


async def test_a_version_that_was_deleted_is_not_told(
    graph: Asking, company: Company, writer: asyncpg.Connection
) -> None:
    table = VERSION.table.name
    await writer.execute(
        f"INSERT INTO {table} (id, number, status, document, deleted_at)"
        " VALUES (gen_random_uuid(), 7, 'DRAFT', '{\"files\": {}}', now())"
    )
    assert await graph.data(company.admin, QUERY, {"version": 7}) == {"policy": None}
    await writer.execute(f"UPDATE {table} SET deleted_at = NULL WHERE number = 7")
    assert (await graph.data(company.admin, QUERY, {"version": 7}))["policy"]["files"] == []
    await writer.execute(f"DELETE FROM {table} WHERE number = 7")


def test_the_schema_says_how_it_is_asked() -> None:
    field = SCHEMA._schema.query_type.fields["policy"]  # type: ignore[union-attr]
    assert (str(field.type), {name: str(of.type) for name, of in field.args.items()}) == ("Policy", {"version": "Int"})
