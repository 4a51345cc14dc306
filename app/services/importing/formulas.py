"""Formulas over columns, such as `{quantity} * {unitPrice} * (1 - {discount})`: exact decimals, + - * / and brackets.

A formula is read as a Python expression of which only that much is let through, then compiled once.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from decimal import Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from app.services.importing.transforms import Refusal

OPERAND = re.compile(r"\{([^{}]*)\}")
EXACT = Context(prec=60, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Digits enough for the product of three of the widest columns."""

_KNOWN = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Name, ast.Load, ast.Constant)
_SIGNS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.UAdd)


def operands(formula: str) -> list[str]:
    """The texts in braces, in order, each once."""
    return list(dict.fromkeys(OPERAND.findall(formula)))


def compiled(formula: str) -> Callable[..., Decimal]:
    """A function of the operands, in the order of `operands`. Raises ValueError where the text is no formula."""
    names = {operand: f"operand_{i}" for i, operand in enumerate(operands(formula))}
    text = OPERAND.sub(lambda found: names[found[1]], formula)
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        raise ValueError(f"{formula!r} is no formula") from None
    for node in ast.walk(tree):
        _check(node, formula, frozenset(names.values()))
    exact = _Exact()
    function = ast.parse(f"lambda {', '.join(names.values())}: 0", mode="eval")
    assert isinstance(function.body, ast.Lambda)
    function.body.body = exact.visit(tree).body
    code = compile(ast.fix_missing_locations(function), "<formula>", "eval")
    return _guarded(eval(code, {"__builtins__": {}, **exact.numbers}))  # noqa: S307 the tree holds arithmetic only


def _check(node: ast.AST, formula: str, names: frozenset[str]) -> None:
    known = isinstance(node, (*_KNOWN, *_SIGNS))
    if isinstance(node, ast.Name):
        known = node.id in names
    if isinstance(node, ast.Constant):
        known = type(node.value) in (int, float)
    if not known:
        raise ValueError(f"{formula!r} may hold numbers, columns in braces, + - * / and brackets only")


class _Exact(ast.NodeTransformer):
    """Numbers become decimals, as they are written, under names of their own."""

    def __init__(self) -> None:
        self.numbers: dict[str, Decimal] = {}

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A number in the formula."""
        name = f"number_{len(self.numbers)}"
        self.numbers[name] = Decimal(str(node.value))
        return ast.Name(name, ast.Load())


def _guarded(function: Callable[..., Decimal]) -> Callable[..., Decimal]:
    def run(*values: Any) -> Decimal:
        try:
            return function(*values)
        except DecimalException as error:
            raise Refusal(f"cannot be computed from {', '.join(map(str, values))} ({type(error).__name__})") from None

    return run
