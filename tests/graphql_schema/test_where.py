"""`where`: every operator of every kind of value, against what the operator means in Python."""

from __future__ import annotations

import datetime as dt
import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

import asyncpg
import pytest

from app.models.enums import CustomerTier
from graphql_schema.filters import FILTERS
from policies.catalogue import Kind
from policies.conditions import OPERATORS
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, interaction, product, store
from tests.http.asking import Asking, faults_of


def _known(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """What has no value is not found."""
    return lambda value, operand: value is not None and compare(value, operand)


MEANS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": _known(operator.eq),
    "neq": _known(operator.ne),
    "in": _known(lambda value, operand: value in operand),
    "notIn": lambda value, operand: not operand or (value is not None and value not in operand),
    "gt": _known(operator.gt),
    "gte": _known(operator.ge),
    "lt": _known(operator.lt),
    "lte": _known(operator.le),
    "between": _known(lambda value, operand: operand["from"] <= value <= operand["to"]),
    "startsWith": _known(lambda value, operand: value.lower().startswith(operand.lower())),
    "contains": _known(lambda value, operand: operand.lower() in value.lower()),
    "within": _known(lambda value, operand: value.startswith(operand)),
    "isNull": lambda value, operand: (value is None) is operand,
}


@dataclass(frozen=True)
class Sample:
    """A field with the values of its rows, and what they are compared with."""

    kind: Kind
    root: str
    name: str
    type: str
    """The type of an operand."""
    make: Callable[[Company, Any], Row] = field(repr=False)
    values: Sequence[Any] = field(repr=False)
    operands: Sequence[Any] = field(repr=False)
    """Besides the values themselves."""

    @property
    def where(self) -> str:
        """The type of the filter of the whole."""
        return f"{self.root.removesuffix('s').title()}Where"

    def asked(self, name: str) -> list[Any]:
        """Operands for an operator."""
        given = [value for value in (*self.values, *self.operands) if value is not None]
        if name == "isNull":
            return [True, False]
        if name in ("in", "notIn"):
            return [[], given, given[:1], given[1:3], given[::2], given[-1:] * 3]
        if name == "between":
            return [{"from": low, "to": high} for low in given[::2] for high in given[1::2]]
        if name == "within":
            return [value for value in given if value.endswith("/")]
        return given


HOLDER = customer("Holder of interactions")
NUMBERS = iter(range(1_000))
UTC = dt.UTC
TEXTS = [
    "Ada",
    "ada",
    "ADA lovelace",
    "ÄDA",
    "äda",
    "",
    " ",
    "%",
    "a%b",
    "a_b",
    "a\\b",
    "'",
    '"',
    "客户一号",
    "客户",
    "e\u0301",
]
SAMPLES = [
    Sample(
        Kind.TEXT,
        "customers",
        "legalName",
        "String",
        lambda c, value: customer(legal_name=value, region=c.germany),
        [*TEXTS, "\u2028\u0001\u007f", "🜁🜂", "𝒜", "Ｆｕｌｌ", "x" * 200, None, None],
        ["a", "AD", "_", "\\", "户", "🜂", "'; DROP TABLE customers; --", "x" * 2_000, "\u0301", "$1", "%s", ":a"],
    ),
    Sample(
        Kind.ENUM,
        "customers",
        "tier",
        "CustomerTier",
        lambda c, value: customer(tier=value, region=c.germany),
        [*CustomerTier, CustomerTier.KEY, None, None],
        [],
    ),
    Sample(
        Kind.TREE,
        "customers",
        "categoryPath",
        "String",
        lambda c, value: customer(category_path=value, region=c.germany),
        ["/", "/a/", "/a/b/", "/a/b/c/", "/ab/", "/A/", "/客/户/", "/%/", None],
        ["/a/b/c/d/", "/b/", "/_/", "/客/"],
    ),
    Sample(
        Kind.BOOLEAN,
        "customers",
        "legalHold",
        "Boolean",
        lambda c, value: customer(legal_hold=value, region=c.germany),
        [True, False, True],
        [],
    ),
    Sample(
        Kind.TIME,
        "customers",
        "lastInteractionAt",
        "DateTime",
        lambda c, value: customer(last_interaction_at=value, region=c.germany),
        [
            dt.datetime(2026, 1, 31, 12, tzinfo=UTC),
            dt.datetime(2026, 1, 31, 12, 0, 0, 1, tzinfo=UTC),
            dt.datetime(2026, 3, 29, 2, 30, tzinfo=dt.timezone(dt.timedelta(hours=2))),
            dt.datetime(1, 1, 2, tzinfo=UTC),
            dt.datetime(9999, 12, 30, tzinfo=UTC),
            dt.datetime(1883, 11, 18, 12, 3, 58, tzinfo=UTC),
            None,
        ],
        [
            dt.datetime(2026, 1, 31, 13, tzinfo=dt.timezone(dt.timedelta(hours=1))),
            dt.datetime(1, 1, 1, tzinfo=UTC),
            dt.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        ],
    ),
    Sample(
        Kind.DATE,
        "customers",
        "birthDate",
        "Date",
        lambda c, value: customer(kind="INDIVIDUAL", birth_date=value, region=c.germany),
        [dt.date(2000, 2, 29), dt.date(1, 1, 2), dt.date(9999, 12, 30), dt.date(1970, 1, 1), None],
        [dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2000, 3, 1)],
    ),
    Sample(
        Kind.MONEY,
        "customers",
        "annualRevenue",
        "Decimal",
        lambda c, value: customer(
            annual_revenue=value, currency="EUR", fx_rate=Decimal(1), fx_date=dt.date(2026, 1, 1), region=c.germany
        ),
        [Decimal(0), Decimal("0.0001"), Decimal("12.5"), Decimal("12.50"), Decimal("999999999999999.9999"), None],
        [Decimal("-1"), Decimal("0.00001"), Decimal("12.49999999999999999999"), Decimal("1e40"), Decimal("-1e40")],
    ),
    Sample(
        Kind.INTEGER,
        "interactions",
        "durationSeconds",
        "Int",
        lambda c, value: interaction(HOLDER, duration_seconds=value),
        [0, 1, 2147483647, 60, 60, None],
        [-2147483648, 59],
    ),
    Sample(
        Kind.DECIMAL,
        "products",
        "availableQuantity",
        "Decimal",
        lambda c, value: product(f"{value}-{next(NUMBERS)}", available_quantity=value),
        [Decimal(0), Decimal("0.001"), Decimal("2.500"), Decimal("2.5"), Decimal("999999999999999.999"), None],
        [Decimal("0.0009999"), Decimal("-2.5"), Decimal("1e40"), Decimal("1e-40")],
    ),
]
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


def _wire(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, list):
        return [_wire(item) for item in value]
    if isinstance(value, dict):
        return {name: _wire(item) for name, item in value.items()}
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, (dt.datetime, dt.date)) else value


def _literal(value: Any) -> str:
    """A value as a document has it."""
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_literal(item)}" for name, item in value.items()) + "}"
    if isinstance(value, StrEnum):
        return str(value.value)
    found = json.dumps(_wire(value), ensure_ascii=False)
    return found if not isinstance(value, str) else json.dumps(value)


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
        for way, asked in (("a", part % _literal(operand)), ("b", part % f"$v{i}"), ("c", f"$w{i}")):
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
                variables |= {f"v{i}": _wire(operand), f"w{i}": {sample.name: {name: _wire(operand)}}}
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
    right = {sample.name: {name: _wire(sample.asked(name)[0])}}
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


WRONG: list[tuple[str, str, str, list[Any]]] = [
    ("customers", "legalName.eq", "String!", ["a\0b", "\0"]),
    ("customers", "legalName.neq", "String!", ["\0"]),
    ("customers", "legalName.startsWith", "String!", ["\0"]),
    ("customers", "legalName.contains", "String!", ["\0"]),
    ("customers", "legalName.in", "[String!]", [["a", "\0"]]),
    ("customers", "legalName.notIn", "[String!]", [["\0"]]),
    ("customers", "categoryPath.within", "String!", ["/\0/", "", "/a", "a/", "a"]),
    ("customers", "annualRevenue.eq", "Decimal!", ["1e41", "1e-41", "-1e999", "0e-999", "0e999", "9" * 42]),
    ("customers", "annualRevenue.in", "[Decimal!]", [["1", "1e99"]]),
    ("customers", "annualRevenue.between.from", "Decimal!", ["1e99"]),
    ("customers", "annualRevenue.between.to", "Decimal!", ["1e99"]),
    ("customers", "fxRate.gt", "Decimal!", ["1e99"]),
    ("products", "availableQuantity.gt", "Decimal!", ["1e99", f"0.{'0' * 40}1"]),
]


@pytest.mark.parametrize(("root", "place", "type_", "values"), WRONG, ids=[place for _, place, _, _ in WRONG])
async def test_a_value_that_no_column_can_hold_is_refused_where_it_stands(
    graph: Asking, company: Company, stored: Stored, root: str, place: str, type_: str, values: list[Any]
) -> None:
    field_, name, *ends = place.split(".")
    other = "from: 0, " if ends == ["to"] else "to: 9, " if ends == ["from"] else ""
    operand = f"{{{other}{ends[0]}: VALUE}}" if ends else "VALUE"
    query = f"{{ {root}(where: {{{field_}: {{{name}: {operand}}}}}) {{ totalCount }} }}"
    by_variable = f"query($v: {type_}) {query.replace('VALUE', '$v')}"
    good: Any = "/a/" if "String" in type_ else "1"
    refused = [("BAD_USER_INPUT", f"where.{place}")]
    for value in values:
        await graph.data(company.admin, by_variable, {"v": [good] if type_.startswith("[") else good})
        assert await graph.faults(company.admin, by_variable, {"v": value}) == refused
        assert await graph.faults(company.admin, query.replace("VALUE", _literal(value))) == refused


NEVER: list[tuple[str, str, list[Any]]] = [
    ("legalName: {eq: $v}", "String", [1, True, [], {}, 1.5]),
    ("tier: {eq: $v}", "CustomerTier", ["GOLD", "key", 1, {}, ["KEY", "GOLD"]]),
    ("legalHold: {eq: $v}", "Boolean", ["true", 1, 0, {}]),
    ("birthDate: {eq: $v}", "Date", ["2026-02-30", "31.12.2026", "2026-1-1", "2026-01-01T00:00:00Z", "infinity", 1, "", "0000-01-01", "٢٠٢٦-٠١-٠١"]),
    (
        "lastInteractionAt: {eq: $v}",
        "DateTime",
        [
            "2026-01-31",
            "2026-01-31T12:00:00",
            "2026-01-31T25:00:00Z",
            "2026-01-31T12:00:00.1234567Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "infinity",
            "now",
            "\0",
            0,
        ],
    ),
    ("annualRevenue: {eq: $v}", "Decimal", ["NaN", "Infinity", "-Infinity", "sNaN", "1e1000", "", " 1", "1 ", "0x1", "1_000", "١", "9" * 201, True, [], {}]),
    ("annualRevenue: {currency: $v}", "CurrencyCode", ["eur", "EURO", "E\0R", "", 1]),
    ("version: {eq: $v}", "Int", [2**31, -(2**31) - 1, 1.5, "1", True]),
]  # fmt: skip


@pytest.mark.parametrize(("where", "type_", "values"), NEVER, ids=[type_ for _, type_, _ in NEVER])
async def test_a_value_of_another_form_is_a_bad_request(
    graph: Asking, company: Company, stored: Stored, where: str, type_: str, values: list[Any]
) -> None:
    query = f"query($v: {type_}) {{ customers(where: {{{where}}}) {{ totalCount }} viewer {{ id }} }}"
    for value in values:
        for asked, variables in (
            (query, {"v": value}),
            (
                f"{{ customers(where: {{{where.replace('$v', _literal(value))}}}) {{ totalCount }} viewer {{ id }} }}",
                None,
            ),
        ):
            answer = await graph.ask(company.admin, asked, variables)
            assert "data" not in answer, value
            assert {code for code, _ in faults_of(answer)} == {"BAD_USER_INPUT"}, value
            assert all("Something went wrong" not in error["message"] for error in answer["errors"])


@pytest.mark.parametrize("digits", [41, 6_000])
async def test_a_number_of_thousands_of_digits_is_a_bad_request(
    graph: Asking, company: Company, stored: Stored, digits: int
) -> None:
    number = "9" * (digits + 1)
    for field_ in ("annualRevenue", "version"):
        for form in (number, f"-{number}", f"{number}.5", f"0.{number}", f"{number}e5"):
            query = f"{{ customers(where: {{{field_}: {{eq: {form}}}}}) {{ totalCount }} }}"
            response = await graph.post(company.admin, query)
            assert {error["extensions"]["code"] for error in response.json()["errors"]} == {"BAD_USER_INPUT"}, form


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
