"""The types of `Customer.overview`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.models.enums import Priority
from graphql_schema.aggregates.types import Amounts
from graphql_schema.building import EntityTypes
from graphql_schema.filters import enum_type
from graphql_schema.making import Part, empty, fill_type, listed, maybe
from graphql_schema.overview.figures import ALL, Figure, Form
from graphql_schema.scalars import Exact

OVERVIEW = "CustomerOverview"
ENTITIES = {"interactions": "Interaction", "orders": "Order", "tasks": "Task", "scores": "CustomerScore"}
"""The types of the lists from which rows are picked."""


def part(types: Mapping[str, EntityTypes]) -> Part:
    """The field, with its types."""
    spread, rating = empty("PriorityCount"), empty("CustomerRating")
    fill_type(
        spread,
        "How many tickets have a priority.",
        [
            Part("priority", maybe(enum_type(Priority)), "The priority; null where it is not shown."),
            Part("count", int, "How many."),
        ],
    )
    fill_type(
        rating,
        "How a customer scores us.",
        [
            Part("responses", int, "How many answers there are whose score and scale are in view."),
            Part(
                "average",
                maybe(Exact),
                "Their average, each score as a part of its survey's scale in per cent: 0 the lowest score, 100 the "
                "highest; null without any.",
            ),
            Part("last", maybe(types["SurveyResponse"].object), "The last of them."),
        ],
    )
    annotations: dict[Form, Any] = {
        Form.COUNT: int,
        Form.SPREAD: listed(spread),
        Form.MONEY: Amounts,
        Form.RATING: rating,
    }

    def annotation(figure: Figure) -> Any:
        if figure.form in annotations:
            return annotations[figure.form]
        row = types[ENTITIES[figure.list]].object
        return listed(row) if figure.form is Form.LATEST_OF_EACH else row

    overview = empty(OVERVIEW)
    fill_type(
        overview,
        "A customer at a glance. All of it tells of the rows and values in the caller's view, and of nothing else; what "
        "rests on something that the caller never sees is null.",
        [Part(figure.name, maybe(annotation(figure)), figure.doc) for figure in ALL],
    )
    return Part("overview", overview, "The customer at a glance: counts, money, last contact, open items, scores.")
