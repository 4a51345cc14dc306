"""A hole: a mistake that somebody could make, planted in a copy of the source."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree, ignore_patterns

ROOT = Path(__file__).parents[3]
PACKAGES = ("app", "graphql_schema", "migrations", "policies", "tests")


class Misfit(Exception):
    """The source is no longer what the hole was written for."""


@dataclass(frozen=True)
class Edit:
    """A piece of a module, and what takes its place."""

    module: str
    before: str
    after: str


@dataclass(frozen=True)
class Hole:
    """A mistake by name, and the edits that make it."""

    name: str
    edits: tuple[Edit, ...]
    near: frozenset[str] = frozenset()
    """Parts of the schema that lead there, for a corner that operations seldom come to."""


def hole(name: str, module: str, before: str, after: str, *more: tuple[str, str]) -> Hole:
    """A mistake in one module; where it speaks of `planted`, the module imports it."""
    edits = [Edit(module, old, new) for old, new in ((before, after), *more)]
    if any("planted." in edit.after for edit in edits):
        first = "from __future__ import annotations\n"
        edits.append(Edit(module, first, f"{first}from tests.leaks.holes import planted\n"))
    return Hole(name, tuple(edits))


def near(parts: str, *holes: Hole) -> tuple[Hole, ...]:
    """Holes to which these parts of the schema lead."""
    return tuple(replace(each, near=frozenset(parts.split())) for each in holes)


def copy_source(to: Path) -> None:
    """A copy of all that the application and these tests are made of."""
    for package in PACKAGES:
        copytree(ROOT / package, to / package, ignore=ignore_patterns("node_modules"))


@contextmanager
def planted(mistake: Hole, source: Path) -> Iterator[None]:
    """A copy of the source with a hole in it, as long as the block. Raises Misfit."""
    modules = {edit.module: source / edit.module for edit in mistake.edits}
    kept = {name: (path.read_text("utf-8"), path.stat()) for name, path in modules.items()}
    try:
        for edit in mistake.edits:
            text = modules[edit.module].read_text("utf-8")
            if text.count(edit.before) != 1:
                raise Misfit(f"{mistake.name}: {edit.module} has not once: {edit.before}")
            modules[edit.module].write_text(text.replace(edit.before, edit.after), "utf-8")
        yield
    finally:
        for name, (text, stat) in kept.items():
            modules[name].write_text(text, "utf-8")
            os.utime(modules[name], ns=(stat.st_atime_ns, stat.st_mtime_ns))
