"""What is wrong with a write, as a person can correct it.

UserError           one mistake: its code, the input field it is in, and why
    Required        a value must be given
    Invalid         a value that cannot be taken
    NotFound        there is no such record in view
    Forbidden       the caller may not do this
    Conflict        somebody else was faster, or has the value already
        HiddenConflict  where the caller does not see by whom
    InvalidState    the record is not where this can be done
    InsufficientStock, BudgetExceeded, RateLimited
Refused             all that is wrong with one write, so that nothing of it is done
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias

Place: TypeAlias = tuple[str, ...]
"""Where in an input a value stands, from outside in: names of fields, and numbers of items."""


class Code(StrEnum):
    """Kind of mistake; never changes its meaning."""

    REQUIRED = "REQUIRED"
    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    CONFLICT = "CONFLICT"
    INVALID_STATE = "INVALID_STATE"
    INSUFFICIENT_STOCK = "INSUFFICIENT_STOCK"
    BUDGET_EXCEEDED = "BUDGET_EXCEEDED"
    RATE_LIMITED = "RATE_LIMITED"


class UserError(Exception):
    """A mistake. `reason` names the message that explains it, `params` stand in the message."""

    code: ClassVar[Code]

    def __init__(self, reason: str, field: Place = (), **params: Any) -> None:
        super().__init__(reason, field, params)
        self.reason, self.field = reason, field
        self.params: Mapping[str, Any] = params

    def at(self, place: Place) -> UserError:
        """The same mistake in an input that stands inside another."""
        return type(self)(self.reason, (*place, *self.field), **self.params)

    def at_large(self) -> UserError:
        """The same mistake where no field of the input is at fault."""
        return type(self)(self.reason, **self.params)


class Required(UserError):
    code = Code.REQUIRED


class Invalid(UserError):
    code = Code.INVALID


class NotFound(UserError):
    code = Code.NOT_FOUND


class Forbidden(UserError):
    code = Code.FORBIDDEN


class Conflict(UserError):
    code = Code.CONFLICT


class HiddenConflict(Conflict):
    """A clash with what the caller does not see: told barely, and counted."""


class InvalidState(UserError):
    code = Code.INVALID_STATE


class InsufficientStock(UserError):
    code = Code.INSUFFICIENT_STOCK


class BudgetExceeded(UserError):
    code = Code.BUDGET_EXCEEDED


class RateLimited(UserError):
    code = Code.RATE_LIMITED


class Refused(Exception):
    """A write of which nothing is done, and everything that is wrong with it."""

    def __init__(self, errors: Iterable[UserError]) -> None:
        self.errors = tuple(errors)
        super().__init__(*self.errors)
