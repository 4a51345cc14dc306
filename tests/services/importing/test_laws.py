"""What holds for every file: each row is accounted for, and a second import changes nothing."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.importing.staging import copy_line
from app.services.importing.transforms import NOTHING
from tests.services.importing.imports import Imports

MAPPING = """
mapping: laws
system: SYSTEM
files: {a: {name: a.csv}}
rows:
  group:
    table: customers
    file: a
    distinct: true
    key: group
    fields: {kind: {const: ORGANIZATION}, display_name: group, annual_revenue: amount, currency: {const: EUR}}
  customer:
    table: customers
    file: a
    key: id
    fields:
      kind: {column: kind, then: [{map: {O: ORGANIZATION, I: INDIVIDUAL}}]}
      display_name: name
      given_name: given
      annual_revenue: amount
      currency: {const: EUR}
      merged_into_id: {ref: customer, key: above, unknown: "null"}
  task:
    table: tasks
    file: a
    key: id
    when: name
    fields: {customer_id: {ref: customer, key: above, empty: {ref: group, key: group}}, title: name}
"""
HEADER = ["id", "group", "kind", "name", "given", "amount", "above"]
KEY = st.sampled_from(["", "1", "2", "3", "4", "k\n5", 'k"6'])
ROW = st.tuples(
    KEY,
    st.sampled_from(["", "A", "B", "C"]),
    st.sampled_from(["O", "O", "O", "I", "x", ""]),
    st.one_of(st.just(""), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)),
    st.sampled_from(["", "", "", "Eve"]),
    st.sampled_from(["", "1", "2.5", "-1", "x", "1e3", "9" * 16]),
    KEY,
)
RAGGED = st.lists(st.sampled_from(["", "1", "A"]), min_size=1, max_size=9)


def as_file(rows: list[tuple[str, ...] | list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows])
    return out.getvalue()


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.one_of(ROW, ROW, ROW, ROW, RAGGED), max_size=12))
async def test_every_row_is_accounted_for_and_the_second_time_nothing_changes(
    shared_imports: Imports, rows: list[tuple[str, ...] | list[str]]
) -> None:
    mapping = MAPPING.replace("SYSTEM", f"s{uuid4().hex[:30]}")
    shared_imports.rejects.unlink(missing_ok=True)
    first = await shared_imports.run(mapping, {"a.csv": as_file(rows)})
    sizes = await shared_imports.sizes()
    versions = await shared_imports.fetch("SELECT id, version, updated_at FROM customers ORDER BY id")
    second = await shared_imports.run(mapping)
    for rule, again in zip(first.rules, second.rules, strict=True):
        assert rule.counts.balanced
        assert (rule.counts.updated, rule.counts.unchanged) == (0, 0)
        assert (again.counts.created, again.counts.updated) == (0, 0)
        assert (again.counts.read, again.counts.rejected) == (rule.counts.read, rule.counts.rejected)
        assert again.counts.unchanged == rule.counts.created
    assert await shared_imports.sizes() == {**sizes, "jobs": sizes["jobs"] + 1}
    assert await shared_imports.fetch("SELECT id, version, updated_at FROM customers ORDER BY id") == versions
    assert (first.rejects is not None) == bool(first.total.rejected)


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), min_size=1, max_size=6))
def test_copy_escapes_what_would_end_a_cell_or_a_row(cells: list[str | None]) -> None:
    line = copy_line(tuple(cells))
    assert "\n" not in line
    assert "\r" not in line
    parts = line.split("\t")
    unescape = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}
    assert len(parts) == len(cells)
    for part, cell in zip(parts, cells, strict=True):
        if cell is None:
            assert part == NOTHING
            continue
        read, rest = "", part
        while rest:
            step = 2 if rest[0] == "\\" else 1
            read += unescape.get(rest[:step], rest[:step])
            rest = rest[step:]
        assert read == cell
