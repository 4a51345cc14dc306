"""In a complete schema, whatever a caller never reads is refused wherever it is asked to filter or order by it.

The refusal depends on the rights alone: it comes before any SQL but the proof that they are fresh.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import pytest

from app.models.catalogue import CATALOGUE
from app.settings import Settings
from graphql_schema.building import upper_snake
from graphql_schema.entities import Amount, Entity, Many, Member, One, Value
from graphql_schema.ids import NodeId, encode
from graphql_schema.types import GRAPH
from policies.access import Access
from policies.catalogue import Kind
from policies.loading import DEFAULT_RULES, load, read_folder
from tests.conftest import TemporaryDatabase
from tests.graphql_schema.company import Company
from tests.graphql_schema.tailoring.shown import shows
from tests.graphql_schema.tailoring.test_laws import access_of
from tests.http.asking import Asking, faults_of
from tests.http.fixtures import UNLIMITED
from tests.http.hearing import PROOF, Heard, overheard

POLICY = load(read_folder(DEFAULT_RULES), CATALOGUE)
REFUSED = "FIELD_NOT_READABLE"
NEVER: dict[str, Any] = {"taxId": {"isNull": True}}
"""Of customers, what a sales representative never reads."""


@pytest.fixture(scope="module")
async def served(
    database: TemporaryDatabase, company: Company, settings: Settings
) -> AsyncIterator[tuple[Asking, Heard]]:
    async with overheard(database.dsn, settings.model_copy(update=UNLIMITED)) as found:
        await found[0].data(company.rep, "{ viewer { id } }")
        yield found


def written(value: Any) -> str:
    """A value in GraphQL's own form; a text that begins with $ is a variable."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {written(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return value if isinstance(value, str) and value.startswith("$") else json.dumps(value)


FILTERS: list[tuple[str, Any]] = [
    ("customers", NEVER),
    ("customers", {"displayName": {"eq": "x"}, **NEVER}),
    ("customers", {"AND": [{}, NEVER]}),
    ("customers", {"OR": [{"displayName": {"eq": "x"}}, NEVER]}),
    ("customers", {"NOT": NEVER}),
    ("customers", {"AND": [{"OR": [{"NOT": {"NOT": NEVER}}]}]}),
    ("customers", {"mergedInto": NEVER}),
    ("customers", {"mergedCustomers": {"some": NEVER}}),
    ("customers", {"mergedCustomers": {"none": {"OR": [NEVER]}}}),
    ("customers", {"orders": {"every": {"lines": {"none": {"order": {"customer": NEVER}}}}}}),
    ("contacts", {"customer": {"NOT": NEVER}}),
    ("orderLines", {"order": {"customer": {"mergedInto": NEVER}}}),
    ("users", {"ownedCustomers": {"every": {"owner": {"ownedCustomers": {"some": NEVER}}}}}),
]


def _place(where: Any) -> list[str]:
    """The names that lead to what is never read."""
    if isinstance(where, list):
        return next(found for part in where if (found := _place(part)))
    for name, part in where.items() if isinstance(where, dict) else ():
        if name == "taxId":
            return [name]
        if rest := _place(part):
            return [name, *rest]
    return []


def _forms(plural: str, where: Any) -> Iterator[tuple[str, Any, str]]:
    """A filter as it can be given: in the document, in a variable, partly in one, by default; and what is asked for."""
    kind = f"{next(entity.name for entity in GRAPH if entity.plural == plural)}Where"
    yield f"{{ a: {plural}(where: {written(where)}) {{ nodes {{ id }} }} }}", None, "where"
    yield f"query($w: {kind}) {{ a: {plural}(where: $w) {{ totalCount }} }}", {"w": where}, "where"
    yield (
        f"query($w: {kind} = {written(where)}) {{ a: {plural}(where: $w) {{ pageInfo {{ hasNextPage }} }} }}",
        None,
        "where",
    )
    yield (
        f"query($w: {kind}!) {{ a: {plural}(where: {{AND: [{{}}, $w]}}) {{ edges {{ cursor }} }} }}",
        {"w": where},
        "where.AND",
    )
    yield (
        f"query($w: [{kind}!]) {{ a: {plural}(last: 1, where: {{OR: $w}}) {{ __typename }} }}",
        {"w": [{}, where]},
        "where.OR",
    )
    yield (
        f"{{ a: {plural}(where: {written(where)}) {{ ...f }} }} fragment f on {kind.removesuffix('Where')}Connection {{ x: totalCount }}",
        None,
        "where",
    )


@pytest.mark.parametrize(("plural", "where"), FILTERS, ids=[written(where) for _, where in FILTERS])
async def test_a_filter_by_what_is_never_read_is_refused_before_any_sql(
    served: tuple[Asking, Heard], company: Company, plural: str, where: Any
) -> None:
    graph, heard = served
    for query, variables, at in _forms(plural, where):
        heard.taken()
        answer = await graph.ask(company.rep, query, variables)
        assert answer["data"] == {"a": None}
        assert faults_of(answer) == [(REFUSED, ".".join([at, *_place(where)]))], query
        assert heard.taken() == [PROOF]


CUSTOMER = encode(NodeId(GRAPH["Customer"].tag, None, UUID(int=1)))
INSIDE = [
    ("orders { nodes { customer { mergedCustomers(GIVEN) { totalCount } } } }", "nodes.customer.mergedCustomers"),
    ("orders { edges { node { x: customer { y: mergedCustomers(GIVEN) { nodes { id } } } } } }", "edges.node.x.y"),
    ("viewer { user { ownedCustomers(GIVEN) { edges { cursor } } } }", "user.ownedCustomers"),
    ('node(id: "KEY") { ...on Customer { mergedCustomers(GIVEN) { totalCount } } }', "mergedCustomers"),
    ('nodes(ids: ["KEY", "KEY"]) { ...on User { ownedCustomers(GIVEN) { totalCount } } ...f }', "mergedCustomers"),
    ('customer(id: "KEY") { mergedInto { mergedCustomers(first: 1, GIVEN) { pageInfo { endCursor } } } }', "mergedInto.mergedCustomers"),
]  # fmt: skip
ARGUMENTS = [
    ("where: {AND: [{taxId: {isNull: false}}]}", "where.AND.taxId"),
    ("where: $w", "where.NOT.taxId"),
    ("orderBy: [{field: TAX_ID}]", "orderBy"),
    ("orderBy: [{field: DISPLAY_NAME}, {field: $f}]", "orderBy"),
    ("orderBy: $o", "orderBy"),
]
VARIABLES = {
    "w": ("CustomerWhere", {"NOT": NEVER}),
    "f": ("CustomerOrderField!", "TAX_ID"),
    "o": ("[CustomerOrder!]", [{"field": "TIER"}, {"field": "TAX_ID", "direction": "DESC"}]),
}


@pytest.mark.parametrize(("arguments", "at"), ARGUMENTS)
@pytest.mark.parametrize(("selection", "under"), INSIDE)
async def test_lists_within_are_refused_as_those_at_the_root_are(
    served: tuple[Asking, Heard], company: Company, selection: str, under: str, arguments: str, at: str
) -> None:
    graph, heard = served
    used = {name: of for name, of in VARIABLES.items() if f"${name}" in arguments}
    declared = "".join(f"(${name}: {kind})" for name, (kind, _) in used.items())
    said = selection.replace("KEY", CUSTOMER).replace("GIVEN", arguments)
    fragment = (
        f" fragment f on Customer {{ mergedCustomers({arguments}) {{ nodes {{ id }} }} }}" if "...f" in said else ""
    )
    heard.taken()
    answer = await graph.ask(
        company.rep, f"query{declared} {{ a: {said} }}{fragment}", {name: value for name, (_, value) in used.items()}
    )
    assert answer["data"] == {"a": None}
    assert faults_of(answer) == [(REFUSED, f"{under}.{at}")]
    assert heard.taken() == [PROOF]


def _condition(member: Member) -> Any:
    if isinstance(member, Many):
        return {"some": {}}
    has_filter = isinstance(member, One) or (
        isinstance(member, (Value, Amount)) and member.field.spec.kind is not Kind.JSON
    )
    return {"isNull": True} if has_filter else None


def _asked(entity: Entity, access: Access) -> Iterator[tuple[str, str, bool]]:
    """Each filter and order of an entity: arguments, their place, and whether it may be asked."""
    for name, member in entity.members.items():
        may = shows(access, entity, member)
        if condition := _condition(member):
            yield f"where: {written({name: condition})}", f"where.{name}", may
        if name in entity.sortable:
            yield f"orderBy: {{field: {upper_snake(name)}}}", "orderBy", may


ROLES = {"rep": "sales_rep", "marketer": "marketer"}


@pytest.mark.parametrize("role", ROLES)
async def test_every_filter_and_order_is_answered_or_refused_as_the_rights_say(
    served: tuple[Asking, Heard], company: Company, role: str
) -> None:
    graph, heard = served
    access, who = access_of(ROLES[role]), getattr(company, role)
    for entity in GRAPH:
        if not access.on(entity.resource).visible:
            continue
        asked = list(_asked(entity, access))
        lists = (f"a{i}: {entity.plural}({arguments}) {{ totalCount }}" for i, (arguments, _, _) in enumerate(asked))
        refused = [(REFUSED, place) for _, place, may in asked if not may]
        heard.taken()
        answer = await graph.ask(who, f"{{ {' '.join(lists)} }}")
        assert faults_of(answer) == refused
        assert [answer["data"][f"a{i}"] is not None for i in range(len(asked))] == [may for _, _, may in asked]
        assert len(heard.taken()) <= 2
