"""A rule in words, for people who do not read documents."""

from __future__ import annotations

from policies.catalogue import Catalogue
from policies.document import FieldsPart, RulePart
from policies.parsing import Parser
from policies.wording import in_words, listed

MOST = 12
"""Resources and fields that are named one by one."""


def rule_in_words(rule: RulePart, catalogue: Catalogue) -> str:
    """`May read Customer where owner eq $me: PUBLIC, BUSINESS and phone (phone masked by phone).`"""
    verb = "May never" if rule.deny else "May"
    actions = listed((action.value.replace("_", " ") for action in rule.allow or rule.deny), MOST)
    on = "everything" if rule.on == ["all"] else listed(rule.on, MOST)
    parts = [f"{verb} {actions} {on}{_where(rule, catalogue)}", _fields(rule)]
    told = ": ".join(filter(None, parts))
    masks = [f"{name} by {mask}" for name, mask in rule.mask.items()]
    presets = [f"{name} to {value}" for name, value in rule.preset.items()]
    more = [
        *([f"masked: {listed(masks, MOST)}"] if masks else []),
        *([f"sets {listed(presets, MOST)}"] if presets else []),
    ]
    return "; ".join([told, *more]) + "."


def _where(rule: RulePart, catalogue: Catalogue) -> str:
    if not rule.when:
        return ""
    names = [name for name in rule.on if name in catalogue] if rule.on != ["all"] else [each.name for each in catalogue]
    condition = Parser(catalogue).condition(rule.when, catalogue[names[0]], ())
    return f" where {in_words(condition)}"


def _fields(rule: RulePart) -> str:
    if isinstance(rule.fields, FieldsPart):
        return listed([*(each.value for each in rule.fields.classes), *rule.fields.names], MOST)
    if rule.deny:
        return ""
    return "all fields" if rule.fields else "no field"
