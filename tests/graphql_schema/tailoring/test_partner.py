"""What a partner sees of the schema, kept for review.

A change of the partner's rules, or of what the graph shows, that changes it is to be looked at:

    C360_TEST_RENEW_GOLDEN=1 python -m pytest tests/graphql_schema/tailoring/test_partner.py && git diff tests
"""

from __future__ import annotations

import os
from pathlib import Path

from graphql import GraphQLNamedType, GraphQLSchema

from app.settings import FOR_TESTS
from graphql_schema.schema import COMPLETE
from tests.graphql_schema.tailoring.shown import elements
from tests.graphql_schema.tailoring.test_laws import access_of, named

KEPT = Path(__file__).parents[1] / "golden" / "partner.types.txt"
RENEW = f"{FOR_TESTS}RENEW_GOLDEN"


def _written(type_: GraphQLNamedType) -> str:
    """A type as a line: its elements, each with its arguments."""
    arguments = {name: list(getattr(field, "args", ())) for name, field in getattr(type_, "fields", {}).items()}
    parts = (f"{name}({' '.join(arguments[name])})" if arguments.get(name) else name for name in elements(type_))
    return " ".join([f"{type_.name}:", *sorted(parts)])


def types_of(schema: GraphQLSchema) -> str:
    """A schema's types, each as a line."""
    return "".join(f"{_written(of)}\n" for _, of in sorted(named(schema).items()))


def test_a_partner_sees_the_types_and_fields_that_were_reviewed() -> None:
    made = types_of(COMPLETE.tailored_to(access_of("partner")))
    if os.environ.get(RENEW):
        KEPT.write_text(made)
    assert made == KEPT.read_text(), f"look at it, then renew it: set {RENEW}=1 and run this test again"


def test_a_partner_sees_three_types_of_rows_and_no_person_that_stands_behind_them() -> None:
    types = named(COMPLETE.tailored_to(access_of("partner")))
    customer = elements(types["Customer"])
    assert {name for name, of in types.items() if "Node" in {at.name for at in getattr(of, "interfaces", ())}} == {
        "Customer",
        "Order",
        "OrderLine",
    }
    assert not customer & {"email", "phone", "taxId", "birthDate", "annualRevenue", "owner", "contacts", "region"}
    assert elements(types["Viewer"]) == {"id", "displayName", "email", "roles", "client", "scopes"}
    assert "Money" not in types
