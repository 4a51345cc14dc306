"""What docs/policy.md says is so: each of its examples is executed."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
import typer
import yaml

from app.cli import app
from app.models.catalogue import CATALOGUE
from app.services.policies.store import activate
from app.services.policies.testing import run_cases
from policies.catalogue import Kind
from policies.conditions import OPERATORS
from policies.document import Action, RulePart
from policies.linting import CHECKS, lint
from policies.linting.checks import NO_CLASS
from policies.loading import load
from policies.masks import MASKS
from policies.parsing import ATTRIBUTES, Parser
from policies.rules import Policy
from policies.statements import statement
from policies.testing import read_cases
from policies.testing.document import CasePart
from tests.command_line import Line, forget_settings, line_over
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.rows import assign, customer, region, store, user

TEXT = (Path(__file__).parents[3] / "docs" / "policy.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The document's blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def rows(head: str) -> list[list[str]]:
    """The rows of the table with a head, cell by cell."""
    _, _, rest = TEXT.partition(f"| {head} |")
    lines = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def words(cell: str) -> list[str]:
    """What stands between backquotes, word by word."""
    return [word for part in re.findall(r"`([^`]+)`", cell) for word in part.split()]


STAFF, SELLER, VISITOR, SCOPE, CONDITIONS, CAMPAIGNER, OPENER, DOUBTFUL, HASHING, NAMING, IDLE, TABLE = blocks("yaml")
FAILING, EXPLAINED = blocks("text")
DOCUMENTS = {
    "staff.yaml": STAFF,
    "seller.yaml": SELLER,
    "visitor.yaml": VISITOR,
    "scope.yaml": SCOPE,
    "opener.yaml": OPENER,
}
POLICY = load(DOCUMENTS, CATALOGUE)


# Words


def test_the_tables_name_all_that_there_is() -> None:
    entries = rows("entry of a rule | what it says")
    assert [word for row in entries for word in words(row[0])] == list(RulePart.model_fields)
    assert words(entries[0][1]) == [action.value for action in Action]
    assert [word for row in rows("operand | what it is") for word in words(row[0].replace(",", " "))] == [
        "$me", "$reports", "$assignment.regions", "$assignment.departments", "$purpose", "$now",
    ]  # fmt: skip
    assert set(ATTRIBUTES) == {word for row in rows("operand | what it is") for word in words(row[0])}
    assert [word for row in rows("mask | fits | shows of | this") for word in words(row[0])] == list(MASKS)
    parts = {field.alias or name for name, field in CasePart.model_fields.items()}
    assert {word for row in rows("entry | what it says") for word in words(row[0].replace(",", " "))} == parts


KINDS = {
    "text": [Kind.TEXT],
    "one of a list": [Kind.ENUM],
    "number, money, day, time": [Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.DATE, Kind.TIME],
    "key, relation": [Kind.ID],
    "place in a tree": [Kind.TREE],
    "yes or no": [Kind.BOOLEAN],
}


def test_each_kind_of_field_has_the_operators_of_the_table() -> None:
    found = {kind: words(row[1]) for row in rows("field | operators") for kind in KINDS[row[0]]}
    assert found == {kind: [each.value for each in operators] for kind, operators in OPERATORS.items() if operators}


@pytest.mark.parametrize("row", rows("mask | fits | shows of | this"), ids=lambda row: str(row[0]))
async def test_a_mask_shows_what_the_table_says(database: TemporaryDatabase, row: list[str]) -> None:
    name, _, value, shown = row
    if "–" in value:
        return
    mask = MASKS[words(name)[0]]
    [written], [expected] = words(value), words(shown)
    types: dict[str, Any] = {"days and times": sa.Date(), "numbers": sa.Integer()}
    type_ = types.get(row[1], sa.Text())
    column: Any = sa.cast(sa.literal_column(f"'{written}'"), type_)
    found = statement(sa.select(mask.apply(column, "Customer.email")))
    connection = await asyncpg.connect(database.dsn)
    try:
        assert str(await connection.fetchval(found.sql)) == expected
    finally:
        await connection.close()


def test_each_condition_can_be_written() -> None:
    for written in yaml.safe_load(CONDITIONS):
        parser = Parser(CATALOGUE)
        parser.condition(written, CATALOGUE["Customer"], ())
        assert parser.faults == [], written


# Lint


def test_nothing_is_to_be_said_of_the_example_but_that_it_is_small() -> None:
    assert [str(finding) for finding in lint(POLICY)] == []


def told(text: str) -> list[tuple[int, str]]:
    """What the comments of a document tell of: line, check and message."""
    found = ((n, re.search(r" +# ([a-z-]+: .+)$", line)) for n, line in enumerate(text.splitlines(), 1))
    return sorted((n, each) for n, match in found if match for each in match[1].split(" & "))


@pytest.mark.parametrize("text", [DOUBTFUL, HASHING, IDLE], ids=["doubtful", "hashing", "idle"])
def test_lint_finds_what_the_comments_say(text: str) -> None:
    policy = load({"a.yaml": text, "b.yaml": NAMING, "staff.yaml": STAFF}, CATALOGUE)
    findings = [finding for finding in lint(policy) if finding.line]
    assert sorted((finding.line, f"{finding.check}: {finding.message}") for finding in findings) == told(text)


def test_each_check_has_its_example() -> None:
    named = {message.partition(":")[0] for text in (DOUBTFUL, HASHING, IDLE) for _, message in told(text)}
    assert named == {check.name for check in CHECKS}
    assert f"`{NO_CLASS}`" in TEXT


# Tests


async def misses(database: TemporaryDatabase, policy: Policy, text: str) -> list[Any]:
    connection = await asyncpg.connect(database.dsn)
    try:
        return await run_cases(connection, policy, read_cases({"tests/a.yaml": text}, policy))
    finally:
        await connection.close()


async def test_the_table_of_tests_is_as_expected(database: TemporaryDatabase) -> None:
    assert len(read_cases({"a.yaml": TABLE}, POLICY)) == 10
    assert await misses(database, POLICY, TABLE) == []


@pytest.fixture
def line(fresh_database: TemporaryDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """The command line, in a folder that holds the example."""
    forget_settings(monkeypatch)
    for name, text in DOCUMENTS.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "tests").mkdir()
    return line_over(fresh_database, tmp_path)


def test_what_fails_is_shown_as_it_is_printed(line: Line, tmp_path: Path) -> None:
    people = "people:\n  rep: {role: seller, regions: [EMEA]}\ncases:\n"
    cases = "  - {as: rep, on: Customer, row: {region: EMEA}, plain: [email]}\n  - {as: rep, on: Customer, row: {region: ASIA}}\n"
    (tmp_path / "tests" / "a.yaml").write_text(people + cases)
    assert line.run("policy", "test", str(tmp_path)).out == FAILING


# Explain and the commands


def test_what_is_explained_is_what_is_printed(line: Line, fresh_database: TemporaryDatabase) -> None:
    germany, rep, colleague = region("DE", name="Germany"), user("rep"), user("colleague")
    ada = customer(region=germany, owner=colleague, email="ada.lovelace@example.com")

    async def put() -> None:
        connection = await asyncpg.connect(fresh_database.dsn)
        await activate(connection, DOCUMENTS)
        await store(connection, germany, rep, colleague, ada)
        await assign(connection, rep, "seller", region=germany)
        await connection.close()

    asyncio.run(put())
    ran = line.run("policy", "explain", "--as", "rep@example.com", ada.node, "email")
    assert ran.out.replace(ada.node, "DAABjQ…") == EXPLAINED


def test_every_command_of_the_page_is_there() -> None:
    group: Any = typer.main.get_command(app)
    for written in "".join(blocks("sh")).splitlines():
        name, *arguments = written.partition(" #")[0].split()
        assert name == "c360"
        command = group.commands[arguments[0]].commands[arguments[1]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in arguments if word.startswith("--")} <= known


@pytest.mark.parametrize(
    ("condition", "expect"), [("{tier: {eq: KEY}}", "hidden"), ("{tier: {eq: KEY, isNull: false}}", "visible")]
)
async def test_a_deny_takes_possibility(database: TemporaryDatabase, condition: str, expect: str) -> None:
    rules = (
        "role: r\nrules:\n  - {allow: [read], on: Customer, fields: all}\n  - {deny: [read], on: Customer, when: %s}\n"
    )
    policy = load({"r.yaml": rules % condition}, CATALOGUE)
    assert await misses(database, policy, f"cases: [{{as: {{role: r}}, on: Customer, expect: {expect}}}]") == []
