"""A rule in words, for people who do not read documents."""

from __future__ import annotations

from collections.abc import Iterable

from policies.catalogue import Catalogue
from policies.document import FieldsPart, RulePart
from policies.parsing import Parser
from policies.wording import in_words, listed
from policies.words import ENGLISH, Words

MOST = 12
"""Resources and fields that are named one by one."""


def rule_in_words(rule: RulePart, catalogue: Catalogue, words: Words = ENGLISH) -> str:
    """`May read Customer where owner eq $me: PUBLIC, BUSINESS and phone (phone masked by phone).`"""

    def several(names: Iterable[str]) -> str:
        return listed(names, MOST, words)

    verb = words.may_never if rule.deny else words.may
    actions = several(words.actions.get(action.value, action.value) for action in rule.allow or rule.deny)
    on = words.everything if rule.on == ["all"] else several(rule.on)
    head = verb.format(actions=actions, on=on, where=_where(rule, catalogue, words))
    fields = _fields(rule, words)
    masks = [words.masked_by.format(name, mask) for name, mask in rule.mask.items()]
    presets = [words.set_to.format(name, value) for name, value in rule.preset.items()]
    more = [
        *([words.masked.format(several(masks))] if masks else []),
        *([words.sets.format(several(presets))] if presets else []),
    ]
    return words.semicolon.join([words.shows.format(head, fields) if fields else head, *more]) + words.end


def _where(rule: RulePart, catalogue: Catalogue, words: Words) -> str:
    if not rule.when:
        return ""
    names = [name for name in rule.on if name in catalogue] if rule.on != ["all"] else [each.name for each in catalogue]
    condition = Parser(catalogue).condition(rule.when, catalogue[names[0]], ())
    return words.where.format(in_words(condition, words))


def _fields(rule: RulePart, words: Words) -> str:
    if isinstance(rule.fields, FieldsPart):
        return listed([*(each.value for each in rule.fields.classes), *rule.fields.names], MOST, words)
    if rule.deny:
        return ""
    return words.all_fields if rule.fields else words.no_field
