"""Parts of a YAML text set and taken away. Whatever is not of such a part keeps every byte."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policies.drafting.places import Place
from policies.drafting.writing import entry, flow

BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_GAP = re.compile("(?:\\s+|#[^\n\r\x85\u2028\u2029]*)*")
"""What may stand between two parts: space and comments."""


@dataclass
class Splicing:
    """A text, and what is to be put where in it."""

    text: str
    _pieces: list[tuple[int, int, int, str]] = field(default_factory=list)

    def done(self) -> str:
        """The text with all of it."""
        text = self.text
        for start, end, _, put in sorted(self._pieces, reverse=True):
            text = text[:start] + put + text[end:]
        return text

    @property
    def newline(self) -> str:
        """What ends the lines of the text."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def _put(self, start: int, end: int, text: str) -> None:
        self._pieces.append((start, end, len(self._pieces), text))

    def put(self, place: Place, text: str) -> None:
        """A text in the place of a part."""
        self._put(place.start, place.end, text)

    def replace_item(self, place: Place, entries: Mapping[str, Any]) -> None:
        """Another map in the place of an item of a list."""
        between = self.newline + " " * place.column
        lines = (entry(name, value) for name, value in entries.items())
        self.put(place, between.join(lines) if entries and not place.flow else flow(entries))

    def set_value(self, place: Place, value: Any) -> None:
        """Another value in the place of one."""
        space = " " if place.start == place.end and not self.text[: place.start].endswith((" ", "\n")) else ""
        indented = "  " if place.start < place.end and not place.column else ""
        self._put(place.start, place.end, f"{space}{indented}{flow(value)}")

    def rename(self, pair: tuple[Place, Place], name: str, value: Any) -> None:
        """Another entry in the place of one."""
        key, old = pair
        self._put(key.start, max(old.end, _after(self.text, key.end, ":")), entry(name, value))

    def add_entries(self, place: Place, entries: Mapping[str, Any], after: Place | None = None) -> None:
        """More entries in a map: behind one of its values, or its last."""
        lines = [entry(name, value) for name, value in entries.items()]
        if place.flow:
            last = after.end if after is not None else place.entries[-1][1].end if place.entries else place.end - 1
            begins = ", " if place.entries else ""
            self._put(last, last, begins + ", ".join(lines))
            return
        assert place.entries
        indent = self.newline + " " * place.entries[0][0].column
        at = self._line_end((after or place).end)
        self._put(at, at, "".join(indent + line for line in lines))

    def remove_entry(self, place: Place, pair: tuple[Place, Place]) -> None:
        """A map without one of its entries, of which it has others."""
        key, value = pair
        end = max(value.end, _after(self.text, key.end, ":"))
        entries = place.entries or []
        others = [(each.start, max(old.end, each.end)) for each, old in entries]
        at = next(i for i, each in enumerate(entries) if each[0] is key)
        if place.flow:
            self._remove_from_flow(key.start, end, others, at)
        elif at == 0 and not self._begins_line(key.start):
            self._put(key.start, others[1][0], "")
        else:
            self._remove_lines(key.start, end)

    def add_item(self, place: Place, entries: Mapping[str, Any]) -> None:
        """One more item, a map, in a list."""
        items = place.items or []
        if place.flow:
            at = items[-1].end if items else place.end - 1
            self._put(at, at, (", " if items else "") + flow(entries))
            return
        at = self._line_end(items[-1].end)
        self._put(at, at, self.newline + self.item(entries, place.column))

    def item(self, entries: Mapping[str, Any], column: int) -> str:
        """An item of a list in a block, whose dash stands in a column."""
        between = self.newline + " " * (column + 2)
        lines = [entry(name, value) for name, value in entries.items()]
        return " " * column + "- " + (between.join(lines) or flow(entries))

    def begin_block(self, place: Place, entries: Mapping[str, Any], column: int) -> None:
        """A list in a block, of one item, in the place of an empty one."""
        start = len(self.text[: place.start].rstrip())
        self._put(start, place.end, self.newline + self.item(entries, column))

    def add_list(self, place: Place, name: str, entries: Mapping[str, Any]) -> None:
        """An entry in a map, that is a list of one item."""
        if place.flow:
            self.add_entries(place, {name: [entries]})
        else:
            at, indent = self._line_end(place.end), " " * place.column
            self._put(at, at, f"{self.newline}{indent}{name}:{self.newline}{self.item(entries, place.column + 2)}")

    def remove_item(self, place: Place, at: int) -> None:
        """A list without one of its items."""
        items = place.items or []
        spans = [(each.start, each.end) for each in items]
        if place.flow:
            self._remove_from_flow(*spans[at], spans, at)
        elif len(items) == 1:
            self._put(place.start, place.end, "[]" if place.column else "  []")
        else:
            dash = _GAP.match(self.text, spans[at - 1][1]).end() if at else place.start  # type: ignore[union-attr]
            self._remove_lines(dash, spans[at][1])

    def _remove_lines(self, start: int, end: int) -> None:
        """Whole lines, with what follows on the last."""
        begin = max((found.end() for found in BREAK.finditer(self.text, 0, start)), default=0)
        line_end = self._line_end(end)
        following = BREAK.match(self.text, line_end)
        self._put(begin, following.end() if following else line_end, "")

    def _remove_from_flow(self, start: int, end: int, spans: Sequence[tuple[int, int]], at: int) -> None:
        """A part with the comma behind it, or, of the last, before it."""
        self._put(start, end, "")
        comma = _after(self.text, end, ",")
        if comma == end and at:
            comma = _after(self.text, spans[at - 1][1], ",")
        if comma not in (end, spans[at - 1][1] if at else end):
            self._put(comma - 1, comma, "")

    def _begins_line(self, at: int) -> bool:
        before = BREAK.split(self.text[:at])[-1]
        return not before.strip(" ")

    def _line_end(self, at: int) -> int:
        found = BREAK.search(self.text, at)
        return found.start() if found else len(self.text)


def _after(text: str, at: int, mark: str) -> int:
    """Where a mark ends that comes next, but for space and comments; the place itself where none does."""
    found = _GAP.match(text, at)
    assert found is not None
    return found.end() + 1 if text.startswith(mark, found.end()) else at
