"""`SalesTarget.attainment`: how far a target was reached.

    REVENUE         sum of the subtotals of orders; of a product category, of their lines' totals
    ORDER_COUNT     number of orders; of a product category, of those with a line from there
    NEW_CUSTOMERS   number of customers whose first order lies in the period; of a product category, of those of them
                    who ordered from there in it
    pct             actual / target × 100, two decimals
    gap             target - actual: what is missing, or less than zero where more was reached

The target's currency is taken for the base currency, and amounts for what they are in it, each at its own row's rate, unless
an order in that currency has another base amount: then those in the target's currency are summed as they are, and others
add nothing. In the base currency the sum is unknown where an order has no rate.

Days are those of UTC. Orders count unless they are drafts or were canceled or expired. They belong to a target's holder by
their own owner, and by department and region within the holder's subtree; customers by theirs. What is not known of the
target (its holder, its category) is not guessed: then there is no figure. To a caller who does not see every user, department
or region a holder that is hidden looks like none; so to that caller there is a figure where all three are in view alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from app.models.enums import TargetMetric
from graphql_schema.aggregates import suppression
from graphql_schema.analyses.figures import CENTS, ONE, ZERO, as_text, ratio, rounded
from graphql_schema.analyses.joined import Column, Joined, join, never_read
from graphql_schema.analyses.period import at_midnight
from graphql_schema.analyses.sales import placed
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.parts import TYPENAME, Needs
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Computed, Graph
from graphql_schema.making import Part, empty, fill_type, maybe
from graphql_schema.scalars import Exact
from graphql_schema.tailoring.closed import Closed
from policies.access import STATE, Access, State
from policies.predicates import Row, companion, literal

TITLE, TARGET = "Attainment", "SalesTarget"
RESTS = ("owner", "department", "region", "productCategoryPath", "metric", "periodStart", "periodEnd")
"""What of a target must be known, also where it is absent."""
HOLDERS = {"User": "owner_id", "Department": "department_id", "Region": "region_id"}
MEASURES = ("targetAmount", "targetQuantity")

PLACES = "owner department.path region.path"
ORDERS = f"status orderedAt {PLACES}".split()
LINES = ["productCategoryPath", *(f"order.{path}" for path in ORDERS)]
CUSTOMERS = f"firstOrderedAt {PLACES}".split()
"""Paths of what decides what counts."""

UTC = sa.literal_column("'UTC'", sa.Text())
UNKNOWN: Column = sa.cast(sa.null(), sa.Numeric())


@dataclass(frozen=True)
class _Target:
    """A target's row, and what is counted towards it."""

    reader: Reader
    here: Row

    # What belongs to it

    def known(self) -> Column:
        """Whether all that says what counts is plain on the row."""
        on = self.reader.access.on(self.reader.graph[TARGET].resource)
        found: list[Column] = []
        for name in RESTS:
            state, column = on.state(name), on.resource.fields[name].column.name
            if state is None:
                found.append(self.here[companion(column, STATE)] == literal(State.PLAIN.value))
            elif state is not State.PLAIN:
                return sa.false()
        return sa.and_(sa.true(), *found, *self._holders_in_view())

    def _holders_in_view(self) -> Iterator[Column]:
        """Whether there is a holder of each kind in view, where one that is not would look like none."""
        for entity, column in HOLDERS.items():
            on = self.reader.graph[entity].resource
            if not self.reader.access.on(on).every_row:
                view = self.reader.view(on, Needs())
                yield (
                    sa.select(ONE)
                    .select_from(view)
                    .where(view.c.id == self.here[column])
                    .correlate_except(view)
                    .exists()
                )

    @cached_property
    def begins(self) -> Column:
        return at_midnight(self.here["period_start"], UTC)

    @cached_property
    def ends(self) -> Column:
        return at_midnight(self.here["period_end"] + ONE, UTC)

    def _belongs(self, rows: Joined, at: str, through: str = "") -> Column:
        """Whether a row lies in the period, and is the holder's."""
        owner = self.here["owner_id"]
        return sa.and_(
            rows[at] >= self.begins,
            rows[at] < self.ends,
            sa.or_(owner.is_(None), rows[f"{through}owner"] == owner),
            self._within("Department", "department_id", rows[f"{through}department.path"]),
            self._within("Region", "region_id", rows[f"{through}region.path"]),
        )

    def _within(self, entity: str, column: str, path: Column) -> Column:
        view = self.reader.view(self.reader.graph[entity].resource, Needs({"path"}))
        place = sa.select(view.c.path).where(view.c.id == self.here[column]).correlate_except(view).scalar_subquery()
        return sa.or_(self.here[column].is_(None), sa.func.starts_with(path, place))

    def _orders(self, *amount: str) -> tuple[Joined, Column] | None:
        rows = self._joined("Order", [*ORDERS, *amount])
        return (rows, sa.and_(self._belongs(rows, "orderedAt"), placed(rows["status"]))) if rows else None

    def _lines(self, *amount: str) -> tuple[Joined, Column] | None:
        rows = self._joined("OrderLine", [*LINES, *amount])
        if rows is None:
            return None
        category = sa.func.starts_with(rows["productCategoryPath"], self.here["product_category_path"])
        ours = self._belongs(rows, "order.orderedAt", "order.")
        return rows, sa.and_(ours, placed(rows["order.status"]), category)

    def _joined(self, entity: str, paths: list[str]) -> Joined | None:
        """The rows of an entity; None where the caller is never shown one of the paths."""
        of, reader = self.reader.graph[entity], self.reader
        if not reader.access.on(of.resource).visible or never_read(reader.graph, reader.access, of, paths):
            return None
        return join(reader, of, paths)

    # What it comes to

    def _value(self, found: tuple[Joined, Column] | None, value: Column, counted: Column) -> Column:
        """A value of some rows; nothing of fewer than may be told of."""
        if found is None:
            return UNKNOWN
        rows, holds = found
        told = suppression.told(counted, value, self.reader.access.min_group)
        return (
            sa.select(told)
            .select_from(rows.source)
            .where(holds)
            .correlate_except(*rows.views.values())
            .scalar_subquery()
        )

    def _sum(self, found: tuple[Joined, Column] | None, amount: str) -> Column:
        if found is None:
            return UNKNOWN
        rows, stored, base = found[0], found[0][amount], found[0].base(amount)
        is_ours = rows.currency(amount) == self.here[companion("target_amount", "currency")]
        other = sa.func.bool_or(sa.and_(is_ours, stored.is_not(None), base.is_distinct_from(stored)))
        ours = sa.func.sum(stored).filter(is_ours)
        every = sa.case((sa.func.count(base) == sa.func.count(stored), sa.func.coalesce(sa.func.sum(base), ZERO)))
        value = sa.case((other, ours), else_=every)
        return self._value(found, rounded(value, CENTS), sa.func.count(stored))

    def _revenue(self) -> Column:
        return self._by_category(
            self._sum(self._orders("subtotal"), "subtotal"), self._sum(self._lines("lineTotal"), "lineTotal")
        )

    def _order_count(self) -> Column:
        lines = self._lines()
        different = sa.func.count(sa.distinct(lines[0]["order"])) if lines else UNKNOWN
        every = self._value(self._orders(), sa.func.count(), sa.func.count())
        return self._by_category(every, self._value(lines, different, different))

    def _new_customers(self) -> Column:
        rows, lines = self._joined("Customer", CUSTOMERS), self._lines()
        if rows is None:
            return UNKNOWN
        first = self._belongs(rows, "firstOrderedAt")
        count = sa.func.count()
        if lines is None:
            return self._by_category(self._value((rows, first), count, count), UNKNOWN)
        ordered = sa.select(ONE).select_from(lines[0].source)
        ours = ordered.where(lines[1], lines[0].row.c["customer_id"] == rows.row.c["id"])
        some = sa.and_(first, ours.correlate_except(*lines[0].views.values()).exists())
        return self._by_category(self._value((rows, first), count, count), self._value((rows, some), count, count))

    def _by_category(self, of_all: Column, of_some: Column) -> Column:
        return sa.case((self.here["product_category_path"].is_(None), of_all), else_=of_some)

    def actual(self) -> Column:
        """What was reached; NULL where it cannot be known."""
        metric, made = self.here["metric"], dict(self._made())
        return sa.case((self.known(), sa.case(*((metric == literal(name), value) for name, value in made.items()))))

    def _made(self) -> Iterator[tuple[str, Column]]:
        yield TargetMetric.REVENUE.value, self._revenue()
        yield TargetMetric.ORDER_COUNT.value, self._order_count()
        yield TargetMetric.NEW_CUSTOMERS.value, self._new_customers()

    def target(self) -> Column:
        """What is to be reached."""
        return sa.func.coalesce(self.here["target_amount"], self.here["target_quantity"])


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    made = empty(TITLE)
    parts = [
        Part("actual", maybe(Exact), "What was reached: an amount in the target's currency, or a number."),
        Part(
            "pct", maybe(Exact), "What was reached in per cent of the target, two decimals; null of a target of zero."
        ),
        Part("gap", maybe(Exact), "What is missing; less than zero where more was reached."),
    ]
    fill_type(made, "How far a sales target was reached.", parts)
    description = (
        "How far it was reached by the orders, customers and amounts in view. Revenue is measured in the target's currency: of"
        " a target in the base currency each order at its own rate, of another those in that currency alone. Its figures are null for a caller who does not see what the target is of, or never sees what is counted."
    )
    return Part("attainment", maybe(made), description)


def _compile(reader: Reader, selected: Selected, row: Row | None) -> Column:
    assert row is not None
    target = _Target(reader, row)
    both = sa.select(target.actual().label("actual"), target.target().label("target"))
    once = both.offset(ZERO).correlate_except(None).subquery(reader.name("t"))
    values = {
        TYPENAME: literal(TITLE),
        "actual": as_text(once.c.actual),
        "pct": as_text(ratio(once.c.actual * sa.literal_column("100"), once.c.target, 2)),
        "gap": as_text(once.c.target - once.c.actual),
    }
    columns = [values[item.name].label(item.key) for item in selected.children()]
    return reader.json(sa.select(*columns).select_from(once).correlate_except(once))


def _shown(graph: Graph, access: Access) -> bool:
    """Whether a target is seen whole enough, and one of the things that count towards some."""
    target = access.on(graph[TARGET].resource)
    counted = ("Order", ORDERS), ("Customer", CUSTOMERS)
    return target.visible and target.readable.issuperset(RESTS) and any(_seen(graph, access, *each) for each in counted)


def _seen(graph: Graph, access: Access, entity: str, paths: list[str]) -> bool:
    of = graph[entity]
    return access.on(of.resource).visible and never_read(graph, access, of, paths) is None


def _closed(graph: Graph, access: Access) -> Closed:
    return Closed() if _shown(graph, access) else Closed(elements=frozenset({(TARGET, "attainment")}))


ATTAINMENT = Computed("attainment", _part, _compile, _shown, _closed, frozenset((*RESTS, *MEASURES)), frozenset(RESTS))
