"""Fragments: SQL that was compiled once, and the parameters in it.

An expression over a row costs SQLAlchemy far more to compile than to join as text. So what views are made of is
compiled when it is first needed, and a view is put together from the pieces; parameters stay parameters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

Of = TypeVarTuple("Of")

Bind: TypeAlias = sa.BindParameter[Any]

DIALECT = asyncpg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_PLACEHOLDER = re.compile(r"\$([0-9]+)")
_MARK = "c360_fragment"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of SQL: text, with a parameter wherever one stands."""

    parts: tuple[str | Bind, ...]

    @property
    def binds(self) -> dict[str, Bind]:
        """The parameters, each once."""
        return {part.key: part for part in self.parts if isinstance(part, sa.BindParameter)}


def together(*pieces: str | Fragment) -> Fragment:
    """Pieces one after the other."""
    parts: list[str | Bind] = []
    for piece in pieces:
        parts.extend((piece,) if isinstance(piece, str) else piece.parts)
    return Fragment(tuple(parts))


def separated(separator: str, pieces: Iterable[str | Fragment]) -> Fragment:
    """Pieces with a separator between each two."""
    found: list[str | Fragment] = []
    for piece in pieces:
        found.extend((separator, piece) if found else (piece,))
    return together(*found)


TRUE, FALSE = Fragment(("true",)), Fragment(("false",))


def either(*pieces: Fragment) -> Fragment:
    """One of several holds; none, where there is none."""
    if TRUE in pieces:
        return TRUE
    return together("(", separated(" OR ", pieces), ")") if len(pieces) > 1 else pieces[0] if pieces else FALSE


def every(*pieces: Fragment | None) -> Fragment:
    """All of several hold; what is None says nothing."""
    left = [piece for piece in pieces if piece not in (None, TRUE)]
    return separated(" AND ", left) if left else TRUE


def case(whens: Sequence[Fragment], otherwise: Fragment) -> Fragment:
    """The first that holds of `WHEN … THEN …`, else something else."""
    return together("CASE ", separated(" ", whens), " ELSE ", otherwise, " END") if whens else otherwise


@dataclass(frozen=True)
class Fragments:
    """Compiles expressions over one row of a FROM clause. A parameter of one source is one parameter."""

    rows: sa.FromClause
    behind: str
    """What stands behind an expression when it is selected."""
    _binds: dict[tuple[Any, str], Bind] = field(default_factory=dict, repr=False)
    _known: dict[Hashable, Fragment] = field(default_factory=dict, repr=False)

    @property
    def source(self) -> str:
        """The FROM clause."""
        return self.behind.partition("\n")[2]

    def of(self, expression: sa.ColumnElement[Any]) -> Fragment:
        """The fragment of an expression."""
        compiled = _selected(expression, self.rows)
        text, binds = compiled.string.removeprefix("SELECT ").removesuffix(self.behind), compiled.binds
        assert compiled.positiontup is not None
        parts: list[str | Bind] = []
        for i, piece in enumerate(_PLACEHOLDER.split(text)):
            parts.append(self._bind(binds[compiled.positiontup[int(piece) - 1]]) if i % 2 else piece)
        return Fragment(tuple(parts))

    def nothing(self, type_: sa.types.TypeEngine[Any]) -> Fragment:
        """NULL of a type."""
        return self.once(("NULL", repr(type_)), lambda: self.of(sa.cast(sa.null(), type_)))

    def once(self, key: Hashable, make: Callable[[*Of], Fragment], *of: *Of) -> Fragment:
        """What is made of something, when it is first asked for."""
        if key not in self._known:
            self._known[key] = make(*of)
        return self._known[key]

    def exchanged(self, fragment: Fragment, other: Callable[[Bind], Bind | None]) -> Fragment:
        """The fragment with another parameter in the place of each that has another."""
        return Fragment(tuple(self._exchanged(part, other) for part in fragment.parts))

    def _exchanged(self, part: str | Bind, other: Callable[[Bind], Bind | None]) -> str | Bind:
        found = None if isinstance(part, str) else other(part)
        return part if found is None else self._bind(found)

    def _bind(self, bind: Bind) -> Bind:
        return self._binds.setdefault((bind.value, repr(bind.type)), bind)


def fragments(rows: sa.FromClause) -> Fragments:
    """What compiles expressions over a row of a FROM clause."""
    return Fragments(rows, _selected(sa.literal_column("1"), rows).string.removeprefix("SELECT 1"))


def _selected(expression: sa.ColumnElement[Any], rows: sa.FromClause) -> SQLCompiler:
    compiled = sa.select(expression.label(_MARK)).select_from(rows).compile(dialect=DIALECT)
    assert isinstance(compiled, SQLCompiler)
    return compiled


class _Whole(sa.TextClause):
    """A statement made of a fragment."""

    inherit_cache = False

    def __init__(self, fragment: Fragment) -> None:
        super().__init__("")
        self.fragment = fragment
        self._bindparams = fragment.binds


@compiles(_Whole)
def _compile(element: _Whole, compiler: SQLCompiler, **options: Any) -> str:
    placed: Mapping[str, str] = {
        key: str(compiler.process(bind, **options)).partition("::")[0] for key, bind in element._bindparams.items()
    }
    return "".join(part if isinstance(part, str) else placed[part.key] for part in element.fragment.parts)


def statement(fragment: Fragment, columns: Iterable[sa.ColumnClause[Any]]) -> sa.TextualSelect:
    """A SELECT made of a fragment, which gives these columns in this order."""
    return sa.TextualSelect(_Whole(fragment), list(columns), positional=True)
