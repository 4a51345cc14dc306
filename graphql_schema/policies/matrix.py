"""The matrix of a version: what each role alone is shown of each field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from app.models.catalogue import CATALOGUE
from graphql_schema.making import Part, empty, fill_type, listed, maybe, name_enum
from policies.drafting.matrix import Cell, Line, Shown, matrix
from policies.rules import Policy
from policies.words import Words

_MEANING = {
    Shown.PLAIN: "As it is, on every row that is seen.",
    Shown.MASKED: "Masked, on every row that is seen.",
    Shown.WITHHELD: "Never.",
    Shown.CONDITIONAL: "As `when` says.",
}
SHOWN = name_enum(
    "PolicyShown",
    {each.value: each.value for each in Shown},
    "How a role is shown a field.",
    lambda member: _MEANING[Shown(member.value)],
)
CELL = empty("PolicyCell")
fill_type(
    CELL,
    "How a role is shown a field of the rows that it sees.",
    [
        Part("field", str, "The field."),
        Part("shown", SHOWN, "How it is shown."),
        Part("mask", maybe(str), "The mask, where there is one on every row."),
        Part("when", listed(str), "On what it is shown how, where that depends on the row."),
    ],
)
LINE = empty("PolicyLine")
fill_type(
    LINE,
    "What a role alone sees of a type.",
    [
        Part("role", str, "Code of the role."),
        Part("resource", str, "The type."),
        Part("rows", listed(str), "Which rows it sees; none: no row."),
        Part("cells", listed(CELL), "Its fields."),
    ],
)
ASKED = (
    Part("roles", maybe(listed(str)), "Codes of roles; without it, all."),
    Part("resources", maybe(listed(str)), "Names of types; without it, all."),
)


Names: TypeAlias = Collection[str] | None


def lines(policy: Policy, roles: Names, resources: Names, words: Words) -> list[Mapping[str, Any]]:
    """The lines of some roles, or all, for some resources, or all, as far as there are such."""
    codes = [code for code in policy.roles if roles is None or code in roles]
    wanted = [each for each in CATALOGUE if resources is None or each.name in resources]
    return [_line(line) for line in matrix(policy, sorted(codes), wanted, words)]


def _line(line: Line) -> Mapping[str, Any]:
    return {
        "role": line.role,
        "resource": line.resource,
        "rows": list(line.rows),
        "cells": [_cell(cell) for cell in line.cells],
    }


def _cell(cell: Cell) -> Mapping[str, Any]:
    return {"field": cell.field, "shown": SHOWN(cell.shown.value), "mask": cell.mask, "when": list(cell.when)}
