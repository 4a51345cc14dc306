"""Cases: a model with rows, a policy, and principals who ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from hypothesis import strategies as st

from policies.catalogue import Resource
from policies.document import Action
from policies.principal import Principal
from tests.oracle.drawn.choosing import Choose, choosing
from tests.oracle.drawn.documents import WRITING, Document, disagreeing, documents
from tests.oracle.drawn.models import Made, made
from tests.oracle.drawn.principals import principals, unmasking
from tests.oracle.drawn.rows import Rows, rows

MODELS = 48


@dataclass(frozen=True)
class Case:
    """What is asked of the database and of the oracle alike."""

    made: Made
    rows: Rows
    documents: list[Document]
    principals: list[Principal]
    action: Action = Action.READ
    """What is asked for: to read, to export or to count."""

    def fields(self, on: Resource) -> list[str]:
        """The fields that are compared: of what is counted, no keys."""
        return [
            name
            for name, field in on.fields.items()
            if self.action is not Action.AGGREGATE or field.column.name not in on.key
        ]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: FBT001
        """For Hypothesis: the difference tells all that it takes."""
        printer.text(f"Case(model {self.made.seed})")

    @property
    def texts(self) -> dict[str, str]:
        """The documents as files."""
        return {f"{n}.yaml": yaml.safe_dump(each, sort_keys=False) for n, each in enumerate(self.documents)}


def case(choose: Choose) -> Case:
    """A model, and what is chosen for it."""
    model = made(choose.position(MODELS))
    action = choose.one((Action.READ, Action.READ, Action.READ, Action.EXPORT, Action.AGGREGATE))
    drawn = rows(choose, model)
    asking = [unmasking(choose, model, drawn, who) for who in principals(choose)]
    return Case(model, drawn, documents(choose, model), asking, action)


@dataclass(frozen=True)
class Writes:
    """A case with the rows that are left after some change, and the fields that changes set, by resource."""

    case: Case
    after: Rows
    sets: Mapping[str, list[list[str]]]


def writes(choose: Choose) -> Writes:
    """A model, and what is chosen for it and for changes of its rows; now and then, roles whose presets disagree."""
    model = made(choose.position(MODELS))
    written = disagreeing(choose, model) if choose.rarely(5) else documents(choose, model, WRITING)
    sets = {
        name: [[], *(choose.several(list(on.fields), most) for most in (1, 2, 2))] for name, on in model.model.items()
    }
    drawn = Case(model, rows(choose, model), written, principals(choose))
    return Writes(drawn, rows(choose, model), sets)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Cases that Hypothesis chooses, and makes small where they fail."""
    return case(choosing(draw))


@st.composite
def some_writes(draw: st.DrawFn) -> Writes:
    """Changes that Hypothesis chooses, and makes small where they fail."""
    return writes(choosing(draw))
