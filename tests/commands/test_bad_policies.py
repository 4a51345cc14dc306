"""A policy that cannot be: all that is wrong is told at once, and whoever is being served goes on as before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.settings import Settings
from tests.command_line import Line
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import found
from tests.graphql_schema.rows import customer, store
from tests.http.asking import Asking, asking

RULE = "role: a\nrules:\n  - allow: [read]\n    on: Customer\n    fields: {names: [email]}\n"
BAD: dict[str, tuple[dict[str, str], list[str]]] = {
    "an unknown field": ({"a": RULE.replace("email", "emial")}, ["a.yaml:5: unknown field 'emial'"]),
    "an unknown field in a condition": (
        {"a": RULE + "    when: {regoin: {in: $assignment.regions}}\n"}, ["a.yaml:6: Customer: unknown field 'regoin'"],
    ),
    "an unknown class": (
        {"a": RULE.replace("{names: [email]}", "{classes: [PRIVATE]}")},
        ["a.yaml:5: rules.0.fields.classes.0: Input should be 'PUBLIC', 'BUSINESS', 'CONTACT', 'IDENTITY', 'FINANCIAL',"
         " 'SENSITIVE' or 'SECRET'"],
    ),
    "an unknown role": ({"a": "role: a\nincludes:\n  - b\n"}, ["a.yaml:3: unknown role 'b'"]),
    "an unknown resource": ({"a": RULE.replace("Customer", "Custmer")}, ["a.yaml:4: unknown resource 'Custmer'"]),
    "an unknown mask": (
        {"a": RULE + "    mask: {email: emial}\n"},
        ["a.yaml:6: unknown mask 'emial'; there are email, phone, domain, city_only, last4, initial, month, year, round2,"
         " bucket, hash, redact"],
    ),
    "a mask that does not fit": (
        {"a": RULE + "    mask:\n      email: year\n"}, ["a.yaml:7: mask 'year' does not fit Customer.email"],
    ),
    "an unknown operand": (
        {"a": RULE + "    when: {owner: {eq: $you}}\n"},
        ["a.yaml:6: Customer: unknown operand '$you'; there are $me, $reports, $assignment.departments,"
         " $assignment.regions, $purpose, $now"],
    ),
    "roles that include each other": (
        {"a": "role: a\nincludes: [b]\n", "b": "role: b\nincludes: [a]\n"},
        ["a.yaml:2: role 'a' includes itself", "b.yaml:2: role 'b' includes itself"],
    ),
    "a condition that crosses more than three relations": (
        {"a": RULE + "    when:\n      owner:\n        manager:\n          manager:\n            manager: {status: {eq: ACTIVE}}\n"},
        ["a.yaml:10: Customer: the condition crosses more than 3 relations"],
    ),
}  # fmt: skip
ASKED = "{ customers { totalCount nodes { displayName email access { masked withheld } } } viewer { roles } }"


@pytest.fixture
async def served(fresh_database: TemporaryDatabase, settings: Settings) -> AsyncIterator[Any]:
    """A running engine, and how its representative is answered."""
    connection = await asyncpg.connect(fresh_database.dsn)
    company = await found(connection)
    await store(connection, customer(region=company.germany, email="ada.lovelace@example.com"))
    async with asking(fresh_database.dsn, settings) as graph:
        yield graph, company.rep, connection
    await connection.close()


async def versions(connection: asyncpg.Connection) -> list[tuple[Any, ...]]:
    """Everything that applying a policy changes."""
    rows = await connection.fetch("SELECT number, status, document::text FROM policy_versions ORDER BY number")
    state = await connection.fetch("SELECT policy_epoch FROM policy_state UNION ALL SELECT count(*) FROM roles")
    return [tuple(row) for row in (*rows, *state)]


async def test_each_bad_policy_is_refused_and_the_active_one_goes_on(
    line: Line, served: tuple[Asking, Any, asyncpg.Connection], tmp_path: Path
) -> None:
    graph, rep, connection = served
    before, kept = await graph.data(rep, ASKED), await versions(connection)
    assert before["customers"]["nodes"][0]["access"]["masked"] == ["email", "phone"]
    for name, (texts, told) in BAD.items():
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        for file, text in texts.items():
            (folder / f"{file}.yaml").write_text(text)
        for options in ((), ("--unchecked",)):
            ran = await asyncio.to_thread(line.run, "policy", "apply", str(folder), *options)
            assert (ran.code, ran.out, ran.err.splitlines()) == (1, "", told), name
        assert await versions(connection) == kept
        assert await graph.data(rep, ASKED) == before


def renamed(text: str, n: int) -> str:
    """The same with names of roles that no other document has."""
    for role in "ab":
        text = text.replace(f"role: {role}", f"role: {role}{n}").replace(f"[{role}]", f"[{role}{n}]")
        text = text.replace(f"role '{role}' includes", f"role '{role}{n}' includes")
    return text


async def test_all_that_is_wrong_with_several_documents_is_told_at_once(
    line: Line, served: tuple[Asking, Any, asyncpg.Connection], tmp_path: Path
) -> None:
    graph, rep, connection = served
    before, kept = await graph.data(rep, ASKED), await versions(connection)
    expected = []
    for n, (texts, told) in enumerate(BAD.values()):
        for file, text in texts.items():
            (tmp_path / f"{n}{file}.yaml").write_text(renamed(text, n))
        expected += [renamed(f"{n}{each}", n) for each in told]
    ran = await asyncio.to_thread(line.run, "policy", "apply", str(tmp_path))
    assert (ran.code, ran.out, ran.err.splitlines()) == (1, "", expected)
    assert await versions(connection) == kept
    assert await graph.data(rep, ASKED) == before


async def test_a_role_without_rules_sees_nothing_and_is_told_of(
    line: Line, served: tuple[Asking, Any, asyncpg.Connection], tmp_path: Path
) -> None:
    graph, rep, connection = served
    assert (await graph.data(rep, ASKED))["customers"]["totalCount"] == 1
    (tmp_path / "a.yaml").write_text("role: sales_rep\n")
    lint = await asyncio.to_thread(line.run, "policy", "lint", str(tmp_path))
    assert lint.out == "a.yaml:1: warning: sales_rep: has no rule, so whoever holds it sees nothing by it [no-rules]\n"
    ran = await asyncio.to_thread(line.run, "policy", "apply", str(tmp_path))
    assert ran.err == "Version 2 is active.\n"
    assert (await graph.data(rep, ASKED))["customers"] == {"totalCount": 0, "nodes": []}
    assert len(await versions(connection)) == 4
