"""What is selected of a payload: planned before anything is written, read once it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from app.identity.authority import Rights
from app.services.errors import UserError
from app.services.messages import message
from app.services.records.drafts import Draft
from app.services.records.storing import as_json
from app.services.retrying import Outcome
from app.services.writing import UnitOfWork
from graphql_schema import ids
from graphql_schema.compiler.operands import Written
from graphql_schema.compiler.plans import Plan, gather
from graphql_schema.compiler.rows import Reader
from graphql_schema.compiler.selection import Selected
from graphql_schema.entities import Entity
from graphql_schema.history.cursors import OLDEST_FIRST, expression
from graphql_schema.mutations.declaring import RESULTS, Mutation, Shown
from graphql_schema.mutations.payloads import CODE, CURSOR
from policies.predicates import Row, bound

Payload: TypeAlias = Mapping[str, Any]
"""By response key, what a payload holds."""
ERRORS = "userErrors"
PLACE = Written(CURSOR.name, 0)
"""Where the write stands among all changes."""


@dataclass(frozen=True)
class Part:
    """The records shown in one place of a payload, for each item of a list by itself."""

    selected: Selected
    inside: Sequence[Selected]
    """What is asked of an item; of a payload itself, what is asked of it."""
    asked: Sequence[Selected]
    """Of these, the records."""
    plan: Plan | None


@dataclass(frozen=True)
class Selection:
    """What is selected of a mutation's payload. It holds nothing of a request's values, so it serves all of its shape."""

    mutation: Mutation
    fields: Sequence[Selected] = field(repr=False)
    parts: Sequence[Part] = field(repr=False)

    def check(self, rights: Rights, variables: Mapping[str, Any]) -> None:
        """Raises BadInput for a value that cannot be what it stands for."""
        for part in self.parts:
            if part.plan is not None:
                part.plan.values(rights.principal.values_with(dict.fromkeys(_written(part.plan))), variables)

    async def read(
        self, unit: UnitOfWork, outcome: Outcome, variables: Mapping[str, Any], language: str
    ) -> Mapping[str, Any]:
        """By response key, what is shown of the records written."""
        found: dict[str, Any] = {}
        for part in self.parts:
            drafts = [draft for drafts in outcome.values() for draft in drafts]
            if part.selected.name == RESULTS:
                found[part.selected.key] = await _results(part, unit, drafts, variables, language)
            elif part.selected.name not in self.mutation.beside:
                found |= await _records(part, self.mutation.shown, unit, outcome, variables)
        found |= self.told(outcome)
        gone = {each.name: each.entity for each in self.mutation.shown if each.gone}
        found |= {item.key: _id(gone[item.name], outcome[item.name][0]) for item in self.fields if item.name in gone}
        return {**found, **await self.beside(unit, outcome, variables, language)}

    async def beside(
        self, unit: UnitOfWork, outcome: Outcome, variables: Mapping[str, Any], language: str
    ) -> Mapping[str, Any]:
        """By response key, the records found beside the one written, also where it is not kept."""
        found: dict[str, Any] = {}
        for part in self.parts:
            find = self.mutation.beside.get(part.selected.name)
            if find is not None:
                drafts = await find(unit, outcome[self.mutation.shown[0].name][0])
                found[part.selected.key] = await _results(part, unit, drafts, variables, language)
        return found

    def told(self, outcome: Outcome) -> Mapping[str, Any]:
        """By response key, what is told that is no record."""
        told = {name: value for drafts in outcome.values() for draft in drafts for name, value in draft.told.items()}
        return {item.key: told[item.name] for item in self.fields if item.name in told}

    def payload(self, shown: Mapping[str, Any], errors: Sequence[UserError], language: str) -> Payload:
        """The whole payload."""
        lists = {RESULTS, *(each.name for each in self.mutation.shown if each.many)}
        empty: dict[str, Any] = {item.key: [] if item.name in lists else None for item in self.fields}
        told = [_told(error, language) for error in errors]
        return empty | dict(shown) | {item.key: told for item in self.fields if item.name == ERRORS}


def planned(reader: Reader, mutation: Mutation, selected: Selected) -> Selection:
    """What is selected of a payload. Raises BadInput, NotReadable."""
    fields = selected.children()
    shown = {each.name: each for each in mutation.shown if not each.gone}
    parts = [_part(reader, shown, selected, fields)]
    several = {RESULTS, *mutation.beside}
    parts += [_part(reader, shown, item, item.children(), several=True) for item in fields if item.name in several]
    return Selection(mutation, fields, parts)


def _part(
    reader: Reader,
    shown: Mapping[str, Shown],
    selected: Selected,
    inside: Sequence[Selected],
    *,
    several: bool = False,
) -> Part:
    asked = [item for item in inside if item.name in shown or item.name == CURSOR.name]
    if not asked:
        return Part(selected, inside, asked, None)
    columns = [
        _column(reader, item, shown[item.name], several=several) if item.name in shown else _cursor() for item in asked
    ]
    checked, reader.checked[:] = tuple(reader.checked), []
    return Part(selected, inside, asked, gather(columns, (), checked))


def _column(reader: Reader, selected: Selected, shown: Shown, *, several: bool) -> sa.ColumnElement[Any]:
    return (_of_each if several or shown.many else _expression)(reader, selected, shown)


def _written(plan: Plan) -> list[Written]:
    return [source for source in plan.sources if isinstance(source, Written)]


def _expression(reader: Reader, selected: Selected, shown: Shown) -> sa.ColumnElement[Any]:
    """The JSON of the record written."""

    def is_it(row: Row) -> sa.ColumnElement[bool]:
        keys = enumerate(shown.entity.resource.key)
        return sa.and_(*(row[name] == bound(Written(shown.name, i), sa.Uuid()) for i, name in keys))

    return sa.cast(reader.one(shown.entity, selected.children(), is_it), sa.Text())


def _cursor() -> sa.ColumnElement[Any]:
    """The write's place in `changes`."""
    return sa.cast(sa.func.to_json(expression(bound(PLACE, sa.BigInteger()), OLDEST_FIRST)), sa.Text())


def _of_each(reader: Reader, selected: Selected, shown: Shown) -> sa.ColumnElement[Any]:
    """The JSON of each record written, in their order."""
    names = shown.entity.resource.key
    given = [bound(Written(shown.name, i), ARRAY(sa.Uuid())) for i in range(len(names))]
    columns = [sa.column(name, sa.Uuid()) for name in names]
    unnested = sa.func.unnest(*given).table_valued(*columns, with_ordinality="place", name=reader.name("k"))
    keys = unnested.render_derived()

    def is_it(row: Row) -> sa.ColumnElement[bool]:
        return sa.and_(*(row[name] == keys.c[name] for name in names))

    json = sa.cast(reader.one(shown.entity, selected.children(), is_it), sa.Text())
    listed = sa.select(json).select_from(keys).order_by(keys.c.place)
    return sa.func.array(listed.scalar_subquery(), type_=ARRAY(sa.Text()))


async def _records(
    part: Part, shown: Iterable[Shown], unit: UnitOfWork, outcome: Outcome, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    if part.plan is None:
        return {}
    keys: dict[Written, Any] = dict(_keys(shown, outcome))
    if PLACE in part.plan.sources:
        keys[PLACE] = await unit.place()
    row = await _row(part.plan, unit, keys, variables)
    return {item.key: _fragments(json) for item, json in zip(part.asked, row, strict=True)}


def _fragments(json: str | list[str | None] | None) -> Any:
    return [_fragment(each) for each in json] if isinstance(json, list) else _fragment(json)


def _keys(shown: Iterable[Shown], outcome: Outcome) -> Iterator[tuple[Written, Any]]:
    """The keys of the records shown; what was not made has that of nothing."""
    for each in shown:
        drafts = outcome.get(each.name, ())
        for i, _ in enumerate(each.entity.resource.key):
            keys = [draft.key[i] for draft in drafts]
            yield Written(each.name, i), keys if each.many else keys[0] if keys else ids.NOTHING


async def _results(
    part: Part, unit: UnitOfWork, drafts: Sequence[Draft], variables: Mapping[str, Any], language: str
) -> list[Payload]:
    """One for each input: the record, whether it is new, and what is wrong with it."""
    done = [draft for draft in drafts if not draft.errors]
    shown: dict[int, dict[str, orjson.Fragment]] = {id(draft): {} for draft in done}
    if part.plan is not None and done:
        names = {item.name for item in part.asked}
        keys = {Written(name, i): [draft.key[i] for draft in done] for name in names for i in range(len(done[0].key))}
        row = await _row(part.plan, unit, keys, variables)
        for item, listed in zip(part.asked, row, strict=True):
            for draft, json in zip(done, listed, strict=True):
                shown[id(draft)][item.key] = _fragment(json)
    return [_result(part, draft, shown.get(id(draft), {}), language) for draft in drafts]


def _result(part: Part, draft: Draft, shown: Mapping[str, orjson.Fragment], language: str) -> Payload:
    values = {
        ERRORS: [_told(error, language) for error in draft.errors],
        "created": None if draft.errors else draft.is_new,
        **draft.told,
    }
    return {item.key: shown.get(item.key, values.get(item.name)) for item in part.inside}


async def _row(plan: Plan, unit: UnitOfWork, keys: Mapping[Written, Any], variables: Mapping[str, Any]) -> Any:
    return await (await unit.driver).fetchrow(
        plan.sql, *plan.values(unit.rights.principal.values_with(keys), variables)
    )


def _fragment(json: str | None) -> orjson.Fragment:
    return orjson.Fragment(json if json is not None else "null")


def _id(entity: Entity, draft: Draft) -> str:
    *owner, key = draft.key
    return ids.encode(ids.NodeId(entity.tag, owner[0] if owner else None, key))


def _told(error: UserError, language: str) -> dict[str, Any]:
    return {
        "code": CODE(str(error.code)),
        "field": list(error.field) or None,
        "message": message(error, language),
        "params": orjson.loads(as_json(dict(error.params))) or None,
    }
