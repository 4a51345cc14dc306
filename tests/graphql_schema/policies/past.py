"""A company whose policy, assignments and records change at random: the scene of the tests of looking back."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from app import models
from app.services.policies.store import activate
from policies.loading import DEFAULT_RULES, read_folder
from tests.graphql_schema.audit.trail import write
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, contact, customer, store, task, ticket
from tests.http.asking import Asking

AT = """query ($id: ID!, $field: String, $at: DateTime!, $first: Int, $after: String) {
    accessAt(id: $id, field: $field, at: $at, first: $first, after: $after) {
        at version gaps nodes { id name state roles rules } endCursor } }"""
NOW = """query ($id: ID!, $field: String) {
    whoCanSee(id: $id, field: $field) { nodes { id name state roles rules } endCursor } }"""


async def then(graph: Asking, who: Row, row: Row, at: dt.datetime, field: str | None = None, **page: Any) -> Any:
    """Who saw it."""
    asked = {"id": row.node, "field": field, "at": at.isoformat(), **page}
    return (await graph.data(who, AT, asked))["accessAt"]


async def now(graph: Asking, who: Row, row: Row, field: str | None = None) -> Any:
    """Who sees it."""
    return (await graph.data(who, NOW, {"id": row.node, "field": field}))["whoCanSee"]


async def clock(writer: asyncpg.Connection) -> dt.datetime:
    """The time of the database."""
    found: dt.datetime = await writer.fetchval("SELECT clock_timestamp()")
    return found


PLACED = (
    {"owner": {"eq": "$me"}},
    {"owner": {"in": "$reports"}},
    {"region": {"in": "$assignment.regions"}},
    {"department": {"in": "$assignment.departments"}},
    {"owner": {"manager": {"eq": "$me"}}},
    {"owner": {"status": {"eq": "ACTIVE"}}, "region": {"in": "$assignment.regions"}},
    {"region": {"path": {"within": "/world/eu/"}}},
    {"department": {"managerUser": {"eq": "$me"}}},
)
"""Conditions on whatever has an owner, a department and a region."""
CONDITIONS = {
    "Customer": (
        *PLACED,
        {"tier": {"in": ["KEY", "STRATEGIC"]}},
        {"tickets": {"some": {"priority": {"eq": "URGENT"}}}},
        {"contacts": {"none": {"isPrimary": {"eq": True}}}},
        {"annualRevenue": {"gt": 1000}},
        {"tasks": {"some": {"dueAt": {"lt": "$now"}}}},
    ),
    "Contact": (*PLACED, {"isPrimary": {"eq": True}}, {"customer": {"tier": {"eq": "KEY"}}}),
    "Ticket": (*PLACED, {"customer": {"region": {"in": "$assignment.regions"}}}, {"priority": {"eq": "URGENT"}}),
    "Task": (*PLACED, {"dueAt": {"gt": "$now"}}, {"customer": {"owner": {"eq": "$me"}}}),
}
FIELDS = {
    "Customer": ("tier", "email", "taxId", "displayName"),
    "Contact": ("email", "displayName"),
    "Ticket": ("subject",),
    "Task": ("title",),
}
ROLES = ("alpha", "beta", "gamma")
SHIPPED = read_folder(DEFAULT_RULES)


@dataclass
class Story:
    """Who and what there is, and what may become of it."""

    graph: Asking
    writer: asyncpg.Connection
    company: Company
    random: random.Random
    records: dict[str, list[Row]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    done: int = 0

    async def begin(self) -> None:
        """Stores records, and has a first policy with the roles."""
        at, to = self.company, self.writer
        one = customer("One", region=at.germany, department=at.sales, owner=at.rep, tier="KEY", email="one@example.com")
        two = customer("Two", region=at.china, department=at.service, owner=at.agent, tax_id="DE123456789")
        held = [contact(one, email="c@example.com"), contact(two, is_primary=True)]
        tickets, tasks = [ticket(one), ticket(two, priority="URGENT")], [task(one), task(two)]
        await store(to, one, two, *held, *tickets, *tasks)
        self.records = {"Customer": [one, two], "Contact": held, "Ticket": tickets, "Task": tasks}
        await self.policy()
        rows = await to.fetch("SELECT id, code FROM roles")
        self.roles = {row["code"]: Row(models.Role, {"id": row["id"]}).node for row in rows}

    def questions(self) -> Iterator[tuple[Row, str | None]]:
        """A row, or a field of one."""
        for type_, rows in self.records.items():
            for each in rows:
                yield from ((each, name) for name in (None, *FIELDS[type_]))

    # What may become of it

    async def step(self) -> None:
        """Something is changed, of which is counted what is not refused."""
        ways: dict[Callable[[], Awaitable[bool]], int] = {
            self.policy: 12, self.assigned: 20, self.reassigned: 25, self.ended: 10, self.person: 10,
            self.place: 12, self.record: 30, self.gone: 4,
        }  # fmt: skip
        [way] = self.random.choices(list(ways), list(ways.values()))
        self.done += await way()

    async def policy(self) -> bool:
        """Another version: of rules that are drawn."""
        documents = {f"{role}.yaml": json.dumps({"role": role, "rules": list(self._rules())}) for role in ROLES}
        await activate(self.writer, {**SHIPPED, **documents})
        return True

    def _rules(self) -> Iterator[dict[str, Any]]:
        draw = self.random
        for on, conditions in CONDITIONS.items():
            for _ in range(draw.randint(1, 2)):
                rule: dict[str, Any] = {"allow": ["read"], "on": on, "when": draw.choice(conditions)}
                names = draw.sample(FIELDS[on], draw.randint(1, len(FIELDS[on])))
                rule["fields"] = {"names": names}
                if draw.random() < 0.4:
                    rule["mask"] = {names[0]: "redact"}
                yield rule
            if draw.random() < 0.3:
                rule = {"deny": ["read"], "on": on, "when": draw.choice(conditions)}
                yield {**rule, "fields": {"names": [FIELDS[on][0]]}} if draw.random() < 0.7 else rule

    def _people(self) -> list[Row]:
        of = self.company
        return [of.manager, of.rep, of.colleague, of.agent, of.finance, of.nobody]

    def _held_for(self) -> dict[str, Any]:
        draw, of = self.random, self.company
        region = draw.choice([None, of.world, of.europe, of.germany, of.france, of.china])
        department = draw.choice([None, of.sales, of.service])
        return {"region": region and region.node, "department": department and department.node}

    async def _valid(self) -> dict[str, Any]:
        """Often without bounds; else between moments that are soon."""
        found, start = {}, await clock(self.writer)
        for name, chance in (("validFrom", 0.25), ("validTo", 0.35)):
            if self.random.random() < chance:
                soon = dt.timedelta(seconds=self.random.uniform(0, 4) + (2 if name == "validTo" else 0))
                found[name] = (start + soon).isoformat()
        return found

    async def _write(self, name: str, **given: Any) -> bool:
        return not (await write(self.graph, self.company.admin, name, **given))["userErrors"]

    async def assigned(self) -> bool:
        who, role = self.random.choice(self._people()), self.roles[self.random.choice(ROLES)]
        given = {**self._held_for(), **await self._valid()}
        return await self._write("roleAssignmentCreate", user=who.node, role=role, **given)

    async def _assignment(self) -> str | None:
        rows = await self.writer.fetch(
            "SELECT id FROM role_assignments WHERE user_id = ANY($1) AND deleted_at IS NULL ORDER BY id",
            [each.key for each in self._people()],
        )
        return Row(models.RoleAssignment, {"id": self.random.choice(rows)["id"]}).node if rows else None

    async def reassigned(self) -> bool:
        held = await self._assignment()
        if held is None:
            return False
        draw = self.random.random()
        given = self._held_for() if draw < 0.4 else await self._valid()
        if draw > 0.8:
            given = {"role": self.roles[self.random.choice(ROLES)]}
        return bool(given) and await self._write("roleAssignmentUpdate", id=held, **given)

    async def ended(self) -> bool:
        held = await self._assignment()
        return held is not None and await self._write("roleAssignmentDelete", id=held)

    async def person(self) -> bool:
        draw, who = self.random, self.random.choice(self._people())
        status: dict[str, Any] = {"status": draw.choice(["ACTIVE", "ACTIVE", "SUSPENDED", "LEFT"])}
        manager = {"manager": draw.choice([None, *(each.node for each in self._people() if each is not who)])}
        return await self._write("userUpdate", id=who.node, **draw.choice([status, manager]))

    async def place(self) -> bool:
        draw, of = self.random, self.company
        if draw.random() < 0.3:
            return await self._write(
                "departmentUpdate", id=draw.choice([of.sales, of.service]).node, managerUser=draw.choice(self._people()).node
            )  # fmt: skip
        which = draw.choice([of.germany, of.france, of.europe, of.europe])
        above = draw.choice([of.world, of.china, of.europe])
        return await self._write("regionUpdate", id=which.node, parent=above.node)

    async def record(self) -> bool:
        draw, type_ = self.random, self.random.choice(["Customer", "Customer", "Contact", "Ticket", "Task"])
        each = draw.choice(self.records[type_])
        own: dict[str, list[dict[str, Any]]] = {
            "Customer": [{"tier": "KEY"}, {"tier": "BASIC"}, {"annualRevenue": {"amount": "2000", "currency": "EUR"}}],
            "Contact": [{"isPrimary": True}, {"isPrimary": False}],
            "Ticket": [{"priority": "URGENT"}, {"priority": "LOW"}],
            "Task": [{"dueAt": (await clock(self.writer) + dt.timedelta(seconds=draw.uniform(0, 5))).isoformat()}],
        }
        placed: list[dict[str, Any]] = [{"owner": draw.choice(self._people()).node}, self._held_for()]
        given = draw.choice([*own[type_], *([] if type_ == "Contact" else placed)])
        return await self._write(f"{type_[:1].lower()}{type_[1:]}Update", id=each.node, **given)

    async def gone(self) -> bool:
        """Deleted, or brought back."""
        type_ = self.random.choice(["Contact", "Ticket", "Task", "Customer"])
        each = self.random.choice(self.records[type_])
        name = type_[:1].lower() + type_[1:]
        return await self._write(f"{name}Delete", id=each.node) or await self._write(f"{name}Restore", id=each.node)

    async def bring_back(self) -> None:
        """All records are there again."""
        for type_, rows in self.records.items():
            for each in rows:
                await self._write(f"{type_[:1].lower()}{type_[1:]}Restore", id=each.node)
