"""One document changed: an item of its list (a rule, a case) set, added or removed, or its head, by splicing its text.

What comes out is read again and compared with what was meant, so that no form of YAML, however odd, is changed otherwise
than was asked; a text that cannot be changed so is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from policies.drafting.places import Place, read_places
from policies.drafting.splicing import Splicing
from policies.drafting.writing import flow, plain, same
from policies.faults import Fault, PolicyError
from policies.marked_yaml import Marked, read_yaml

HEAD = ("role", "scope", "name", "includes", "schema", "minGroup")
"""Entries before the rules, in their order."""
RULE = ("allow", "deny", "on", "when", "fields", "mask", "preset", "meant")
"""Entries of a rule, in the order in which new ones are written."""
CASE = ("as", "on", "row", "expect", "plain", "masked", "withheld", "may", "mayNot", "because")
"""Entries of a case of tests, the same."""

Data: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Items:
    """The list of a document that is changed item by item: its name, what one is called, and the order of one's entries."""

    name: str
    one: str
    order: tuple[str, ...]


RULES, CASES = Items("rules", "rule", RULE), Items("cases", "case", CASE)


@dataclass(frozen=True)
class _Document:
    """A text, what it holds, and where."""

    file: str
    text: str
    value: dict[str, Any]
    root: Place

    def items(self, of: Items) -> list[Any]:
        """The items, as they are written."""
        found = self.value.get(of.name)
        return found if isinstance(found, list) else []

    def item(self, of: Items, index: int) -> Place:
        """Where an item stands. Raises PolicyError."""
        count = len(self.items(of))
        if not 0 <= index < count:
            raise PolicyError([Fault(self.file, 1, f"there is no {of.one} {index}; there are {count}, from 0")])
        pair = self.root.entry(of.name)
        places = (pair[1].items if pair is not None else None) or []
        if len(places) != count:
            raise PolicyError([_not_in_place(self.file)])
        return places[index]


Splice: TypeAlias = Callable[[Splicing], None]


def add_item(text: str, file: str, item: Data, of: Items = RULES) -> str:
    """The document with one item more, at its end. Raises PolicyError."""
    document, new = _read(text, file), in_order(item, of.order)
    pair = document.root.entry(of.name)

    def splice(splicing: Splicing) -> None:
        if pair is None:
            splicing.add_list(document.root, of.name, new)
        elif pair[1].items or document.root.flow:
            splicing.add_item(pair[1], new)
        else:
            splicing.begin_block(pair[1], new, document.root.column + 2)

    return _changed(document, {**document.value, of.name: [*document.items(of), new]}, splice)


def set_item(text: str, file: str, index: int, item: Data, of: Items = RULES) -> str:
    """The document with another item in the place of one. What stays of it keeps its text. Raises PolicyError."""
    document, new = _read(text, file), in_order(item, of.order)
    place, items = document.item(of, index), document.items(of)

    def splice(splicing: Splicing) -> None:
        gone = _set_entries(splicing, place, items[index], new)
        _move_anchors(splicing, document, gone)

    def replace(splicing: Splicing) -> None:
        splicing.replace_item(place, new)
        _move_anchors(splicing, document, [place])

    wanted = {**document.value, of.name: [*items[:index], new, *items[index + 1 :]]}
    return _changed(document, wanted, splice, replace)


def remove_item(text: str, file: str, index: int, of: Items = RULES) -> str:
    """The document without one of its items. Raises PolicyError."""
    document = _read(text, file)
    place, items = document.item(of, index), document.items(of)

    def splice(splicing: Splicing) -> None:
        pair = document.root.entry(of.name)
        assert pair is not None
        splicing.remove_item(pair[1], index)
        _move_anchors(splicing, document, [place])

    return _changed(document, {**document.value, of.name: [*items[:index], *items[index + 1 :]]}, splice)


def set_head(text: str, file: str, head: Data) -> str:
    """The document with other entries in its head; None takes one away. Raises PolicyError."""
    document = _read(text, file)
    given = {name: value for name, value in head.items() if value is not None}
    gone = [pair for name, value in head.items() if value is None and (pair := document.root.entry(name)) is not None]

    def splice(splicing: Splicing) -> None:
        for pair in gone:
            splicing.remove_entry(document.root, pair)
        for name, value in given.items():
            held = document.root.entry(name)
            if held is None:
                splicing.add_entries(document.root, {name: value}, _before(document.root, name))
            elif not same(document.value[name], value):
                splicing.set_value(held[1], value)

    kept = {name: value for name, value in document.value.items() if head.get(name, "") is not None}
    return _changed(document, {**kept, **given}, splice)


def _before(root: Place, name: str) -> Place | None:
    """The value behind which an entry of the head goes."""
    earlier = [pair[1] for each in HEAD[: HEAD.index(name)] if (pair := root.entry(each)) is not None]
    return max(earlier, key=lambda place: place.end, default=None)


def in_order(entries: Data, order: tuple[str, ...]) -> dict[str, Any]:
    """Entries in a given order, others after them."""
    return {name: entries[name] for name in (*(each for each in order if each in entries), *entries)}


def read_value(text: str, file: str) -> dict[str, Any]:
    """What a document holds. Raises PolicyError for one that is no map."""
    found = read_yaml(text, file)
    if not isinstance(found, Marked):
        raise PolicyError(found if isinstance(found, list) else [found])
    if not isinstance(found.value, dict):
        raise PolicyError([Fault(file, 1, "a map of entries is expected")])
    return found.value


def _read(text: str, file: str) -> _Document:
    return _Document(file, text, read_value(text, file), read_places(text))


def _set_entries(splicing: Splicing, place: Place, old: Data, new: Data) -> list[Place]:
    """The entries of a map as they are to be; those that stay keep their text. Gives the places of values that go."""
    pairs = {key.text: (key, value) for key, value in place.entries or ()}
    gone = [name for name in pairs if name not in new]
    added = [name for name in new if name not in pairs]
    differing = [name for name in pairs if name in new and not same(old[name], new[name])]
    for name in differing:
        splicing.set_value(pairs[name][1], new[name])
    for name, other in zip(gone, added, strict=False):
        splicing.rename(pairs[name], other, new[other])
    for name in gone[len(added) :]:
        splicing.remove_entry(place, pairs[name])
    if more := added[len(gone) :]:
        splicing.add_entries(place, {name: new[name] for name in more})
    return [pairs[name][1] for name in (*differing, *gone)]


def _move_anchors(splicing: Splicing, document: _Document, gone: list[Place]) -> None:
    """Writes what goes, and is meant elsewhere by its anchor, where it is first meant."""
    going = {id(part) for place in gone for part in place.inside}
    valued = list(_valued(document.root, document.value))
    for place, value in valued:
        if place.anchor is None or place.alias or id(place) not in going:
            continue
        for other, _ in valued:
            if other.alias and other.anchor == place.anchor and id(other) not in going:
                splicing.put(other, f"&{place.anchor} {flow(plain(value))}")
                break


def _valued(place: Place, value: Any) -> Iterator[tuple[Place, Any]]:
    """Each part, and what it holds."""
    yield place, value
    for key, inner in place.entries or ():
        yield from _valued(inner, value[key.text])
    for item, each in zip(place.items or (), value if place.items else (), strict=True):
        yield from _valued(item, each)


def _changed(document: _Document, wanted: Data, *splices: Splice) -> str:
    """The text that the first splice makes which comes to what is wanted."""
    for splice in splices:
        splicing = Splicing(document.text)
        splice(splicing)
        made = splicing.done()
        found = read_yaml(made, document.file)
        if isinstance(found, Marked) and same(found.value, wanted):
            return made
    alone = read_yaml(flow(plain(wanted)), document.file)
    raise PolicyError(alone if isinstance(alone, list) else [_not_in_place(document.file)])


def _not_in_place(file: str) -> Fault:
    return Fault(file, 1, "cannot be changed in its place: set the text of the whole document")
