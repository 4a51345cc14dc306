"""What a version says of its roles: their heads and rules, as data, in words and as they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.models.catalogue import CATALOGUE
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.scalars import JSON
from policies.document import SchemaKind
from policies.drafting.sentences import rule_in_words
from policies.drafting.written import WrittenRule, written_role
from policies.rules import Policy, Role
from policies.words import Words

TEXTS = listed(str)
RULE = empty("PolicyRule")
fill_type(
    RULE,
    "A rule of a role. `when`, `fields`, `mask` and `preset` are as a document has them; null: it has none.",
    [
        Part("index", int, "Which of the role's own rules it is, from 0."),
        Part("effect", str, "`allow` or `deny`."),
        Part("actions", TEXTS, "What it allows, or denies."),
        Part("on", TEXTS, "The types that it is about; `all`: every type."),
        *(Part(name, maybe(JSON), f"Its `{name}`.") for name in ("when", "fields", "mask", "preset")),
        Part("rule", JSON, "All of it, as it is set."),
        Part("sentence", str, "It in words, in the language of the request."),
        Part("text", str, "It as it is written."),
        Part("line", int, "The line of its document, from 1."),
    ],
)
ROLE = empty("PolicyRole")
fill_type(
    ROLE,
    "A role or a scope of the policy.",
    [
        Part("code", str, "Its code; of a scope, `scope:` and its name."),
        Part("name", str, "What people read that it is."),
        Part("includes", TEXTS, "Codes of those whose rules it has, too."),
        Part("schema", str, "`complete` or `tailored`."),
        Part("minGroup", maybe(int), "Groups of fewer rows are not shown to it."),
        Part("file", str, "The document that it is written in."),
        Part("rules", listed(RULE), "Its own rules."),
    ],
)


CODES = (Part("codes", maybe(TEXTS), "Only of these codes."),)


def roles(
    policy: Policy, texts: Mapping[str, str], codes: Collection[str] | None, words: Words
) -> Iterator[Mapping[str, Any]]:
    """The roles of a policy, whose documents these are, or those of some codes, by code."""
    for code, role in sorted(policy.roles.items()):
        if codes is None or code in codes:
            yield _role(role, texts, words)


def _role(role: Role, texts: Mapping[str, str], words: Words) -> Mapping[str, Any]:
    file = role.origin.file
    return {
        "code": role.code,
        "name": role.name,
        "includes": list(role.includes),
        "schema": (SchemaKind.TAILORED if role.tailored else SchemaKind.COMPLETE).value,
        "minGroup": role.min_group,
        "file": file,
        "rules": lambda _info: [_rule(rule, words) for rule in written_role(file, texts[file]).rules],
    }


def _rule(rule: WrittenRule, words: Words) -> Mapping[str, Any]:
    return {
        "index": rule.index,
        "effect": rule.effect,
        "actions": list(rule.actions),
        "on": rule.part.on,
        **{name: rule.data.get(name) for name in ("when", "fields", "mask", "preset")},
        "rule": rule.data,
        "sentence": rule_in_words(rule.part, CATALOGUE, words),
        "text": rule.text,
        "line": rule.line,
    }
