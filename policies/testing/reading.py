"""Documents of tests → cases. Every fault of every file is reported at once, with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from policies.catalogue import Resource
from policies.faults import Fault, PolicyError
from policies.marked_yaml import Marked, Path, read_yaml
from policies.principal import Assignment, Principal
from policies.rules import Origin, Policy
from policies.shapes import shaped
from policies.testing.cases import Case, key_of
from policies.testing.document import CasePart, HoldingPart, PersonPart, TestDocument
from policies.testing.expectations import Expecting
from policies.testing.rows import ME, RowReader

FOLDER = "tests"
"""Where a folder of rules keeps its tests."""


def read_cases(texts: Mapping[str, str], policy: Policy) -> tuple[Case, ...]:
    """The cases that documents (text by file name) describe. Raises PolicyError with all faults of all documents."""
    faults: list[Fault] = []
    cases = [case for file, text in sorted(texts.items()) for case in _document(file, text, policy, faults)]
    if faults:
        raise PolicyError(set(faults))
    return tuple(cases)


def _document(file: str, text: str, policy: Policy, faults: list[Fault]) -> Iterator[Case]:
    marked = read_yaml(text, file)
    if not isinstance(marked, Marked):
        faults.extend(marked if isinstance(marked, list) else [marked])
        return
    written = marked.value if isinstance(marked.value, dict) else {}
    people, cases = written.get("people"), written.get("cases")
    inner: dict[str, Any] = {
        "people": {} if isinstance(people, dict) else people,
        "cases": [] if isinstance(cases, list) else cases,
    }
    head = {name: inner.get(name, part) for name, part in written.items()}
    faults.extend(shaped(TestDocument, head if written else marked.value, marked, ()).faults)
    if cases == []:
        faults.append(marked.fault(("cases",), "there is no case"))
    reader = _Reader(marked, policy, people if isinstance(people, dict) else {}, faults)
    yield from reader.cases(cases if isinstance(cases, list) else [])


@dataclass(frozen=True)
class _Reader:
    """Reads the cases of one document."""

    marked: Marked
    policy: Policy
    written: Mapping[str, Any]
    faults: list[Fault] = field(repr=False)

    def _fault(self, path: Path, message: str) -> None:
        self.faults.append(self.marked.fault(path, message))

    def cases(self, written: list[Any]) -> Iterator[Case]:
        """Each case once for each person and each resource that it names."""
        people = {name: self._person(name, part, ("people", name)) for name, part in self.written.items()}
        for i, part in enumerate(written):
            found = shaped(CasePart, part, self.marked, ("cases", i))
            self.faults.extend(found.faults)
            if found.part is not None:
                yield from self._of(found.part, ("cases", i), people)

    def _of(self, part: CasePart, path: Path, people: Mapping[str, Principal | None]) -> Iterator[Case]:
        resources = list(self._resources(part, path))
        for who, principal in self._asking(part, path, people):
            for resource in resources:
                yield self._case(part, path, who, principal, resource)

    def _case(self, part: CasePart, path: Path, who: str, principal: Principal, on: Resource) -> Case:
        rows = RowReader(self.policy.catalogue, principal.id)
        inserted = rows.rows(on, part.row, ("row",))
        expecting = Expecting(self.policy.catalogue, on, part)
        expected = expecting.expected()
        for steps, message in dict.fromkeys((*rows.faults, *expecting.faults)):
            self._fault((*path, *steps), message)
        origin = Origin(self.marked.file, self.marked.line(path))
        return Case(origin, who, principal, on, inserted, expected, part.because)

    def _resources(self, part: CasePart, path: Path) -> Iterator[Resource]:
        for i, name in enumerate(part.on):
            if name in self.policy.catalogue:
                yield self.policy.catalogue[name]
            else:
                self._fault((*path, "on", i), f"unknown resource {name!r}")

    def _asking(
        self, part: CasePart, path: Path, people: Mapping[str, Principal | None]
    ) -> Iterator[tuple[str, Principal]]:
        """Whom a case is about: people by name, or described where they are named."""
        for i, who in enumerate(part.as_):
            if isinstance(who, PersonPart):
                described = self._principal(ME, who, (*path, "as", i))
                yield _title(described), described
            elif who not in people:
                self._fault((*path, "as", i), f"unknown person {who!r}")
            elif (found := people[who]) is not None:
                yield who, found

    def _person(self, name: str, written: Any, path: Path) -> Principal | None:
        found = shaped(PersonPart, written, self.marked, path)
        self.faults.extend(found.faults)
        return self._principal(name, found.part, path) if found.part is not None else None

    def _principal(self, name: str, part: PersonPart, path: Path) -> Principal:
        if (part.role is None) is not bool(part.roles):
            self._fault(path, "a person has either a 'role' or 'roles'")
        own = HoldingPart.model_validate(part.model_dump(include=set(HoldingPart.model_fields))) if part.role else None
        holdings = [*([own] if own else []), *part.roles]
        for holding in holdings:
            if holding.role not in self.policy.roles:
                self._fault(path, f"unknown role {holding.role!r}")
        held = tuple(map(_assignment, holdings))
        return Principal(key_of(name), held, _keys(part.reports), name=name).declaring(part.purpose)


def _assignment(part: HoldingPart) -> Assignment:
    return Assignment(part.role, _keys(part.departments), _keys(part.regions), tuple(part.purposes))


def _keys(names: list[str]) -> tuple[UUID, ...]:
    return tuple(map(key_of, names))


def _title(principal: Principal) -> str:
    return " + ".join(assignment.role for assignment in principal.assignments)
