"""Drafts: versions of the policy that are being written, each change of which leaves a policy that can be read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from app.models.catalogue import CATALOGUE
from app.models.enums import PolicyStatus
from app.services import auditing
from app.services.auditing import Kind
from app.services.errors import Forbidden, Invalid, InvalidState, NotFound, Required, UserError
from app.services.policies.documents import Documents, documents_of
from app.services.records.drafts import Draft
from app.services.records.rules import Step
from app.services.writing import UnitOfWork
from policies.drafting import documents
from policies.drafting.documents import FILE, NoSuchRole
from policies.faults import Fault, PolicyError
from policies.loading import load
from policies.testing import FOLDER, read_cases

Asked: TypeAlias = Mapping[str, Any]
Change: TypeAlias = Callable[[Documents, Asked], Documents]
"""Makes other documents of some; raises PolicyError, NoSuchRole or a UserError."""

HEAD = {"name": "name", "includes": "includes", "schema": "schema", "minGroup": "minGroup"}


def changing(change: Change) -> Step:
    """The step that changes a draft's documents so."""

    async def service(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            await _change(unit, draft, change)

    return service


async def _change(unit: UnitOfWork, draft: Draft, change: Change) -> None:
    assert draft.old is not None
    if not draft.sees("document"):
        draft.note(Forbidden("not_readable"))
    elif draft.old["status"] != PolicyStatus.DRAFT:
        draft.tell(InvalidState("only_draft"), "status")
    else:
        try:
            made = await asyncio.to_thread(change, documents_of(draft.old["document"]), draft.asked)
            draft.row["document"] = made.stored
            await auditing.note(unit, Kind.POLICY_CHANGED, str(draft.old["number"]))
        except PolicyError as error:
            for fault in error.faults:
                draft.note(told(fault))
        except NoSuchRole:
            draft.note(NotFound("not_found", ("role",)))
        except UserError as error:
            draft.note(error)


def told(fault: Fault) -> UserError:
    """What is wrong with a document, as a mistake of who writes it."""
    return Invalid("policy_fault", file=fault.file, line=fault.line, column=fault.column, fault=fault.message)


def _needed(asked: Asked, name: str) -> Any:
    if asked.get(name) in (None, ""):
        raise Required("required", (name,))
    return asked[name]


def set_rule(held: Documents, asked: Asked) -> Documents:
    """Another rule in the place of one, or one more where none is numbered."""
    role, rule = _needed(asked, "role"), _needed(asked, "rule")
    if not isinstance(rule, dict):
        raise Invalid("no_object", ("rule",))
    return replace(held, files=documents.rule_set(held.files, CATALOGUE, role, asked.get("index"), rule))


def remove_rule(held: Documents, asked: Asked) -> Documents:
    """Without a rule."""
    role, index = _needed(asked, "role"), _needed(asked, "index")
    return replace(held, files=documents.rule_removed(held.files, CATALOGUE, role, index))


def set_role(held: Documents, asked: Asked) -> Documents:
    """Another head of a role, or a new role."""
    role = _needed(asked, "role")
    head = {name: asked[name] or None for name in HEAD if name in asked}
    return replace(held, files=documents.role_set(held.files, CATALOGUE, role, head))


def remove_role(held: Documents, asked: Asked) -> Documents:
    """Without a role."""
    return replace(held, files=documents.role_removed(held.files, CATALOGUE, _needed(asked, "role")))


def set_file(held: Documents, asked: Asked) -> Documents:
    """Another text of a document, a new document, or one less."""
    name = _needed(asked, "name")
    return replace(held, files=documents.file_set(held.files, CATALOGUE, name, asked.get("text")))


def _with_case(text: str, name: str, asked: Asked) -> str:
    """The text of a table with another case in the place of one, one more, or one less."""
    case = asked.get("case")
    if case is not None and not isinstance(case, dict):
        raise Invalid("no_object", ("case",))
    return documents.case_set(text, f"{FOLDER}/{name}", CATALOGUE, asked.get("index"), case)


def set_tests(held: Documents, asked: Asked) -> Documents:
    """Another text of a table of tests, another case in it, or one table less."""
    name, text = _needed(asked, "name"), asked.get("text")
    if "case" in asked or "index" in asked:
        text = _with_case(held.tests.get(name, "cases: []\n"), name, asked)
    if not FILE.fullmatch(name):
        raise Invalid("policy_fault", ("name",), file=name, line=1, column=1, fault="is no name of a document")
    tests = {each: old for each, old in held.tests.items() if each != name}
    if text is not None:
        read_cases({f"{FOLDER}/{name}": text}, load(held.files, CATALOGUE))
        tests[name] = text
    return replace(held, tests=tests)
