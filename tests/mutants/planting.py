"""A module of another source than its file's, from the first import on."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType

MARK = "__planted__"


@dataclass
class Planted(MetaPathFinder, Loader):
    """Finds one module, and gives it this source."""

    module: str
    source: str
    ran: bool = False

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec; nothing for every other module."""
        return spec_from_loader(fullname, self) if fullname == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the source in the module."""
        self.ran = True
        setattr(module, MARK, self.source)
        exec(compile(self.source, f"<{self.module} with one change>", "exec"), module.__dict__)  # noqa: S102 - our own

    @property
    def active(self) -> bool:
        """Whether the source is what ran under the module's name, if only to fail at once."""
        imported = sys.modules.get(self.module)
        return self.ran and (imported is None or getattr(imported, MARK, None) == self.source)


def plant(module: str, source: str) -> Planted:
    """Give a module that is yet to be imported another source. Raises ValueError where it is imported already."""
    if module in sys.modules:
        raise ValueError(f"{module} is imported already")
    planted = Planted(module, source)
    sys.meta_path.insert(0, planted)
    return planted
