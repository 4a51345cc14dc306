"""Policy documents → `Policy`. Every fault of every file is reported at once, with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from pydantic import ValidationError

from policies.catalogue import Catalogue, DataClass, Resource
from policies.conditions import ALWAYS, Condition
from policies.document import FieldsPart, RoleDocument, RulePart
from policies.faults import Fault, PolicyError
from policies.marked_yaml import Marked, Path, read_yaml
from policies.masks import MASKS
from policies.parsing import Parser
from policies.rules import Effect, Origin, Policy, Role, Rule

DEFAULT_RULES = FilePath(__file__).parent / "rules"
"""The policy that is shipped."""

EVERYTHING = "all"


def read_folder(folder: FilePath) -> dict[str, str]:
    """The texts of a folder's documents by file name."""
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.yaml"))}


def load(texts: Mapping[str, str], catalogue: Catalogue) -> Policy:
    """The policy that documents (text by file name) describe.

    Raises PolicyError with all faults of all documents.
    """
    faults: list[Fault] = []
    documents = list(_documents(texts, faults))
    _check_roles(documents, faults)
    roles = [_Reader(marked, document, catalogue, faults).role() for marked, document in documents]
    if faults:
        raise PolicyError(faults)
    digest = hashlib.sha256("\0".join(f"{name}\0{texts[name]}" for name in sorted(texts)).encode()).hexdigest()
    return Policy(catalogue, {role.code: role for role in roles}, digest)


def _documents(texts: Mapping[str, str], faults: list[Fault]) -> Iterator[tuple[Marked, RoleDocument]]:
    if not texts:
        faults.append(Fault("", 1, "there is no policy document"))
    for file, text in sorted(texts.items()):
        marked = read_yaml(text, file)
        if not isinstance(marked, Marked):
            faults.extend(marked if isinstance(marked, list) else [marked])
            continue
        try:
            yield marked, RoleDocument.model_validate(marked.value)
        except ValidationError as error:
            faults.extend(_shape_faults(marked, error))


def _shape_faults(marked: Marked, error: ValidationError) -> Iterator[Fault]:
    for found in error.errors(include_url=False, include_context=False):
        place = ".".join(str(step) for step in found["loc"])
        message = found["msg"].removeprefix("Value error, ")
        yield marked.fault(found["loc"], f"{place}: {message}" if place else message)


def _check_roles(documents: Iterable[tuple[Marked, RoleDocument]], faults: list[Fault]) -> None:
    known: dict[str, tuple[Marked, RoleDocument]] = {}
    for marked, document in documents:
        if document.role in known:
            faults.append(marked.fault(("role",), f"role {document.role!r} is defined twice"))
        known.setdefault(document.role, (marked, document))
    for marked, document in known.values():
        for i, included in enumerate(document.includes):
            if included not in known:
                faults.append(marked.fault(("includes", i), f"unknown role {included!r}"))
        if _includes_itself(document.role, known):
            faults.append(marked.fault(("includes",), f"role {document.role!r} includes itself"))


def _includes_itself(role: str, known: Mapping[str, tuple[Marked, RoleDocument]]) -> bool:
    seen: set[str] = set()
    waiting = list(known[role][1].includes)
    while waiting:
        code = waiting.pop()
        if code == role:
            return True
        if code in known and code not in seen:
            seen.add(code)
            waiting.extend(known[code][1].includes)
    return False


@dataclass
class _Reader:
    """Reads one role's rules, adding what is wrong to `faults`."""

    marked: Marked
    document: RoleDocument
    catalogue: Catalogue
    faults: list[Fault] = field(repr=False)

    def role(self) -> Role:
        rules = tuple(rule for i, part in enumerate(self.document.rules) for rule in self._rules(part, ("rules", i)))
        return Role(self.document.role, self.document.name or self.document.role, tuple(self.document.includes), rules)

    def _fault(self, path: Path, message: str) -> None:
        self.faults.append(self.marked.fault(path, message))

    def _rules(self, part: RulePart, path: Path) -> Iterator[Rule]:
        resources = list(self._resources(part, path))
        self._check_names(part, resources, path)
        effect = Effect.ALLOW if part.allow else Effect.DENY
        origin = Origin(self.marked.file, self.marked.line(path))
        for resource in resources:
            when = self._when(part, resource, path)
            masked = self._masked(part, resource, path)
            plain = frozenset(self._granted(part, resource)) if not part.mask else frozenset()
            row = effect is Effect.DENY and part.fields in (None, "all")
            for action in part.allow or part.deny:
                yield Rule(effect, action, resource.name, when, plain, masked, row, origin)

    def _resources(self, part: RulePart, path: Path) -> Iterator[Resource]:
        if part.on == [EVERYTHING]:
            yield from self.catalogue
            return
        for i, name in enumerate(part.on):
            if name in self.catalogue:
                yield self.catalogue[name]
            else:
                self._fault((*path, "on", i), f"unknown resource {name!r}")

    def _check_names(self, part: RulePart, resources: list[Resource], path: Path) -> None:
        known = {name for resource in resources for name in resource.fields}
        if isinstance(part.fields, FieldsPart) and resources:
            for i, name in enumerate(part.fields.names):
                if name not in known:
                    self._fault((*path, "fields", "names", i), f"unknown field {name!r}")
        for target, mask in part.mask.items():
            place = (*path, "mask", target)
            if mask not in MASKS:
                self._fault(place, f"unknown mask {mask!r}")
            if resources and target not in known and target not in DataClass.__members__:
                self._fault(place, f"{target!r} is neither a field nor a data class")

    def _when(self, part: RulePart, resource: Resource, path: Path) -> Condition:
        if part.when is None:
            return ALWAYS
        parser = Parser(self.catalogue)
        condition = parser.condition(part.when, resource, (*path, "when"))
        for place, message in parser.faults:
            self._fault(place, f"{resource.name}: {message}")
        return condition

    def _granted(self, part: RulePart, resource: Resource) -> Iterator[str]:
        if part.fields is None:
            return
        for name, found in resource.fields.items():
            data_class = found.spec.data_class
            if isinstance(part.fields, FieldsPart):
                wanted = name in part.fields.names or data_class in part.fields.classes
            else:
                wanted = data_class is not None and data_class is not DataClass.SECRET
            if wanted:
                yield name

    def _masked(self, part: RulePart, resource: Resource, path: Path) -> tuple[tuple[str, str], ...]:
        chosen: list[tuple[str, str]] = []
        for name in self._granted(part, resource):
            spec = resource.fields[name].spec
            by_class = part.mask.get(spec.data_class or "")
            mask = part.mask.get(name, by_class)
            if mask not in MASKS:
                continue
            if not MASKS[mask].fits(spec):
                if name in part.mask:
                    self._fault((*path, "mask", name), f"mask {mask!r} does not fit {resource.name}.{name}")
                mask = "redact"
            chosen.append((name, mask))
        return tuple(chosen)
