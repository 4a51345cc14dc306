"""Policy documents, written short."""

from __future__ import annotations

from typing import Any, TypeAlias

import yaml

from policies.access import Access, access
from policies.catalogue import Catalogue
from policies.loading import load
from policies.principal import Assignment, Principal
from policies.rules import Policy
from tests.policies.model import CATALOGUE
from tests.policies.rows import key

Written: TypeAlias = dict[str, Any]


def _rule(effect: str, on: str | list[str], **parts: Any) -> Written:
    return {effect: [parts.pop("action", "read")], "on": on, **{k: v for k, v in parts.items() if v is not None}}


def allow(on: str | list[str] = "Customer", *, fields: Any = "all", when: Any = None, mask: Any = None) -> Written:
    """A rule that allows reading."""
    return _rule("allow", on, fields=fields, when=when, mask=mask)


def deny(on: str | list[str] = "Customer", *, fields: Any = None, when: Any = None) -> Written:
    """A rule that denies reading."""
    return _rule("deny", on, fields=fields, when=when)


def names(*fields: str) -> Written:
    """Fields by name."""
    return {"names": list(fields)}


def classes(*data_classes: str) -> Written:
    """Fields by data class."""
    return {"classes": list(data_classes)}


def role(code: str, *rules: Written, includes: tuple[str, ...] = ()) -> str:
    """The text of a role's document."""
    return yaml.safe_dump({"role": code, "includes": list(includes), "rules": list(rules)}, sort_keys=False)


def policy(*roles: str, catalogue: Catalogue = CATALOGUE) -> Policy:
    """The policy of some documents."""
    return load({f"{i}.yaml": text for i, text in enumerate(roles)}, catalogue)


def of(*rules: Written) -> Policy:
    """The policy of one role, `reader`."""
    return policy(role("reader", *rules))


ME = key(1)


def principal(*assignments: Assignment, reports: tuple[Any, ...] = ()) -> Principal:
    """Someone who holds roles; without any, the role `reader`, of no department and no region."""
    return Principal(ME, assignments or (Assignment("reader"),), reports=(ME, *reports))


def rights(*rules: Written, who: Principal | None = None) -> Access:
    """The access of whoever holds a role of these rules."""
    return access(of(*rules), (who or principal()).shape)
