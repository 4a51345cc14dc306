"""Statements laid out for people: one clause to a line, subqueries indented, parameters explained."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from graphql_schema.compiler.operands import Converted, Listed, Variable
from graphql_schema.compiler.plans import Plan
from policies.conditions import Attribute, Constant, Operand

STEP = "  "
_TOKEN = re.compile(r"E?'(?:[^']|'')*'(?:::\w+)?|\"[^\"]*\"|\(|\)|,|[^\s(),'\"]+")
_BEGINS_A_LINE = re.compile("FROM|WHERE|GROUP|ORDER|LIMIT")
_APART = re.compile(r"[A-Z]+|=|<>|[<>]=?|\|\|")


@dataclass
class _Layout:
    """Lines made of tokens; `opened` says of each open bracket whether it holds a subquery."""

    lines: list[str] = field(default_factory=list)
    opened: list[bool] = field(default_factory=list)
    line: str = ""

    @property
    def between_clauses(self) -> bool:
        return not self.opened or self.opened[-1]

    def end(self) -> None:
        if self.line.strip():
            self.lines.append(STEP * sum(self.opened) + self.line.strip())
        self.line = ""

    def open(self, following: str) -> None:
        self.line += "("
        if following == "SELECT":
            self.end()
        self.opened.append(following == "SELECT")

    def close(self) -> None:
        if self.opened[-1]:
            self.end()
        self.opened.pop()
        self.line = self.line.rstrip() + ") "

    def comma(self) -> None:
        self.line = self.line.rstrip() + ", "
        if self.between_clauses:
            self.end()

    def word(self, token: str, following: str) -> None:
        if _BEGINS_A_LINE.fullmatch(token) and self.between_clauses:
            self.end()
        is_function = following == "(" and not _APART.fullmatch(token)
        self.line += token if is_function else f"{token} "


def laid_out(sql: str) -> str:
    """A statement with its subqueries indented."""
    tokens, layout = _TOKEN.findall(sql), _Layout()
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        if token == "(":
            layout.open(following)
        elif token == ")":
            layout.close()
        elif token == ",":
            layout.comma()
        else:
            layout.word(token, following)
    layout.end()
    return "\n".join(layout.lines)


def source(operand: Operand) -> str:
    """Where a parameter's value comes from."""
    if isinstance(operand, Attribute):
        of = "" if operand.of is None else f" of assignment {operand.of}"
        return f"the caller's {operand.name}{of}"
    if isinstance(operand, Converted):
        return source(operand.inner)
    if isinstance(operand, Variable):
        return ".".join(["variable", operand.name, *map(str, operand.path)])
    if isinstance(operand, Listed):
        return "[" + ", ".join(map(source, operand.items)) + "]"
    assert isinstance(operand, Constant)
    values = operand.value if isinstance(operand.value, (list, tuple)) else [operand.value]
    return "the document's " + ", ".join(map(str, values))


def golden(plan: Plan) -> str:
    """A plan's text for review."""
    parameters = [f"-- ${i}: {source(operand)}" for i, operand in enumerate(plan.sources, 1)]
    return "\n".join([*parameters, laid_out(plan.sql)]) + "\n"
