"""Policy documents → `Policy`. Every fault of every file is reported at once, with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from policies.catalogue import Catalogue
from policies.document import RoleDocument, RulePart, SchemaKind
from policies.faults import Fault, PolicyError
from policies.marked_yaml import Marked, read_yaml
from policies.presets import contradictions
from policies.rule_reader import RuleReader
from policies.rules import Origin, Policy, Role, Rule
from policies.shapes import Shaped, shaped

DEFAULT_RULES = FilePath(__file__).parent / "rules"
"""The policy that is shipped."""

FORMS = ("*.yaml", "*.yml")
"""Names of the files that are documents."""


def read_folder(folder: FilePath) -> dict[str, str]:
    """The texts of a folder's documents by file name, byte for byte. What is not UTF-8 is kept, and a fault of the document."""
    found = (path for form in FORMS for path in folder.glob(form))
    return {path.name: path.read_bytes().decode("utf-8", "surrogateescape") for path in sorted(found)}


def load(texts: Mapping[str, str], catalogue: Catalogue) -> Policy:
    """The policy that documents (text by file name) describe.

    Raises PolicyError with all faults of all documents.
    """
    faults: list[Fault] = []
    documents = list(_documents(texts, faults))
    _check_roles(documents, faults)
    roles = [_role(document, catalogue, faults) for document in documents]
    policy = Policy(catalogue, {role.code: role for role in roles}, digest_of(texts))
    faults.extend(contradictions(policy))
    if faults:
        raise PolicyError(faults)
    return policy


def digest_of(texts: Mapping[str, str]) -> str:
    """What tells documents from others."""
    whole = "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class _Document:
    """A document whose head was read; its rules are still as they were written."""

    marked: Marked
    head: RoleDocument
    rules: list[Any]

    @property
    def kind(self) -> str:
        """Whether it is of a role or a scope."""
        return "role" if self.head.scope is None else "scope"

    @property
    def code(self) -> str:
        return self.head.code or ""


def _documents(texts: Mapping[str, str], faults: list[Fault]) -> Iterator[_Document]:
    if not texts:
        faults.append(Fault("policy", 1, "there is no document (*.yaml)"))
    for file, text in sorted(texts.items()):
        marked = read_yaml(text, file)
        if isinstance(marked, Marked):
            yield _document(marked, faults)
        else:
            faults.extend(marked if isinstance(marked, list) else [marked])


def _document(marked: Marked, faults: list[Fault]) -> _Document:
    written = marked.value
    rules = written.get("rules") if isinstance(written, dict) else None
    listed = isinstance(rules, list)
    found = shaped(RoleDocument, {**written, "rules": []} if listed else written, marked, ())
    faults.extend(found.faults)
    head = found.part or RoleDocument()
    named = found.spoiled & {"role", "scope"} or (head.role is None) is not (head.scope is None)
    if found.part is not None and not named:
        faults.append(marked.fault((), "a document is of either a 'role' or a 'scope'"))
    return _Document(marked, head, rules if isinstance(rules, list) else [])


def _check_roles(documents: Iterable[_Document], faults: list[Fault]) -> None:
    known: dict[str, _Document] = {}
    for document in (document for document in documents if document.code):
        if document.code in known:
            named = document.head.role or document.head.scope
            faults.append(document.marked.fault((document.kind,), f"{document.kind} {named!r} is defined twice"))
        else:
            known[document.code] = document
    _check_includes(documents, known, faults)


def _check_includes(documents: Iterable[_Document], known: Mapping[str, _Document], faults: list[Fault]) -> None:
    for document in documents:
        for i, (written, included) in enumerate(zip(document.head.includes, document.head.included, strict=True)):
            if included not in known:
                faults.append(document.marked.fault(("includes", i), f"unknown {document.kind} {written!r}"))
    for code, document in known.items():
        if _includes_itself(code, known):
            named = document.head.role or document.head.scope
            faults.append(document.marked.fault(("includes",), f"{document.kind} {named!r} includes itself"))


def _includes_itself(code: str, known: Mapping[str, _Document]) -> bool:
    seen: set[str] = set()
    waiting = list(known[code].head.included)
    while waiting:
        included = waiting.pop()
        if included == code:
            return True
        if included in known and included not in seen:
            seen.add(included)
            waiting.extend(known[included].head.included)
    return False


def _role(document: _Document, catalogue: Catalogue, faults: list[Fault]) -> Role:
    head = document.head
    rules = tuple(rule for i in range(len(document.rules)) for rule in _rules(document, i, catalogue, faults))
    tailored = head.schema_ is SchemaKind.TAILORED
    origin = Origin(document.marked.file, document.marked.line((document.kind,)))
    return Role(
        document.code, head.name or document.code, tuple(head.included), rules, tailored, head.min_group, origin
    )


def _rules(document: _Document, position: int, catalogue: Catalogue, faults: list[Fault]) -> Iterator[Rule]:
    path = ("rules", position)
    found: Shaped[RulePart] = shaped(RulePart, document.rules[position], document.marked, path)
    faults.extend(found.faults)
    if found.part is not None:
        yield from RuleReader(document.marked, path, found.part, found.spoiled, catalogue, faults).rules()
