"""The form of a policy document, as pydantic models; their JSON Schema is what editors check against."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

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


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldsPart(_Part):
    """Fields by data class, by name, or both."""

    classes: list[DataClass] = []
    names: list[str] = []


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class RulePart(_Part):
    """One rule: an effect, on resources, for rows that meet a condition, for some fields."""

    allow: list[Action] = []
    deny: list[Action] = []
    on: Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)]
    when: dict[str, Any] | None = None
    fields: FieldsPart | Literal["all"] | None = None
    mask: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_effect(self) -> RulePart:
        if bool(self.allow) == bool(self.deny):
            raise ValueError("a rule has either 'allow' or 'deny', with at least one action")
        if self.allow and self.fields is None:
            raise ValueError("an allow rule says which fields it allows")
        if self.deny and self.mask:
            raise ValueError("a deny rule has no mask")
        if isinstance(self.fields, FieldsPart) and not (self.fields.classes or self.fields.names):
            raise ValueError("'fields' names no class and no field")
        return self


class RoleDocument(_Part):
    """A role, the roles whose rules it includes, and its own rules."""

    role: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
    name: str = ""
    includes: list[str] = []
    rules: list[RulePart] = []
