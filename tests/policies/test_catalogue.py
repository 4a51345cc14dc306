"""What a catalogue reads from tables, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from app.models.catalogue import CATALOGUE as PRODUCT
from policies.catalogue import (
    Catalogue,
    DataClass,
    Field,
    FieldSpec,
    Kind,
    Reference,
    Relation,
    Subjects,
    camel,
    read_catalogue,
)
from tests.policies.model import CATALOGUE, CUSTOMER, LINE, NOTE, ORDER, UNLISTED, USER


def test_a_table_takes_part_by_naming_its_resource_and_a_column_by_its_declaration() -> None:
    assert list(CATALOGUE.resources) == ["Customer", "Department", "Line", "Note", "Order", "Region", "User"]
    assert [resource.name for resource in CATALOGUE] == list(CATALOGUE.resources)
    assert "Customer" in CATALOGUE
    assert UNLISTED.name not in CATALOGUE
    assert not {"undeclared", "deletedAt", "baseRevenue"} & set(CUSTOMER.fields)
    assert CATALOGUE["Customer"] is CUSTOMER


@pytest.mark.parametrize(
    ("column", "name"), [("tax_id", "taxId"), ("id", "id"), ("line1", "line1"), ("a_b_c", "aBC"), ("x__y", "xY")]
)
def test_names_are_those_of_the_api(column: str, name: str) -> None:
    assert camel(column) == name


def test_a_reference_is_a_field_and_a_relation_without_its_ending() -> None:
    assert CUSTOMER.fields["owner"].column.name == "owner_id"
    assert CUSTOMER.fields["taxId"].column.name == "tax_id"
    assert CUSTOMER.relations["owner"] == Relation("owner", "User", (("owner_id", "id"),), many=False, field="owner")
    back = Relation("customers", "Customer", (("id", "owner_id"),), many=True, field="owner")
    assert USER.relations["customers"] == back
    assert {name for name, relation in USER.relations.items() if relation.many} == {"team", "customers", "orders"}


def test_a_reference_within_a_customer_leads_by_the_whole_key() -> None:
    pairs = (("customer_id", "customer_id"), ("order_id", "id"))
    assert LINE.relations["order"] == Relation("order", "Order", pairs, many=False, field="order")
    turned = (("customer_id", "customer_id"), ("id", "order_id"))
    assert ORDER.relations["lines"] == Relation("lines", "Line", turned, many=True, field="order")


def test_a_subject_is_a_relation_to_each_table_that_it_can_be_in() -> None:
    fixed = (("aboutType", "about_type", "ORDER"),)
    pairs = (("customer_id", "customer_id"), ("about_id", "id"))
    there = Relation("aboutOrder", "Order", pairs, many=False, field="aboutId", fixed=fixed)
    assert NOTE.relations["aboutOrder"] == there
    assert NOTE.subjects == {"about": {"ORDER": there}}
    assert there.fields == ("aboutId", "aboutType")
    assert ORDER.relations["notes"].fixed == fixed
    assert ORDER.relations["notes"].many


def test_keys() -> None:
    assert (CUSTOMER.key, ORDER.key) == (("id",), ("customer_id", "id"))
    assert (CUSTOMER.owned, ORDER.owned) == (False, True)


def test_a_field_describes_itself() -> None:
    documented: sa.Column[Any] = sa.Column("name", sa.Text(), doc="What it is called.")
    assert Field("name", documented, FieldSpec(None, Kind.TEXT)).doc == "What it is called."
    assert CUSTOMER.fields["name"].doc == ""


def test_a_resource_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Catalogue({})["Customer"]


# Refused


def spec(**parts: tuple[str, ...]) -> FieldSpec:
    return FieldSpec(
        DataClass.PUBLIC, Kind.TEXT, companions=parts.get("companions", ()), sources=parts.get("sources", ())
    )


def column(
    name: str, declared: FieldSpec | None = None, *, key: bool = False, to: Reference | None = None
) -> sa.Column[Any]:
    info: dict[str, Any] = {"field": declared or spec()} | ({"reference": to} if to else {})
    return sa.Column(name, sa.Uuid(), primary_key=key, info=info)


def table(metadata: sa.MetaData, name: str, *columns: sa.Column[Any], resource: str = "", keep: bool = True) -> None:
    deleted = [sa.Column("deleted_at", sa.DateTime())] if keep else []
    keyed = [] if any(found.primary_key for found in columns) else [column("id", key=True)]
    sa.Table(name, metadata, *keyed, *columns, *deleted, info={"resource": resource or name.capitalize()})


def refused(metadata: sa.MetaData) -> str:
    with pytest.raises(ValueError, match=r".") as error:
        read_catalogue(metadata)
    return str(error.value)


def test_two_tables_of_one_resource_are_refused() -> None:
    metadata = sa.MetaData()
    table(metadata, "a", resource="Thing")
    table(metadata, "b", resource="Thing")
    assert refused(metadata) == "two tables hold the same resource"


def test_two_fields_of_one_name_are_refused() -> None:
    metadata = sa.MetaData()
    table(metadata, "a", column("b"), column("b_id", to=Reference("a", None)))
    assert refused(metadata) == "a: two fields are named 'b'"


def test_two_relations_of_one_name_are_refused() -> None:
    metadata = sa.MetaData()
    table(metadata, "a", column("b_id", to=Reference("a", "c")), column("d_id", to=Reference("a", "c")))
    assert refused(metadata) == "a: two relations are named 'c'"


def test_a_list_named_as_a_field_is_refused() -> None:
    metadata = sa.MetaData()
    table(metadata, "a", column("things"))
    table(metadata, "b", column("a_id", to=Reference("a", "things")))
    assert refused(metadata) == "a: 'things' is a field and a list"


def test_a_table_that_cannot_tell_deleted_rows_is_refused() -> None:
    metadata = sa.MetaData()
    table(metadata, "a", keep=False)
    assert refused(metadata) == "a: there is no column 'deleted_at'"


@pytest.mark.parametrize("declared", [spec(companions=("currency",)), spec(sources=("id", "currency"))])
def test_a_part_that_is_no_column_is_refused(declared: FieldSpec) -> None:
    metadata = sa.MetaData()
    table(metadata, "a", column("b", declared))
    assert refused(metadata) == "a.b: there is no column 'currency'"


@pytest.mark.parametrize("named", ["c.name", "b.nothing", "owner.name", "friends.name", ".id", "friend."])
@pytest.mark.parametrize("how", ["copies", "sources"])
def test_what_comes_from_nowhere_is_refused(how: str, named: str) -> None:
    metadata = sa.MetaData()
    table(metadata, "people", column("name"))
    declared = FieldSpec(DataClass.PUBLIC, Kind.TEXT, copies=named) if how == "copies" else spec(sources=("id", named))
    friend = column("friend_id", to=Reference("people", "friends"))
    table(metadata, "a", friend, column("b", declared))
    assert refused(metadata) == f"a.b: there is no column {named!r}"


def test_a_column_may_come_from_a_related_row() -> None:
    metadata = sa.MetaData()
    table(metadata, "people", column("name"))
    declared = FieldSpec(DataClass.PUBLIC, Kind.TEXT, copies="friend.name", sources=("id", "friend.name"))
    table(metadata, "a", column("friend_id", to=Reference("people", "friends")), column("b", declared))
    assert read_catalogue(metadata)["A"].fields["b"].spec == declared


def test_a_resource_tells_the_field_of_a_column() -> None:
    assert [CUSTOMER.of_column(name) for name in ("tax_id", "owner_id", "deleted_at", "none")] == [
        "taxId", "owner", None, None,
    ]  # fmt: skip


def test_a_column_named_as_a_companion_is_in_a_view_is_refused() -> None:
    metadata = sa.MetaData()
    table(metadata, "a", column("b__c"))
    assert refused(metadata) == "a.b__c: in a view '__' stands before a companion's name"


def test_a_reference_that_may_lead_to_several_rows_is_refused() -> None:
    metadata = sa.MetaData()
    table(metadata, "customers")
    owner = column("customer_id", key=True, to=Reference("customers", "orders"))
    table(metadata, "orders", owner, column("id", key=True))
    table(metadata, "tips", column("order_id", to=Reference("orders", None)))
    assert refused(metadata) == "tips: 'order' does not lead to one row of Orders"


def test_a_reference_to_what_is_no_resource_is_a_field_alone() -> None:
    metadata = sa.MetaData()
    table(metadata, "a", column("b_id", to=Reference("nowhere", "things")))
    [resource] = read_catalogue(metadata)
    assert list(resource.fields) == ["id", "b"]
    assert resource.relations == {}


# The product's own


def test_the_subjects_of_the_product_have_each_its_own_edge() -> None:
    for resource in PRODUCT:
        for column_ in resource.table.columns:
            subjects: Subjects | None = column_.info.get("subjects")
            if subjects is not None:
                assert list(resource.subjects[subjects.name]) == [value for value, _ in subjects.tables]
