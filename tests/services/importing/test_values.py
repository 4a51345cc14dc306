"""Values of a mapping, compiled: columns, templates, formulas, lookups, defaults."""

from __future__ import annotations

import decimal
from pathlib import Path

import pytest

from app.services.importing import ImportFailed, parse_mapping
from app.services.importing.formulas import EXACT
from app.services.importing.running import learn
from app.services.importing.sources import Form, find_sources, positions
from app.services.importing.transforms import Refusal

ORDERS = "id,agent,day,price,discount,qty,mail\n"
AGENTS = "agent,office,since\nAnn,East,2020-01-02\nBob,West,2019-01-01\nAnn,North,2019-05-05\nCy,NULL,\nAnn,South,\n"


def made(tmp_path: Path, value: str, row: str) -> object:
    """What a value of the field `display_name` makes of one record."""
    mapping = parse_mapping(
        f"""
mapping: values
system: values
format: {{nulls: ["NULL", "-"]}}
files: {{orders: {{name: orders.csv}}, agents: {{name: agents.csv}}}}
rows:
  customer:
    table: customers
    file: orders
    key: id
    fields:
      kind: {{const: ORGANIZATION}}
      legal_name: {value}
      display_name: id
""",
        "m.yaml",
    )
    (tmp_path / "orders.csv").write_text(ORDERS + row + "\n", "utf-8")
    (tmp_path / "agents.csv").write_text(AGENTS, "utf-8")
    sources = find_sources(mapping, tmp_path, Form())
    (rule,), scope = mapping.bind(positions(sources))
    with decimal.localcontext(EXACT):
        learn(scope.lookups, sources)
        ((_, cells),) = sources["orders"][0].records()
        return dict(rule.makers)["legal_name"](cells)


@pytest.mark.parametrize(
    ("value", "row", "found"),
    [
        ("agent", "1, Ann ,,,,,", "Ann"),
        ("agent", "1,,,,,,", None),
        ("agent", "1, NULL ,,,,,", None),
        ("agent", "1,-,,,,,", None),
        ("agent", "1,null,,,,,", "null"),
        ("{const: 5}", "1,,,,,,", "5"),
        ("{const: null}", "1,,,,,,", None),
        ("{column: agent, default: {const: nobody}}", "1,NULL,,,,,", "nobody"),
        ("{column: agent, default: {column: mail, then: upper}}", "1,,,,,,x", "X"),
        ("{column: agent, then: [lower, {cut: 2}]}", "1,Ann,,,,,", "an"),
        ("{column: agent, then: [but_first_word, lower]}", "1,Ann,,,,,", None),
        ("{column: agent, then: [{map: {Ann: null}}], default: {const: x}}", "1,Ann,,,,,", "x"),
        ("{template: '{agent|lower}.{id}@x'}", "1,Ann,,,,,", "ann.1@x"),
        ("{template: '{agent}/{mail}'}", "1,Ann,,,,,", None),
        ("{template: '{agent}/{mail|or:}/{day|or:none|upper}'}", "1,Ann,,,,,", "Ann//NONE"),
        ("{template: '100 % {agent}'}", "1,Ann,,,,,", "100 % Ann"),
        ("{template: plain}", "1,Ann,,,,,", "plain"),
        ("{first_of: [mail, agent]}", "1,Ann,,,,,", "Ann"),
        ("{first_of: [mail, agent], then: upper}", "1,Ann,,,,,b", "B"),
        ("{first_of: [mail, agent]}", "1,,,,,,", None),
        ("{compute: '{qty} * {price} * (1 - {discount})'}", "1,,,14.00,0.15,12,", "142.8000"),
        ("{compute: '{qty} * {price} * (1 - {discount})'}", "1,,,14.00,,12,", None),
        ("{compute: '{qty} * {price} * (1 - {discount|or:0})'}", "1,,,14.00,,12,", "168.00"),
        ("{compute: '{price} / {qty}', round: 2}", "1,,,1,,8,", "0.12"),
        ("{compute: '{price} / {qty}', round: {places: 2, mode: half_up}}", "1,,,1,,8,", "0.13"),
        ("{compute: '{price} / {qty}', round: {places: 2, mode: up}}", "1,,,0.81,,8,", "0.11"),
        ("{compute: '{price} / {qty}', round: {places: 2, mode: down}}", "1,,,0.95,,8,", "0.11"),
        ("{compute: '{n} * 2', operands: {n: {column: agent, then: [{map: {Ann: 3}}]}}}", "1,Ann,,,,,", "6"),
        ("{lookup: {file: agents, where: {agent: agent}, take: office}}", "1,Ann,,,,,", "East"),
        ("{lookup: {file: agents, where: {agent: agent}, take: office, first_by: since}}", "1,Ann,,,,,", "North"),
        ("{lookup: {file: agents, where: {agent: agent}, take: office, first_by: office}}", "1,Ann,,,,,", "East"),
        ("{lookup: {file: agents, where: {agent: agent}, take: office}}", "1,Cy,,,,,", None),
        ("{lookup: {file: agents, where: {agent: agent}, take: office}}", "1,Dan,,,,,", None),
        ("{lookup: {file: agents, where: {agent: agent}, take: office}}", "1,,,,,,", None),
        ("{lookup: {file: agents, where: {agent: agent, office: {const: South}}, take: since}}", "1,Ann,,,,,", None),
        (
            "{lookup: {file: agents, where: {agent: agent, office: {const: West}}, take: since}}",
            "1,Bob,,,,,",
            "2019-01-01",
        ),
        ("{lookup: {file: agents, where: {agent: agent}, take: office}, default: {const: HQ}}", "1,Dan,,,,,", "HQ"),
        (
            "{lookup: {file: agents, where: {office: {lookup: {file: agents, where: {agent: agent}, take: office}}},"
            " take: since}}",
            "1,Bob,,,,,",
            "2019-01-01",
        ),
        ("{column: mail, then: [{phone: {country: {const: US}}}]}", "1,,,,,,(503) 555-7555", "+15035557555"),
        ("{column: mail, then: [{phone: {country: agent}}]}", "1,DE,,,,,030-0074321", "+49300074321"),
        ("{column: mail, then: [{phone: {country: agent, invalid: 'null'}}]}", "1,DE,,,,,call", None),
        ("{column: mail, then: [{phone: {}}]}", "1,DE,,,,,+49 30 0074321", "+49300074321"),
    ],
)
def test_a_value_is_made_of_a_record(tmp_path: Path, value: str, row: str, found: object) -> None:
    assert made(tmp_path, value, row) == found


@pytest.mark.parametrize(
    ("value", "row", "says"),
    [
        ("{compute: '{qty} * {price}'}", "1,,,much,,12,", "'much' is no number"),
        ("{compute: '{qty} / {price}'}", "1,,,0,,12,", "cannot be computed from 12, 0 (DivisionByZero)"),
        ("{column: mail, then: [{phone: {country: agent}}]}", "1,DE,,,,,call", "'call' is no telephone number"),
        ("{column: agent, then: [{map: {A: B}}], default: {const: x}}", "1,Ann,,,,,", "'Ann' is none of 'A'"),
    ],
)
def test_a_value_that_cannot_be_made_is_refused(tmp_path: Path, value: str, row: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        made(tmp_path, value, row)
    assert str(refused.value) == says


def test_what_cannot_be_learnt_from_another_file_stops_the_import_with_its_line(tmp_path: Path) -> None:
    value = "{lookup: {file: agents, where: {agent: agent}, take: {column: since, then: [{date: '%d.%m.%Y'}]}}}"
    with pytest.raises(ImportFailed, match=r"agents.csv:2: '2020-01-02' is not written as %d.%m.%Y"):
        made(tmp_path, value, "1,Ann,,,,,")


@pytest.mark.parametrize(
    ("form", "row", "found"),
    [
        ('{decimal_mark: ",", grouping: "."}', '"1.234,50"', "2469.00"),
        ('{nulls: ["0"]}', "0", None),
        ('{delimiter: ";"}', "7", "14"),
    ],
)
def test_a_file_may_be_written_in_its_own_way(tmp_path: Path, form: str, row: str, found: str | None) -> None:
    mapping = parse_mapping(
        f"""
mapping: own
system: own
files: {{a: {{name: a.csv, format: {form}}}}}
rows:
  customer:
    table: customers
    file: a
    key: id
    fields:
      kind: {{const: ORGANIZATION}}
      display_name: {{const: x}}
      annual_revenue: {{compute: "{{id}} * 2"}}
""",
        "m.yaml",
    )
    (tmp_path / "a.csv").write_text(f"id\n{row}\n", "utf-8")
    sources = find_sources(mapping, tmp_path, Form())
    (rule,), _ = mapping.bind(positions(sources))
    ((_, cells),) = sources["a"][0].records()
    made_of = dict(rule.makers)["annual_revenue"](cells)
    assert (None if made_of is None else str(made_of)) == found
