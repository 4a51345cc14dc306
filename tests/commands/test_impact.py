"""c360 policy impact: what a draft or a folder would change for people, and how it ends."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from policies.loading import DEFAULT_RULES, read_folder
from tests.command_line import Line
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company, found
from tests.graphql_schema.rows import customer, store


@pytest.fixture
def company(fresh_database: TemporaryDatabase) -> Company:
    """A company with three customers, one of them deleted."""

    async def put() -> Company:
        connection = await asyncpg.connect(fresh_database.dsn)
        company = await found(connection)
        rows = [customer(name, region=company.china, tax_id="X1") for name in ("One", "Two", "Gone")]
        await store(connection, *rows)
        await connection.execute("UPDATE customers SET deleted_at = now() WHERE display_name = 'Gone'")
        await connection.close()
        return company

    return asyncio.run(put())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped rules, to be changed."""
    made = tmp_path / "rules"
    made.mkdir()
    for name, text in read_folder(DEFAULT_RULES).items():
        (made / name).write_bytes(text.encode())
    return made


def _add(folder: Path, role: str, rule: str) -> None:
    path = folder / f"{role}.yaml"
    path.write_text(path.read_text("utf-8").rstrip() + f"\n  - {rule}\n", "utf-8")


def test_where_nothing_changes_it_ends_with_0(line: Line, company: Company, folder: Path) -> None:
    ran = line.run("policy", "impact", str(folder))
    assert (ran.code, ran.out, ran.err) == (0, "", "Nothing would change for anybody.\n")
    _add(
        folder, "finance", "{allow: [read], on: Customer, when: {displayName: {eq: None}}, fields: {classes: [PUBLIC]}}"
    )
    assert line.run("policy", "impact", str(folder)).code == 0  # it says otherwise, and shows nothing else
    assert line.run("policy", "impact", "1").code == 0


def test_what_changes_is_told_and_ends_with_1(line: Line, company: Company, folder: Path) -> None:
    rule = "{allow: [read], on: Customer, when: {taxId: {eq: X1}}, fields: {names: [taxId]}, mask: {taxId: last4}}"
    _add(folder, "partner", rule)
    _add(folder, "finance", "{deny: [read], on: Customer, when: {displayName: {eq: Two}}}")
    ran = line.run("policy", "impact", str(folder))
    assert (ran.code, ran.err) == (1, "")
    assert [text for text in ran.out.splitlines() if "." not in text] == [
        "finance: 1 user",
        "  Customer: 0 rows gained, 1 lost",
        "partner: 1 user",
        "  Customer: 2 rows gained, 0 lost",
    ]
    assert "  Customer.taxId: masked on 2 rows" in ran.out.splitlines()
    told = json.loads(line.run("policy", "impact", str(folder), "--json").out)
    [finance, partner] = told["groups"]
    assert (finance["roles"], finance["users"], finance["sampled"]) == (["finance"], 1, 1)
    [type_] = partner["types"]
    assert (type_["type"], type_["countable"], type_["gained"], type_["lost"]) == ("Customer", True, 2, 0)
    assert {"field": "taxId", "plain": 0, "masked": 2, "withheld": 0} in type_["fields"]
    assert told["documents"] == []


def test_a_version_is_weighed_and_nothing_is_changed(line: Line, company: Company, folder: Path) -> None:
    assert line.run("policy", "apply", str(folder), "--unchecked").code == 0
    _add(folder, "finance", "{deny: [read], on: Customer}")
    assert line.run("policy", "apply", str(folder), "--unchecked").code == 0
    ran = line.run("policy", "impact", "2")
    assert (ran.code, ran.out.splitlines()[:2]) == (1, ["finance: 1 user", "  Customer: 2 rows gained, 0 lost"])
    assert line.run("policy", "impact", "3").code == 0


def test_trusted_documents_that_would_break_are_told(
    line: Line, company: Company, folder: Path, tmp_path: Path
) -> None:
    given = ("--name", "Shop", "--scope", "graph", "--itself", "--role", "partner", "--region", "DE")
    assert line.run("client", "add", "shop", *given).code == 0
    query = tmp_path / "who.graphql"
    query.write_text("query Who { customers { nodes { displayName } } }")
    assert line.run("documents", "add", "--client", "shop", str(query)).code == 0
    (folder / "partner.yaml").write_text("role: partner\nschema: tailored\nrules: []\n")
    ran = line.run("policy", "impact", str(folder))
    assert (ran.code, ran.out.splitlines()[-1].partition(" would break: ")[0]) == (1, "shop: who")


@pytest.mark.parametrize("draft", ["9", "nowhere", "faulty"])
def test_what_cannot_be_told_ends_with_2(line: Line, company: Company, folder: Path, draft: str) -> None:
    (folder / "finance.yaml").write_text("role: [")
    ran = line.run("policy", "impact", str(folder) if draft == "faulty" else draft)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
