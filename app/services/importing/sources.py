"""The files that a mapping reads: found by name, or given inside the mapping."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from app.services.importing.document import FilePart
from app.services.importing.faults import ImportFailed
from app.services.importing.mapping import Mapping
from app.services.importing.reading import Cells, Source, open_source
from app.services.importing.transforms import written
from policies.faults import Fault


@dataclass(frozen=True, slots=True)
class Given:
    """Records that the mapping itself holds; `name` is the mapping's file."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[tuple[int, Cells]]
    size: int = 0
    delimiter: str = ","

    def records(self, read: Callable[[int], object] = lambda _: None) -> Iterator[tuple[int, Cells]]:
        """Each record: its line in the mapping, its cells."""
        return iter(self.rows)


AnySource: TypeAlias = Source | Given


@dataclass(frozen=True, slots=True)
class Form:
    """Encoding and delimiter as the caller says, for all files; they go before the mapping's."""

    encoding: str | None = None
    delimiter: str | None = None


def find_sources(mapping: Mapping, path: Path, form: Form) -> dict[str, list[AnySource]]:
    """The files of each kind, in the order of their names. Raises ImportFailed with the faults of all files."""
    found: dict[str, list[AnySource]] = {}
    faults: list[Fault] = []
    wanted = mapping.wanted()
    for kind, part in mapping.document.files.items():
        try:
            found[kind] = [
                _given(mapping, kind, part) if part.records else _opened(mapping, kind, one, wanted.get(kind, {}), form)
                for one in ([path] if part.records else _paths(mapping, kind, part, path))
            ]
        except ImportFailed as failed:
            faults.extend(failed.faults)
    if faults:
        raise ImportFailed(faults)
    return found


def check_alike(sources: dict[str, list[AnySource]]) -> None:
    """Raise ImportFailed unless all files of one kind have one header."""
    faults = [
        Fault(other.name, 1, f"the header differs from that of {found[0].name}")
        for found in sources.values()
        for other in found[1:]
        if other.header != found[0].header
    ]
    if faults:
        raise ImportFailed(faults)


def positions(sources: dict[str, list[AnySource]]) -> dict[str, dict[str, int]]:
    """Where each column stands, by kind of file. A kind of which there is no file is taken to have every column."""
    return {kind: {name: i for i, name in enumerate(found[0].header)} for kind, found in sources.items() if found}


def _given(mapping: Mapping, kind: str, part: FilePart) -> Given:
    header = tuple(dict.fromkeys(name for record in part.records for name in record))
    rows = [
        (
            mapping.marked.line(("files", kind, "records", i)),
            ["" if record.get(name) is None else written(record[name]) for name in header],
        )
        for i, record in enumerate(part.records)
    ]
    return Given(mapping.marked.file, header, rows)


def _paths(mapping: Mapping, kind: str, part: FilePart, path: Path) -> list[Path]:
    """A file given by itself stands for the only kind a mapping reads, whatever it is called."""
    if path.is_file():
        read = [name for name, other in mapping.document.files.items() if not other.records]
        if read == [kind] or any(path.match(pattern) for pattern in part.name):
            return [path]
        found = []
    else:
        found = sorted({one for pattern in part.name for one in path.glob(pattern) if one.is_file()})
    if not found and not part.optional:
        message = f"there is no {' or '.join(part.name)} in {path.absolute().name}"
        raise ImportFailed([mapping.marked.fault(("files", kind), message)])
    return found


def _opened(mapping: Mapping, kind: str, path: Path, wanted: Collection[str], form: Form) -> Source:
    part = mapping.formats[kind]
    return open_source(
        path,
        path.name,
        wanted,
        encoding=form.encoding or part.encoding,
        delimiter=form.delimiter or part.delimiter,
    )
