"""What the commands share: a folder's documents, and how what is wrong with them is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.common import fail, in_words, print_json
from app.models.catalogue import CATALOGUE
from app.services.policies.checking import cases_of
from policies.faults import Fault, PolicyError
from policies.linting import Finding
from policies.loading import load, read_folder
from policies.rules import Policy
from policies.testing import FOLDER, Case

Folder = Annotated[
    Path,
    typer.Argument(
        help="Folder of policy documents (*.yaml), with its tests in `tests`.", exists=True, file_okay=False
    ),
]


@dataclass(frozen=True)
class Documents:
    """A folder's documents, read once, and the policy that they describe."""

    texts: Mapping[str, str]
    policy: Policy
    tests: Mapping[str, str]
    """The tests beside the rules, by file name."""
    cases: tuple[Case, ...]


def read_documents(folder: Path) -> Documents:
    """The documents of a folder and the tests in it. Raises PolicyError; ends the command where a file cannot be read."""
    try:
        return checked(read_folder(folder), read_folder(folder / FOLDER))
    except OSError as failure:
        raise fail(in_words(failure)) from None


def checked(texts: Mapping[str, str], tests: Mapping[str, str]) -> Documents:
    """The policy of documents, and their tests. Raises PolicyError."""
    policy = load(texts, CATALOGUE)
    return Documents(texts, policy, tests, cases_of(tests, policy))


def as_data(finding: Finding | Fault) -> dict[str, Any]:
    """A finding, or a fault as one, for other programs."""
    severity, check, role = "error", "fault", ""
    if isinstance(finding, Finding):
        severity, check, role = finding.severity, finding.check, finding.role
    place = {"file": finding.file, "line": finding.line, "severity": severity}
    return {**place, "check": check, "role": role, "message": finding.message}


def refuse(error: PolicyError, *, as_json: bool = False) -> typer.Exit:
    """Tells every fault, and gives the exit to raise."""
    if not as_json:
        return fail(str(error))
    print_json(list(map(as_data, error.faults)))
    return typer.Exit(1)
