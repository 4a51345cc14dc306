"""Authority: everyone's rights, kept while their proof holds."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.identity.bearer import Bearer
from app.identity.grants import Client
from app.identity.principals import Known, Read, load_principal
from app.identity.proof import Proof
from app.identity.quotas import UNBOUNDED, Allowance, Quota, quotas_of
from app.services.policies.store import active_policy
from policies.access import Access, access
from policies.principal import Principal
from policies.rules import Policy


@dataclass(frozen=True, slots=True)
class Rights:
    """A principal, the access of its grant shape, and the proof of both."""

    principal: Principal
    access: Access
    proof: Proof
    client: Client | None = None
    """Through whom it asks; None for tokens of the house itself."""
    quotas: tuple[Quota, ...] = ()
    """How much may be asked in a minute."""

    def declaring(self, purpose: str | None) -> Rights:
        """Those of a request that declares a purpose; nothing is kept of it."""
        principal = self.principal.declaring(purpose)
        if principal is self.principal:
            return self
        return replace(self, principal=principal, access=access(self.access.policy, principal.shape))

    def check(self, found: Sequence[Any]) -> None:
        """Compares them with what a statement's proving columns hold. Raises Stale."""
        self.proof.check(self.principal.fresh_until, found)


@dataclass
class Authority:
    """Loads rights and keeps them. Whoever uses them compares their proof with the database's, statement by statement."""

    read: Read
    allowance: Allowance = UNBOUNDED
    """How much everyone may ask, to whom nothing else is allowed."""
    remembered: int = 10_000
    _known: OrderedDict[Bearer, Known] = field(default_factory=OrderedDict, repr=False)
    _rights: dict[Bearer, Rights] = field(default_factory=dict, repr=False)
    """Of those known, under the policy at hand."""
    _policy: tuple[int, Policy] | None = field(default=None, repr=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def rights(self, bearer: Bearer) -> Rights | None:
        """The rights of a bearer; None for one who may not sign in. Raises NoPolicy.

        The policy may be a later one than that under which the principal was read: each is proved by its own number.
        """
        kept = self._rights.get(bearer)
        if kept is not None:
            return kept
        known = self._known.get(bearer) or await self._load(bearer)
        if known is None:
            return None
        assert self._policy is not None
        epoch, policy = self._policy
        proof = Proof(epoch, known.proof.access_epoch, known.proof.access_version)
        quotas = quotas_of(bearer.subject, known.client, self.allowance)
        found = Rights(known.principal, access(policy, known.principal.shape), proof, known.client, quotas)
        self._rights[bearer] = found
        return found

    async def _load(self, bearer: Bearer) -> Known | None:
        known = await load_principal(self.read, bearer)
        if known is not None:
            await self._follow(known.proof.policy_epoch)
            self._known[bearer] = known
            if len(self._known) > self.remembered:
                self.forget(next(iter(self._known)))
        return known

    async def _follow(self, epoch: int) -> None:
        """Reads the active policy where the one at hand is not of this epoch; one does, others wait for it."""
        async with self._turn:
            if self._policy is None or self._policy[0] != epoch:
                self._policy = await active_policy(self.read)
                self._rights.clear()

    def forget(self, bearer: Bearer) -> None:
        """Drops what is kept of a bearer's rights."""
        self._known.pop(bearer, None)
        self._rights.pop(bearer, None)
