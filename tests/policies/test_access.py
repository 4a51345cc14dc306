from __future__ import annotations

from itertools import product

import pytest

from tests.policies.documents import allow, deny, principal, rights
from tests.policies.model import CUSTOMER, CUSTOMERS
from tests.policies.rows import ask, key, put

TRUTH = {"true": True, "false": False, "unknown": None}


@pytest.mark.parametrize(("allowed", "denied"), list(product(TRUTH, repeat=2)))
async def test_only_a_certain_allow_without_any_possible_deny_opens_a_row(connection, allowed, denied) -> None:
    await put(connection, CUSTOMERS, {"id": key(1), "open": TRUTH[allowed], "barred": TRUTH[denied]})
    who = principal()
    on = rights(allow(when={"open": {"eq": True}}), deny(when={"barred": {"eq": True}}))
    assert len(await ask(connection, on.view(CUSTOMER, []), who)) == (allowed == "true" and denied == "false")
