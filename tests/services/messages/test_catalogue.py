"""Each reason that is given anywhere has a message in each language, and no message is for nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from string import Formatter

import pytest

from app.services import errors
from app.services.errors import UserError
from app.services.messages import ENGLISH, LANGUAGES
from app.services.messages.wording import MESSAGES

ROOT = Path(__file__).parents[3]
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, UserError)}
Given = tuple[str, frozenset[str], str]
"""A reason, the params beside it, and where."""


def reasons(node: ast.expr) -> Iterator[str]:
    """The reasons that an expression may be; it may choose between some, but not make one up."""
    if isinstance(node, ast.IfExp):
        yield from (*reasons(node.body), *reasons(node.orelse))
    else:
        assert isinstance(node, ast.Constant), ast.unparse(node)
        yield str(node.value)


def passing_in(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions that take a reason, so that those who call them say which."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name != "__init__")
    return [each for each in functions if "reason" in {argument.arg for argument in each.args.args}]


def called(function: ast.FunctionDef) -> str:
    """A function's name; with a dot before it, a method's."""
    arguments = function.args.args
    return f".{function.name}" if arguments[0].arg == "self" else function.name


def given_in(source: str, place: str, passing: AbstractSet[str] = frozenset()) -> Iterator[Given]:
    """The mistakes that a module makes, itself or by functions that pass on a reason."""
    tree = ast.parse(source)
    imported = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == errors.__name__
        for name in node.names
    } & KINDS
    passed = {id(node) for function in passing_in(tree) for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and id(node) not in passed and _makes(node.func, imported, passing):
            assert all(each.arg for each in node.keywords), f"{place}: {ast.unparse(node)}"
            params = frozenset(str(each.arg) for each in node.keywords if each.arg != "field")
            for reason in reasons(node.args[0]):
                yield reason, params, f"{place}:{node.lineno}"


def _makes(function: ast.expr, kinds: AbstractSet[str], passing: AbstractSet[str]) -> bool:
    if isinstance(function, ast.Attribute):
        return not passing.isdisjoint({function.attr, f".{function.attr}"})
    return isinstance(function, ast.Name) and (function.id in kinds or function.id in passing)


def all_given() -> list[Given]:
    files = sorted(file for package in ("app", "graphql_schema") for file in (ROOT / package).rglob("*.py"))
    texts = {str(file.relative_to(ROOT)): file.read_text() for file in files if "node_modules" not in file.parts}
    making = [place for place, text in texts.items() if errors.__name__ in text]
    passing = {called(function) for place in making for function in passing_in(ast.parse(texts[place]))}
    modules = [place.removesuffix(".py").replace("/", ".") for place in making]
    near = [place for place, text in texts.items() if any(module in text for module in modules) or place in making]
    return [given for place in near for given in given_in(texts[place], place, passing)]


def params_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


GIVEN = all_given()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_message(language: str) -> None:
    assert {reason: place for reason, _, place in GIVEN if reason not in MESSAGES[language]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_for_nothing(language: str) -> None:
    assert MESSAGES[language].keys() - {reason for reason, _, _ in GIVEN} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_param_of_a_message_stands_beside_its_reason(language: str) -> None:
    lacking = [
        (place, param)
        for reason, params, place in GIVEN
        for param in params_of(MESSAGES[language].get(reason, "")) - params
    ]
    assert lacking == []


def test_messages_of_a_reason_have_the_same_params_in_all_languages() -> None:
    for reason, sentence in MESSAGES[ENGLISH].items():
        assert {language: params_of(MESSAGES[language][reason]) for language in LANGUAGES} == dict.fromkeys(
            LANGUAGES, params_of(sentence)
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_stand_in_order(language: str) -> None:
    assert list(MESSAGES[language]) == sorted(MESSAGES[language])


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("raise Invalid('a', max=1)", [("a", {"max"})]),
        ("yield Invalid('a' if x else 'b', ('c',))", [("a", set()), ("b", set())]),
        ("note(Conflict('taken', field=('c',)))", [("taken", set())]),
        ("raise ValueError('a')", []),
        ("part.fail('a', max=1)", [("a", {"max"})]),
        ("def fail(reason, **params): note(Invalid(reason, **params))", []),
        ("fail(f'of another {module}')", []),
    ],
)
def test_reasons_are_read_from_the_source(source: str, found: list[tuple[str, set[str]]]) -> None:
    imports = "from app.services.errors import Conflict, Invalid\n"
    assert [(reason, set(params)) for reason, params, _ in given_in(imports + source, "here", {".fail"})] == found


@pytest.mark.parametrize("source", ["raise Invalid(reason)", "raise Invalid('a' + b)", "raise Invalid('a', **params)"])
def test_a_reason_that_cannot_be_read_is_refused(source: str) -> None:
    with pytest.raises(AssertionError):
        list(given_in("from app.services.errors import Invalid\n" + source, "here"))
