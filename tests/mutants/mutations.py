"""Mutations of a module: one small change each, of the kinds that turn a rule into its opposite.

comparisons      == != < <= > >= in not in is is not      → the opposite
and or not       and ↔ or; not x → x
truth            True ↔ False
numbers          n → n + 1
words of ours    CERTAIN ↔ POSSIBLE, SOME ↔ NONE, ALLOW ↔ DENY, any ↔ all, and_ ↔ or_, is_ ↔ is_not, either ↔ every …
conditions       if c → if True, if False
results          return x → return nothing of its kind (False, None)
parts            and_(a, b) → and_(a), and_(b); or_, every and either alike
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TypeAlias

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
OF_OWNER: Mapping[tuple[str, str], str] = {
    ("rows", "denied"): "allowed",
    ("party", "allowed"): "allowed",
    ("rule", "plain"): "plain",
    ("self", "possible"): "possible",
    ("permit", "possible"): "possible",
}
"""What takes a word's place where it is said of this; the word itself where it has no opposite there."""
JOINING = ("and_", "or_", "every", "either")


@dataclass(frozen=True)
class Mutant:
    """A module with one change."""

    lines: range
    """Those of the original that the change stands in."""
    name: str
    """Where, and from what to what: `Class.function: before → after`, with a number from the second of a name on."""
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module's source; what stands in annotations is left alone."""
    tree = ast.parse(source)
    _import_words(tree)
    skipped = {id(inner) for node in ast.walk(tree) for outer in _apart(node) for inner in ast.walk(outer)}
    bound, named = set(_bound(tree)), Counter[str]()
    for node, owner in _owned(tree, ""):
        if id(node) not in skipped and isinstance(node, (ast.stmt, ast.expr)):
            for change, undo in _changes(node):
                before = _written(node)
                change()
                name = f"{owner}: {before} → {_written(node)}".replace("\n", " ")
                named[name] += before != _written(node)
                if before != _written(node) and not (isinstance(node, ast.Name) and node.id not in bound):
                    yield Mutant(_lines(node), name + f" ({named[name]})" * (named[name] > 1), ast.unparse(tree))
                undo()


def _owned(node: ast.AST, owner: str) -> Iterator[tuple[ast.AST, str]]:
    """Each node, with the name of the function or class that it stands in."""
    for child in ast.iter_child_nodes(node):
        yield child, owner or "module"
        named = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and child.name
        yield from _owned(child, f"{owner}.{named}".removeprefix(".") if named else owner)


def _import_words(tree: ast.Module) -> None:
    """Where a word of ours is imported, import its opposite, too: else a mutant would fail by its name alone."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            known, words = {alias.name for alias in node.names}, vars(import_module(node.module))
            opposites = {WORDS[name] for name in known if name in WORDS} - known
            node.names += [ast.alias(name) for name in sorted(opposites) if name in words]


def _bound(tree: ast.Module) -> Iterator[str]:
    """The names that a module can use."""
    yield from vars(builtins)
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            yield from (name.id for name in ast.walk(node) if isinstance(name, ast.Name))


def _written(node: ast.AST) -> str:
    return f"if {ast.unparse(node.test)}" if isinstance(node, ast.If) else ast.unparse(node)


def _lines(node: ast.stmt | ast.expr) -> range:
    last = node.test if isinstance(node, ast.If) else node
    return range(node.lineno, (last.end_lineno or node.lineno) + 1)


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


Change: TypeAlias = tuple[Callable[[], object], Callable[[], object]]
"""What changes a node, and what undoes it."""


def _set(node: ast.AST, name: str, value: object) -> Change:
    known = getattr(node, name)
    return (lambda: setattr(node, name, value)), (lambda: setattr(node, name, known))


def _changes(node: ast.AST) -> Iterator[Change]:
    yield from _of_operators(node)
    yield from _of_constants(node)
    yield from _of_words(node)
    yield from _of_branches(node)
    yield from _of_parts(node)


def _of_operators(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
        yield _set(node, "ops", [COMPARISONS[type(node.ops[0])]()])
    elif isinstance(node, ast.BoolOp):
        yield _set(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _set(node, "operand", ast.UnaryOp(ast.Not(), node.operand))


def _of_constants(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield _set(node, "value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield _set(node, "value", node.value + 1)


def _of_words(node: ast.AST) -> Iterator[Change]:
    if not isinstance(getattr(node, "ctx", None), ast.Load):
        return
    if isinstance(node, ast.Name) and node.id in WORDS:
        yield _set(node, "id", WORDS[node.id])
    elif isinstance(node, ast.Attribute) and node.attr in WORDS:
        word = OF_OWNER.get((ast.unparse(node.value).rpartition(".")[2], node.attr), WORDS[node.attr])
        yield _set(node, "attr", word)


def _of_parts(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in JOINING and len(node.args) > 1:
        for i in range(len(node.args)):
            yield _set(node, "args", node.args[:i] + node.args[i + 1 :])


def _of_branches(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, (ast.If, ast.IfExp)):
        for value in (True, False):
            yield _set(node, "test", ast.Constant(value))
    elif isinstance(node, ast.Return) and node.value is not None:
        empty = ast.Constant(False if isinstance(node.value, (ast.Compare, ast.BoolOp)) else None)
        yield _set(node, "value", empty)
