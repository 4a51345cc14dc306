"""What a closed list of values is, and how a value says what it means."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from policies.catalogue import DataClass


class Choice(StrEnum):
    """A closed list. A member is its stored value; `description` is written for the API's caller."""

    _value_: str
    description: str

    def __new__(cls, value: str, description: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member


DATA_CLASSES = {
    DataClass.PUBLIC: "Known to everyone who works here.",
    DataClass.BUSINESS: "The course of business: names, stages, dates.",
    DataClass.CONTACT: "How a person is reached.",
    DataClass.IDENTITY: "Who a person is: tax id, birth date.",
    DataClass.FINANCIAL: "Amounts, prices, costs.",
    DataClass.SENSITIVE: "What harms when known.",
    DataClass.SECRET: "Never shown.",
}


def description_of(member: StrEnum) -> str:
    """What an enum's value means, for the API's caller."""
    return member.description if isinstance(member, Choice) else DATA_CLASSES[DataClass(member)]
