"""Mutations of a module: one small change each, of the kinds that turn a rule into its opposite.

comparisons      == != < <= > >= in not in is is not      → the opposite
and or not       and ↔ or; not x → x
truth            True ↔ False
numbers          n → n + 1
words of ours    CERTAIN ↔ POSSIBLE, SOME ↔ NONE, ALLOW ↔ DENY, any ↔ all, and_ ↔ or_, is_ ↔ is_not, either ↔ every …
conditions       if c → if True, if False
results          return x → return nothing of its kind (False, None)
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

COMPARISONS: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_PAIRS = (
    ("CERTAIN", "POSSIBLE"),
    ("SOME", "NONE"),
    ("EVERY", "SOME"),
    ("ALLOW", "DENY"),
    ("PLAIN", "MASKED"),
    ("READ", "UPDATE"),
    ("any", "all"),
    ("and_", "or_"),
    ("is_", "is_not"),
    ("true", "false"),
    ("either", "every"),
    ("certain", "possible"),
    ("ALWAYS", "NEVER"),
    ("allowed", "denied"),
    ("plain", "denied"),
    ("departments", "regions"),
)
WORDS: Mapping[str, str] = {**{b: a for a, b in _PAIRS}, **dict(_PAIRS)}


@dataclass(frozen=True)
class Mutant:
    """A module with one change."""

    line: int
    kind: str
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.line}: {self.kind}: {self.before} → {self.after}"


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module's source, in the order of its lines; what stands in annotations is left alone."""
    tree = ast.parse(source)
    skipped = {id(inner) for node in ast.walk(tree) for outer in _apart(node) for inner in ast.walk(outer)}
    for node in ast.walk(tree):
        if id(node) not in skipped and hasattr(node, "lineno"):
            for kind, change, undo in _changes(node):
                before = ast.unparse(node)
                change()
                yield Mutant(node.lineno, kind, before, ast.unparse(node), ast.unparse(tree))
                undo()


def _apart(node: ast.AST) -> Iterator[ast.AST]:
    """What of a node never runs, or decides nothing."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield from (part for part in (node.returns, *node.decorator_list) if part is not None)
    if isinstance(node, ast.arg) and node.annotation is not None:
        yield node.annotation
    if isinstance(node, ast.AnnAssign):
        yield node.annotation
    if isinstance(node, (ast.Assert, ast.Import, ast.ImportFrom, ast.Raise)):
        yield node
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node
    if isinstance(node, ast.keyword) and node.arg in ("frozen", "slots", "repr", "compare", "maxsize"):
        yield node


Change = tuple[str, Callable[[], object], Callable[[], object]]


def _set(node: ast.AST, name: str, value: object) -> tuple[Callable[[], object], Callable[[], object]]:
    known = getattr(node, name)
    return (lambda: setattr(node, name, value)), (lambda: setattr(node, name, known))


def _changes(node: ast.AST) -> Iterator[Change]:
    yield from _of_operators(node)
    yield from _of_constants(node)
    yield from _of_words(node)
    yield from _of_branches(node)


def _of_operators(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        yield "comparison", *_set(node, "ops", [COMPARISONS[type(node.ops[0])]()])
    elif isinstance(node, ast.BoolOp):
        yield "and or", *_set(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", *_set(node, "operand", ast.UnaryOp(ast.Not(), node.operand))


def _of_constants(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "truth", *_set(node, "value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "number", *_set(node, "value", node.value + 1)


def _of_words(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Name) and node.id in WORDS:
        yield "word", *_set(node, "id", WORDS[node.id])
    elif isinstance(node, ast.Attribute) and node.attr in WORDS:
        yield "word", *_set(node, "attr", WORDS[node.attr])


def _of_branches(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, (ast.If, ast.IfExp)):
        for value in (True, False):
            yield "condition", *_set(node, "test", ast.Constant(value))
    elif isinstance(node, ast.Return) and node.value is not None:
        empty = ast.Constant(False if isinstance(node.value, (ast.Compare, ast.BoolOp)) else None)
        yield "result", *_set(node, "value", empty)
