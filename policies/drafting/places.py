"""Where in a text each part of a YAML document stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

_ENDS = yaml.SequenceEndEvent | yaml.MappingEndEvent


@dataclass(eq=False)
class Place:
    """A part of a document: from where to where its text goes, and what stands in it.

    `entries` are a map's, each a key and a value, `items` a list's. The text of a block ends with its last part.
    """

    start: int
    end: int
    column: int
    flow: bool = True
    anchor: str | None = None
    alias: bool = False
    text: str = ""
    """Of a scalar."""
    entries: list[tuple[Place, Place]] | None = None
    items: list[Place] | None = None

    @property
    def inside(self) -> Iterator[Place]:
        """This part, and all parts of it."""
        yield self
        for key, value in self.entries or ():
            yield from (*key.inside, *value.inside)
        for item in self.items or ():
            yield from item.inside

    def entry(self, name: str) -> tuple[Place, Place] | None:
        """The entry of a map by its key."""
        return next((pair for pair in self.entries or () if pair[0].text == name), None)


def read_places(text: str) -> Place:
    """The places of the one document of a text that `read_yaml` reads."""
    events = (each for each in yaml.parse(text, Loader=yaml.SafeLoader) if isinstance(each, yaml.NodeEvent | _ENDS))
    return _place(next(events), events, text)


def _place(event: yaml.Event, events: Iterator[yaml.Event], text: str) -> Place:
    begins, ends = event.start_mark, event.end_mark
    assert begins is not None and ends is not None
    found = Place(begins.index, ends.index, begins.column, anchor=getattr(event, "anchor", None))
    if isinstance(event, yaml.SequenceStartEvent):
        found.flow, found.items = bool(event.flow_style), list(_until_end(events, text, found))
    elif isinstance(event, yaml.MappingStartEvent):
        parts = list(_until_end(events, text, found))
        found.flow, found.entries = bool(event.flow_style), list(zip(parts[::2], parts[1::2], strict=True))
    elif isinstance(event, yaml.AliasEvent):
        found.alias = True
    else:
        assert isinstance(event, yaml.ScalarEvent)
        found.text = str(event.value)
    _settle(found, text)
    return found


def _until_end(events: Iterator[yaml.Event], text: str, around: Place) -> Iterator[Place]:
    for event in events:
        if isinstance(event, _ENDS):
            assert event.end_mark is not None
            around.end = event.end_mark.index
            return
        yield _place(event, events, text)


def _settle(found: Place, text: str) -> None:
    """Ends a part where its text does: what marks the end of a block is where the next part begins."""
    parts = [part for pair in found.entries or () for part in pair] or list(found.items or ())
    if parts and not found.flow:
        found.end = parts[-1].end
    else:
        found.end = max(found.start, len(text[: found.end].rstrip()))
