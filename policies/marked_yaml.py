"""YAML read together with the line of each part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from policies.faults import Fault

Path: TypeAlias = tuple[str | int, ...]

MAX_SIZE = 1_000_000
MAX_DEPTH = 32


@dataclass(frozen=True)
class Marked:
    """A value and the line of every part of it, by path."""

    file: str
    value: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of the part at a path, or of the nearest part around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1

    def fault(self, path: Path, message: str) -> Fault:
        return Fault(self.file, self.line(path), message)


def read_yaml(text: str, file: str) -> Marked | Fault | list[Fault]:
    """The document in a text; a Fault (or several) where it is no plain YAML of maps, lists and scalars."""
    if len(text) > MAX_SIZE:
        return Fault(file, 1, f"the document is longer than {MAX_SIZE} characters")
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Fault(file, 1, "the document is empty")
        lines: dict[Path, int] = {}
        faults: list[Fault] = []
        value = _value(loader, node, (), lines, faults, file)
        return faults or Marked(file, value, lines)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Fault(file, _error_line(error), str(getattr(error, "problem", None) or error).splitlines()[0])
    finally:
        loader.dispose()


def _error_line(error: Exception) -> int:
    mark = getattr(error, "problem_mark", None)
    return int(mark.line) + 1 if mark is not None else 1


def _value(
    loader: yaml.SafeLoader, node: yaml.Node, path: Path, lines: dict[Path, int], faults: list[Fault], file: str
) -> Any:
    line = node.start_mark.line + 1
    lines[path] = line
    if len(path) > MAX_DEPTH:
        faults.append(Fault(file, line, f"nested deeper than {MAX_DEPTH} levels"))
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*path, i), lines, faults, file) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[Any, Any] = {}
        for key, item in _pairs(node):
            if key in found:
                faults.append(Fault(file, item.start_mark.line + 1, f"{key!r} is given twice"))
            found[key] = _value(loader, item, (*path, key), lines, faults, file)
        return found
    return loader.construct_object(node, deep=True)


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
    for key, item in node.value:
        yield str(getattr(key, "value", key)), item
