"""What is noted of a request while it is answered: for the line in the log, and for headers."""

from __future__ import annotations

from functools import cached_property

from app.identity.authority import Rights
from graphql_schema.budgets.windows import Standing
from graphql_schema.compiler.documents import Prepared


class Note:
    """Of one request, as far as it came."""

    rights: Rights | None = None
    prepared: Prepared | None = None
    cost: int | None = None

    @cached_property
    def standing(self) -> Standing:
        """What was taken of the quotas of who asks."""
        return {}
