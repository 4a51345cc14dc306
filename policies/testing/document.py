"""The form of a table of tests, as pydantic models.

people:                                             # who asks, by a name of one's own
  rep: {role: sales_rep, regions: [EMEA]}
cases:                                              # one line for each row of the table
  - {as: rep, on: Customer, row: {region: EMEA, owner: me}, plain: [CONTACT, FINANCIAL], withheld: [IDENTITY]}
  - {as: rep, on: Customer, row: {region: APAC}, expect: hidden}
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from policies.document import Action


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _listed(value: object) -> object:
    return [value] if isinstance(value, (str, dict)) else value


def _form(value: object) -> str:
    return "map" if isinstance(value, dict) else "other"


Names = Annotated[list[str], BeforeValidator(_listed)]
Actions = Annotated[list[Action], BeforeValidator(_listed)]
Values = dict[str, Any]
Shown = Annotated[Annotated[Values, Tag("map")] | Annotated[Names, Tag("other")], Discriminator(_form)]


class HoldingPart(_Part):
    """A role held for regions, departments and purposes; those below them are not added, so name all."""

    role: str
    regions: Names = []
    departments: Names = []
    purposes: Names = []


class PersonPart(_Part):
    """Who asks: a role with its regions, departments and purposes, or several `roles`, who reports to them, and for what."""

    role: str | None = None
    regions: Names = []
    departments: Names = []
    purposes: Names = []
    roles: Annotated[list[HoldingPart], Field(min_length=1)] = []
    reports: Names = []
    purpose: str | None = None


Person = Annotated[Annotated[str, Tag("other")] | Annotated[PersonPart, Tag("map")], Discriminator(_form)]


class Expectation(StrEnum):
    """Whether a row is seen."""

    VISIBLE = "visible"
    HIDDEN = "hidden"


class CasePart(_Part):
    """One line of the table: who, of what, which row, and what is seen of it.

    `row` describes the row by its fields; a single relation may be given as the related row (`customer: {tier: KEY}`),
    a list as several (`orders: [{status: DRAFT}]`). `plain`, `masked` and `withheld` name fields or data classes;
    `all` stands for every field that is not named otherwise. `masked` may say what is shown: `{email: a•••@x.example}`.
    `may` and `mayNot` name actions on the row as a whole.
    """

    as_: Annotated[list[Person], BeforeValidator(_listed), Field(alias="as", min_length=1)]
    on: Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)]
    row: dict[str, Any] = {}
    expect: Expectation = Expectation.VISIBLE
    plain: Names = []
    masked: Shown = []
    withheld: Names = []
    may: Actions = []
    may_not: Annotated[Actions, Field(alias="mayNot")] = []
    because: str = ""


class TestDocument(_Part):
    """People by a name of one's own, and the lines of the table."""

    __test__ = False

    people: dict[str, PersonPart] = {}
    cases: list[CasePart]
