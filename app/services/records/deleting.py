"""Records deleted and restored. Deleting is soft: views leave the row out, and what is part of it with it.

Part of a record is what cannot be without it: rows that must refer to it. They are deleted at the same moment, by which
a restore knows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from app.models.catalogue import CATALOGUE
from app.services.errors import InvalidState, NotFound
from app.services.records import clashes, events, locking, permission, rules, statements, storing, unique_keys
from app.services.records.drafts import Draft, refuse
from app.services.records.events import Op
from app.services.records.locking import row_of
from app.services.writing import UnitOfWork
from policies.catalogue import Resource
from policies.document import Action
from policies.standing import DELETED


async def delete(unit: UnitOfWork, drafts: Sequence[Draft], *, only_validate: bool = False) -> None:
    """Deletes the records of drafts of one resource. Raises Refused where anything is wrong with any."""
    await locking.records(unit, drafts, Action.DELETE)
    locking.check_versions(drafts)
    await rules.leave(unit, drafts)
    refuse(drafts)
    if only_validate:
        return
    now = unit.now
    for draft in drafts:
        draft.row[DELETED] = now
    await storing.update(unit, drafts)
    await unique_keys.release(unit, drafts)
    await events.record(unit, Op.DELETE, drafts)
    await _take_along(unit, drafts, deleted=True)
    await rules.follow(unit, drafts)


async def restore(unit: UnitOfWork, drafts: Sequence[Draft], *, only_validate: bool = False) -> None:
    """Brings back deleted records, with what was deleted with them. Who may delete a record may restore it."""
    resource = drafts[0].resource
    await locking.owners(unit, drafts)
    keys = sorted({key for draft in drafts if (key := locking.key_of(draft)) is not None})
    found = await unit.fetch(statements.gone(unit.access, resource), statements.values_of(resource, keys))
    rows = {tuple(row[f"t_{name}"] for name in resource.key): row for row in found}
    for draft in drafts:
        row = rows.get(locking.key_of(draft) or ())
        if row is None or not row["permitted"]:
            draft.note(NotFound("not_found", ("id",)))
            continue
        draft.old = row_of(resource, row, "t_")
        draft.row = {**draft.old, DELETED: None}
        draft.states = {name: unit.access.on(resource).state(name) for name in resource.fields}
    locking.check_versions(drafts)
    await _check_wholes(unit, [draft for draft in drafts if draft.old is not None])
    await rules.leave(unit, drafts)
    await clashes.note(unit, drafts, only_validate=only_validate)
    refuse(drafts)
    if only_validate:
        return
    await unique_keys.claim(unit, drafts)
    refuse(drafts)
    await storing.update(unit, drafts)
    await events.record(unit, Op.RESTORE, drafts)
    await _take_along(unit, drafts, deleted=False)
    await rules.follow(unit, drafts)
    unit.finally_do(lambda: permission.check(unit, drafts, Action.DELETE))


@lru_cache(maxsize=64)
def _parts(resource: Resource) -> tuple[tuple[Resource, tuple[tuple[str, str], ...]], ...]:
    """The resources whose rows must refer to one of these, each with the pairs of columns (there, here)."""
    return tuple(_parts_of(resource))


def _parts_of(resource: Resource) -> Iterator[tuple[Resource, tuple[tuple[str, str], ...]]]:
    for other in CATALOGUE:
        for relation in other.relations.values():
            if relation.many or relation.target != resource.name or relation.fixed:
                continue
            column = other.fields[relation.field].column
            if not column.nullable and other.owned and (resource.owned or resource.name == "Customer"):
                is_own = resource.owned or column.name == "customer_id"
                if is_own:
                    yield other, relation.pairs


async def _check_wholes(unit: UnitOfWork, drafts: Sequence[Draft]) -> None:
    """Notes records that are part of one that is deleted: they come back with it."""
    for table, pairs in _wholes(drafts[0].resource) if drafts else ():
        keys = [[draft.row[ours] for draft in drafts] for ours, _ in pairs]
        given = ", ".join(f"${number + 1}::uuid[]" for number in range(len(pairs)))
        names = ", ".join(theirs for _, theirs in pairs)
        sql = f"SELECT {names} FROM unnest({given}) AS k({names}) JOIN {table} t USING ({names}) WHERE t.deleted_at IS NULL"
        alive = {tuple(row) for row in await (await unit.driver).fetch(sql, *keys)}
        for draft in drafts:
            if tuple(draft.row[ours] for ours, _ in pairs) not in alive:
                draft.note(InvalidState("of_deleted"))


@lru_cache(maxsize=64)
def _wholes(resource: Resource) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The tables of what a resource is part of, each with the pairs of columns (here, there)."""
    return tuple(
        (CATALOGUE[relation.target].table.name, relation.pairs)
        for relation in resource.relations.values()
        if not relation.many
        and not relation.fixed
        and resource in {part for part, _ in _parts(CATALOGUE[relation.target])}
        and not resource.fields[relation.field].column.nullable
    )


async def _take_along(unit: UnitOfWork, drafts: Sequence[Draft], *, deleted: bool) -> None:
    """Deletes or restores what is part of records, however deep."""
    for other, pairs in _parts(drafts[0].resource):
        parts = await _of(unit, other, pairs, drafts, deleted=deleted)
        if parts:
            await storing.update(unit, parts)
            if deleted:
                await unique_keys.release(unit, parts)
            else:
                await unique_keys.claim(unit, parts)
                refuse(parts)
            await events.record(unit, Op.DELETE if deleted else Op.RESTORE, parts)
            await _take_along(unit, parts, deleted=deleted)


async def _of(
    unit: UnitOfWork, other: Resource, pairs: Sequence[tuple[str, str]], drafts: Sequence[Draft], *, deleted: bool
) -> list[Draft]:
    table = other.table.name
    lists = [[draft.row[theirs] for draft in drafts] for _, theirs in pairs]
    moments = [draft.row[DELETED] if deleted else (draft.old or {})[DELETED] for draft in drafts]
    names = [ours for ours, _ in pairs]
    unnested = ", ".join(f"${i + 1}::uuid[]" for i in range(len(names)))
    same = " AND ".join(f"t.{name} = k.{name}" for name in names)
    alive = "t.deleted_at IS NULL" if deleted else "t.deleted_at = k.moment"
    order = ", ".join(f"t.{name}" for name in other.key)
    found = await (await unit.driver).fetch(
        f"SELECT t.*, k.moment AS part_of_at FROM {table} t JOIN unnest({unnested}, ${len(names) + 1}::timestamptz[])"
        f" AS k({', '.join(names)}, moment) ON {same} WHERE {alive} ORDER BY {order} FOR NO KEY UPDATE OF t",
        *lists,
        moments,
    )
    return [_part(other, row, deleted=deleted) for row in found]


def _part(resource: Resource, found: object, *, deleted: bool) -> Draft:
    draft = Draft(resource, {})
    draft.old = row_of(resource, found)  # type: ignore[arg-type]
    draft.row = {**draft.old, DELETED: found["part_of_at"] if deleted else None}  # type: ignore[index]
    return draft
