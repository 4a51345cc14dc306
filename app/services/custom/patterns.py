"""Regular expressions that cost no more than the length of the text times that of the pattern, whatever both are.

What there is means the same in ECMAScript and in Python: literals, `.`, classes (`[A-Z0-9]`, `\\d`, `\\w`, `\\s` and their
opposites, all of them ASCII), groups, `|`, `?`, `*`, `+` and `{m,n}`. Back-references and look-around are not there, for they
alone need backtracking. A pattern is made into its position automaton (Glushkov 1961, "The abstract theory of automata"), and all of its
states are followed at once. A value matches as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

LONGEST = 200
"""Most characters of a pattern."""
POSITIONS, STEPS, REPEATS, DEPTH = 400, 4_000, 200, 20
"""Most characters that a pattern stands for with its repeats written out, most steps that this takes, most repeats, deepest group."""


class BadPattern(Exception):
    """A text that is no such pattern, or too large a one."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character: of some ranges, or of none of them."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def takes(self, character: str) -> bool:
        """Whether a character is one of them."""
        return any(low <= character <= high for low, high in self.ranges) is not self.negated


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something `least` to `most` times; None: as often as one likes."""

    part: Node
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several."""

    parts: tuple[Node, ...]


Node: TypeAlias = Chars | Repeat | Row | Either

DIGIT = Chars((("0", "9"),))
WORD = Chars((("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")))
SPACE = Chars((("\t", "\r"), (" ", " ")))
NAMED = {
    "d": DIGIT,
    "w": WORD,
    "s": SPACE,
    **{name.upper(): Chars(of.ranges, True) for name, of in (("d", DIGIT), ("w", WORD), ("s", SPACE))},
}
ANY = Chars((("\n", "\n"), ("\r", "\r")), negated=True)
SPECIAL = frozenset("()[]{}|?*+^$\\.")


@dataclass
class _Parser:
    text: str
    at: int = 0
    depth: int = 0

    def whole(self) -> Node:
        """The pattern; what anchors it at its ends says nothing new."""
        if self.text.startswith("^"):
            self.at = 1
        found = self.either()
        if self.at < len(self.text):
            raise BadPattern(f"unexpected {self.text[self.at]!r}")
        return found

    def either(self) -> Node:
        rows = [self.row()]
        while self.peek() == "|":
            self.at += 1
            rows.append(self.row())
        return Either(tuple(rows))

    def row(self) -> Node:
        parts: list[Node] = []
        while (next_ := self.peek()) and next_ not in "|)":
            if next_ == "$" and self.at == len(self.text) - 1 and not self.depth:
                self.at += 1
                break
            parts.append(self.repeated(self.one()))
        return Row(tuple(parts))

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        found = self.peek()
        if not found:
            raise BadPattern("ends too early")
        self.at += 1
        return found

    def one(self) -> Node:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return self.of_class()
        if character == "\\":
            return self.escaped()
        if character == ".":
            return ANY
        if character in SPECIAL:
            raise BadPattern(f"unexpected {character!r}")
        return Chars(((character, character),))

    def group(self) -> Node:
        if self.text.startswith("?:", self.at):
            self.at += 2
        elif self.peek() == "?":
            raise BadPattern("groups with (? look around")
        self.depth += 1
        if self.depth > DEPTH:
            raise BadPattern("too deep")
        found = self.either()
        if self.take() != ")":
            raise BadPattern("a group is not closed")
        self.depth -= 1
        return found

    def escaped(self) -> Chars:
        character = self.take()
        if character in NAMED:
            return NAMED[character]
        if character.isalnum():
            raise BadPattern(f"there is no \\{character}")
        return Chars(((character, character),))

    def of_class(self) -> Node:
        negated = self.peek() == "^"
        self.at += negated
        ranges: list[tuple[str, str]] = []
        while (character := self.take()) != "]":
            ranges += self.range(character)
        if not ranges:
            raise BadPattern("an empty class")
        return Chars(tuple(ranges), negated)

    def range(self, character: str) -> Iterator[tuple[str, str]]:
        if character == "[":
            raise BadPattern("unexpected '['")
        if character == "\\":
            found = self.escaped()
            if found.negated:
                raise BadPattern("an opposite inside a class")
            if len(found.ranges) > 1 or found.ranges[0][0] != found.ranges[0][1]:
                yield from found.ranges
                return
            character = found.ranges[0][0]
        if self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("", "]"):
            self.at += 1
            last = self.take()
            last = self.escaped().ranges[0][1] if last == "\\" else last
            if last < character:
                raise BadPattern("a range that goes down")
            yield character, last
        else:
            yield character, character

    def repeated(self, part: Node) -> Node:
        bounds = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(self.peek())
        if bounds is not None:
            self.at += 1
        elif self.peek() == "{":
            bounds = self.counted()
        else:
            return part
        if self.peek() and self.peek() in "?*+{":
            raise BadPattern("a repeat of a repeat")
        return Repeat(part, *bounds)

    def counted(self) -> tuple[int, int | None]:
        inside, closed, _ = self.text[self.at + 1 :].partition("}")
        low, comma, high = inside.partition(",")
        if not closed or not _is_number(low) or not (high == "" or _is_number(high)):
            raise BadPattern("a repeat is {2}, {2,} or {2,5}")
        self.at += len(inside) + 2
        least = int(low)
        most = least if not comma else int(high) if high else None
        if max(least, most or 0) > REPEATS or (most is not None and most < least):
            raise BadPattern(f"at most {REPEATS} repeats")
        return least, most


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the automaton: whether it takes nothing, and by which positions it begins and ends."""

    empty: bool
    first: int
    last: int


@dataclass
class _Maker:
    positions: list[Chars] = field(default_factory=list)
    follow: list[int] = field(default_factory=list)
    steps: int = 0

    def of(self, node: Node) -> _Part:
        self.steps += 1
        if self.steps > STEPS or len(self.positions) > POSITIONS:
            raise BadPattern("too large with its repeats written out")
        if isinstance(node, Chars):
            bit = 1 << len(self.positions)
            self.positions.append(node)
            self.follow.append(0)
            return _Part(False, bit, bit)
        if isinstance(node, Repeat):
            return self.repeat(node)
        if isinstance(node, Row):
            return self.row(map(self.of, node.parts))
        parts = [self.of(part) for part in node.parts]
        first, last = 0, 0
        for part in parts:
            first, last = first | part.first, last | part.last
        return _Part(any(part.empty for part in parts), first, last)

    def row(self, parts: Iterator[_Part]) -> _Part:
        found = _Part(True, 0, 0)
        for part in parts:
            self.join(found.last, part.first)
            first = found.first | (part.first if found.empty else 0)
            last = part.last | (found.last if part.empty else 0)
            found = _Part(found.empty and part.empty, first, last)
        return found

    def repeat(self, node: Repeat) -> _Part:
        return self.row(self.copies(node))

    def copies(self, node: Repeat) -> Iterator[_Part]:
        for _ in range(node.least):
            yield self.of(node.part)
        for _ in range((node.most or 0) - node.least):
            part = self.of(node.part)
            yield _Part(True, part.first, part.last)
        if node.most is None:
            part = self.of(node.part)
            self.join(part.last, part.first)
            yield _Part(True, part.first, part.last)

    def join(self, before: int, after: int) -> None:
        for i in _bits(before):
            self.follow[i] |= after


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


@dataclass(frozen=True)
class Pattern:
    """A pattern, ready to be matched."""

    part: _Part
    positions: tuple[Chars, ...]
    follow: tuple[int, ...]

    def matches(self, text: str) -> bool:
        """Whether the text as a whole matches."""
        if not text:
            return self.part.empty
        taking = {each: self._taking(each) for each in set(text)}
        waiting, reached = self.part.first, 0
        for character in text:
            reached = waiting & taking[character]
            waiting = 0
            for i in _bits(reached):
                waiting |= self.follow[i]
        return bool(reached & self.part.last)

    def _taking(self, character: str) -> int:
        return sum(1 << i for i, each in enumerate(self.positions) if each.takes(character))


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """The pattern of a text. Raises BadPattern."""
    if len(text) > LONGEST:
        raise BadPattern(f"at most {LONGEST} characters")
    maker = _Maker()
    part = maker.of(_Parser(text).whole())
    return Pattern(part, tuple(maker.positions), tuple(maker.follow))
