"""File sets made on the spot, imported, and what is in the database afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.database import connect
from app.models import Base
from app.services.importing import Form, ImportOptions, ImportReport, parse_mapping, run_import


@dataclass(frozen=True)
class Imports:
    """A database, and a folder for files."""

    dsn: str
    folder: Path

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Put files into the folder; texts in UTF-8."""
        for name, content in files.items():
            (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    async def run(
        self, mapping: str, files: Mapping[str, str | bytes] | None = None, form: Form | None = None
    ) -> ImportReport:
        """Import files as a mapping says; rejects go to `rejects.csv` beside the folder."""
        self.write(files or {})
        options = ImportOptions(form or Form(), self.rejects)
        return await run_import(self.dsn, parse_mapping(mapping, "mapping.yaml"), self.folder, options)

    @property
    def rejects(self) -> Path:
        """Where rejected rows are written."""
        return self.folder.parent / f"{self.folder.name}-rejects.csv"

    async def fetch(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        connection = await connect(self.dsn)
        try:
            return [tuple(row) for row in await connection.fetch(query, *arguments)]
        finally:
            await connection.close()

    async def value(self, query: str, *arguments: object) -> Any:
        """The only value of a query."""
        ((found,),) = await self.fetch(query, *arguments)
        return found

    async def sizes(self) -> dict[str, int]:
        """How many rows each table holds."""
        names = [table.name for table in Base.metadata.sorted_tables]
        counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
        return dict(await self.fetch(counts))
