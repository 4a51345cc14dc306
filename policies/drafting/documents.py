"""The documents of a policy with one of them changed, read again as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from policies.catalogue import Catalogue
from policies.document import is_scope
from policies.drafting import editing
from policies.drafting.dating import dated
from policies.drafting.editing import CASES, HEAD, in_order
from policies.drafting.writing import entry
from policies.faults import Fault, PolicyError
from policies.loading import load
from policies.rules import Policy

Texts: TypeAlias = Mapping[str, str]
"""The texts of documents by file name."""

FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\.ya?ml")
"""Names that documents may have."""


class NoSuchRole(Exception):
    """No document is of that role, or scope."""


def changed(texts: Texts, catalogue: Catalogue, role: str, change: Callable[[str, str], str]) -> dict[str, str]:
    """The documents with another text of a role's (or scope's). Raises NoSuchRole; PolicyError with all faults."""
    file = file_of(load(texts, catalogue), role)
    return checked({**texts, file: change(texts[file], file)}, catalogue)


def file_of(policy: Policy, role: str) -> str:
    """The file in which a role is written. Raises NoSuchRole."""
    found = policy.roles.get(role)
    if found is None:
        raise NoSuchRole(role)
    return found.origin.file


def checked(texts: Texts, catalogue: Catalogue) -> dict[str, str]:
    """The documents, if they are a policy. Raises PolicyError with all faults."""
    load(texts, catalogue)
    return dict(texts)


def rule_set(
    texts: Texts, catalogue: Catalogue, role: str, index: int | None, rule: Mapping[str, Any]
) -> dict[str, str]:
    """With another rule in the place of a role's, or one more."""
    given = dated(rule, catalogue)

    def change(text: str, file: str) -> str:
        return editing.add_item(text, file, given) if index is None else editing.set_item(text, file, index, given)

    return changed(texts, catalogue, role, change)


def rule_removed(texts: Texts, catalogue: Catalogue, role: str, index: int) -> dict[str, str]:
    """Without a role's rule."""
    return changed(texts, catalogue, role, lambda text, file: editing.remove_item(text, file, index))


def case_set(text: str, file: str, catalogue: Catalogue, index: int | None, case: Mapping[str, Any] | None) -> str:
    """A table of tests with another case in the place of one, one more, or (None) one less. Raises PolicyError."""
    if case is None:
        return editing.remove_item(text, file, -1 if index is None else index, CASES)
    given = dated(case, catalogue)
    if index is None:
        return editing.add_item(text, file, given, CASES)
    return editing.set_item(text, file, index, given, CASES)


def role_set(texts: Texts, catalogue: Catalogue, role: str, head: Mapping[str, Any]) -> dict[str, str]:
    """With other entries in the head of a role's document, or with a document of a new role."""
    if role in load(texts, catalogue).roles:
        return changed(texts, catalogue, role, lambda text, file: editing.set_head(text, file, head))
    kind, _, code = ("scope", *role.partition(":")[1:]) if is_scope(role) else ("role", "", role)
    given = {name: value for name, value in head.items() if value is not None}
    entries = in_order({kind: code, **given}, HEAD)
    lines = [entry(name, value) for name, value in entries.items()]
    return checked({**texts, _new_file(texts, role): "\n".join([*lines, "rules: []", ""])}, catalogue)


def _new_file(texts: Texts, role: str) -> str:
    stem = re.sub(r"[^A-Za-z0-9_.-]", ".", role)[:60] or "role"
    names = (f"{stem}{number}.yaml" for number in ("", *range(2, len(texts) + 3)))
    return next(name for name in names if name not in texts)


def role_removed(texts: Texts, catalogue: Catalogue, role: str) -> dict[str, str]:
    """Without the document of a role."""
    file = file_of(load(texts, catalogue), role)
    return checked({name: text for name, text in texts.items() if name != file}, catalogue)


def file_set(texts: Texts, catalogue: Catalogue, name: str, text: str | None) -> dict[str, str]:
    """With another text of a document, or without it (None). Raises PolicyError, also for what can be no name."""
    if not FILE.fullmatch(name):
        raise PolicyError([Fault(name, 1, "is no name of a document, such as sales_rep.yaml")])
    rest = {each: old for each, old in texts.items() if each != name}
    return checked(rest if text is None else {**rest, name: text}, catalogue)
