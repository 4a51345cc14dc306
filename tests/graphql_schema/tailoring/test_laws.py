"""Laws of every tailored schema: it holds what can ever be seen, all of it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_specified_scalar_type,
    validate_schema,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.catalogue import CATALOGUE
from graphql_schema.aggregates.members import Members
from graphql_schema.building import upper_snake
from graphql_schema.entities import Amount, Computed, Entity, Many, Member, One, Subject, Value
from graphql_schema.schema import COMPLETE, SCHEMA
from graphql_schema.types import GRAPH
from policies.access import Access, State
from policies.catalogue import DataClass, Kind
from policies.loading import DEFAULT_RULES, load, read_folder
from policies.principal import Held
from tests.graphql_schema.tailoring.shown import PARTS, computed, elements, leads, shows
from tests.graphql_schema.tailoring.written import mutations

POLICY = load(read_folder(DEFAULT_RULES), CATALOGUE)
SHAPES = [(), *([role] for role in sorted(POLICY.roles)), ["partner", "marketer"], ["service_agent", "finance"]]
ALWAYS = {"AND", "OR", "NOT", "eq", "in", "isNull"}
KEYED = {"nodes": ["ids"], "customer": ["id", "asOf"]}
PAGE = ["first", "after", "last", "before", "where"]
ONLY = {
    "Policy.roles": ["codes"],
    "Policy.matrix": ["roles", "resources"],
    "timeline": ["types", "since", "until", "first", "after", "last", "before"],
    "search": ["query", "types", "first", "after"],
    "customFields": ["keys"],
    "changes": ["types", "customer", "actor", "since", "first", "after"],
    "changeHistory": ["fields", "since", "first", "after", "last", "before"],
    "duplicateCandidates": ["status", "first", "after", "last", "before"],
}
"""Fields with arguments of their own."""
SEARCH = ["search"]
BESIDE = {"Change": ("actor", "User"), "PossibleDuplicate": ("customer", "Customer")}
"""Of types that are no entity's, the field that leads to an entity."""


def access_of(*roles: str, policy: Any = POLICY, placed: bool = True) -> Access:
    """The access of one who holds roles."""
    return Access(policy, (tuple(Held(role, departments=placed, regions=placed) for role in roles),))


def _filterable(member: Member) -> bool:
    if isinstance(member, (Value, Amount)):
        return member.field.spec.kind is not Kind.JSON
    if isinstance(member, Computed):
        return member.filtering is not None
    return isinstance(member, (One, Many)) or type(member).__name__ == "Key"


def expected(access: Access) -> dict[str, set[str]]:
    """The elements of the types of all entities, and of Query, Subscription and Viewer, told from the access alone."""
    visible = [entity for entity in GRAPH if access.on(entity.resource).visible]
    searched = {upper_snake(entity.name) for entity in visible if _is_searched(access, entity)}
    found = {
        **({"SearchType": searched} if searched else {}),
        **({"RecordType": {upper_snake(entity.name) for entity in visible}} if visible else {}),
        "Query": {"node", "nodes", "viewer", *(name for of in visible for name in (of.single, of.plural))}
        | {name for name, root in GRAPH.roots.items() if name != "search" and root.shown(GRAPH, access)}
        | ({"search"} if searched else set()),
        **_reports(visible),
        "ViewerClient": {"code", "name", "roles"},
        "Viewer": {"id", "displayName", "email", "roles", "client", "scopes"}
        | ({"user"} if GRAPH["User"] in visible else set()),
        "Subscription": {"viewerAccessChanged"},
        "ViewerAccess": {"at", "viewer"} | ({"policy"} if _is_told_the_policy(access) else set()),
    }
    for entity in visible:
        shown = {name: member for name, member in entity.members.items() if shows(access, entity, member)}
        found[entity.name] = set(shown)
        found[f"{entity.name}Where"] = ALWAYS | {name for name, member in shown.items() if _filterable(member)}
        found[f"{entity.name}Connection"] = PARTS
        found[f"{entity.name}Edge"] = {"cursor", "node"}
        if order := {upper_snake(name) for name in entity.sortable if name in shown}:
            found[f"{entity.name}OrderField"] = order
            found[f"{entity.name}Order"] = {"field", "direction", "nulls"}
        found |= _unions(access, entity, shown)
        for name in shown.keys() & computed(access).keys():
            found |= computed(access)[name]
        found |= _aggregates(entity, shown)
        found |= {
            f"{m.relation.target}ListWhere": {"some", "none", "every"} for m in shown.values() if isinstance(m, Many)
        }
    found |= mutations(access)
    listed = {target for entity in visible for target in _listed(access, entity)}
    return {name: of for name, of in found.items() if not name.endswith("Measures") or name in listed}


def _is_told_the_policy(access: Access) -> bool:
    """Whether it can ever be seen which version is in force."""
    return "status" in access.on(CATALOGUE["PolicyVersion"]).readable


def _listed(access: Access, entity: Entity) -> Iterator[str]:
    """The measures of what is listed beside the groups of an entity."""
    for name, relation in Members(entity).lists.items():
        if shows(access, entity, entity.members[name]):
            yield f"{relation.target}Measures"


def _reports(visible: list[Entity]) -> dict[str, set[str]]:
    """What `analyze` takes of the entities that are seen."""
    if not visible:
        return {}
    return {
        "Dataset": {upper_snake(entity.plural) for entity in visible},
        "DatasetWhere": {entity.plural for entity in visible},
    }


def _aggregates(entity: Entity, shown: dict[str, Member]) -> dict[str, set[str]]:
    """The types of an entity's aggregates, with what is shown of it; those without anything are not there."""
    members = Members(entity)
    of = {
        "Keys": members.keys,
        "Numbers": members.numbers,
        "Extremes": members.ordered,
        "Distinct": members.keys,
        "AggregateField": members.measured,
    }
    held = {end: {name for name in names if name in shown} for end, names in of.items()}
    found = {f"{entity.name}{end}": names for end, names in held.items() if names}
    if fields := found.pop(f"{entity.name}AggregateField", None):
        found[f"{entity.name}AggregateField"] = {upper_snake(name) for name in fields}
        found[f"{entity.name}GroupBy"] = {"field", "bucket", "timeZone", "level"}
    return found | {f"{entity.name}Aggregate": {"nodes", "hasMore"}} | _measures(entity, shown, held)


def _measures(entity: Entity, shown: dict[str, Member], held: dict[str, set[str]]) -> dict[str, set[str]]:
    numbers = {"sum", "avg"} if held["Numbers"] else set()
    ordered = {"min", "max"} if held["Extremes"] else set()
    found = {"count"} | numbers | ordered | ({"countDistinct"} if held["Distinct"] else set())
    lists = {name for name in Members(entity).lists if name in shown}
    named = {"field"} if held["AggregateField"] else set()
    return {
        f"{entity.name}Measures": found,
        f"{entity.name}Group": found | lists | ({"keys"} if held["Keys"] else set()),
        f"{entity.name}Having": {"aggregate", "value"} | named,
        f"{entity.name}GroupOrder": {"aggregate", "direction", "nulls"} | named,
    }


def _unions(access: Access, entity: Entity, shown: dict[str, Member]) -> dict[str, set[str]]:
    return {
        f"{entity.name}{name[0].upper()}{name[1:]}": {
            relation.target for relation in member.relations.values() if leads(access, entity, relation)
        }
        for name, member in shown.items()
        if isinstance(member, Subject)
    }


def named(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    """The types of a schema that are its own."""
    types = schema.type_map.items()
    return {name: of for name, of in types if not name.startswith("__") and not is_specified_scalar_type(of)}


def _next_to(schema: GraphQLSchema, type_: GraphQLNamedType) -> Iterator[GraphQLNamedType]:
    for field in getattr(type_, "fields", {}).values():
        yield get_named_type(field.type)
        yield from (get_named_type(argument.type) for argument in getattr(field, "args", {}).values())
    if isinstance(type_, (GraphQLInterfaceType, GraphQLUnionType)):
        yield from schema.get_possible_types(type_)


def reached(schema: GraphQLSchema) -> set[str]:
    """The names of the types that the roots lead to."""
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    waiting: list[GraphQLNamedType] = [root for root in roots if root]
    found: set[str] = set()
    while waiting:
        type_ = waiting.pop()
        if type_.name not in found:
            found.add(type_.name)
            waiting += _next_to(schema, type_)
    return found


def check(access: Access) -> None:
    """All laws of one tailored schema."""
    schema = COMPLETE.tailored_to(access)
    assert validate_schema(schema) == []
    types, wanted, whole = named(schema), expected(access), named(SCHEMA._schema)
    of_entities = set(expected(EVERYTHING))
    assert {name: elements(of) for name, of in types.items() if name in of_entities} == wanted
    for name in set(types) - of_entities:
        assert elements(types[name]) == elements(whole[name]) - withdrawn(access, name), name
    assert set(types) <= reached(schema)
    for of in types.values():
        if isinstance(of, GraphQLObjectType):
            assert _arguments(of) == _arguments_expected(of, wanted, access)


def withdrawn(access: Access, type_: str) -> set[str]:
    """What of a type that is no entity's is withdrawn with what it is computed from."""
    if type_ in BESIDE:
        part, entity = BESIDE[type_]
        return set() if access.on(CATALOGUE[entity]).visible else {part}
    found = (each.closed(GRAPH, access).elements for each in GRAPH.computed if each.closed)
    return {name for elements in found for of, name in elements if of == type_}


def _arguments(type_: GraphQLObjectType) -> dict[str, list[str]]:
    return {name: list(field.args) for name, field in type_.fields.items()}


def _is_searched(access: Access, entity: Entity) -> bool:
    """Whether a field that is searched can be plain on some row."""
    rights = access.on(entity.resource)
    states = {rights.state(name) for name, field in entity.resource.fields.items() if field.spec.searched is not None}
    return bool(states & {State.PLAIN, None})


def _arguments_expected(type_: GraphQLObjectType, wanted: dict[str, set[str]], access: Access) -> dict[str, list[str]]:
    found = {}
    for name, field in type_.fields.items():
        target = get_named_type(field.type).name
        own = ONLY.get(f"{type_.name}.{name}", ONLY.get(name))
        if own is not None:
            found[name] = own
        elif target.endswith("Connection"):
            of = target.removesuffix("Connection")
            order = ["orderBy"] if f"{of}OrderField" in wanted else []
            found[name] = [*PAGE, *(SEARCH if _is_searched(access, GRAPH[of]) else []), *order]
        elif target.endswith("Aggregate"):
            group_by = ["groupBy"] if target.removesuffix("Aggregate") + "GroupBy" in wanted else []
            found[name] = ["where", *group_by, "having", "orderBy", "first"]
        elif target.endswith("Measures"):
            found[name] = ["where"]
        elif type_.name == "Mutation":
            found[name] = ["input"]
        elif type_.name == "Query" and name in GRAPH.roots:
            found[name] = _of_types_left(name, wanted)
        else:
            found[name] = KEYED.get(name, ["id"]) if type_.name == "Query" and name != "viewer" else []
    return found


def _of_types_left(root: str, wanted: dict[str, set[str]]) -> list[str]:
    """The arguments of a field of Query whose types are left."""
    query = SCHEMA._schema.query_type
    assert query is not None
    types = {name: get_named_type(argument.type).name for name, argument in query.fields[root].args.items()}
    return [name for name, of in types.items() if of in wanted or not of.endswith("Where")]


ALL = load({"all.yaml": yaml.safe_dump({"role": "all", "rules": [
    {"allow": ["read", "create", "update", "delete", "merge", "unmask"], "on": sorted(entity.name for entity in GRAPH), "fields": {"classes": [of.value for of in DataClass]}},
    {"allow": ["simulate"], "on": "User"},
]})}, CATALOGUE)  # fmt: skip
EVERYTHING = access_of("all", policy=ALL)


@pytest.mark.parametrize("roles", SHAPES, ids="+".join)
@pytest.mark.parametrize("placed", [True, False], ids=["placed", "nowhere"])
def test_a_schema_holds_what_its_shape_can_ever_see_and_nothing_else(roles: list[str], *, placed: bool) -> None:
    check(access_of(*roles, placed=placed))


@pytest.mark.parametrize("ceiling", ["partner", "employee", "sales_rep"])
@pytest.mark.parametrize("role", ["admin", "marketer"])
def test_a_schema_holds_nothing_that_a_ceiling_never_shows(role: str, ceiling: str) -> None:
    own, bound = ((Held(code, departments=True, regions=True),) for code in (role, ceiling))
    met = Access(POLICY, (own, bound))
    check(met)
    types = named(COMPLETE.tailored_to(met))
    for alone in (access_of(role), access_of(ceiling)):
        more = named(COMPLETE.tailored_to(alone))
        assert [name for name, of in types.items() if not elements(of) <= elements(more[name])] == []


def test_one_who_sees_everything_sees_the_complete_schema() -> None:
    assert expected(EVERYTHING).items() <= {name: elements(of) for name, of in named(SCHEMA._schema).items()}.items()
    assert set(named(COMPLETE.tailored_to(EVERYTHING))) == set(named(SCHEMA._schema))
    check(EVERYTHING)


def _rules() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Some rules of one role: on what, which classes, where, and what is denied."""
    resources = st.lists(st.sampled_from(sorted(entity.name for entity in GRAPH)), min_size=1, max_size=6, unique=True)
    fields = st.lists(st.sampled_from([of.value for of in DataClass]), min_size=1, max_size=4, unique=True).map(
        lambda found: {"classes": sorted(found)}
    )
    allow = st.builds(
        lambda on, of: {
            "allow": ["read", "create", "update", "delete", "merge", "unmask"],
            "on": sorted(on),
            "fields": of,
        },
        resources,
        fields,
    )
    deny = st.builds(lambda on, of: {"deny": ["read"], "on": sorted(on), "fields": of}, resources, fields)
    row = st.builds(lambda on: {"deny": ["read"], "on": sorted(on)}, resources)
    return st.lists(st.one_of(allow, allow, deny, row), min_size=1, max_size=5)


@given(_rules())
@settings(max_examples=25, deadline=None)
def test_whatever_is_granted_the_schema_is_sound_and_exact(rules: list[dict[str, Any]]) -> None:
    text = yaml.safe_dump({"role": "some", "rules": rules})
    check(access_of("some", policy=load({"some.yaml": text}, CATALOGUE)))
