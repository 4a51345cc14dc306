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


class RulePart(_Part):
    """One rule: an effect, on resources, for rows that meet a condition, for some fields."""

    allow: Annotated[list[Action], Field(min_length=1)] = []
    deny: Annotated[list[Action], Field(min_length=1)] = []
    on: Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)]
    when: Annotated[dict[str, Any], Field(min_length=1)] = {}
    fields: Annotated[Lists | Everything, Discriminator(_form)] | None = None
    mask: Annotated[dict[str, str], Field(min_length=1)] = {}


class RoleDocument(_Part):
    """A role, the roles whose rules it includes, and its own rules."""

    role: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
    name: str = ""
    includes: list[str] = []
    rules: list[RulePart] = []
