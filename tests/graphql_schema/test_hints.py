"""What is wrong is said; what there is instead, or what was given, is not."""

from __future__ import annotations

from typing import Any

import pytest

from graphql_schema.compiler.documents import Documents, Invalid
from graphql_schema.failures import without_hints
from graphql_schema.schema import COMPLETE
from tests.graphql_schema.company import Company
from tests.http.asking import Asking

WRONG: list[tuple[str, Any, str]] = [
    ("{ customer { id } }", None, "Argument 'Query.customer(id:)' of type 'ID!' is required, but it was not provided."),
    ("{ viewer }", None, "Field 'viewer' of type 'Viewer' must have a selection of subfields."),
    ("{ custmers { totalCount } }", None, "Cannot query field 'custmers' on type 'Query'."),
    ("{ node(id: \"x\") { displayName } }", None, "Cannot query field 'displayName' on type 'Node'."),
    ("{ customers(fist: 1) { totalCount } }", None, "Unknown argument 'fist' on field 'Query.customers'."),
    ("{ viewer @skp(if: true) { id } }", None, "Unknown directive '@skp'."),
    ("{ nodes(ids: []) { ...on Custmer { id } } }", None, "Unknown type 'Custmer'."),
    ("query($w: CustomerWher) { customers(where: $w) { totalCount } }", None, "Unknown type 'CustomerWher'."),
    ("{ customers(where: {displayNam: {eq: \"x\"}}) { totalCount } }", None,
     "Expected value of type 'CustomerWhere' not to include unknown field 'displayNam'."),
    ("{ customers(where: {displayName: \"x\"}) { totalCount } }", None,
     "Expected value of type 'StringFilter' to be an object."),
    ("{ customers(where: {createdAt: {between: {from: \"2026-01-01T00:00:00Z\"}}}) { totalCount } }", None,
     "Expected value of type 'DateTimeRange' to include required field 'to'."),
    ("{ customers(where: {birthDate: {eq: \"x\"}}) { totalCount } }", None,
     "Expected value of type 'Date', but encountered error 'a Date is a text such as 2026-01-31'."),
    ("{ customers(orderBy: {field: DISPLAY_NAM}) { totalCount } }", None,
     "Value 'DISPLAY_NAM' does not exist in 'CustomerOrderField' enum."),
    ("{ customers(orderBy: {field: \"DISPLAY_NAME\"}) { totalCount } }", None,
     "Enum 'CustomerOrderField' cannot represent non-enum value: \"DISPLAY_NAME\"."),
    ("query($w: CustomerWhere) { customers(where: $w) { totalCount } }", {"w": {"displayNam": {"eq": "x"}}},
     "Variable '$w' has invalid value: Expected value of type 'CustomerWhere' not to include unknown field 'displayNam'."),
    ("query($w: CustomerWhere) { customers(where: $w) { totalCount } }", {"w": {"tier": {"eq": "KEYY"}}},
     "Variable '$w' has invalid value at .tier.eq: Value 'KEYY' does not exist in 'CustomerTier' enum."),
    ("query($w: CustomerWhere) { customers(where: $w) { totalCount } }", {"w": {"tier": {"eq": 1}}},
     "Variable '$w' has invalid value at .tier.eq: Enum 'CustomerTier' cannot represent non-string value: 1."),
    ("query($w: CustomerWhere) { customers(where: $w) { totalCount } }", {"w": "x"},
     "Variable '$w' has invalid value: Expected value of type 'CustomerWhere' to be an object."),
    ("query($o: [CustomerOrder!]) { customers(orderBy: $o) { totalCount } }", {"o": [{"direction": "ASC"}]},
     "Variable '$o' has invalid value at [0]: Expected value of type 'CustomerOrder' to include required field 'field'."),
    ("query($f: CustomerOrderField!) { customers(orderBy: {field: $f}) { totalCount } }", {"f": "DISPLAY_NAM"},
     "Variable '$f' has invalid value: Value 'DISPLAY_NAM' does not exist in 'CustomerOrderField' enum."),
    ("query($d: Date) { customers(where: {birthDate: {eq: $d}}) { totalCount } }", {"d": "x"},
     "Variable '$d' has invalid value: Expected value of type 'Date', but encountered error 'a Date is a text such as 2026-01-31'."),
]  # fmt: skip


@pytest.mark.parametrize(("query", "variables", "message"), WRONG, ids=[query for query, _, _ in WRONG])
async def test_an_error_says_what_is_wrong_and_gives_no_hint(
    graph: Asking, company: Company, query: str, variables: Any, message: str
) -> None:
    for who in (company.admin, company.nobody):
        answer = await graph.ask(who, query, variables)
        assert [error["message"] for error in answer["errors"]] == [message]
        assert "data" not in answer


def test_hints_are_not_even_looked_for() -> None:
    documents = Documents()
    with pytest.raises(Invalid, match=r"^Cannot query field 'custmers' on type 'Query'\.$"):
        documents.prepare(COMPLETE.schema, "{ custmers { totalCount } }", None)
    prepared = documents.prepare(
        COMPLETE.schema, "query($t: CustomerTier) { customers(where: {tier: {eq: $t}}) { totalCount } }", None
    )
    with pytest.raises(Invalid, match=r"Value 'KEYY' does not exist in 'CustomerTier' enum\.$"):
        prepared.coerce({"t": "KEYY"})


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("a page has 1 to 100 items", "a page has 1 to 100 items"),
        ("It is, found: {'a': ', found: 1'}.", "It is."),
        ("It is; found: 'a\nb'.", "It is."),
        ("It is. Did you mean 'a', 'b', or 'c'?", "It is."),
    ],
)
def test_a_hint_is_cut_off(message: str, left: str) -> None:
    assert without_hints(message) == left
