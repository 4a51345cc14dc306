"""What is noted of a request while it is answered: for the line in the log, and for headers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from app.identity.authority import Rights
from graphql_schema.budgets.windows import Standing
from graphql_schema.compiler.documents import Prepared

if TYPE_CHECKING:
    from graphql_schema.requests import Asked


class Note:
    """Of one request, as far as it came."""

    rights: Rights | None = None
    prepared: Prepared | None = None
    cost: int | None = None
    read: Asked | None = None
    """What was asked, where it was a query that was answered without a mistake."""

    @cached_property
    def standing(self) -> Standing:
        """What was taken of the quotas of who asks."""
        return {}
