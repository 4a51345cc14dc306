"""`where`: values that cannot be compared with are refused where they stand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graphql_schema.company import Company
from tests.graphql_schema.literals import literal
from tests.http.asking import Asking, faults_of

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
    graph: Asking, company: Company, root: str, place: str, type_: str, values: list[Any]
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
        assert await graph.faults(company.admin, query.replace("VALUE", literal(value))) == refused


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
    graph: Asking, company: Company, where: str, type_: str, values: list[Any]
) -> None:
    query = f"query($v: {type_}) {{ customers(where: {{{where}}}) {{ totalCount }} viewer {{ id }} }}"
    for value in values:
        for asked, variables in (
            (query, {"v": value}),
            (
                f"{{ customers(where: {{{where.replace('$v', literal(value))}}}) {{ totalCount }} viewer {{ id }} }}",
                None,
            ),
        ):
            answer = await graph.ask(company.admin, asked, variables)
            assert "data" not in answer, value
            assert {code for code, _ in faults_of(answer)} == {"BAD_USER_INPUT"}, value
            assert all("Something went wrong" not in error["message"] for error in answer["errors"])


@pytest.mark.parametrize("digits", [41, 6_000])
async def test_a_number_of_thousands_of_digits_is_a_bad_request(graph: Asking, company: Company, digits: int) -> None:
    number = "9" * (digits + 1)
    for field_ in ("annualRevenue", "version"):
        for form in (number, f"-{number}", f"{number}.5", f"0.{number}", f"{number}e5"):
            query = f"{{ customers(where: {{{field_}: {{eq: {form}}}}}) {{ totalCount }} }}"
            response = await graph.post(company.admin, query)
            assert {error["extensions"]["code"] for error in response.json()["errors"]} == {"BAD_USER_INPUT"}, form
