"""CSV files, read as a stream of records with their lines.

What makes a file unreadable stops the import (ImportFailed, with file and line): bytes that are no text in its
encoding, a zero byte, no header, a header with a name twice, a quote that is not closed or is followed by text,
a cell beyond MAX_CELL. A record with too many or too few cells is for the reader of the stream to reject.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from app.services.importing.encodings import encoding_of
from app.services.importing.faults import stop

Cells: TypeAlias = list[str]

MAX_CELL = 16_000_000
"""Characters in one cell; a quote that is never closed runs into it, instead of into the memory's end."""
DELIMITERS = (",", ";", "\t", "|")
RECORDS_PER_REPORT = 5_000
SAMPLE_RECORDS = 50
SAMPLE_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Source:
    """A CSV file whose form is known. `name` is how faults and rejects call it."""

    path: Path
    name: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    @property
    def spoken_encoding(self) -> str:
        """The encoding, as people call it."""
        return self.encoding.removesuffix("-sig").upper()

    def records(self, read: Callable[[int], object] = lambda _: None) -> Iterator[tuple[int, Cells]]:
        """Each record after the header: the line it begins on, and its cells. Blank lines are left out.

        `read` is told now and then how many bytes have been read.
        """
        with self.path.open("rb") as binary, io.TextIOWrapper(binary, self.encoding, newline="") as stream:
            rows = _rows(stream, self.name, self.delimiter)
            next(rows, None)
            for count, row in enumerate(rows):
                if count % RECORDS_PER_REPORT == 0:
                    read(binary.tell())
                yield row


def open_source(
    path: Path, name: str, wanted: Collection[str], *, encoding: str | None = None, delimiter: str | None = None
) -> Source:
    """Find out a file's encoding and delimiter, where not given, and read its header.

    `wanted` are columns it should have: the delimiter that yields most of them is taken.
    """
    csv.field_size_limit(MAX_CELL)
    codec = encoding_of(path, name, encoding)
    with path.open("r", encoding=codec, newline="") as stream:
        sample = stream.read(SAMPLE_CHARACTERS)
    if not sample.strip():
        raise stop(name, 1, "the file is empty: there is no header")
    chosen = _known(delimiter, name) or max(DELIMITERS, key=lambda one: _fitness(sample, name, one, frozenset(wanted)))
    with path.open("r", encoding=codec, newline="") as stream:
        line, cells = next(_rows(stream, name, chosen))
    header = tuple(cell.strip() for cell in cells)
    twice = [column for column, count in Counter(header).items() if count > 1 and column]
    if twice:
        raise stop(name, line, f"the header has {', '.join(map(repr, twice))} twice")
    return Source(path, name, codec, chosen, header)


def _known(delimiter: str | None, name: str) -> str | None:
    """A delimiter as given; `tab` may be called by its name."""
    found = "\t" if delimiter in ("tab", "\\t") else delimiter
    if found is not None and (len(found) != 1 or found in '"\r\n\0'):
        raise stop(name, 1, f"{delimiter!r} is no delimiter: it is one character, or tab")
    return found


def _rows(stream: io.TextIOBase, name: str, delimiter: str) -> Iterator[tuple[int, Cells]]:
    """Records with the line each begins on, blank lines left out."""
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    begin = 1
    try:
        for cells in reader:
            if cells:
                yield begin, cells
            begin = reader.line_num + 1
    except csv.Error as error:
        raise stop(name, begin, _spoken(str(error))) from None


def _spoken(message: str) -> str:
    if "unexpected end" in message:
        return "a quote is opened in this record and never closed"
    if "expected after" in message:
        return "a closing quote is followed by text in this record"
    if "field limit" in message:
        return f"a cell of this record is longer than {MAX_CELL} characters; a quote may be open"
    return message


def _fitness(sample: str, name: str, delimiter: str, wanted: frozenset[str]) -> tuple[int, int, int]:
    """How well a delimiter fits: wanted columns found, records as wide as the header, columns."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[Cells] = []
    with suppress(csv.Error):  # the sample may end inside a quote; what is wrong with the file shows when it is read
        rows.extend(cells for cells in islice(reader, SAMPLE_RECORDS) if cells)
    if not rows:
        return 0, 0, 0
    found = wanted & {cell.strip() for cell in rows[0]}
    return len(found), sum(len(row) == len(rows[0]) for row in rows) if len(rows[0]) > 1 else 0, len(rows[0])
