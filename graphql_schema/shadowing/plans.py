"""One query under two policies: a statement that answers it under both in one snapshot, and one that tells of its rows.

Where both come to the same statement, they come to the same answer, and nothing is asked of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.identity.proof import proof_columns
from graphql_schema.compiler.documents import Invalid, Prepared
from graphql_schema.compiler.operands import BadInput, Converted
from graphql_schema.compiler.parts import TYPENAME
from graphql_schema.compiler.plans import Plan, gather
from graphql_schema.compiler.roots import root
from graphql_schema.compiler.selection import Selected, select
from graphql_schema.compiler.where import NotReadable
from graphql_schema.entities import Graph
from graphql_schema.reading import SUBJECTS
from graphql_schema.shadowing.marking import Marking, Site
from policies.access import Access
from policies.compared import Comparison, comparison
from policies.conditions import Operand

Prepare = Callable[[Access], Prepared]
"""The query for the schema that an access sees. Raises Invalid."""


@dataclass(frozen=True, repr=False)
class Half:
    """A query under one of the policies: the JSON of its fields of Query, and the places of rows in it."""

    roots: tuple[sa.ColumnElement[Any], ...]
    sites: tuple[Site, ...]

    @property
    def plan(self) -> Plan:
        """Its statement."""
        return gather(self.roots, proof_columns(SUBJECTS))


@dataclass(frozen=True, repr=False)
class Both:
    """A query under both policies. Without a plan both answer it alike."""

    operation: str
    """Its fields of Query."""
    refused: bool = False
    """Whether it is refused under the draft; then the statement answers it under the policy in force alone."""
    plan: Plan | None = None
    many: int = 0
    """How many columns answer it under one policy."""
    sites: tuple[Sequence[Site], Sequence[Site]] = ((), ())
    rows: Comparison | None = None
    told: bool = False
    """Whether Python tells a part of it; then it is not compared."""


def both(graph: Graph, now: Access, then: Access, prepare: Prepare, variables: Mapping[str, Any]) -> Both:
    """A query under two policies."""
    asked = _asked(prepare(now), variables)
    if any(item.name in graph.told for item in asked):
        return Both("", told=True)
    operation = " ".join(sorted({item.name for item in asked}))
    here, there = _half(graph, now, asked), _draft(graph, then, prepare, variables)
    if not here.roots or (there is not None and _alike(here.plan, there.plan)):
        return Both(operation)
    halves = [here] if there is None else [here, there]
    fields: dict[str, set[str]] = {}
    for half in halves:
        for site in half.sites:
            fields.setdefault(site.resource, set()).update(site.fields)
    return Both(
        operation,
        there is None,
        gather([each for half in halves for each in half.roots], proof_columns(SUBJECTS)),
        len(here.roots),
        (here.sites, () if there is None else there.sites),
        comparison(now, then, fields) if fields else None,
    )


def _alike(one: Plan, other: Plan) -> bool:
    """Whether two statements are the same, and get the same values."""
    sources = zip(one.sources, other.sources, strict=False)
    return one.sql == other.sql and all(a == b or _is_given(a, b) for a, b in sources)


def _is_given(one: Operand, other: Operand) -> bool:
    """Whether both are what the caller gives in one place: converters are made for each plan, and know no policy."""
    if not (isinstance(one, Converted) and isinstance(other, Converted)):
        return False
    return (one.inner, one.place) == (other.inner, other.place)


def _asked(prepared: Prepared, variables: Mapping[str, Any]) -> list[Selected]:
    root_type = prepared.schema.query_type
    assert root_type is not None
    found = select(prepared.operation(variables), root_type, [prepared.node.selection_set])
    return [item for item in found if item.name != TYPENAME]


def _half(graph: Graph, access: Access, asked: Sequence[Selected]) -> Half:
    reader = Marking(graph, access)
    return Half(tuple(root(reader, item) for item in asked), tuple(reader.sites))


def _draft(graph: Graph, then: Access, prepare: Prepare, variables: Mapping[str, Any]) -> Half | None:
    """The query under the draft; None where it is refused."""
    try:
        return _half(graph, then, _asked(prepare(then), variables))
    except (Invalid, NotReadable, BadInput):
        return None
