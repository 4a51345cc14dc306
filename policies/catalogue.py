"""What there is to have rights to: resources, their fields and the relations between them.

A catalogue is read from SQLAlchemy metadata. A table takes part by naming its resource
(``Table.info["resource"]``), a column by carrying a `FieldSpec` (``Column.info["field"]``) and,
where it points to another table, a `Reference` (``Column.info["reference"]``).
What carries neither does not exist for the policy, and so for no caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import sqlalchemy as sa


class DataClass(StrEnum):
    """How delicate a field is. Rules grant whole classes; a field of no class is granted to nobody."""

    PUBLIC = "PUBLIC"
    BUSINESS = "BUSINESS"
    CONTACT = "CONTACT"
    IDENTITY = "IDENTITY"
    FINANCIAL = "FINANCIAL"
    SENSITIVE = "SENSITIVE"
    SECRET = "SECRET"


class Kind(StrEnum):
    """What a field's values are; decides its operators and the masks that fit it."""

    ID = "ID"
    TEXT = "TEXT"
    ENUM = "ENUM"
    TREE = "TREE"
    INTEGER = "INTEGER"
    DECIMAL = "DECIMAL"
    MONEY = "MONEY"
    BOOLEAN = "BOOLEAN"
    TIME = "TIME"
    DATE = "DATE"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Searched:
    """How a column is searched. `label` stands before each of its tokens; it is never changed and never used again."""

    label: str
    """Two letters."""
    weight: int
    """Of two hits that are otherwise alike, that in the weightier column comes first: 1 to 9."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What a column declares about itself."""

    data_class: DataClass | None
    kind: Kind
    scalar: str | None = None
    """The API's scalar, where it is narrower than the kind (`EmailAddress`, `CurrencyCode` …)."""
    enum: type[StrEnum] | None = None
    companions: tuple[str, ...] = ()
    """Columns shown as part of this field, under its grounds: a money's currency and base amount."""
    sources: tuple[str, ...] = ()
    """Columns that a stored derivative is made from: of its row (`value`), or of a related one (`customer.tax_id`)."""
    sums: tuple[str, ...] = ()
    """Columns of the rows of a list that it sums up, counts, or is the first or last of (`orders.ordered_at`)."""
    copies: str = ""
    """The related row's column whose value this column always holds (`customer.region_id`)."""
    managed: bool = False
    """Kept by the system; no caller ever sets it."""
    vast: bool = False
    """There are 2⁴⁰ possible values or more, so that nobody finds one by trying all."""
    searched: Searched | None = None
    """Its words are found by a search, on the rows where it is plain."""

    @property
    def settable(self) -> bool:
        """Whether a caller may ever set it: what is kept, copied or made from others is not."""
        return not (self.managed or self.copies or self.sources)


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that points to a row of another table."""

    table: str
    back: str | None
    """Name of the list on the other side; None where the other side shows none."""
    owned: bool = False
    """The target is owned by the same customer: the key is (customer_id, this column)."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """A column that points to a row of one of several tables; another column says of which."""

    name: str
    """The edge's name."""
    type_column: str
    tables: tuple[tuple[str, str], ...]
    """By value of the type column, the table."""
    back: str
    """Name of the list on each other side."""


def camel(name: str) -> str:
    """`tax_id` → `taxId`."""
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a resource. `name` is camelCase, as in the API; a reference is named without `_id`."""

    name: str
    column: sa.Column[object] = field(compare=False)
    spec: FieldSpec

    @property
    def doc(self) -> str:
        return self.column.doc or ""

    @property
    def title(self) -> str:
        """`Customer.taxId`."""
        return f"{self.column.table.info['resource']}.{self.name}"


@dataclass(frozen=True, slots=True)
class Relation:
    """An edge to another resource, named as in the API; `pairs` are (here, there) column names."""

    name: str
    target: str
    pairs: tuple[tuple[str, str], ...]
    many: bool
    field: str
    """The field that holds the reference: ours where the relation is single, the target's otherwise."""
    fixed: tuple[tuple[str, str, str], ...] = ()
    """What else the row that holds the reference must say: field, column, value."""

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields of the holder that the edge rests on."""
        return (self.field, *(name for name, _, _ in self.fixed))


@dataclass(frozen=True)
class Resource:
    """An entity of the graph and the table that holds it."""

    name: str
    table: sa.Table = field(compare=False, repr=False)
    fields: Mapping[str, Field] = field(compare=False, repr=False)
    relations: Mapping[str, Relation] = field(compare=False, repr=False)
    subjects: Mapping[str, Mapping[str, Relation]] = field(default_factory=dict, compare=False, repr=False)
    """Edges to one of several resources: by name of the edge and value of its type column, the relation."""

    @property
    def owned(self) -> bool:
        """Whether each row belongs to a customer, whose id is part of its key."""
        return "customer_id" in self.table.primary_key.columns

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Names of the primary key's columns: (`customer_id`, `id`) or (`id`)."""
        return tuple(column.name for column in self.table.primary_key.columns)

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        """The fields that a search looks at, the weightiest first."""
        weights = {name: each.spec.searched.weight for name, each in self.fields.items() if each.spec.searched}
        return tuple(self.fields[name] for name in sorted(weights, key=lambda name: -weights[name]))

    def of_column(self, column: str) -> str | None:
        """The name of the field that a column holds; None where it holds none."""
        return next((name for name, field in self.fields.items() if field.column.name == column), None)


@dataclass(frozen=True)
class Catalogue:
    """All resources, by name."""

    resources: Mapping[str, Resource]

    def __getitem__(self, name: str) -> Resource:
        return self.resources[name]

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources.values())

    def __contains__(self, name: object) -> bool:
        return name in self.resources


def _field_name(column: sa.Column[object]) -> str:
    name = column.name.removesuffix("_id") if "reference" in column.info else column.name
    return camel(name)


def _fields(table: sa.Table) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for column in (column for column in table.columns if "field" in column.info):
        name = _field_name(column)
        if name in found:
            raise ValueError(f"{table.name}: two fields are named {name!r}")
        found[name] = Field(name, column, column.info["field"])
    return found


def _pairs(column: sa.Column[object], reference: Reference) -> tuple[tuple[str, str], ...]:
    own = ((column.name, "id"),)
    return (("customer_id", "customer_id"), *own) if reference.owned else own


def _both_ways(column: sa.Column[object], to: Reference, table: sa.Table) -> tuple[Relation, Relation | None]:
    name, pairs = _field_name(column), _pairs(column, to)
    here = column.table.info["resource"]
    back = tuple((theirs, ours) for ours, theirs in pairs)
    opposite = Relation(to.back, here, back, many=True, field=name) if to.back else None
    return Relation(name, table.info["resource"], pairs, many=False, field=name), opposite


def _subjects(
    column: sa.Column[object], subjects: Subjects, tables: Mapping[str, sa.Table]
) -> Iterator[tuple[str, Relation, Relation]]:
    """For each table that a subject can be in: the relation to it and the one back."""
    for value, table in subjects.tables:
        target = tables[table]
        reference = Reference(table, None, owned="customer_id" in target.primary_key.columns)
        pairs = _pairs(column, reference)
        fixed = ((camel(subjects.type_column), subjects.type_column, value),)
        resource, name = target.info["resource"], _field_name(column)
        there = Relation(f"{subjects.name}{resource}", resource, pairs, many=False, field=name, fixed=fixed)
        back = tuple((theirs, ours) for ours, theirs in pairs)
        here = Relation(subjects.back, column.table.info["resource"], back, many=True, field=name, fixed=fixed)
        yield table, there, here


def _edges(table: sa.Table, relations: Mapping[str, Relation]) -> dict[str, dict[str, Relation]]:
    found = [column.info["subjects"] for column in table.columns if "subjects" in column.info]
    return {
        subjects.name: {
            relation.fixed[0][2]: relation
            for relation in relations.values()
            if not relation.many and relation.fixed and relation.name.startswith(subjects.name)
        }
        for subjects in found
    }


def read_catalogue(metadata: sa.MetaData) -> Catalogue:
    """The catalogue that a metadata describes; relations are read from references, both ways.

    Raises ValueError where it is ambiguous or cannot be read: a name that is taken, a table without `deleted_at`,
    a companion or source that is no column, a reference that may lead to more than one row.
    """
    tables = {t.name: t for t in metadata.sorted_tables if "resource" in t.info}
    relations: dict[str, dict[str, Relation]] = {name: {} for name in tables}
    for column in (column for table in tables.values() for column in table.columns):
        for table, relation in _relations(column, tables):
            if relation.name in relations[table]:
                raise ValueError(f"{table}: two relations are named {relation.name!r}")
            relations[table][relation.name] = relation
    resources = sorted((_resource(t, relations[name]) for name, t in tables.items()), key=lambda found: found.name)
    found = Catalogue({resource.name: resource for resource in resources})
    if len(found.resources) < len(resources):
        raise ValueError("two tables hold the same resource")
    for resource in found:
        _check(resource, found)
    return found


def _resource(table: sa.Table, relations: Mapping[str, Relation]) -> Resource:
    return Resource(table.info["resource"], table, _fields(table), relations, _edges(table, relations))


def _check(resource: Resource, catalogue: Catalogue) -> None:
    _check_columns(resource)
    _check_origins(resource, catalogue)
    for relation in resource.relations.values():
        if relation.many and relation.name in resource.fields:
            raise ValueError(f"{resource.table.name}: {relation.name!r} is a field and a list")
        if not relation.many and {there for _, there in relation.pairs} != set(catalogue[relation.target].key):
            raise ValueError(f"{resource.table.name}: {relation.name!r} does not lead to one row of {relation.target}")


def _check_columns(resource: Resource) -> None:
    table, columns = resource.table.name, resource.table.c
    if "deleted_at" not in columns:
        raise ValueError(f"{table}: there is no column 'deleted_at'")
    for column in columns:
        if "__" in column.name:
            raise ValueError(f"{table}.{column.name}: in a view '__' stands before a companion's name")
    for each in resource.fields.values():
        for name in each.spec.companions:
            if name not in columns:
                raise ValueError(f"{table}.{each.column.name}: there is no column {name!r}")


def _check_origins(resource: Resource, catalogue: Catalogue) -> None:
    """What columns are made from is there, in the same row or a single related one; what they sum up, in a list's rows."""
    for each in resource.fields.values():
        copies = (each.spec.copies,) if each.spec.copies else ()
        for name in (*each.spec.sources, *copies, *each.spec.sums):
            relation, through, column = name.rpartition(".")
            to, many = resource.relations.get(relation), name in each.spec.sums
            on = catalogue[to.target] if to is not None and to.many is many else None if through or many else resource
            if on is None or column not in on.table.c:
                raise ValueError(f"{resource.table.name}.{each.column.name}: there is no column {name!r}")


def _relations(column: sa.Column[object], tables: Mapping[str, sa.Table]) -> Iterator[tuple[str, Relation]]:
    """The relations that a column makes, each with the table that has it."""
    here, to, subjects = column.table.name, column.info.get("reference"), column.info.get("subjects")
    if to is not None and to.table in tables:
        relation, opposite = _both_ways(column, to, tables[to.table])
        yield here, relation
        if opposite is not None:
            yield to.table, opposite
    if subjects is not None:
        for table, relation, opposite in _subjects(column, subjects, tables):
            yield here, relation
            yield table, opposite
