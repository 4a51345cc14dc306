"""What a user sees of a world, by the oracle: all views, and who the user is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias
from uuid import UUID

from app.models.catalogue import CATALOGUE
from tests.leaks.changes import Change
from tests.leaks.holders import principal
from tests.leaks.worlds import Key, Row, World, key_of
from tests.oracle import PLAIN, Oracle, Party, Principal, Resource, View
from tests.oracle.bridge import described
from tests.oracle.documents import read
from tests.oracle.rules import rules_of

MODEL = described(CATALOGUE)
Views: TypeAlias = Mapping[str, View]
"""By name of the resource."""
Changeable: TypeAlias = Mapping[Key, tuple[str, ...]]
"""By key of a row, the actions granted on it, and after each the fields that it may set."""
OF_HOLDERS = frozenset({"User", "Role", "RoleAssignment", "Region", "Department", "PolicyVersion"})
"""The resources that say who someone is, and what that means."""
OWN = ("id", "display_name", "email", "status", "deleted_at")
"""What everyone may know of themselves, and whether they may sign in."""


@dataclass(frozen=True)
class Seen:
    """All that an answer may depend on, but the request and the clock."""

    who: Principal
    self: Mapping[str, Any]
    policy: tuple[Any, ...]
    """The documents in force."""
    views: Views
    counted: Views
    """What aggregates are of, where a rule lets rows be counted."""
    changeable: Mapping[str, Changeable]
    """By resource, what may be changed of the rows in view: a node says so."""

    def told(self, name: str) -> View:
        """What is told of the rows of a resource, one by one or in aggregates."""
        return self.views[name] or self.counted[name]


@dataclass(frozen=True)
class Eyes:
    """Sees worlds as a user does, under the policy of documents at a moment."""

    user: UUID
    documents: Sequence[Mapping[str, Any]]
    now: dt.datetime
    secret: bytes
    """The deployment's, for the mask that hashes."""
    ceilings: tuple[Party, ...] = ()

    def _principal(self, world: World) -> Principal:
        return principal(self.user, world, self.now, self.ceilings)

    def oracle(self, world: World) -> Oracle:
        """The oracle over a world."""
        rows = {name: list(rows.values()) for name, rows in world.rows.items()}
        return Oracle(MODEL, self.documents, rows, self.now, self.secret)

    def see(self, world: World) -> Seen:
        """What the user sees."""
        oracle, user, who = self.oracle(world), world["User"][self.user,], self._principal(world)
        views = {name: oracle.view(who, name, references="by target") for name in MODEL}
        changeable = {name: self._changeable(oracle, who, name, rows.values()) for name, rows in world.rows.items()}
        counted = {name: self._counted(oracle, who, name) for name in MODEL}
        return Seen(who, {name: user[name] for name in OWN}, _policy(world), views, counted, changeable)

    def _counted(self, oracle: Oracle, who: Principal, name: str, among: Iterable[Row] | None = None) -> View:
        """What aggregates are of, without the keys: these tell nothing there."""
        if not self.counts(who, name):
            return View()
        on = MODEL[name]
        fields = [each.name for each in on.fields.values() if each.column not in on.key]
        return oracle.view(who, name, fields, action=COUNT, references="by target", among=among)

    def counts(self, who: Principal, name: str) -> bool:
        """Whether a rule speaks of counting rows."""
        return self._speaks(who, MODEL[name], COUNT)

    def _changeable(self, oracle: Oracle, who: Principal, name: str, rows: Iterable[Row]) -> Changeable:
        """What may be changed of those of some rows that are seen."""
        on = MODEL[name]
        asked = [action for action in WRITES if self._speaks(who, on, action)]
        if not asked:
            return {}
        seen = (row for row in rows if oracle.visible(who, name, row))
        return {on.key_of(row): tuple(_writes(oracle, who, on, row, asked)) for row in seen}

    def _speaks(self, who: Principal, on: Resource, action: str) -> bool:
        held = {assignment.role for party in who.parties for assignment in party.assignments}
        return any(True for role in held for _ in rules_of(self.documents, role, on, action))

    def misses(self, world: World, changes: Sequence[Change], seen: Seen) -> bool:
        """Whether nothing is seen of changes of one resource's rows, made in a world, and all else is as before."""
        changed = changes[0].resource.name
        if changed in OF_HOLDERS and not self._is_same(world, seen):
            return False
        oracle, before = self.oracle(world), seen.views
        rows = [change.after for change in changes if change.after is not None]
        gone = [
            key for change in changes if change.before is not None for key in [key_of(change.resource, change.before)]
        ]
        found = oracle.view(seen.who, changed, references="by target", among=rows)
        if found != {key: before[changed][key] for key in gone if key in before[changed]}:
            return False
        told, counted = self._counted(oracle, seen.who, changed, rows), seen.counted[changed]
        if told != {key: counted[key] for key in gone if key in counted}:
            return False
        may, mine = self._changeable(oracle, seen.who, changed, rows), seen.changeable[changed]
        if may != {key: mine[key] for key in gone if key in mine}:
            return False
        return all(self._is_as_before(oracle, world, seen, name) for name in self._touched[changed])

    def _is_as_before(self, oracle: Oracle, world: World, seen: Seen, name: str) -> bool:
        view = oracle.view(seen.who, name, references="by target")
        may = self._changeable(oracle, seen.who, name, world[name].values())
        counted = self._counted(oracle, seen.who, name)
        return view == seen.views[name] and counted == seen.counted[name] and may == seen.changeable[name]

    def _is_same(self, world: World, seen: Seen) -> bool:
        user = world["User"].get((self.user,))
        same = user is not None and {name: user[name] for name in OWN} == seen.self
        return same and self._principal(world) == seen.who and _policy(world) == seen.policy

    @cached_property
    def _touched(self) -> Mapping[str, frozenset[str]]:
        """By resource, those whose conditions cross to it.

        Those that only refer to it are left out: while its view is the same, so is what they show.
        """
        reads = {name: set(_reads(self.documents, on)) for name, on in MODEL.items()}
        return {name: frozenset(other for other in MODEL if name in reads[other]) for name in MODEL}


WRITES, COUNT = ("update", "delete"), "aggregate"


def _writes(oracle: Oracle, who: Principal, on: Resource, row: Row, actions: Iterable[str]) -> Iterator[str]:
    for action in actions:
        verdicts = [oracle.verdict(party, on.name, row, action) for party in who.parties]
        if all(verdict.granted for verdict in verdicts):
            yield action
            yield from (name for name in on.fields if all(each.shown(name) == PLAIN for each in verdicts))


def _policy(world: World) -> tuple[Any, ...]:
    active = (row for row in world["PolicyVersion"].values() if row["status"] == "ACTIVE")
    return tuple(row["document"] for row in active if row["deleted_at"] is None)


def documents(policy: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The documents of a policy (texts by file name)."""
    return [read(text) for text in policy.values()]


def _reads(written: Iterable[Mapping[str, Any]], on: Resource) -> Iterator[str]:
    """The resources that conditions on a resource cross to."""
    for rule in (rule for document in written for rule in document.get("rules", ())):
        if on.name in rule["on"] or "all" in rule["on"]:
            yield from _crossed(rule.get("when", {}), on)


def _crossed(when: Any, on: Resource) -> Iterator[str]:
    if isinstance(when, list):
        for part in when:
            yield from _crossed(part, on)
    elif isinstance(when, Mapping):
        for name, part in when.items():
            relation = on.relations.get(name)
            if relation is not None:
                yield relation.target
            yield from _crossed(part, MODEL[relation.target] if relation is not None else on)
