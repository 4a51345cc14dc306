"""Values of every kind, stored in a column of their own, and what operators mean in Python."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.models.enums import CustomerTier
from policies.catalogue import Kind
from tests.graphql_schema.company import Company
from tests.graphql_schema.rows import Row, customer, interaction, product


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
