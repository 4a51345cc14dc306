"""What a version of the policy holds: its documents and their tests, by file name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from app.models.catalogue import CATALOGUE
from policies.faults import Fault, PolicyError
from policies.loading import load
from policies.rules import Policy

MOST = 1_000_000
"""Characters of all documents and tests of a version."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Texts, by file name."""

    files: Mapping[str, str]
    tests: Mapping[str, str]

    @property
    def stored(self) -> dict[str, Any]:
        """As a version holds them. Raises PolicyError where they are too long to be kept."""
        if sum(map(len, (*self.files.values(), *self.tests.values()))) > MOST:
            raise PolicyError(
                [Fault("policy", 1, f"all documents and tests together are longer than {MOST} characters")]
            )
        return {"files": dict(self.files), "tests": dict(self.tests)}


def documents_of(stored: Any) -> Documents:
    """The documents that a version holds; none of what is no text."""
    held = stored if isinstance(stored, dict) else {}
    return Documents(_texts(held.get("files")), _texts(held.get("tests")))


_Items: TypeAlias = tuple[tuple[str, str], ...]


def loaded(texts: Mapping[str, str]) -> Policy:
    """The policy that documents describe, read once while it is asked of. Raises PolicyError."""
    return _loaded(tuple(sorted(texts.items())))


@lru_cache(maxsize=16)
def _loaded(texts: _Items) -> Policy:
    return load(dict(texts), CATALOGUE)


def _texts(found: object) -> dict[str, str]:
    return {name: text for name, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}
