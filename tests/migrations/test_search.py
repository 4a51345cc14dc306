"""The tokens by which rows are searched: whoever writes, they are in step; whatever is written, they can be made."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest

import migrations
from app.models.catalogue import CATALOGUE
from tests.leaks.drawing import TEXTS

A, B, C, D = (UUID(int=n) for n in range(1, 5))

LABELLED = (
    "SELECT proname, prosrc FROM pg_proc WHERE prosrc LIKE '%search_lexemes(''%' AND prorettype = 'trigger'::regtype"
)


@pytest.fixture
async def connection(database: Any) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.dsn)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


async def test_every_searched_column_is_written_under_its_label(connection: asyncpg.Connection) -> None:
    found = {
        row["proname"].removeprefix("search_"): dict(re.findall(r"search_lexemes\('(..)', n\.(\w+)\)", row["prosrc"]))
        for row in await connection.fetch(LABELLED)
    }
    declared = {
        resource.table.name: {field.spec.searched.label: field.column.name for field in resource.searched}  # type: ignore[union-attr]
        for resource in CATALOGUE
        if resource.searched
    }
    assert found == declared
    labels = [label for table in declared.values() for label in table]
    assert len(labels) == len(set(labels)) > 30
    assert all(re.fullmatch("[a-z]{2}", label) for label in labels)
    weights = [field.spec.searched.weight for resource in CATALOGUE for field in resource.searched]  # type: ignore[union-attr]
    assert set(weights) <= set(range(1, 10))
    assert max(len(resource.searched) for resource in CATALOGUE) < 16


async def _tokens(connection: asyncpg.Connection) -> dict[tuple[str, UUID, UUID], set[str]]:
    rows = await connection.fetch(
        "SELECT entity, customer_id, entity_id, tsvector_to_array(tokens) AS tokens FROM public.search_tokens"
    )
    return {(row["entity"], row["customer_id"], row["entity_id"]): set(row["tokens"]) for row in rows}


CUSTOMER = "INSERT INTO public.customers (id, kind, display_name) VALUES ('{}', 'INDIVIDUAL', '{}')"
TASK = "INSERT INTO public.tasks (customer_id, id, title) VALUES ('{}', '{}', '{}')"


async def test_whoever_writes_the_tokens_follow(connection: asyncpg.Connection) -> None:
    await connection.execute(CUSTOMER.format(A, "Ada") + "; " + CUSTOMER.format(B, "Bo"))
    await connection.execute(TASK.format(A, C, "call"))
    expected = {
        ("customers", A, A): {"cdada"},
        ("customers", B, B): {"cdbo"},
        ("tasks", A, C): {"wtcall"},
    }
    assert await _tokens(connection) == expected

    await connection.execute("UPDATE customers SET display_name = 'Cleo', email = 'c@x.example' WHERE id = $1", A)
    expected["customers", A, A] = {"cdcleo", "cec", "cex", "ceexample", "cecxexample"}
    assert await _tokens(connection) == expected

    await connection.execute("UPDATE customers SET email = NULL, deleted_at = now() WHERE id = $1", A)
    expected["customers", A, A] = {"cdcleo"}
    assert await _tokens(connection) == expected

    await connection.copy_records_to_table(
        "customers", records=[(D, "ORGANIZATION", "Dora")], columns=("id", "kind", "display_name")
    )
    expected["customers", D, D] = {"cddora"}
    assert await _tokens(connection) == expected

    await connection.execute("UPDATE tasks SET customer_id = $1", B)
    expected["tasks", B, C] = expected.pop(("tasks", A, C))
    assert await _tokens(connection) == expected

    await connection.execute("WITH gone AS (DELETE FROM customers WHERE id = $1) DELETE FROM tasks", D)
    del expected["customers", D, D], expected["tasks", B, C]
    assert await _tokens(connection) == expected

    await connection.execute("TRUNCATE customers CASCADE")
    assert await _tokens(connection) == {}


async def test_a_row_may_come_under_another_customer_before_it_goes(connection: asyncpg.Connection) -> None:
    await connection.execute(
        "; ".join([CUSTOMER.format(A, "Ada"), CUSTOMER.format(B, "Bo"), TASK.format(A, C, "call")])
    )
    await connection.execute("INSERT INTO tasks (customer_id, id, title) SELECT $1, id, title FROM tasks", B)
    await connection.execute("DELETE FROM tasks WHERE customer_id = $1", A)
    assert {key for key in await _tokens(connection) if key[0] == "tasks"} == {("tasks", B, C)}


async def test_what_is_not_searched_costs_no_token(connection: asyncpg.Connection) -> None:
    await connection.execute(CUSTOMER.format(A, "Ada"))
    before = await connection.fetch("SELECT ctid, xmin FROM search_tokens")
    await connection.execute("UPDATE customers SET tier = 'KEY', version = version + 1")
    assert await connection.fetch("SELECT ctid, xmin FROM search_tokens") == before


@pytest.mark.parametrize(
    "how",
    [
        "SET LOCAL session_replication_role = replica",
        "CREATE TEMPORARY TABLE search_tokens AS SELECT * FROM public.search_tokens",
        "CREATE SCHEMA elsewhere; SET LOCAL search_path = elsewhere",
    ],
    ids=["a replica's role", "a table of the same name", "another search path"],
)
async def test_a_session_cannot_write_past_them(connection: asyncpg.Connection, how: str) -> None:
    with suppress(asyncpg.InsufficientPrivilegeError):
        async with connection.transaction():
            await connection.execute(how)
    await connection.execute(CUSTOMER.format(A, "Ada"))
    assert await _tokens(connection) == {("customers", A, A): {"cdada"}}


async def test_rows_that_are_there_get_their_tokens_when_the_database_comes_up(fresh_database: Any) -> None:
    connection = await asyncpg.connect(fresh_database.dsn)
    await migrations.downgrade(fresh_database.url, "0003")
    await connection.execute(CUSTOMER.format(A, "Ada"))
    await migrations.upgrade(fresh_database.url)
    assert await _tokens(connection) == {("customers", A, A): {"cdada"}}
    await connection.close()


# Totality

ALPHABET = "aB9 -_/.,'\\:*&|!()<>@+%ßİıéÅ\u0301\u200d\u2028株式カナ한국ـلไท😀\U0010fffd\u3000ﬁ０"
NASTY = [
    *TEXTS,
    "a" * 1_000_000,
    "ab " * 100_000,
    "株" * 100_000,
    "ﷺ" * 5_000,
    "1" * 1_000,
    "0" * 40,
    "+" + "9" * 400,
    "+49 (0)30 12345678",
    "a.b" * 500,
    "\u0301" * 1_000,
    "'':* | !",
    *("".join(Random(n).choices(ALPHABET, k=n % 60 + 1)) for n in range(300)),  # noqa: S311 the same every time
]
MADE = """
    SELECT value, search_lexemes('ab', value) AS lexemes,
        array_to_tsvector(search_lexemes('ab', value)) @@ search_query(value, '{cd,ab}') AS found,
        search_query(value, '{ab}', true) IS NULL AS wordless,
        coalesce((SELECT string_agg(part, '' ORDER BY place) FROM search_parts(value, value)) = left(value, 1000), value = '')
            AS whole
    FROM unnest($1::text[]) AS value
"""


async def test_any_text_that_can_be_stored_has_tokens_and_finds_itself(connection: asyncpg.Connection) -> None:
    for row in await connection.fetch(MADE, NASTY):
        lexemes, value = row["lexemes"], row["value"]
        assert all(lexeme.startswith("ab") and 2 < len(lexeme) <= 66 for lexeme in lexemes), value[:50]
        assert len(lexemes) < 10_000
        assert (not lexemes) is row["wordless"], value[:50]
        if len(value) <= 200:
            assert bool(row["found"]) is bool(lexemes), value
        assert row["whole"] or not lexemes, value[:50]


async def test_every_character_is_taken(connection: asyncpg.Connection) -> None:
    """Of the first plane every seventh, before, between and behind letters."""
    wrong = await connection.fetch("""
        SELECT code FROM generate_series(1, 65535, 7) AS code, LATERAL (SELECT chr(code) || 'x' || chr(code) || 'y' AS value) v
        WHERE code NOT BETWEEN 55296 AND 57343
        AND NOT array_to_tsvector(search_lexemes('ab', value)) @@ search_query(value, '{ab}')
    """)
    assert wrong == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ÅNGSTRÖM", "angstrom"),
        ("Straße", "STRASSE"),
        ("GROẞ", "gross"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("ısparta", "isparta"),
        ("ΌΔΟΣ", "οδος"),
        ("Ёлка", "елка"),
        ("ＡＢＣ１２", "abc12"),
        ("ﬁnance", "finance"),
        ("が", "か\u3099"),
        ("한", "\u1112\u1161\u11ab"),
        ("㍿", "株式会社"),
        ("Þór Æsir Œuvre", "thor aesir oeuvre"),
        ("a\tb\nc\u3000d", "a b c d"),
    ],
)
async def test_what_people_take_for_the_same_is_the_same(connection: asyncpg.Connection, one: str, other: str) -> None:
    found = await connection.fetchrow("SELECT search_text($1) AS one, search_text($2) AS other", one, other)
    assert found["one"] == found["other"]
