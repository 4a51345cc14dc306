"""Authority: everyone's rights, kept while their proof holds."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from app.identity.principals import Known, Proof, Read, load_principal
from app.services.policy_store import active_policy
from policies.access import Access, access
from policies.principal import Principal
from policies.rules import Policy


@dataclass(frozen=True, slots=True)
class Rights:
    """A principal, the access of its grant shape, and the proof of both."""

    principal: Principal
    access: Access
    proof: Proof


@dataclass
class Authority:
    """Loads rights and keeps them. Whoever uses them compares their proof with the database's, statement by statement."""

    read: Read
    remembered: int = 10_000
    _known: OrderedDict[UUID, Known] = field(default_factory=OrderedDict, repr=False)
    _policy: tuple[int, Policy] | None = field(default=None, repr=False)

    async def rights(self, user: UUID) -> Rights | None:
        """The rights of a user; None for one who may not sign in. Raises NoPolicy.

        Where principal and policy were read at different epochs, the statement's proof shows it.
        """
        known = self._known.get(user) or await self._load(user)
        if known is None:
            return None
        policy = await self._policy_at(known.proof.policy_epoch)
        return Rights(known.principal, access(policy, known.principal.shape), known.proof)

    async def _load(self, user: UUID) -> Known | None:
        known = await load_principal(self.read, user)
        if known is not None:
            self._known[user] = known
            if len(self._known) > self.remembered:
                self._known.popitem(last=False)
        return known

    async def _policy_at(self, epoch: int) -> Policy:
        """The policy of an epoch; the active one where that is another by now."""
        if self._policy is None or self._policy[0] != epoch:
            self._policy = await active_policy(self.read)
        return self._policy[1]

    def forget(self, user: UUID) -> None:
        """Drops what is kept of a user's rights."""
        self._known.pop(user, None)
