"""What differs between two policies: roles and rules that came, went or changed, as data and in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from policies.catalogue import Catalogue
from policies.document import RoleDocument, RulePart
from policies.drafting.sentences import rule_in_words
from policies.drafting.written import WrittenRole, WrittenRule, written
from policies.wording import listed
from policies.words import ENGLISH, Words


class Change(StrEnum):
    """What became of a role or a rule."""

    ROLE_ADDED = "ROLE_ADDED"
    ROLE_REMOVED = "ROLE_REMOVED"
    ROLE_CHANGED = "ROLE_CHANGED"
    RULE_ADDED = "RULE_ADDED"
    RULE_REMOVED = "RULE_REMOVED"
    RULE_CHANGED = "RULE_CHANGED"


@dataclass(frozen=True)
class Difference:
    """One of them. `before` and `after` are the rule (or of a role that changed what its head says), as data."""

    change: Change
    role: str
    sentence: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    index: int | None = None
    """Of the rule in its document: as it is after, or, where it was removed, as it was before."""


Pair: TypeAlias = tuple[WrittenRule, WrittenRule]


def diff(
    before: Mapping[str, str], after: Mapping[str, str], catalogue: Catalogue, words: Words = ENGLISH
) -> tuple[Difference, ...]:
    """What differs between two policies' documents, by role. Where rules stand, and how they are written, is no difference."""
    old, new = written(before), written(after)
    roles = ((old.get(code), new.get(code)) for code in sorted({*old, *new}))
    return tuple(each for one, other in roles for each in _role(one, other, catalogue, words))


def _role(old: WrittenRole | None, new: WrittenRole | None, catalogue: Catalogue, words: Words) -> Iterator[Difference]:
    if old is None and new is not None:
        yield Difference(Change.ROLE_ADDED, new.code, words.new.format(new.code), after=_head(new.head))
    elif new is None and old is not None:
        yield Difference(Change.ROLE_REMOVED, old.code, words.gone.format(old.code), before=_head(old.head))
    elif old is not None and new is not None:
        yield from _heads(old, new, words)
    yield from _rules(old, new, catalogue, words)


def _head(head: RoleDocument) -> dict[str, Any]:
    return {
        "name": head.name,
        "includes": sorted(head.includes),
        "schema": head.schema_.value,
        "minGroup": head.min_group,
    }


def _heads(old: WrittenRole, new: WrittenRole, words: Words) -> Iterator[Difference]:
    before, after = _head(old.head), _head(new.head)
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        each = [words.turned.format(name, *(_said(side[name], words) for side in (before, after))) for name in changed]
        told = words.shows.format(new.code, listed(each, words=words)) + words.end
        yield Difference(
            Change.ROLE_CHANGED,
            new.code,
            told,
            {name: before[name] for name in changed},
            {name: after[name] for name in changed},
        )


def _said(value: object, words: Words) -> str:
    return (
        listed(map(str, value), 20, words) or words.nothing if isinstance(value, list) else str(value or words.nothing)
    )


def _rules(
    old: WrittenRole | None, new: WrittenRole | None, catalogue: Catalogue, words: Words
) -> Iterator[Difference]:
    def said(rule: WrittenRule) -> str:
        return rule_in_words(rule.part, catalogue, words)

    gone, come = _unmatched(old.rules if old else (), new.rules if new else ())
    code = new.code if new else old.code if old else ""
    for one, other in _paired(gone, come):
        told = words.changed.format(code, said(other), said(one))
        yield Difference(Change.RULE_CHANGED, code, told, one.data, other.data, other.index)
    for rule in gone:
        told = words.no_longer.format(code, said(rule))
        yield Difference(Change.RULE_REMOVED, code, told, before=rule.data, index=rule.index)
    for rule in come:
        told = words.shows.format(code, said(rule))
        yield Difference(Change.RULE_ADDED, code, told, after=rule.data, index=rule.index)


def _unmatched(old: Sequence[WrittenRule], new: Sequence[WrittenRule]) -> tuple[list[WrittenRule], list[WrittenRule]]:
    """The rules that only one side has."""
    come = list(new)
    gone = []
    for rule in old:
        same = next((other for other in come if meaning(other.part) == meaning(rule.part)), None)
        if same is None:
            gone.append(rule)
        else:
            come.remove(same)
    return gone, come


def meaning(rule: RulePart) -> str:
    """A rule without the order of what is listed in it."""
    data = rule.model_dump(mode="json")
    for name in ("allow", "deny", "on", "meant"):
        data[name] = sorted(data[name])
    if isinstance(data["fields"], dict):
        data["fields"] = {name: sorted(values) for name, values in data["fields"].items()}
    return json.dumps(data, sort_keys=True, default=str)


def _paired(gone: list[WrittenRule], come: list[WrittenRule]) -> Iterator[Pair]:
    """Takes out of both what is the same rule, changed: of one effect on the same resources, for the same actions if there is such."""
    for alike in (_same_actions, _same_resources):
        for one in list(gone):
            other = next((each for each in come if alike(one, each)), None)
            if other is not None:
                gone.remove(one)
                come.remove(other)
                yield one, other


def _same_actions(one: WrittenRule, other: WrittenRule) -> bool:
    return _same_resources(one, other) and set(one.actions) == set(other.actions)


def _same_resources(one: WrittenRule, other: WrittenRule) -> bool:
    return one.effect == other.effect and set(one.part.on) == set(other.part.on)


def in_lines(differences: Iterable[Difference]) -> list[str]:
    """The differences in words, one to a line."""
    return [each.sentence for each in differences]
