"""A team whose lead may look as those who report to it: the scene of the tests of looking as somebody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, assign, customer, store, user
from tests.http.asking import Asking, faults_of

LEAD = """
role: lead
includes: [sales_rep]
rules:
  - allow: [read]
    on: [User, Role, RoleAssignment, PolicyVersion]
    fields: {classes: [PUBLIC, BUSINESS]}
  - allow: [simulate]
    on: User
    when: {manager: {eq: $me}}
"""
RULES = {**read_folder(DEFAULT_RULES), "lead.yaml": LEAD}


@dataclass(frozen=True, repr=False)
class Team:
    """The lead sees Germany, the member all of Europe and more of each customer there."""

    lead: Row
    member: Row
    former: Row
    german: Row
    french: Row
    chinese: Row

    def _repr_pretty_(self, printer: Any, cycle: object) -> None:
        printer.text("team")


async def founded(writer: asyncpg.Connection, company: Company) -> Team:
    """The team, under the shipped policy with the role of its lead."""
    lead = user("lead", region=company.germany)
    member, former = user("member", manager=lead), user("former", manager=lead, status="LEFT")
    known = {"email": "ada.lovelace@example.com", "tax_id": "DE123456789"}
    german = customer("German", region=company.germany, **known)
    french = customer("French", region=company.france, owner=member, **known)
    chinese = customer("Chinese", region=company.china, **known)
    await store(writer, lead, member, former, german, french, chinese)
    await activate(writer, RULES, "With a lead.")
    await assign(writer, lead, "lead", region=company.germany)
    await assign(writer, member, "sales_manager", region=company.europe, department=company.sales)
    return Team(lead, member, former, german, french, chinese)


SIMULATE = """query ($as: ID!, $operation: String!, $variables: JSON, $name: String, $version: Int) {
    policySimulate(as: $as, operation: $operation, variables: $variables, operationName: $name, version: $version)
}"""


async def simulated(graph: Asking, asker: Row, as_: Row, operation: str, **more: Any) -> Any:
    """The response that a user would get, as far as the asker sees it."""
    answer = await graph.data(asker, SIMULATE, {"as": as_.node, "operation": operation, **more})
    return answer["policySimulate"]


@asynccontextmanager
async def without_roles(writer: asyncpg.Connection, who: Row) -> AsyncIterator[None]:
    """Somebody holds none, by the word of another process."""
    await writer.execute("UPDATE role_assignments SET deleted_at = now() WHERE user_id = $1", who.key)
    try:
        yield
    finally:
        await writer.execute("UPDATE role_assignments SET deleted_at = NULL WHERE user_id = $1", who.key)


async def refused(graph: Asking, asker: Row, query: str, **variables: Any) -> list[tuple[str, str | None]]:
    """Code and argument of each error, where all that is answered is null."""
    answer = await graph.ask(asker, query, variables)
    assert set(answer["data"].values()) == {None}
    return faults_of(answer)
