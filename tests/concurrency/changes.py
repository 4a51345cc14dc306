"""Changes of rights, step by step, and what is to be told after each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.concurrency.judging import Committed, Mark, Reached, Told
from tests.graphql_schema.company import Company

SEE, FILTER, INTROSPECT, WRONG = (
    "{ viewer { roles } customers(orderBy: [{field: DISPLAY_NAME}]) { nodes { displayName } totalCount } }",
    '{ customers(where: {taxId: {eq: "x"}}) { totalCount } }',
    '{ __type(name: "Customer") { fields { name } } }',
    "{ nonsense }",
)
QUERIES = (SEE, FILTER, INTROSPECT, WRONG)
REP, MANAGER, COLLEAGUE, PARTNER, ADMIN = "rep", "manager", "colleague", "partner", "admin"
USERS = (REP, MANAGER, COLLEAGUE, PARTNER, ADMIN)
ASKED = tuple((user, query) for query in QUERIES for user in USERS)
"""All users ask one query after the other, so that plans of one text alternate between roles."""
ALL_SEE = tuple((user, SEE) for user in USERS)

Questions: TypeAlias = Mapping[tuple[str, str], tuple[str, ...]]
Step: TypeAlias = Callable[[asyncpg.Connection, Company], Awaitable[Mark]]

PLACES = tuple(f"Place{i}" for i in range(9))
"""Customers, each alone in a region of its name."""
UNREADABLE, BAD = "FIELD_NOT_READABLE", "BAD_USER_INPUT"
AT_REST: Mapping[tuple[str, str], str] = {
    (REP, SEE): "German",
    (MANAGER, SEE): "French German Owned",
    (COLLEAGUE, SEE): "French",
    (PARTNER, SEE): "German",
    (ADMIN, SEE): " ".join(("Chinese", "Fielded", "French", "German", "Owned", *PLACES)),
    (REP, FILTER): UNREADABLE,
    (MANAGER, FILTER): "answered",
    (COLLEAGUE, FILTER): UNREADABLE,
    (PARTNER, FILTER): BAD,
    (ADMIN, FILTER): "answered",
    **{(user, INTROSPECT): "not shown" if user == PARTNER else "shown" for user in USERS},
    **{(user, WRONG): BAD for user in USERS},
}
"""What is told to whom while nothing changes."""


@dataclass(frozen=True)
class Change:
    """Steps, and by user and query what is told before the first, after it, and so on; all else stays as it is."""

    steps: tuple[Step, ...]
    told: Questions

    def expected(self, asked: Sequence[tuple[str, str]]) -> Told:
        """What is to be told of each question in each phase."""
        still = {question: (told,) * (len(self.steps) + 1) for question, told in AT_REST.items()}
        return {number: {**still, **self.told}[question] for number, question in enumerate(asked)}


async def _committed(connection: asyncpg.Connection, *statements: tuple[str, *tuple[object, ...]]) -> Mark:
    async with connection.transaction():
        for statement, *values in statements:
            await connection.execute(statement, *values)
        return Committed(int(await connection.fetchval("SELECT pg_current_xact_id()::text")))


def sql(statement: str, *rows: str) -> Step:
    """A statement about rows of the company."""

    async def step(connection: asyncpg.Connection, company: Company) -> Mark:
        return await _committed(connection, (statement, *(getattr(company, row).key for row in rows)))

    return step


def rules(document: str = "", old: str = "", new: str = "") -> Step:
    """The shipped policy, or with something replaced in a document of it."""

    async def step(connection: asyncpg.Connection, _company: Company) -> Mark:
        texts = read_folder(DEFAULT_RULES)
        if document:
            assert old in texts[document]
            texts[document] = texts[document].replace(old, new)
        async with connection.transaction():
            await activate(connection, texts)
            return Committed(int(await connection.fetchval("SELECT pg_current_xact_id()::text")))

    return step


def in_time(column: str, user: str, table: str = "role_assignments") -> Step:
    """A user's assignment (or unmask) begins or ends by itself in a second, counted from when this may be written."""
    statement = f"""
        UPDATE {table} SET {column} = date_trunc('milliseconds', clock_timestamp()) + interval '1 second'
        WHERE user_id = $1 RETURNING {column}"""

    async def step(connection: asyncpg.Connection, company: Company) -> Mark:
        moment = await connection.fetchval(statement, getattr(company, user).key)
        return Reached(moment.timestamp())

    return step


NOW_AND_THEN = "UPDATE role_assignments SET valid_to = {} WHERE user_id = $1"
STATUS = "UPDATE users SET status = '{}' WHERE id = $1"
UNMASK = """
    INSERT INTO unmasks (id, user_id, resource, field, row_id, reason, valid_to)
    SELECT gen_random_uuid(), $1, 'Customer', 'displayName', id, 'Asked for', now() + interval '1 day'
    FROM customers WHERE display_name = 'German'"""
MANAGED = "UPDATE users SET manager_id = {} WHERE id = $1"
RENAMED = "UPDATE roles SET code = '{1}' WHERE code = '{0}'"
MOVED = "UPDATE {} SET parent_id = $2, path = '{}' WHERE code = '{}' AND $1::uuid IS NOT NULL"
OPEN_NAMES = "fields: {classes: [PUBLIC, BUSINESS]}\n    meant: [orphans, sums]"
MASKED_NAMES = """\
fields: {names: [displayName]}
    mask: {displayName: redact}
  - allow: [unmask]
    on: Customer
    fields: {names: [displayName]}"""
BY_REGION, BY_DEPARTMENT = "region: {in: $assignment.regions}", "department: {in: $assignment.departments}"
ALL, NONE = "French German Owned", ""


def _nothing(user: str, seen: str) -> Questions:
    """For a while, a user sees no customer at all; then no field of theirs is refused either."""
    return {(user, SEE): (seen, NONE, seen), (user, FILTER): (UNREADABLE, "answered", UNREADABLE)}


CHANGES: Mapping[str, Change] = {
    "an assignment ends": Change(
        (sql(NOW_AND_THEN.format("now()"), REP), sql(NOW_AND_THEN.format("NULL"), REP)),
        _nothing(REP, "German"),
    ),
    "an assignment goes and comes": Change(
        (
            sql("UPDATE role_assignments SET deleted_at = now() WHERE user_id = $1", PARTNER),
            sql("UPDATE role_assignments SET deleted_at = NULL WHERE user_id = $1", PARTNER),
        ),
        {
            (PARTNER, SEE): ("German", NONE, "German"),
            (PARTNER, FILTER): (BAD, "answered", BAD),
            (PARTNER, INTROSPECT): ("not shown", "shown", "not shown"),
        },
    ),
    "an assignment ends by itself": Change(
        (in_time("valid_to", REP), sql(NOW_AND_THEN.format("NULL"), REP)),
        _nothing(REP, "German"),
    ),
    "an assignment begins by itself": Change(
        (
            sql("UPDATE role_assignments SET valid_from = now() + interval '1 day' WHERE user_id = $1", REP),
            in_time("valid_from", REP),
        ),
        _nothing(REP, "German"),
    ),
    "an unmask ends by itself": Change(
        (
            rules("sales_rep.yaml", OPEN_NAMES, MASKED_NAMES),
            sql(UNMASK, REP),
            in_time("valid_to", REP, "unmasks"),
            rules(),
        ),
        {(REP, SEE): ("German", "•••", "German", "•••", "German"), (COLLEAGUE, SEE): ("French", "•••", "•••", "•••", "French")},
    ),
    "a user is suspended": Change(
        (sql(STATUS.format("SUSPENDED"), PARTNER), sql(STATUS.format("ACTIVE"), PARTNER)),
        {(PARTNER, query): (AT_REST[PARTNER, query], "401", AT_REST[PARTNER, query]) for query in QUERIES},
    ),
    "a manager loses a report": Change(
        (sql(MANAGED.format("NULL"), COLLEAGUE), sql(MANAGED.format("$2"), COLLEAGUE, MANAGER)),
        {(MANAGER, SEE): (ALL, "French German", ALL)},
    ),
    "a role gets another name": Change(
        (sql(RENAMED.format("sales_rep", "former")), sql(RENAMED.format("former", "sales_rep"))),
        {**_nothing(REP, "German"), **_nothing(COLLEAGUE, "French")},
    ),
    "a region moves": Change(
        (
            sql(MOVED.format("regions", "/world/de/", "DE"), "germany", "world"),
            sql(MOVED.format("regions", "/world/eu/de/", "DE"), "germany", "europe"),
        ),
        {(MANAGER, SEE): (ALL, "French Owned", ALL)},
    ),
    "a department moves": Change(
        (
            rules("sales_manager.yaml", BY_REGION, BY_DEPARTMENT),
            sql(MOVED.format("departments", "/service/field/", "FIELD"), "sales", "service"),
            sql(MOVED.format("departments", "/sales/field/", "FIELD"), "service", "sales"),
            rules(),
        ),
        {(MANAGER, SEE): (ALL, "Fielded Owned", "Owned", "Fielded Owned", ALL)},
    ),
    "a rule goes": Change(
        (rules("sales_rep.yaml", BY_REGION, BY_DEPARTMENT), rules()),
        {(REP, SEE): ("German", "Fielded", "German"), (COLLEAGUE, SEE): ("French", "Fielded", "French")},
    ),
    "a field is opened": Change(
        (
            rules("sales_rep.yaml", "[CONTACT, FINANCIAL]", "[CONTACT, FINANCIAL, IDENTITY]"),
            rules("partner.yaml", "classes: [PUBLIC, BUSINESS]", "classes: [PUBLIC, BUSINESS, IDENTITY]"),
            rules(),
        ),
        {
            (REP, FILTER): (UNREADABLE, "answered", UNREADABLE, UNREADABLE),
            (COLLEAGUE, FILTER): (UNREADABLE, "answered", UNREADABLE, UNREADABLE),
            (PARTNER, FILTER): (BAD, BAD, "answered", BAD),
            (PARTNER, INTROSPECT): ("not shown", "not shown", "shown", "not shown"),
        },
    ),
}  # fmt: skip


def _placed(place: str) -> Step:
    return sql(
        f"UPDATE role_assignments SET region_id = (SELECT id FROM regions WHERE name = '{place}') WHERE user_id = $1",
        REP,
    )


def flapping(times: int) -> Change:
    """A representative is sent from region to region."""
    places = [PLACES[i % len(PLACES)] for i in range(times)]
    return Change(
        (*map(_placed, places), sql("UPDATE role_assignments SET region_id = $2 WHERE user_id = $1", REP, "germany")),
        {(REP, SEE): ("German", *places, "German")},
    )
