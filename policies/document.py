"""The form of a policy document, as pydantic models; their JSON Schema is what editors check against."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from policies.catalogue import DataClass


class Action(StrEnum):
    """What can be done with a resource."""

    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    MERGE = "merge"
    EXPORT = "export"
    UNMASK = "unmask"
    AGGREGATE = "aggregate"
    READ_DELETED = "read_deleted"
    SIMULATE = "simulate"
    """To look as a user: what may be asked of it is what both see."""


SIMULATED = "User"
"""The resource whose rows can be looked as."""


class Meant(StrEnum):
    """What lint warns of, and the author of a rule may mean nevertheless."""

    SHADOWED = "shadowed"
    MASKED_IN_VAIN = "masked-in-vain"
    DENIED = "denied"
    SUMS = "sums"
    OPENED_ROWS = "opened-rows"
    ORPHANS = "orphans"
    UNREAD = "unread"
    UNREADABLE = "unreadable"
    SMALL_GROUPS = "small-groups"
    HASH_AND_OTHERS = "hash-and-others"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldsPart(_Part):
    """Fields by data class, by name, or both."""

    classes: list[DataClass] = []
    names: list[str] = []


def _form(value: object) -> str:
    return "word" if isinstance(value, str) else "lists"


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Lists = Annotated[FieldsPart, Tag("lists")]
Everything = Annotated[Literal["all"], Tag("word")]


def _simulating(effect: str) -> dict[str, Any]:
    """What JSON Schema says of a rule for `simulate`: it is on users, as a whole."""
    speaks = {"required": [effect], "properties": {effect: {"contains": {"const": Action.SIMULATE.value}}}}
    return {"if": speaks, "then": {"properties": {"on": {"enum": [SIMULATED, [SIMULATED]]}, "fields": False}}}


class RulePart(_Part):
    """One rule: an effect, on resources, for rows that meet a condition, for some fields."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_simulating("allow"), _simulating("deny")]})

    allow: Annotated[list[Action], Field(min_length=1)] = []
    deny: Annotated[list[Action], Field(min_length=1)] = []
    on: Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)]
    when: Annotated[dict[str, Any], Field(min_length=1)] = {}
    fields: Annotated[Lists | Everything, Discriminator(_form)] | None = None
    mask: Annotated[dict[str, str], Field(min_length=1)] = {}
    preset: Annotated[dict[str, Any], Field(min_length=1)] = {}
    meant: list[Meant] = []


Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]


class SchemaKind(StrEnum):
    """Which schema the holders of a role see: all of it, or what they can ever see or do."""

    COMPLETE = "complete"
    TAILORED = "tailored"


class RoleDocument(_Part):
    """A role, or an OAuth scope, the others whose rules it includes, and its own rules."""

    role: Code | None = None
    scope: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.:-]*$", max_length=64)] | None = None
    name: Annotated[str, Field(max_length=200)] = ""
    includes: list[str] = []
    schema_: Annotated[SchemaKind, Field(alias="schema")] = SchemaKind.COMPLETE
    min_group: Annotated[Annotated[int, Field(ge=2, le=1_000)] | None, Field(alias="minGroup")] = None
    rules: list[RulePart] = []

    @property
    def code(self) -> str | None:
        """What the policy keeps it under; None where it does not say what it is."""
        return self.role if self.role is not None else scope_code(self.scope) if self.scope is not None else None

    @property
    def included(self) -> list[str]:
        """What is included, as the policy keeps it: scopes include scopes."""
        return [scope_code(name) for name in self.includes] if self.scope is not None else self.includes


_SCOPE = "scope:"


def scope_code(scope: str) -> str:
    """What the policy keeps a scope under; no role has such a code."""
    return f"{_SCOPE}{scope}"


def is_scope(code: str) -> bool:
    """Whether the policy keeps a scope under a code."""
    return code.startswith(_SCOPE)
