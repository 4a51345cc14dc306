"""How long a search takes among a million rows: `python -m benchmarks.search` [--write].

The rows are made up in SQL around the demo company: customers, contacts and orders, spread over its regions and owners.
Each question is asked again and again of the engine itself, as sales representative and as administrator.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from statistics import median
from uuid import UUID

from rich.console import Console

from app.database import Database, connect
from app.main import engine_of
from app.postgres.signals import exiting_on_termination
from app.settings import read_settings
from benchmarks.caller import find_caller
from benchmarks.errors import BenchmarkError
from benchmarks.growth import Asked
from benchmarks.machine import Machine, describe
from benchmarks.policy import ADMINISTRATOR
from benchmarks.processes import ROOT
from benchmarks.report import described, write_figures
from benchmarks.volume import NAME, Volume, volume
from graphql_schema.engine import Engine

FOUNDED, TIMES = 500, 30
"""Customers of the demo company, and how often each question is asked."""

NAMES = """
    CREATE FUNCTION pg_temp.word(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT initcap(string_agg(substr('bcdfghklmnprstvw', (1 + (h >> i) % 16)::int, 1) || substr('aeiou', (1 + (h >> i + 4) % 5)::int, 1), ''))
        FROM (SELECT abs(hashint8(n)::bigint) AS h) AS hashed, generate_series(0, 12, 6) AS i
    $$;
    CREATE FUNCTION pg_temp.name(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE WHEN n % 50 = 0 THEN '上海' || chr(19968 + n::int * 7 % 5000) || chr(19968 + n::int * 11 % 5000) || '有限公司'
        ELSE pg_temp.word(n) || ' ' || pg_temp.word(n * 31 + 7) || ' ' || (ARRAY['GmbH', 'Ltd', 'Inc', 'SARL'])[(1 + n % 4)::int] END
    $$;
    CREATE TEMPORARY TABLE founded AS
        SELECT row_number() OVER (ORDER BY id) - 1 AS n, owner_id, department_id, region_id FROM customers;
    CREATE TEMPORARY TABLE made AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, {customers}) AS n;
"""
"""Words of three syllables, of which there are some hundred thousand."""
ROWS = (
    """
    INSERT INTO customers (id, kind, display_name, email, phone, owner_id, department_id, region_id)
    SELECT m.id, 'ORGANIZATION', pg_temp.name(m.n), 'office@' || lower(pg_temp.word(m.n)) || m.n || '.example',
        '+49' || 30000000000 + m.n * 7919, f.owner_id, f.department_id, f.region_id
    FROM made m JOIN founded f ON f.n = m.n % (SELECT count(*) FROM founded)""",
    """
    INSERT INTO contacts (customer_id, id, display_name, email, owner_id, department_id, region_id)
    SELECT c.id, gen_random_uuid(), pg_temp.word(m.n * 3 + 1) || ' ' || pg_temp.word(m.n * 5 + 2),
        lower(pg_temp.word(m.n * 3 + 1)) || m.n || '@mail.example', c.owner_id, c.department_id, c.region_id
    FROM made m JOIN customers c USING (id)""",
    """
    INSERT INTO orders (customer_id, id, number, ordered_at, currency, owner_id, department_id, region_id)
    SELECT c.id, gen_random_uuid(), 'EX-' || lpad((m.n * 2 + k)::text, 8, '0'), now(), 'EUR', c.owner_id, c.department_id, c.region_id
    FROM made m JOIN customers c USING (id), generate_series(0, 1) AS k""",
)
"""Four rows to a customer."""

PERSON = f"SELECT id FROM users WHERE email = ({ADMINISTRATOR})"

GLOBAL = """query($words: String!) {
    search(query: $words) { nodes { rank field highlight { text matched } node { id __typename
        ... on Customer { displayName } ... on Contact { displayName } ... on Order { number } } } }
}"""
LIST = "query($words: String!) { customers(search: $words, first: 20) { nodes { id displayName email } } }"
COUNT = "query($words: String!) { search(query: $words) { totalCount } }"
SEEN = "region_id = ANY($1) ORDER BY id LIMIT 1 OFFSET 7"
QUESTIONS = {
    "a name": f"SELECT display_name FROM customers WHERE display_name ~ 'GmbH$' AND {SEEN}",
    "the beginning of a name": f"SELECT left(display_name, 5) FROM customers WHERE display_name ~ 'Inc$' AND {SEEN}",
    "an e-mail address": f"SELECT email FROM customers WHERE email ~ '^office' AND {SEEN}",
    "a telephone number": f"SELECT '0' || substr(phone, 4) FROM customers WHERE phone ~ '^.49' AND {SEEN}",
    "an order's number": f"SELECT number FROM orders WHERE number ~ '^EX' AND {SEEN}",
    "two Chinese characters": f"SELECT substr(display_name, 3, 2) FROM customers WHERE display_name ~ '^上海' AND {SEEN}",
    "nothing that is there": "SELECT 'qqqqq' WHERE $1::uuid[] IS NOT NULL",
    "`gmbh`, which every sixteenth row has": "SELECT 'gmbh' WHERE $1::uuid[] IS NOT NULL",
}
"""What is asked, and what it is asked of."""

console = Console(stderr=True)


async def fill(place: Volume, rows: int) -> None:
    """Makes rows around the demo company until there are so many that are searched."""
    connection = await connect(place.address)
    try:
        lacking = rows - await connection.fetchval("SELECT count(*) FROM search_tokens")
        if lacking <= len(ROWS):
            return
        await connection.execute(NAMES.format(customers=lacking // 4))
        for statement in ROWS:
            began = time.monotonic()
            await connection.execute(statement, timeout=3_600)
            console.print(f"{statement.split()[2]}: {time.monotonic() - began:.0f} s", style="dim")
        await connection.execute("VACUUM ANALYZE", timeout=3_600)
    finally:
        await connection.close()


async def _words(place: Volume, regions: Sequence[UUID]) -> dict[str, str]:
    connection = await connect(place.address)
    try:
        return {title: await connection.fetchval(question, regions) for title, question in QUESTIONS.items()}
    finally:
        await connection.close()


async def _asked(engine: Engine, user: UUID, words: str) -> tuple[int, float, float]:
    """How much is found, and the milliseconds of a search of everything and of one list."""
    count = await Asked(engine, user, COUNT, {"words": words}).ask()
    times = []
    for text in (GLOBAL, LIST):
        asked = Asked(engine, user, text, {"words": words})
        for _ in range(TIMES):
            await asked.ask()
        times.append(median(asked.seconds[10:]) * 1_000)
    return count["search"]["totalCount"], times[0], times[1]


async def _measured(place: Volume, rows: int) -> tuple[Machine, Sequence[str]]:
    await fill(place, rows)
    database = Database(place.address, pool_size=1, statement_timeout=60)
    try:
        await database.open()
        row = await database.read(PERSON)
        if row is None:
            raise BenchmarkError("No user of the demo company is an administrator.")
        caller = await find_caller(database)
        people = {"administrator": row["id"], "representative": caller.user}
        words = await _words(place, caller.regions)
        lines = ["| searched for | who | found | everything, ms | customers, ms |", "| --- | --- | --: | --: | --: |"]
        engine = engine_of(database)
        for title, asked in words.items():
            for who, user in people.items():
                found, everything, listed = await _asked(engine, user, asked)
                lines.append(f"| {title} | {who} | {found:,} | {everything:.1f} | {listed:.1f} |")
        return await describe(database), lines
    finally:
        await database.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    arguments = parser.parse_args()
    with exiting_on_termination(), volume(read_settings(), FOUNDED, f"{NAME}_search") as place:
        machine, lines = asyncio.run(_measured(place, arguments.rows))
    figures = "\n".join([*lines, "", f"- {described(machine)}"])
    Console(highlight=False, soft_wrap=True).print(figures, markup=False)
    if arguments.write:
        write_figures(ROOT / "docs" / "performance.md", figures, "search")


if __name__ == "__main__":
    main()
