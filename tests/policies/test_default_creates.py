"""What the shipped roles may create, they can: no field that a new row cannot lack is missing from the grant."""

from __future__ import annotations

import pytest

from app.models.catalogue import CATALOGUE
from policies.access import Access, access
from policies.catalogue import Field, Resource
from policies.document import Action
from policies.loading import DEFAULT_RULES, load, read_folder
from policies.principal import Held
from policies.rules import Effect

POLICY = load(read_folder(DEFAULT_RULES), CATALOGUE)
CREATES = sorted(
    {
        (role, rule.resource)
        for role in POLICY.roles
        for rule in POLICY.rules_of(role)
        if rule.action is Action.CREATE and rule.effect is Effect.ALLOW
    }
)


def rights(role: str) -> Access:
    """The access of who holds a role with all that an assignment may bring."""
    return access(POLICY, ((Held(role, departments=True, regions=True, purpose=True),),))


def required(on: Resource) -> list[str]:
    """The fields that who makes a row has to give: the service makes the id, the database what has a default."""
    return [name for name, field in on.fields.items() if name != "id" and field.spec.settable and _is_needed(field)]


def _is_needed(field: Field) -> bool:
    column = field.column
    return not column.nullable and column.server_default is None and column.computed is None


def test_roles_create_what_they_work_with() -> None:
    found = {role: sum(each == role for each, _ in CREATES) for role, _ in CREATES}
    assert found == {"admin": 36, "marketer": 6, "sales_manager": 15, "sales_rep": 12, "service_agent": 3}


@pytest.mark.parametrize(("role", "resource"), CREATES)
def test_whatever_a_new_row_needs_may_be_set(role: str, resource: str) -> None:
    on = CATALOGUE[resource]
    missing = [name for name in required(on) if not rights(role).permits(Action.CREATE, on, [name]).possible]
    assert missing == []
    assert rights(role).permits(Action.CREATE, on, required(on)).possible


@pytest.mark.parametrize(("role", "resource"), CREATES)
def test_the_customer_of_a_row_is_set_once(role: str, resource: str) -> None:
    on = CATALOGUE[resource]
    if on.owned:
        assert rights(role).permits(Action.CREATE, on, ["customer"]).possible
        assert not rights(role).permits(Action.UPDATE, on, ["customer"]).possible
