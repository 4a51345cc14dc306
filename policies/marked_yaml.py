"""YAML read together with where each part begins.

What is read is plain: maps whose keys are texts, lists and scalars. Size, depth and the number of
parts are limited; a part that aliases repeat counts each time.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml
from yaml.composer import ComposerError

from policies.faults import Fault

Path: TypeAlias = tuple[str | int, ...]
Mark: TypeAlias = tuple[int, int]
"""A line and a column in it, from 1."""

MAX_SIZE = 1_000_000
MAX_DEPTH = 32
MAX_PARTS = 50_000
LONGEST_NUMBER = 100
"""The most characters that a scalar which is no text may have."""

UNREADABLE = (yaml.YAMLError, ValueError, LookupError, AttributeError, ArithmeticError)
"""What the constructors of YAML's scalars raise for a text that is none."""


@dataclass(frozen=True)
class Marked:
    """A value, and where every part of it begins, by path: of an entry of a map, its key."""

    file: str
    value: Any
    marks: dict[Path, Mark]

    def line(self, path: Path) -> int:
        """The line of the part at a path, or of the nearest part around it."""
        return self._mark(path)[0]

    def _mark(self, path: Path) -> Mark:
        for end in range(len(path), -1, -1):
            if path[:end] in self.marks:
                return self.marks[path[:end]]
        return 1, 1

    def fault(self, path: Path, message: str) -> Fault:
        line, column = self._mark(path)
        return Fault(self.file, line, message, column)


def read_yaml(text: str, file: str) -> Marked | Fault | list[Fault]:
    """The document in a text; a Fault (or several) where it is no plain YAML of maps, lists and scalars."""
    if len(text) > MAX_SIZE:
        return Fault(file, 1, f"the document is longer than {MAX_SIZE} characters")
    try:
        loader = _Loader(text)
    except yaml.reader.ReaderError as error:
        return Fault(file, text.count("\n", 0, error.position) + 1, _not_allowed(chr(error.character)))
    try:
        node = loader.get_single_node()
        if node is None:
            return Fault(file, 1, "the document is empty")
        reader = _Reader(loader, file)
        value = reader.value(node, ())
        return reader.faults or Marked(file, value, reader.marks)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or loader.get_mark()
        return Fault(file, mark.line + 1, str(error.problem), mark.column + 1)
    except (ValueError, OverflowError):  # a code point or a version that is no number of the machine's
        return Fault(file, loader.line + 1, "this is not YAML")


def _not_allowed(character: str) -> str:
    is_byte = "\udc80" <= character <= "\udcff"  # kept of a file that could not be decoded
    return "the document is not UTF-8" if is_byte else f"the character {character!a} is not allowed"


def _check(depth: int, parts: int, mark: Any) -> None:
    if depth > MAX_DEPTH:
        raise ComposerError(None, None, f"nested deeper than {MAX_DEPTH} levels", mark)
    if parts > MAX_PARTS:
        message = f"the document has more than {MAX_PARTS} parts, counting what aliases repeat"
        raise ComposerError(None, None, message, mark)


class _Loader(yaml.SafeLoader):
    """Composes nodes as long as they are neither too deep nor too many."""

    depth = 0
    parts = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.parts += 1
        _check(self.depth, self.parts, self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _mark(node: yaml.Node) -> Mark:
    return node.start_mark.line + 1, node.start_mark.column + 1


@dataclass
class _Reader:
    """Makes values of nodes, noting where each begins and what is wrong with them."""

    loader: _Loader
    file: str
    marks: dict[Path, Mark] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    parts: int = 0

    def _fault(self, node: yaml.Node, message: str) -> None:
        line, column = _mark(node)
        self.faults.append(Fault(self.file, line, message, column))

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.parts += 1
        self.marks.setdefault(path, _mark(node))
        _check(len(path), self.parts, node.start_mark)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._map(node, path)
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node)

    def _map(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault(key, "a key is a text")
                continue
            name = self._text(key)
            if name in found:
                self._fault(key, f"{name!r} is given twice")
            self.marks[(*path, name)] = _mark(key)
            found[name] = self.value(item, (*path, name))
        return found

    def _text(self, node: yaml.ScalarNode) -> str:
        text = str(node.value)
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            self._fault(node, "a text has no NUL and no half of a surrogate pair")
        return text

    def _scalar(self, node: yaml.ScalarNode) -> Hashable:
        if node.tag == "tag:yaml.org,2002:str":
            return self._text(node)
        try:
            if len(node.value) > LONGEST_NUMBER:
                raise ValueError
            value: Hashable = self.loader.construct_object(node, deep=True)
        except UNREADABLE:
            self._fault(node, f"{node.value[:LONGEST_NUMBER]!r} is not what its form or tag says")
            return None
        return value
