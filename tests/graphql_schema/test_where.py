"""`where`: every operator of every kind of value, against what the operator means in Python."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from graphql_schema.filters import FILTERS
from policies.catalogue import Kind
from policies.conditions import OPERATORS
from tests.graphql_schema.company import Company
from tests.graphql_schema.literals import literal, wire
from tests.graphql_schema.rows import customer, store
from tests.graphql_schema.samples import HOLDER, MEANS, SAMPLES, Sample
from tests.http.asking import Asking

CASES = [(sample, name) for sample in SAMPLES for name in (op.value for op in OPERATORS[sample.kind])]


def test_every_operator_of_every_kind_is_tried() -> None:
    assert {sample.kind for sample in SAMPLES} == {kind for kind in FILTERS if kind is not Kind.ID} | {Kind.ENUM}


@dataclass(frozen=True)
class Stored:
    """The ids of each sample's rows, in the order of their values."""

    ids: Mapping[str, list[str]]


@pytest.fixture(scope="module")
async def stored(writer: asyncpg.Connection, company: Company) -> Stored:
    ids: dict[str, list[str]] = {}
    await store(writer, HOLDER)
    for sample in SAMPLES:
        rows = [sample.make(company, value) for value in sample.values]
        await store(writer, *rows)
        ids[sample.name] = [row.node for row in rows]
    return Stored(ids)


LITERAL_PARTS = 12
"""How many conditions are asked in one document."""


TOGETHER = 8
"""How many operands are tried in one document."""
RANGES = {"Int": "IntRange", "Decimal": "DecimalRange", "Date": "DateRange", "DateTime": "DateTimeRange"}


def _operand_type(sample: Sample, name: str) -> str:
    if name == "between":
        return f"{RANGES[sample.type]}!"
    return {"isNull": "Boolean", "in": f"[{sample.type}!]", "notIn": f"[{sample.type}!]"}.get(name, sample.type)


def _document(sample: Sample, name: str, operands: Sequence[Any]) -> str:
    """Asks for each operand in three ways: written, as a variable, and in a variable that is the whole filter."""
    declared, fields = [], []
    for i, operand in enumerate(operands):
        declared.append(f"$v{i}: {_operand_type(sample, name)}, $w{i}: {sample.where}")
        part = f"{{{sample.name}: {{{name}: %s}}}}"
        for way, asked in (("a", part % literal(operand)), ("b", part % f"$v{i}"), ("c", f"$w{i}")):
            fields.append(f"{way}{i}: {sample.root}(first: 100, where: {asked}) {{ nodes {{ id }} }}")
    return f"query({', '.join(declared)}) {{ {' '.join(fields)} }}"


@pytest.mark.parametrize(("sample", "name"), CASES, ids=lambda part: getattr(part, "name", part))
async def test_an_operator_finds_what_it_means(
    unlimited: Asking, company: Company, stored: Stored, sample: Sample, name: str
) -> None:
    ids = stored.ids[sample.name]

    def expected(operand: Any) -> list[str]:
        return [id_ for id_, value in zip(ids, sample.values, strict=True) if MEANS[name](value, operand)]

    asked = sample.asked(name)
    for start in range(0, len(asked), TOGETHER):
        operands = asked[start : start + TOGETHER]
        query = _document(sample, name, operands)
        for shift in (0, 1):  # the second time with other values, by the plan that was made for the first
            shifted = [*operands[shift:], *operands[:shift]]
            variables: dict[str, Any] = {}
            for i, operand in enumerate(shifted):
                variables |= {f"v{i}": wire(operand), f"w{i}": {sample.name: {name: wire(operand)}}}
            data = await unlimited.data(company.admin, query, variables)
            for way, given in (("a", operands), ("b", shifted), ("c", shifted)):
                for i, operand in enumerate(given):
                    found = [node["id"] for node in data[f"{way}{i}"]["nodes"] if node["id"] in set(ids)]
                    assert found == expected(operand), (way, operand)


@pytest.mark.parametrize(("sample", "name"), CASES, ids=lambda part: getattr(part, "name", part))
async def test_a_null_operand_is_refused_where_it_stands(
    graph: Asking, company: Company, stored: Stored, sample: Sample, name: str
) -> None:
    place = f"where.{sample.name}.{name}"
    literal = f"{{ {sample.root}(where: {{{sample.name}: {{{name}: null}}}}) {{ totalCount }} }}"
    assert await graph.faults(company.admin, literal) == [("BAD_USER_INPUT", place)]
    whole = f"query($w: {sample.where}) {{ {sample.root}(where: $w) {{ totalCount }} }}"
    right = {sample.name: {name: wire(sample.asked(name)[0])}}
    for _ in range(2):
        await graph.data(company.admin, whole, {"w": right})
        assert await graph.faults(company.admin, whole, {"w": {sample.name: {name: None}}}) == [
            ("BAD_USER_INPUT", place)
        ]
        assert await graph.faults(company.admin, whole, {"w": {sample.name: None}}) == [
            ("BAD_USER_INPUT", f"where.{sample.name}")
        ]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
async def test_no_operator_is_no_condition(graph: Asking, company: Company, stored: Stored, sample: Sample) -> None:
    query = f"query($w: {sample.where}) {{ {sample.root}(first: 100, where: $w) {{ totalCount }} }}"
    empty: list[Any] = [{sample.name: {}}, {}, None, {"AND": []}, {"AND": [{}]}, {"NOT": {"OR": []}}, {"OR": [{}]}]
    counts = [(await graph.data(company.admin, query, {"w": where}))[sample.root]["totalCount"] for where in empty]
    assert counts == [counts[0]] * len(counts)
    assert counts[0] >= len(sample.values)


async def test_several_operators_must_all_hold(graph: Asking, company: Company, stored: Stored) -> None:
    query = """{ interactions(where: {durationSeconds: {gt: 0, lt: 100, in: [1, 60, 7], isNull: false}}) {
        nodes { durationSeconds }
    } }"""
    data = await graph.data(company.admin, query)
    assert [node["durationSeconds"] for node in data["interactions"]["nodes"]] == [1, 60, 60]


LOGIC: list[tuple[str, Callable[[int | None], bool]]] = [
    ("AND: []", lambda n: True),
    ("OR: []", lambda n: False),
    ("NOT: {}", lambda n: False),
    ("NOT: {AND: []}", lambda n: False),
    ("NOT: {OR: []}", lambda n: True),
    ("NOT: {NOT: {}}", lambda n: True),
    ("AND: {durationSeconds: {eq: 60}}", lambda n: n == 60),
    ("OR: {durationSeconds: {eq: 60}}", lambda n: n == 60),
    ("OR: [{durationSeconds: {eq: 60}}, {durationSeconds: {eq: 1}}]", lambda n: n in (1, 60)),
    ("AND: [{durationSeconds: {gt: 0}}, {durationSeconds: {lt: 61}}]", lambda n: n is not None and 0 < n < 61),
    ("NOT: {durationSeconds: {eq: 60}}", lambda n: n not in (None, 60)),
    ("NOT: {durationSeconds: {isNull: true}}", lambda n: n is not None),
    ("NOT: {NOT: {durationSeconds: {eq: 60}}}", lambda n: n == 60),
    ("NOT: {durationSeconds: {gt: 0}, kind: {eq: CALL}}", lambda n: n == 0),
    ("NOT: {OR: [{durationSeconds: {gt: 0}}, {durationSeconds: {eq: 0}}]}", lambda n: False),
    ("OR: [{NOT: {durationSeconds: {gt: 0}}}, {durationSeconds: {eq: 1}}]", lambda n: n in (0, 1)),
    ("OR: [{durationSeconds: {eq: 1}}], AND: [{durationSeconds: {eq: 60}}]", lambda n: False),
    ("OR: [{durationSeconds: {eq: 1}}, {AND: []}]", lambda n: True),
    ("AND: [{OR: [{durationSeconds: {eq: 1}}]}, {NOT: {durationSeconds: {eq: 60}}}]", lambda n: n == 1),
    ("durationSeconds: {gte: 1}, NOT: {durationSeconds: {eq: 60}}", lambda n: n in (1, 2147483647)),
]


def _as_json(literal: str) -> Any:
    """A filter written in a document, as a variable's value."""
    quoted = re.sub(r"([A-Za-z]+):", r'"\1":', literal).replace("CALL", '"CALL"')
    return json.loads("{" + quoted + "}")


@pytest.mark.parametrize(("where", "holds"), LOGIC, ids=[where for where, _ in LOGIC])
async def test_and_or_not(
    graph: Asking, company: Company, stored: Stored, where: str, holds: Callable[[int | None], bool]
) -> None:
    sample = next(sample for sample in SAMPLES if sample.name == "durationSeconds")
    expected = [value for value in sample.values if holds(value)]
    by_variable = "query($w: InteractionWhere) { interactions(where: $w) { totalCount nodes { durationSeconds } } }"
    for query, variables in (
        (f"{{ interactions(where: {{{where}}}) {{ totalCount nodes {{ durationSeconds }} }} }}", None),
        (by_variable, {"w": _as_json(where)}),
    ):
        data = (await graph.data(company.admin, query, variables))["interactions"]
        assert [node["durationSeconds"] for node in data["nodes"]] == expected
        assert data["totalCount"] == len(expected)


@pytest.mark.parametrize(
    ("form", "amount"),
    [("12.5", "12.5"), ('"12.50"', "12.5"), ('".5"', "0.5"), ('"5."', "5"), ("1e1", "10"), ('"-0"', "0")],
)
async def test_a_decimal_has_many_forms(
    graph: Asking, company: Company, stored: Stored, form: str, amount: str
) -> None:
    query = f'{{ a: products(where: {{availableQuantity: {{gte: {form}}}}}) {{ totalCount }} b: products(where: {{availableQuantity: {{gte: "{amount}"}}}}) {{ totalCount }} }}'
    data = await graph.data(company.admin, query)
    assert data["a"] == data["b"]


async def test_amounts_are_compared_in_their_own_currency_or_in_the_base(
    graph: Asking, company: Company, writer: asyncpg.Connection, stored: Stored
) -> None:
    day = dt.date(2026, 1, 1)
    rated = {"fx_date": day, "annual_revenue": Decimal(100), "region": company.france}
    rows = [
        customer("euro", currency="EUR", fx_rate=Decimal(1), **rated),
        customer("dollar", currency="USD", fx_rate=Decimal("0.5"), **rated),
        customer("yen", currency="JPY", annual_revenue=Decimal(100), region=company.france),
        customer("none", currency="EUR", region=company.france),
    ]
    await store(writer, *rows)

    async def found(where: str) -> list[str]:
        scope = f'region: {{eq: "{company.france.node}"}}'
        query = f"{{ customers(where: {{annualRevenue: {{{where}}}, {scope}}}) {{ nodes {{ displayName }} }} }}"
        return [node["displayName"] for node in (await graph.data(company.admin, query))["customers"]["nodes"]]

    assert await found("eq: 100") == ["euro"]
    assert await found("eq: 50") == ["dollar"]
    assert await found("gte: 0") == ["euro", "dollar"]
    assert await found("eq: 100, currency: USD") == ["dollar"]
    assert await found("eq: 100, currency: JPY") == ["yen"]
    assert await found("in: [100, 50], currency: USD") == ["dollar"]
    assert await found("between: {from: 99, to: 101}, currency: EUR") == ["euro"]
    assert await found("gte: 0, currency: GBP") == []
    assert await found("isNull: true") == ["none"]
    assert await found("isNull: false") == ["euro", "dollar", "yen"]
    literal = "{ customers(where: {annualRevenue: {eq: 1, currency: null}}) { totalCount } }"
    assert await graph.faults(company.admin, literal) == [("BAD_USER_INPUT", "where.annualRevenue.currency")]


async def test_a_list_written_with_variables_in_it(graph: Asking, company: Company, stored: Stored) -> None:
    query = """query($a: String!, $b: String!, $t: CustomerTier!) {
        customers(where: {OR: [{legalName: {in: [$a, "客户", $b]}}, {tier: {in: [STRATEGIC, $t]}}]}) {
            nodes { legalName tier }
        }
    }"""
    for a, b, tier in (("Ada", "ada", "BASIC"), ("%", "'", "KEY"), ("Ada", "ada", "BASIC")):
        data = await graph.data(company.admin, query, {"a": a, "b": b, "t": tier})
        found = {(node["legalName"], node["tier"]) for node in data["customers"]["nodes"]}
        assert found == {(a, None), (b, None), ("客户", None), (None, "STRATEGIC"), (None, tier)}


async def test_a_giant_list_is_one_parameter(graph: Asking, company: Company, stored: Stored) -> None:
    query = "query($v: [String!]) { customers(where: {legalName: {in: $v}}) { totalCount } }"
    for size in (10, 9_000):
        names = [*(f"name {i}" for i in range(size)), "Ada"]
        assert (await graph.data(company.admin, query, {"v": names}))["customers"]["totalCount"] == 1
