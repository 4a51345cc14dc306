"""The example of docs/import.md does what is said beside it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from app.services.importing import Counts
from tests.services.importing.imports import Imports

TEXT = (Path(__file__).parents[3] / "docs" / "import.md").read_text("utf-8")


async def test_the_documented_example_makes_two_customers_and_one_contact(imports: Imports) -> None:
    mapping, file = re.search(r"```yaml\n(.*?)```", TEXT, re.S), re.search(r"(    Nr;.*?\n)\n", TEXT, re.S)
    assert mapping is not None
    assert file is not None
    records = "\r\n".join(line.strip() for line in file[1].splitlines()).encode("cp1252")
    await imports.fetch("INSERT INTO users (id, email, display_name) VALUES ($1, 'ines@example.com', 'Inés')", uuid4())
    report = await imports.run(mapping[1], {"contacts.csv": records})
    assert [rule.counts for rule in report.rules] == [Counts(2, 2), Counts(1, 1)]
    assert (report.files[0].encoding, report.files[0].delimiter) == ("CP1252", ";")
    assert await imports.fetch(
        """SELECT c.display_name, c.annual_revenue, c.tier, c.first_ordered_at, u.display_name, n.given_name, n.phone
           FROM customers c LEFT JOIN users u ON u.id = c.owner_id LEFT JOIN contacts n ON n.customer_id = c.id
           ORDER BY 1"""
    ) == [
        ("Müller GmbH", Decimal("1250000.5000"), "KEY", dt.datetime(2019, 4, 2, 22, tzinfo=dt.UTC), "Inés", "Änne",
         "+49301234567"),
        ("Weiß & Söhne", None, "STANDARD", None, None, None, None),
    ]  # fmt: skip
