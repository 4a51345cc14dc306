"""The statement of the live check, one for all callers of a grant shape: rows of views that may be the new customer.

Each way of looking (by name, by address, by number) takes keys out of the search index and keeps the rows of the view
on which the field is plain and its value is the one looked for; so many of them that no way costs more than a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array

from app import models
from app.models.catalogue import CATALOGUE
from app.services.duplicates.details import Details
from app.services.duplicates.forms import LONGEST, email_form
from app.services.duplicates.names import IDLE, called
from app.services.duplicates.profiles import MOST, Profile, profile
from app.services.duplicates.seen import OWN, READ, Seen
from policies.access import Access, access
from policies.conditions import Attribute, Operand
from policies.predicates import bound, literal
from policies.principal import GrantShape
from policies.rules import Policy
from policies.statements import Statement, statement

Column: TypeAlias = sa.ColumnElement[Any]

MOST_LOOKED_AT = 50
"""Rows in view that one way of looking brings, those of the very name first."""
FIRST = 4
"""Letters of a word of a name that must be right."""

KIND, ITSELF, NAME = Attribute("similar_kind"), Attribute("similar_itself"), Attribute("similar_name")
NAMES, EMAILS, PHONES, TAX_IDS = (Attribute(f"similar_{each}") for each in ("names", "emails", "phones", "tax_ids"))


def asked_of(new: Details) -> dict[Operand, Any]:
    """The operands of a statement that looks for a customer."""
    mine = profile(new)
    return {
        KIND: new.kind.value,
        ITSELF: new.id,
        NAME: storable((new.display_name or "")[:LONGEST]),
        NAMES: list(dict.fromkeys(_words(mine))),
        EMAILS: list(dict.fromkeys(map(storable, (*_emails(new), *mine.emails))))[: 3 * MOST],
        PHONES: list(mine.phones),
        TAX_IDS: [digits] if (digits := mine.tax_id.lstrip("abcdefghijklmnopqrstuvwxyz")) else [],
    }


def storable(text: str) -> str:
    """A text without what PostgreSQL cannot hold: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode(errors="ignore").decode()


def _emails(new: Details) -> Iterator[str]:
    """Each address as written, and without its tag."""
    for email in new.emails:
        lower = email[:LONGEST].strip().lower()
        local, _, domain = lower.rpartition("@")
        if email_form(email):
            yield lower
            yield f"{local.partition('+')[0]}@{domain}"


def _words(new: Profile) -> Iterator[str]:
    """What a name is looked for by: the first letters of its words, of all of them and of all but one; a lone word whole.

    A name of nothing but legal forms or titles is none to look for: too many have it.
    """
    for name in new.names:
        if IDLE.issuperset(name):
            continue
        for words in (name, tuple(map(called, name))):
            begun = [word[:FIRST] for word in words[:MOST]] if len(words) > 1 else list(words)
            yield " ".join(begun)
            if len(begun) > 2:
                yield from (" ".join(begun[:i] + begun[i + 1 :]) for i in range(len(begun)))


@lru_cache(maxsize=256)
def statement_of(policy: Policy, shape: GrantShape) -> Statement:
    """The statement for a grant shape."""
    return statement(_Asking(access(policy, shape)).select())


Holds: TypeAlias = Callable[[Column], Column]
"""What must hold of a field's plain value."""


@dataclass
class _Asking:
    """Puts the statement together."""

    access: Access
    _names: count[int] = field(default_factory=lambda: count(1))

    def _view(self, resource: str) -> Seen:
        return Seen(self.access, CATALOGUE[resource], f"v{next(self._names)}")

    def select(self) -> sa.Select[Any]:
        """The customers found, with all that may be compared."""
        view = self._view("Customer")
        row, found = view.row, self._found()
        return (
            sa.select(row["id"], *self._own(view), *self._below(row["id"], view))
            .select_from(found.join(view.rows, row["id"] == found.c["id"]))
            .where(self._same_kind(view), row["id"].is_distinct_from(bound(ITSELF, sa.Uuid())))
            .order_by(row["id"])
        )

    def _found(self) -> sa.FromClause:
        """The keys of the customers found, as an array, of whose length the planner assumes little."""
        ways: list[sa.Select[Any]] = self._ways() or [sa.select(sa.cast(sa.null(), sa.Uuid()).label("id"))]
        found = sa.union(*ways).subquery("found")
        keys = sa.select(sa.func.array_agg(found.c["id"], type_=ARRAY(sa.Uuid()))).scalar_subquery()
        return sa.func.unnest(keys).table_valued(sa.column("id", sa.Uuid())).render_derived(name="chosen")

    def _own(self, view: Seen) -> Iterator[Column]:
        for name in OWN:
            if name not in ("email", "phone"):
                yield view.value(name).label(view.on.fields[name].column.name)

    def _same_kind(self, view: Seen) -> Column:
        """A kind that is not told is taken for the same."""
        return sa.func.coalesce(view.value("kind") == bound(KIND, sa.Text()), sa.true())

    # Ways of looking

    def _ways(self) -> list[sa.Select[Any]]:
        def among(operand: Attribute) -> Holds:
            return lambda value: value == sa.any_(bound(operand, ARRAY(sa.Text())))

        def taxed(value: Column) -> Column:
            squeezed = sa.func.regexp_replace(sa.func.lower(value), "^[a-z]+|[^a-z0-9]+", "", "g")
            return squeezed == sa.any_(bound(TAX_IDS, ARRAY(sa.Text())))

        def any_value(_value: Column) -> Column:
            return sa.true()  # that the words stand in it, the tokens say

        ways = (
            self._way("Customer", "displayName", NAMES, any_value),
            self._way("Customer", "legalName", NAMES, any_value),
            self._way("Customer", "email", EMAILS, among(EMAILS)),
            self._way("Customer", "phone", PHONES, among(PHONES)),
            self._way("Customer", "taxId", TAX_IDS, taxed),
            self._way("Contact", "email", EMAILS, among(EMAILS)),
            self._way("Contact", "phone", PHONES, among(PHONES)),
            self._way("ContactPoint", "valueNormalized", EMAILS, among(EMAILS)),
            self._way("ContactPoint", "valueNormalized", PHONES, among(PHONES)),
        )
        return [way for way in ways if way is not None]

    def _way(self, resource: str, name: str, asked: Attribute, holds: Holds) -> sa.Select[Any] | None:
        """The customers of rows in view on which a field is plain and found; None where it is plain on none."""
        view = self._view(resource)
        searched = view.field(name)
        if searched is None:
            return None
        assert searched.spec.searched is not None
        keys = self._keys(searched.spec.searched.label, asked)
        row, owned = view.row, view.on.owned
        customer = row["customer_id"] if owned else row["id"]
        own = sa.and_(row["id"] == keys.c["entity_id"], customer == keys.c["customer_id"])
        kept = sa.and_(view.is_plain(name), holds(view.value(name)))
        if not owned:
            kept = sa.and_(kept, self._same_kind(view))
        chosen = sa.select(customer.label("id")).select_from(keys.join(view.rows, own)).where(kept)
        first = [] if owned else [sa.desc(self._is_namesake(view))]
        few = chosen.order_by(*first, customer, row["id"]).limit(sa.literal_column(str(MOST_LOOKED_AT)))
        return sa.select(few.subquery(f"w{next(self._names)}").c["id"])

    def _is_namesake(self, view: Seen) -> Column:
        return sa.func.coalesce(view.value("displayName") == bound(NAME, sa.Text()), sa.false())

    def _keys(self, label: str, asked: Attribute) -> sa.FromClause:
        """The keys of rows whose tokens hold one of the things asked for."""
        tokens = models.SearchTokens.__table__.alias(f"t{next(self._names)}")
        words = sa.func.unnest(bound(asked, ARRAY(sa.Text()))).table_valued("word")
        each = words.render_derived(name=f"a{next(self._names)}")
        labels: Column = array([literal(label)], type_=sa.Text())
        query = sa.func.search_query(each.c["word"], labels)
        key = sa.cast(sa.func.row(tokens.c.customer_id, tokens.c.entity_id), _Key())
        found = (
            sa.select(sa.func.array_agg(sa.distinct(key)))
            .select_from(each.join(tokens, tokens.c.tokens.op("@@")(query)))
            .scalar_subquery()
        )
        columns = (sa.column("customer_id", sa.Uuid()), sa.column("entity_id", sa.Uuid()))
        return sa.func.unnest(found).table_valued(*columns).render_derived(name=f"k{next(self._names)}")

    # What is compared

    def _below(self, customer: Column, view: Seen) -> Iterator[Column]:
        contacts = [self._listed("Contact", name, customer) for name in ("email", "phone")]
        emails = self._points(customer, ("EMAIL",))
        phones = self._points(customer, ("MOBILE", "PHONE", "WHATSAPP"))
        yield self._together(view.value("email"), contacts[0], emails).label("emails")
        yield self._together(view.value("phone"), contacts[1], phones).label("phones")
        yield self._places(customer).label("places")

    def _together(self, own: Column, *others: Column) -> Column:
        found: Column = array([sa.cast(own, sa.Text())], type_=sa.Text())
        for each in others:
            found = sa.func.array_cat(found, each, type_=ARRAY(sa.Text()))
        return found

    def _listed(self, resource: str, name: str, customer: Column, *kinds: str) -> Column:
        """The plain values of a field on a customer's rows in view."""
        view = self._view(resource)
        value, row = view.value(name), view.row
        chosen = sa.select(sa.cast(value, sa.Text()).label("value"), row["id"]).where(
            row["customer_id"] == customer, value.is_not(None)
        )
        if kinds:
            chosen = chosen.where(sa.or_(*(view.value("kind") == literal(kind) for kind in kinds)))
        few = chosen.order_by(row["id"]).limit(sa.literal_column(str(MOST))).correlate_except(view.rows)
        return _array(few.subquery(f"l{next(self._names)}"))

    def _points(self, customer: Column, kinds: Sequence[str]) -> Column:
        return self._listed("ContactPoint", "valueNormalized", customer, *kinds)

    def _places(self, customer: Column) -> Column:
        view = self._view("Address")
        row = view.row
        parts = sa.func.json_build_array(*(view.value(name) for name in READ["Address"]))
        found = sa.func.json_agg(aggregate_order_by(parts, row["id"]))
        chosen = sa.select(sa.cast(found, sa.Text())).select_from(view.rows).where(row["customer_id"] == customer)
        return chosen.correlate_except(view.rows).scalar_subquery()


def _array(rows: Any) -> Column:
    found = sa.func.array_agg(aggregate_order_by(rows.c["value"], rows.c["id"]), type_=ARRAY(sa.Text()))
    return sa.select(found).select_from(rows).correlate_except(rows).scalar_subquery()


class _Key(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "search_key"
