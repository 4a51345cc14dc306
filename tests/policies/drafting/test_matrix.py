"""What a role alone is shown of each field."""

from __future__ import annotations

from policies.drafting.matrix import Cell, Shown, matrix
from policies.rules import Policy
from tests.policies.documents import allow, classes, deny, names, of, policy, role
from tests.policies.model import CATALOGUE, CUSTOMER, ORDER


def cells(found: Policy, *fields: str) -> list[Cell]:
    [line] = matrix(found, ["reader"], [CUSTOMER])
    by_name = {cell.field: cell for cell in line.cells}
    return [by_name[name] for name in fields]


def test_a_field_is_plain_masked_or_withheld_on_every_row() -> None:
    found = of(allow(fields=names("name")), allow(fields=names("email"), mask={"email": "domain"}))
    assert cells(found, "id", "name", "email", "phone", "secret") == [
        Cell("id", Shown.PLAIN),
        Cell("name", Shown.PLAIN),
        Cell("email", Shown.MASKED, "domain"),
        Cell("phone", Shown.WITHHELD),
        Cell("secret", Shown.WITHHELD),
    ]


def test_what_depends_on_the_row_is_told_with_its_conditions() -> None:
    found = of(
        allow(fields=names("email", "phone"), mask={"email": "email", "phone": "phone"}),
        allow(fields=names("email"), when={"owner": {"eq": "$me"}}),
        deny(fields=names("phone"), when={"barred": {"eq": True}}),
    )
    assert cells(found, "email", "phone") == [
        Cell("email", Shown.CONDITIONAL, when=("plain where owner eq $me", "masked by email where always")),
        Cell("phone", Shown.CONDITIONAL, when=("masked by phone where always", "withheld where barred eq true")),
    ]


def test_the_rows_that_a_role_sees_are_told() -> None:
    owned = allow(when={"owner": {"eq": "$me"}})
    found = of(
        owned, deny(when={"barred": {"eq": True}}), allow("Order", when={"region": {"in": "$assignment.regions"}})
    )
    customer, order, line = matrix(found, ["reader"], [CUSTOMER, ORDER, CATALOGUE["Line"]])
    assert customer.rows == ("owner eq $me, unless barred eq true",)
    assert order.rows == ("region in $assignment.regions",)
    assert (line.rows, {cell.shown for cell in line.cells}) == ((), {Shown.WITHHELD})
    assert (customer.role, customer.resource) == ("reader", "Customer")
    [cell] = [each for each in customer.cells if each.field == "name"]
    assert cell == Cell("name", Shown.PLAIN)


def test_what_is_included_counts() -> None:
    found = policy(role("base", allow(fields=classes("PUBLIC"))), role("reader", includes=("base",)))
    [line] = matrix(found, ["reader"], [CATALOGUE["Region"]])
    assert line.rows == ()
    found = policy(role("base", allow("Region", fields=classes("PUBLIC"))), role("reader", includes=("base",)))
    [line] = matrix(found, ["reader"], [CATALOGUE["Region"]])
    assert line.rows == ("always",)
    assert {cell.field for cell in line.cells if cell.shown is Shown.PLAIN} == {"id", "name", "path"}
