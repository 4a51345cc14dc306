"""What sums up the rows of a list tells of all of them: lint looks for who sees it without each of the rows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from policies.catalogue import Catalogue, DataClass, FieldSpec, Kind, Reference, read_catalogue
from policies.linting.checks import lint
from policies.loading import load

TEXT = sa.Text()


def _catalogue(*, sums: str = "orders.title") -> Catalogue:
    metadata = sa.MetaData()

    def table(resource: str, name: str, *columns: sa.Column[str]) -> None:
        def column(name: str, kind: Kind, **spec: tuple[str, ...]) -> sa.Column[str]:
            field = FieldSpec(DataClass.BUSINESS, kind, **spec)  # type: ignore[arg-type]
            return sa.Column(name, TEXT, primary_key=name == "id", info={"field": field})

        known = [column("id", Kind.ID), column("flag", Kind.TEXT), column("title", Kind.TEXT)]
        latest = [column("latest", Kind.TEXT, sums=(sums,))] if name == "customers" else []
        sa.Table(name, metadata, *known, *latest, *columns, sa.Column("deleted_at", TEXT), info={"resource": resource})

    spec = FieldSpec(DataClass.BUSINESS, Kind.ID)
    to_customer = sa.Column("customer_id", TEXT, info={"field": spec, "reference": Reference("customers", "orders")})
    table("Customer", "customers")
    table("Order", "orders", to_customer)
    return read_catalogue(metadata)


CATALOGUE = _catalogue()
TOLD = "Customer: shows latest wider than Order.title, which it sums up"
DENIED = "Order: denies title, and not Customer.latest, which sums it up"


def told(*rules: str, kind: str = "role") -> list[str]:
    """What lint tells of the sums in a role of these rules."""
    text = f"{kind}: a\nrules:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules)
    return [finding.message for finding in lint(load({"a.yaml": text}, CATALOGUE)) if finding.check == "sums"]


READ, FLAGGED = "allow: [read], on: Customer, fields: {names: [latest, flag]}", "when: {flag: {eq: x}}"
ORDERS = "allow: [read], on: Order, fields: {names: [title, flag, customer]}"


@pytest.mark.parametrize(
    ("rules", "findings"),
    [
        ([READ], [TOLD]),
        ([READ, ORDERS], []),
        ([READ, "allow: [read], on: Order, fields: {names: [flag]}"], [TOLD]),
        ([READ, f"{ORDERS}, {FLAGGED}"], [TOLD]),
        ([f"{READ}, {FLAGGED}", f"{ORDERS}, {FLAGGED}"], [TOLD]),
        ([f"{READ}, {FLAGGED}", f"{ORDERS}, when: {{customer: {{flag: {{eq: x}}}}}}"], []),
        ([f"{READ}, {FLAGGED}", f"{ORDERS}, when: {{customer: {{flag: {{in: [x, y]}}}}}}"], []),
        ([READ, f"{ORDERS}, when: {{customer: {{flag: {{eq: x}}}}}}"], [TOLD]),
        ([READ, f"{ORDERS}, mask: {{title: redact}}"], [TOLD]),
        ([f"{READ}, mask: {{latest: redact}}", f"{ORDERS}, mask: {{title: redact}}"], []),
        (["allow: [read], on: Customer, fields: {names: [flag]}"], []),
        ([f"{READ}, meant: [sums]"], []),
    ],
)
def test_a_sum_is_seen_by_whoever_sees_every_row_of_the_list(rules: list[str], findings: list[str]) -> None:
    assert told(*rules) == findings


def test_nothing_is_told_of_a_scope_which_opens_nothing() -> None:
    assert told(READ, kind="scope") == []


DENY = "deny: [read], on: Order, fields: {names: [title]}"


@pytest.mark.parametrize(
    ("rules", "findings"),
    [
        ([DENY], [DENIED]),
        ([f"{DENY}, {FLAGGED}"], [DENIED]),
        ([f"{DENY}, {FLAGGED}", "deny: [read], on: Customer, fields: {names: [latest]}"], []),
        (
            [
                f"{DENY}, {FLAGGED}",
                "deny: [read], on: Customer, fields: {names: [latest]}, when: {orders: {some: {flag: {eq: x}}}}",
            ],
            [],
        ),
    ],
)
def test_what_denies_a_row_of_the_list_denies_the_sum(rules: list[str], findings: list[str]) -> None:
    assert told(READ, ORDERS, *rules) == findings


@pytest.mark.parametrize("sums", ["title", "orders.nothing", "nothing.title", "orders"])
def test_a_sum_is_of_a_column_of_a_list(sums: str) -> None:
    with pytest.raises(ValueError, match="there is no column"):
        _catalogue(sums=sums)
