"""Looking as somebody: who it is, under which policy, and the rights of both, proved together."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn, TypeVar
from uuid import UUID

import strawberry
from graphql import GraphQLError

from app.identity.authority import Rights
from app.identity.bearer import Bearer
from app.identity.proof import Stale
from app.services.auditing import By, Kind, Look, digest_of, note_look
from app.services.policies import reading
from app.services.policies.looking import always, note_standing, possible, read_policy, standing
from app.services.writing import PROOF
from graphql_schema.asking import Asking, Met
from graphql_schema.compiler.converting import node_id
from graphql_schema.compiler.operands import BadInput
from graphql_schema.entities import Graph
from graphql_schema.failures import NOT_FOUND
from graphql_schema.making import REQUIRED, Part, maybe
from policies.access import Access
from policies.faults import PolicyError
from policies.looking import joint, looked, looking
from policies.rules import Policy

T = TypeVar("T")
USER_TAG = 1

AS = Part("as", strawberry.ID, "The user as whom to look.", default=REQUIRED)
VERSION = Part("version", maybe(int), "The policy's; without it, that in force.")


def shown(_graph: Graph, access: Access) -> bool:
    """Whether an access can ever look as anybody, and read what the policy says."""
    return possible(access) and reading.readable(access)


@dataclass(frozen=True, slots=True)
class Looked:
    """As whom somebody looks, and under which policy."""

    person: Rights
    policy: Policy
    rights: Rights
    """Of the person under the policy, met with those of who looks under the policy in force."""


async def find(asking: Asking, arguments: Mapping[str, Any]) -> Looked:
    """As whom is to be looked.

    Raises GraphQLError (NOT_FOUND) for who may not be looked as just as for who is not there, Stale.
    """
    rights, number = asking.rights, arguments.get("version")
    user = key_of(arguments["as"], "as")
    policy = rights.access.policy if number is None else await policy_of(asking, number)
    stands = await standing(asking.read, rights.access, rights.principal, user)
    if not stands.reads and number is None:
        missing("version")
    person = await asking.authority.rights(Bearer(user)) if user is not None and stands.looks else None
    if person is None:
        missing("as")
    found = together(rights, person, policy)
    if stands.reads and number is None:
        _meet(asking, found)
    return found


def _meet(asking: Asking, found: Looked) -> None:
    asker, person = asking.rights, found.person
    asking.met.put((asker.principal.id, person.principal.id), Met(asker, person, found.rights), 1)


async def guess(asking: Asking, arguments: Mapping[str, Any]) -> Looked | None:
    """As whom is to be looked, by the policy in force, if the asker lately did; that the asker may is to be asked yet.

    Raises Stale.
    """
    rights, user = asking.rights, key_of(arguments["as"], "as")
    met = None if user is None else asking.met.get((rights.principal.id, user))
    if user is None or met is None or arguments.get("version") is not None:
        return None
    person = await asking.authority.rights(Bearer(user))
    if person is None:
        return None
    if met.asker is rights and met.person is person:
        return Looked(person, rights.access.policy, met.together)
    found = together(rights, person, rights.access.policy)
    _meet(asking, found)
    return found


def begin(asking: Asking, kind: Kind, found: Looked, about: str) -> None:
    """A look was noted, and goes on for a while."""
    asking.looks.began(_look(asking, kind, found, about))


def goes_on(asking: Asking, kind: Kind, found: Looked, about: str) -> int | None:
    """Whether a look goes on that was noted lately, of one who may look as anybody: its number, by which it will be noted."""
    return asking.looks.goes_on(_look(asking, kind, found, about)) if always(asking.rights.access) else None


async def note_guess(asking: Asking, kind: Kind, found: Looked, about: str) -> bool:
    """Notes for the audit what was guessed, and says whether the guess was right."""
    look = _look(asking, kind, found, about)
    stands = await note_standing(asking.note, asking.rights.access, asking.rights.principal, look)
    if stands:
        asking.looks.began(look)
    else:
        asking.met.drop((asking.rights.principal.id, look.person))
    return stands


def _look(asking: Asking, kind: Kind, found: Looked, about: str) -> Look:
    return Look(kind, _by(asking), found.person.principal.id, found.policy.digest, digest_of(about))


def _by(asking: Asking) -> By:
    rights = asking.rights
    return By(rights.principal.id, rights.client.code if rights.client else None, asking.request_id)


def key_of(id_: str, argument: str) -> UUID | None:
    """The key in a user's id; None in another's. Raises BadInput where it is no id."""
    found = node_id(id_, ("", argument))
    return found.key if found.tag == USER_TAG and found.customer is None else None


async def policy_of(asking: Asking, version: int | None, argument: str = "version") -> Policy:
    """The policy of a version whose documents the asker reads.

    Raises GraphQLError (NOT_FOUND) for any other, BadInput for one with faults.
    """
    rights = asking.rights
    found = await reading.version(asking.read, rights.access, rights.principal, version)
    if found is None:
        missing(argument)
    try:
        return read_policy(found.texts, rights.access.policy)
    except PolicyError:
        raise BadInput(f"version {found.number} has faults; lint says which", ("", argument)) from None


def missing(argument: str) -> NoReturn:
    """Raises what is said of anything that is not there, or not in view."""
    raise GraphQLError("there is none in view", extensions={"code": NOT_FOUND, "argument": argument})


def together(asker: Rights, person: Rights, policy: Policy) -> Looked:
    """The rights of a person as somebody looks. Raises Stale where they were not read under the same trees."""
    if asker.proof.access_epoch != person.proof.access_epoch:
        raise Stale
    principal = looking(person.principal, asker.principal)
    access = looked(joint(policy, asker.access.policy), principal.shape, len(person.principal.shape))
    is_new = person.principal.id not in asker.principal.subjects
    version = asker.proof.access_version + is_new * person.proof.access_version
    proof = replace(asker.proof, access_version=version)
    return Looked(person, policy, Rights(principal, access, proof, asker.client, asker.quotas))


async def proved(asking: Asking, found: Looked, work: Awaitable[T]) -> T:
    """What work comes to, if the rights of both are still those under which it was done. Raises Stale."""
    return await settled(asking, found, _proved(asking, found, work))


async def _proved(asking: Asking, found: Looked, work: Awaitable[T]) -> T:
    done = await work
    row = await asking.read(PROOF.sql, *PROOF.values(found.rights.principal.values))
    found.rights.check(tuple(row.values()))
    return done


async def settled(asking: Asking, found: Looked, work: Awaitable[T]) -> T:
    """What work comes to; where the rights are stale, the person's are read anew before it is tried again. Raises Stale."""
    try:
        return await work
    except Stale:
        asking.authority.forget(Bearer(found.person.principal.id))
        raise


async def proved_of_all(asking: Asking, people: Sequence[Rights], work: Awaitable[T]) -> T:
    """What work comes to, if the rights of all people, and of who asks, are still those. Raises Stale."""
    asker, others = asking.rights, {each.principal.id: each for each in people}
    done = await work
    try:
        if any(each.proof.access_epoch != asker.proof.access_epoch for each in people):
            raise Stale
        new = [each for user, each in others.items() if user not in asker.principal.subjects]
        version = asker.proof.access_version + sum(each.proof.access_version for each in new)
        proof = replace(asker.proof, access_version=version)
        row = await asking.read(PROOF.sql, [*asker.principal.subjects, *others])
        for each in (asker, *people):
            proof.check(each.principal.fresh_until, tuple(row.values()))
    except Stale:
        for user in others:
            asking.authority.forget(Bearer(user))
        raise
    return done


async def note(asking: Asking, kind: Kind, found: Looked, about: str) -> None:
    """Notes for the audit who looked as whom, under which policy, and at what."""
    await note_of(asking, kind, found.person.principal.id, found.policy, about)


async def note_of(asking: Asking, kind: Kind, person: UUID, policy: Policy | None, about: str) -> None:
    """Notes for the audit who was told something of whom, under which policy (None: under none), and of what."""
    async with asking.connect() as connection, connection.begin():
        digest = policy.digest if policy else ""
        await note_look(connection, Look(kind, _by(asking), person, digest, digest_of(about)))
