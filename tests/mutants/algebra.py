"""The modules of policies/ that decide what is shown, and the places in which they can be changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutations import mutants

ALGEBRA = (
    "access",
    "conditions",
    "fragments",
    "grants",
    "grounds",
    "levels",
    "masks/mask",
    "permits",
    "predicates",
    "presets",
    "principal",
    "standing",
    "states",
    "telling",
    "unknowns",
    "unmasks",
    "view",
)


@dataclass(frozen=True)
class Change:
    """A module of the algebra with one change."""

    path: str
    name: str
    lines: range
    source: str

    @property
    def module(self) -> str:
        """The module's name."""
        return module_of(self.path)

    @property
    def owner(self) -> str:
        """The function or class that is changed."""
        return self.name.partition(":")[0]

    @property
    def digest(self) -> str:
        """Tells whether a verdict was about the same text."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:16]


def path_of(name: str) -> str:
    """Where a module of the algebra lies."""
    return f"policies/{name}.py"


def module_of(path: str) -> str:
    """The name under which a file is imported."""
    return path.removesuffix(".py").replace("/", ".")


def changes(root: Path, names: Iterable[str] = ALGEBRA) -> Iterator[Change]:
    """Every change of some modules."""
    for path in map(path_of, names):
        for mutant in mutants((root / path).read_text("utf-8")):
            yield Change(path, f"{path} {mutant.name}", mutant.lines, mutant.source)


def equivalent(root: Path) -> Mapping[str, str]:
    """The changes that nobody can see, by name, each with the reason: `name  # reason`, one a line."""
    lines = (root / "tests/mutants/equivalent.txt").read_text("utf-8").splitlines()
    parts = (line.partition("  # ") for line in lines if line and not line.startswith("#"))
    return {name.strip(): reason.strip() for name, _, reason in parts}
