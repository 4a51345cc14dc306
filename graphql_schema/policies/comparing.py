"""`policyDiff`, `policyLint` and `policyTests`: what differs between versions, and what is to be said of one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from app.models.catalogue import CATALOGUE
from app.services.errors import UserError
from app.services.policies import checking, drafts
from app.services.policies.documents import Documents, loaded
from app.services.policies.reading import Version, readable, version
from graphql_schema.asking import Asking
from graphql_schema.compiler.operands import BadInput
from graphql_schema.entities import Told
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe
from graphql_schema.policies.findings import FINDING, told
from graphql_schema.scalars import JSON
from policies.drafting.differing import Difference, diff
from policies.drafting.documents import NoSuchRole
from policies.faults import PolicyError
from policies.testing import Case
from policies.words import words_of

DIFFERENCE = empty("PolicyDifference")
fill_type(
    DIFFERENCE,
    "A role or a rule that came, went or changed.",
    [
        Part("change", str, "`ROLE_` or `RULE_`, and `ADDED`, `REMOVED` or `CHANGED`."),
        Part("role", str, "Code of the role."),
        Part("index", maybe(int), "Which of the role's rules, from 0; of one that was removed, as it was."),
        Part("sentence", str, "It in words."),
        Part("before", maybe(JSON), "What was said; null: nothing."),
        Part("after", maybe(JSON), "What is said; null: nothing."),
    ],
)
CASE = empty("PolicyCase")
fill_type(
    CASE,
    "A test of the policy: who sees what of a row.",
    [
        Part("file", str, "The file that it is in."),
        Part("line", int, "Its line, from 1."),
        Part("who", str, "Who asks."),
        Part("resource", str, "The type of the row."),
        Part("visible", bool, "Whether the row is to be seen."),
        Part("states", JSON, "By field, whether it is to be plain, masked or withheld."),
        Part("because", str, "A word for the reader."),
    ],
)
_WHICH = Part("version", maybe(int), "Its number; without it, the one in force.")


async def _version(asking: Asking, number: int | None) -> Version | None:
    return await version(asking.read, asking.rights.access, asking.rights.principal, number)


async def _diff(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    sides = [await _version(asking, arguments[name]) for name in ("a", "b")]
    texts = [side.texts for side in sides if side is not None]
    if len(texts) < len(sides):
        return None
    try:
        for each in texts:
            await asyncio.to_thread(loaded, each)
    except PolicyError:
        return None
    one, other = texts
    return [_difference(each) for each in diff(one, other, CATALOGUE, words_of(asking.language))]


def _difference(found: Difference) -> Mapping[str, Any]:
    names = ("role", "index", "sentence", "before", "after")
    return {"change": found.change.value, **{name: getattr(found, name) for name in names}}


async def _lint(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    found, change = await _version(asking, arguments.get("version")), arguments.get("with")
    if change is not None and not isinstance(change, dict):
        raise BadInput("what is set, as an object", ("", "with"))
    return found and [told(each) for each in await asyncio.to_thread(_findings, found, change)]


def _findings(of: Version, change: Mapping[str, Any] | None) -> list[checking.Finding]:
    try:
        documents = _with(Documents(of.texts, of.tests), change)
        policy = loaded(documents.files)
        findings = checking.linted(policy)
        checking.cases_of(documents.tests, policy)
    except PolicyError as error:
        return list(checking.faults(error))
    return list(findings)


def _with(documents: Documents, change: Mapping[str, Any] | None) -> Documents:
    """Documents with a rule, or with the text of one of them, as it would be set. Raises PolicyError, BadInput."""
    if change is None:
        return documents
    try:
        return (drafts.set_file if "text" in change else drafts.set_rule)(documents, change)
    except (UserError, NoSuchRole) as error:
        raise BadInput(f"cannot be set: {error}", ("", "with")) from None


async def _tests(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    found = await _version(asking, arguments.get("version"))
    return found and [_case(each) for each in await asyncio.to_thread(_cases, found)]


def _cases(of: Version) -> tuple[Case, ...]:
    try:
        return checking.cases_of(of.tests, loaded(of.texts))
    except PolicyError:
        return ()


def _case(case: Case) -> Mapping[str, Any]:
    return {
        "file": case.origin.file,
        "line": case.origin.line,
        "who": case.who,
        "resource": case.resource.name,
        "visible": case.expected.visible,
        "states": {name: state.value for name, state in case.expected.states.items()},
        "because": case.because,
    }


def _roots() -> Iterator[Told]:
    sides = (
        Part("a", int, "Number of a version.", default=REQUIRED),
        Part("b", int, "Number of another.", default=REQUIRED),
    )
    differs = "What differs between two versions; null where either is not in view, or cannot be read."
    yield _root("policyDiff", DIFFERENCE, differs, sides, _diff)
    said = "What lint says of a version, errors and warnings; null where its documents are not in view."
    change = Part("with", maybe(JSON), "As if this were set: what `policyDraftRuleSet` or `policyDraftFileSet` takes.")
    yield _root("policyLint", FINDING, said, (_WHICH, change), _lint)
    tests = "The tests of a version; null where its documents are not in view."
    yield _root("policyTests", CASE, tests, (_WHICH,), _tests)


def _root(
    name: str,
    of: type,
    description: str,
    asked: tuple[Part, ...],
    tell: Callable[[Asking, Mapping[str, Any]], Awaitable[Any]],
) -> Told:
    part = Part(name, maybe(listed(of)), description, asked)
    return Told(name, lambda _types: part, tell, lambda _graph, access: readable(access), cost=100)


ROOTS = tuple(_roots())
