"""Policy documents as written, from YAML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.oracle.rules import Written


class _Loader(yaml.SafeLoader):
    """Keys are texts: `on` is no truth value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        """A map whose keys are as written."""
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def read(text: str) -> Written:
    """The document in a text."""
    found: Written = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    return found


def read_folder(folder: Path) -> Iterator[Written]:
    """The documents of a folder."""
    return (read(path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml")))
