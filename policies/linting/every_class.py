"""Denies that list every class: fields are withheld, and the row stays visible."""

from __future__ import annotations

from collections.abc import Iterator

from policies.catalogue import Resource
from policies.grounds import structural
from policies.linting.findings import Check, Remark, Severity, of_rule
from policies.linting.subject import Subject
from policies.rules import Effect


def _find(subject: Subject) -> Iterator[Remark]:
    for resource, _, rules in subject.each(Effect.DENY):
        for spoken in rules:
            if not spoken.rule.row and _grantable(resource) <= spoken.rule.plain:
                yield of_rule(spoken.rule, "denies every field, and leaves the row visible; did you mean the row?")


def _grantable(resource: Resource) -> frozenset[str]:
    fields = resource.fields.items()
    return frozenset(name for name, field in fields if field.spec.data_class is not None) - structural(resource)


EVERY_CLASS = Check("every-class", Severity.ERROR, _find)
