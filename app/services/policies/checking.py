"""What stands in the way of a policy's coming into force: errors that lint finds, and tests that fail."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakValueDictionary

from app.models.catalogue import CATALOGUE
from app.services.policies.documents import Documents
from app.services.policies.testing import Connection, run_cases
from policies.faults import PolicyError
from policies.linting import Severity, lint
from policies.loading import load
from policies.rules import Policy
from policies.testing import FOLDER, Case, Miss, read_cases

REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say of a policy's documents, and where."""

    check: str
    severity: str
    file: str
    line: int
    column: int
    role: str
    message: str

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: of a policy that cannot be read, the faults alone."""

    policy: Policy | None
    findings: tuple[Finding, ...]
    cases: int
    failed: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stands in the way."""
        return (*(finding for finding in self.findings if finding.is_error), *self.failed)


_VERDICTS: OrderedDict[str, Verdict] = OrderedDict()
"""By digest of what was judged, on the catalogue of this release."""


_JUDGING: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""By the same digest, what is being judged."""


def digest(documents: Documents) -> str:
    """A name for documents and tests: the same for the same."""
    whole = json.dumps([dict(documents.files), dict(documents.tests)], sort_keys=True)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def known(documents: Documents) -> Verdict | None:
    """The verdict on documents and their tests, if there was one lately."""
    return _VERDICTS.get(digest(documents))


async def judge(connection: Connection, documents: Documents) -> Verdict:
    """The verdict on documents and their tests; once it is known, it stays. Tests see rows of their own alone."""
    name = digest(documents)
    async with _JUDGING.setdefault(name, asyncio.Lock()):  # whoever asks for the same meanwhile waits for it
        found = _VERDICTS.get(name)
        if found is None:
            found = _VERDICTS[name] = await _judge(connection, documents)
            if len(_VERDICTS) > REMEMBERED:
                _VERDICTS.popitem(last=False)
    return found


async def _judge(connection: Connection, documents: Documents) -> Verdict:
    try:
        policy = await asyncio.to_thread(load, documents.files, CATALOGUE)
    except PolicyError as error:
        return Verdict(None, tuple(faults(error)), 0, ())
    findings = await asyncio.to_thread(linted, policy)
    try:
        cases = cases_of(documents.tests, policy)
    except PolicyError as error:
        return Verdict(policy, findings, 0, tuple(faults(error)))
    misses = await run_cases(connection, policy, cases) if cases else []
    return Verdict(policy, findings, len(cases), tuple(map(_of_miss, misses)))


def cases_of(tests: Mapping[str, str], policy: Policy) -> tuple[Case, ...]:
    """The tests of a policy. Raises PolicyError with every fault."""
    return read_cases({f"{FOLDER}/{name}": text for name, text in tests.items()}, policy)


def linted(policy: Policy) -> tuple[Finding, ...]:
    """What lint says of a policy."""
    return tuple(
        Finding(each.check, each.severity, each.file, each.line, 1, each.role, each.message) for each in lint(policy)
    )


def faults(error: PolicyError) -> Iterator[Finding]:
    """What is wrong with documents that cannot be read."""
    for each in error.faults:
        yield Finding("fault", Severity.ERROR, each.file, each.line, each.column, "", each.message)


def _of_miss(miss: Miss) -> Finding:
    case = miss.case
    what = f"{case.resource.name}.{miss.field}" if miss.field else case.resource.name
    message = f"{case.who}, {what}: expected {miss.expected}, got {miss.got}"
    return Finding("test", Severity.ERROR, case.origin.file, case.origin.line, 1, "", message)
