"""Who asks: for each shipped role and for roles made to be nasty, a user who holds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from policies.loading import DEFAULT_RULES, read_folder

DOMAIN = "@personas.example"
NASTY = Path(__file__).parent / "rules"


def policy_texts() -> dict[str, str]:
    """The shipped policy and the nasty roles beside it, by file name."""
    return read_folder(DEFAULT_RULES) | read_folder(NASTY)


@dataclass(frozen=True)
class Holding:
    """A role, held for a region and a department of the company."""

    role: str
    region: str | None = None
    department: str | None = None


@dataclass(frozen=True)
class Persona:
    """Somebody who asks."""

    name: str
    holdings: tuple[Holding, ...] = ()
    owns: bool = False
    """Whether much belongs to them: for roles whose conditions ask for the owner."""
    ceilings: tuple[tuple[Holding, ...], ...] = ()
    """What each party holds that bounds them: a client that acts for them, the scopes of a token."""

    @property
    def email(self) -> str:
        """By which the user is found."""
        return self.name.replace(" ", ".") + DOMAIN


PERSONAS = (
    Persona("admin", (Holding("admin"),)),
    Persona("auditor", (Holding("auditor"),)),
    Persona("employee", (Holding("employee"),)),
    Persona("finance", (Holding("finance"),)),
    Persona("marketer", (Holding("marketer"),)),
    Persona("partner", (Holding("partner", "EU"),)),
    Persona("manager", (Holding("sales_manager", "EU", "SALES"),)),
    Persona("rep", (Holding("sales_rep", "EU", "SALES"),), owns=True),
    Persona("agent", (Holding("service_agent", "ASIA", "COMPANY"),)),
    Persona("nobody"),
    Persona(
        "two halves", (Holding("sales_rep", "DE", "SALES"), Holding("service_agent", "ASIA", "SERVICE")), owns=True
    ),
    Persona("two regions", (Holding("sales_rep", "FR", "INSIDE"), Holding("sales_rep", "CN", "SALES")), owns=True),
    Persona("rep nowhere", (Holding("sales_rep"), Holding("marketer"))),
    Persona("conditional", (Holding("conditional", "EU"),), owns=True),
    Persona("denied", (Holding("denied", "EU"),)),
    Persona("masked", (Holding("masked", "ASIA"),), owns=True),
    Persona("quantified", (Holding("quantified", "EU"),), owns=True),
    Persona("crossing", (Holding("crossing"),), owns=True),
    Persona("sliver", (Holding("sliver"),)),
    Persona("muted admin", (Holding("admin"), Holding("muted", "ASIA"))),
    Persona("nested", (Holding("nested", "ASIA"), Holding("masked", "DE"))),
    Persona("through client", (Holding("sales_rep", "EU", "SALES"),), True, ((Holding("conditional", "WORLD"),),)),
    Persona("looker", (Holding("looker", "EU"),)),
    Persona("counting", (Holding("counting", "EU"),)),
    Persona("in scope", (Holding("admin"),), True, ((Holding("scope:contacts"),), (Holding("masked", "ASIA"),))),
)

BY_NAME = {persona.name: persona for persona in PERSONAS}
