"""`explainAccess`: why somebody sees a row, or a field of it, as he or she does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import strawberry

from app.services.auditing import Kind
from app.services.policies.explaining import Question, explain
from graphql_schema.asking import Asking
from graphql_schema.building import EntityTypes
from graphql_schema.compiler.converting import node_id
from graphql_schema.compiler.operands import BadInput
from graphql_schema.declaring import DECLARED
from graphql_schema.entities import Entity, Told
from graphql_schema.ids import NodeId
from graphql_schema.making import REQUIRED, Part, empty, fill_type, listed, maybe
from graphql_schema.policies import looking
from graphql_schema.policies.types import FIELD, RULE, Plain, condition, conditions, upper
from graphql_schema.scalars import JSON
from policies.explaining.telling import Telling

EXPLANATION = empty("AccessExplanation")
fill_type(
    EXPLANATION,
    "Why somebody sees a row, or a field of it, as he or she does. Who asks is told no more than he or she sees.",
    [
        Part("type", str, "Type of the row."),
        Part("field", maybe(str), "The field asked for."),
        Part("visible", bool, "Whether the row is seen."),
        Part("gone", maybe(str), "`deleted` or `erased`, where it is."),
        Part("states", listed(FIELD), "How its fields are seen, or the one asked for; none where the row is not."),
        Part("shown", maybe(JSON), "What is seen of the field asked for, where who asks sees that plain."),
        Part("unmasks", listed(str), "Fields of which an unmask is in force."),
        Part("rules", listed(RULE), "The rules that speak, and what they compared."),
        Part("wanting", listed(RULE), "The smallest changes that would grant more; each is enough."),
        Part("roles", listed(RULE), "Roles that would grant it, with what they would have to be held for."),
    ],
)

ID = Part("id", strawberry.ID, "The row.", default=REQUIRED)
FIELD_OF = Part("field", maybe(str), "A field of it; without, the row and all its fields.")


def _part(_types: Mapping[str, EntityTypes]) -> Part:
    told = (
        "Why a user sees a row, or a field of it, as he or she does; null where the row is not in the view of who asks."
    )
    return Part("explainAccess", maybe(EXPLANATION), told, (looking.AS, ID, FIELD_OF, looking.VERSION))


def row_of(arguments: Mapping[str, Any]) -> tuple[Entity, NodeId] | None:
    """The row that is asked for, and its entity; None for an id of nothing.

    Raises BadInput for what is no id, and for a field that its type lacks.
    """
    node = node_id(arguments["id"], ("", "id"))
    entity = next((each for each in DECLARED.values() if each.tag == node.tag), None)
    if entity is None or entity.resource.owned is not (node.customer is not None):
        return None
    field = arguments.get("field")
    if field is not None and field not in entity.resource.fields:
        raise BadInput(f"{entity.name} has no such field", ("", "field"))
    return entity, node


def key(node: NodeId) -> tuple[Any, ...]:
    """The key of a row."""
    return (node.customer, node.key) if node.customer is not None else (node.key,)


async def _tell(asking: Asking, arguments: Mapping[str, Any]) -> Any:
    row = row_of(arguments)
    found = await looking.find(asking, arguments)
    if row is None:
        return None
    entity, node = row
    rights, person = asking.rights, found.person.principal
    question = Question(
        person.declaring(rights.principal.purpose),
        entity.resource,
        key(node),
        arguments["id"],
        arguments.get("field"),
        rights.principal,
        rights.access.policy,
    )
    explained = await looking.proved(asking, found, explain(asking.read, found.policy, question))
    await looking.note(asking, Kind.EXPLAINED, found, arguments["id"])
    return _told(Telling(explained.names).data(explained.explanation)) if explained.explanation.found else None


LISTS = {"rules": "rules", "wanting": "changes", "roles": "roles"}
"""Lists of rules, and what an explanation as data calls them."""


def _told(found: Plain) -> Plain:
    states = [{"field": name, "state": upper(state)} for name, state in found["states"].items()]
    head = {name: found[name] for name in ("type", "field", "visible", "gone", "shown", "unmasks")}
    lists = {name: list(map(_rule, found[of])) for name, of in LISTS.items()}
    return {**head, "states": states, **lists}


def _rule(found: Plain) -> Plain:
    names = ("gives", "role", "file", "line")
    head = {name: found[name] for name in names}
    return {
        **head,
        "ceiling": found["party"],
        "effect": found.get("effect", "allow"),
        "when": found["when"],
        "holds": found.get("holds"),
        "conditions": list(_conditions(found)),
    }


def _conditions(found: Plain) -> Iterator[Plain]:
    if "condition" in found:
        yield from conditions(found["condition"])
    for wish in found.get("wishes", ()):
        yield condition(wish)


EXPLAIN = Told("explainAccess", _part, _tell, looking.shown, cost=50)
