"""c360 policy explain: what it says, and how it ends."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from graphql_schema.ids import NodeId, decode, encode
from tests.command_line import Line
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company, found
from tests.graphql_schema.rows import Row, customer, order, store


@pytest.fixture
def company(fresh_database: TemporaryDatabase) -> tuple[Company, Row, Row]:
    """A company with a customer in Germany and an order."""

    async def put() -> tuple[Company, Row, Row]:
        connection = await asyncpg.connect(fresh_database.dsn)
        company = await found(connection)
        ada = customer("Ada Works", region=company.germany, owner=company.colleague, email="ada.lovelace@example.com")
        bought = order(ada)
        await store(connection, ada, bought)
        await connection.close()
        return company, ada, bought

    return asyncio.run(put())


AS = ("policy", "explain", "--as", "rep@example.com")


def test_a_field_is_explained(line: Line, company: tuple[Company, Row, Row]) -> None:
    _, ada, _ = company
    ran = line.run(*AS, ada.node, "email")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[:4] == [
        f"Customer {ada.node}: visible",
        "email is masked: a•••@example.com",
        "",
        "allow sales_rep.yaml:14 as sales_rep: masked by email: holds",
    ]
    assert "owner would have to be Rep, not Colleague" in ran.out
    told = json.loads(line.run(*AS, ada.node, "email", "--json").out)
    assert (told["type"], told["states"], told["shown"]) == ("Customer", {"email": "masked"}, "a•••@example.com")


def test_a_row_is_explained(line: Line, company: tuple[Company, Row, Row]) -> None:
    _, _, bought = company
    told = json.loads(line.run(*AS, bought.node, "--json").out)
    assert (told["type"], told["visible"], told["states"]["total"]) == ("Order", True, "withheld")
    assert line.run("policy", "explain", "--as", "nobody@example.com", bought.node).out.startswith(
        f"Order {bought.node}: hidden\nNo rule of the user's roles speaks of it.\n"
    )


def test_an_asker_is_told_of_a_hidden_row_what_is_told_of_one_that_is_not_there(
    line: Line, company: tuple[Company, Row, Row], fresh_database: TemporaryDatabase
) -> None:
    _, ada, bought = company
    hidden = {}
    for row in (ada, bought):
        for options in ((), ("--json",), ("displayName",) if row is ada else ("number",)):
            ran = line.run(*AS, row.node, "--by", "nobody@example.com", *options)
            hidden[row.node, options] = ran
            assert (ran.code, ran.err) == (0, "")

    async def remove() -> None:
        connection = await asyncpg.connect(fresh_database.dsn)
        await connection.execute("DELETE FROM orders")
        await connection.execute("DELETE FROM customers")
        await connection.close()

    asyncio.run(remove())
    for (node, options), ran in hidden.items():
        assert line.run(*AS, node, "--by", "nobody@example.com", *options) == ran
    assert (
        line.run(*AS, ada.node).out
        == hidden[ada.node, ()].out
        == f"There is no Customer {ada.node}, or none that you see.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--as", "stranger@example.com"], "there is no active user 'stranger@example.com'"),
        (["--as", "rep@example.com", "--by", "stranger@example.com"], "there is no active user 'stranger@example.com'"),
        (["--as", "rep@example.com", "nonsense"], "Customer has no field 'nonsense'; it has id, kind, displayName"),
    ],
)
def test_what_is_not_there_is_told_in_a_line(
    line: Line, company: tuple[Company, Row, Row], arguments: list[str], complaint: str
) -> None:
    _, ada, _ = company
    options, fields = arguments[:2], arguments[2:]
    assert line.run("policy", "explain", *options, ada.node, *fields).complaint.startswith(complaint)


def test_what_is_no_id_is_told_in_a_line(line: Line, company: tuple[Company, Row, Row]) -> None:
    _, ada, bought = company
    customer_, order_ = decode(ada.node), decode(bought.node)
    assert customer_ is not None
    assert order_ is not None
    wrong = [
        "nonsense",
        "",
        str(ada.key),
        ada.node + "A",
        encode(NodeId(0, None, ada.key)),
        encode(NodeId(customer_.tag, ada.key, ada.key)),
        encode(NodeId(order_.tag, None, bought.key)),
    ]
    for id_ in wrong:
        assert line.run(*AS, "--", id_).complaint == f"{id_!r} is not an id"


def test_by_another_version_it_is_explained_otherwise(
    line: Line, company: tuple[Company, Row, Row], tmp_path: Path
) -> None:
    _, ada, _ = company
    rule = "{allow: [read], on: Customer, fields: {names: [email]}}"
    (tmp_path / "rep.yaml").write_text(f"role: sales_rep\nrules: [{rule}]\n")
    assert line.run("policy", "apply", str(tmp_path), "--unchecked").code == 0
    assert line.run("policy", "rollback", "1", "--unchecked").code == 0
    states = {
        version: json.loads(line.run(*AS, ada.node, "email", "--json", *options).out)["states"]
        for version, options in (("active", ()), ("2", ("--version", "2")))
    }
    assert states == {"active": {"email": "masked"}, "2": {"email": "plain"}}
    bounded = json.loads(line.run(*AS, ada.node, "email", "--by", "rep@example.com", "--version", "2", "--json").out)
    assert (bounded["states"], bounded["shown"]) == ({"email": "plain"}, None)  # who asks sees it masked
    ran = line.run(*AS, ada.node, "--version", "9")
    assert (ran.code, ran.err) == (1, "there is no version 9\n")
