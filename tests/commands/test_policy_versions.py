"""c360 policy diff, export and rollback: what differs, documents byte for byte, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policies.loading import DEFAULT_RULES, read_folder
from tests.command_line import Line

GUEST = "# Visitors.\r\nrole: guest\r\nname: G\u00e4ste \u2014 \U0001f600   \r\nrules: []"
TESTS = "people: {g: {role: guest}}\r\ncases:\r\n  - {as: g, on: Customer, row: {}, expect: hidden}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one document, with tests, in the lines of another system."""
    found = tmp_path / "mine"
    (found / "tests").mkdir(parents=True)
    (found / "guest.yaml").write_bytes(GUEST.encode())
    (found / "tests" / "guest.yaml").write_bytes(TESTS.encode())
    return found


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_documents_come_back_byte_for_byte(line: Line, folder: Path, tmp_path: Path) -> None:
    assert line.run("policy", "apply", str(folder)).code == 0
    out = tmp_path / "out"
    assert line.run("policy", "export", str(out)).code == 0
    assert _bytes(out) == _bytes(folder)
    assert line.run("policy", "apply", str(out)).code == 0
    again = tmp_path / "again"
    assert line.run("policy", "export", str(again), "--version", "3").code == 0
    assert _bytes(again) == _bytes(folder)
    assert line.run("policy", "diff", "2", "3").code == 0


def test_a_version_is_brought_back_as_a_new_one(line: Line, folder: Path) -> None:
    assert line.run("policy", "apply", str(folder)).code == 0
    back = line.run("policy", "rollback", "1")
    assert (back.code, back.err) == (0, "Version 3 is active.\n")
    assert line.run("policy", "diff", "1", "active").code == 0
    none = line.run("policy", "rollback", "9")
    assert (none.code, none.out, none.err) == (1, "", "there is no version 9\n")


def test_what_differs_is_told_and_ends_with_1(line: Line, folder: Path) -> None:
    (folder / "tests" / "guest.yaml").unlink()
    assert line.run("policy", "apply", str(folder)).code == 0
    rule = "{allow: [read], on: Customer, fields: {names: [displayName]}}"
    (folder / "guest.yaml").write_text(f"role: guest\nname: G\u00e4ste \u2014 \U0001f600\nrules: [{rule}]\n", "utf-8")
    ran = line.run("policy", "diff", "active", str(folder))
    assert (ran.code, ran.out) == (1, "guest: May read Customer: displayName.\n")
    [found] = json.loads(line.run("policy", "diff", "2", str(folder), "--json").out)
    assert (found["change"], found["role"], found["after"]["fields"]) == (
        "RULE_ADDED",
        "guest",
        {"names": ["displayName"]},
    )


def test_two_folders_need_no_database(folder: Path) -> None:
    assert Line({}).run("policy", "diff", str(DEFAULT_RULES), str(DEFAULT_RULES)).code == 0
    ran = Line({}).run("policy", "diff", str(DEFAULT_RULES), str(folder))
    gone = len(read_folder(DEFAULT_RULES))
    assert ran.code == 1
    assert sum(text.endswith(" is gone.") for text in ran.out.splitlines()) == gone


def test_what_cannot_be_compared_ends_with_2(line: Line, folder: Path) -> None:
    (folder / "guest.yaml").write_text("role: [")
    for one, other in (("1", str(folder)), ("1", "7"), (str(folder), str(folder)), ("nowhere", "nowhere")):
        ran = line.run("policy", "diff", one, other)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err


def test_other_documents_are_not_written_over(line: Line, folder: Path) -> None:
    before = _bytes(folder)
    ran = line.run("policy", "export", str(folder))
    assert (ran.code, "guest.yaml: no part of the version" in ran.err) == (1, True)
    assert _bytes(folder) == before
    assert line.run("policy", "export", str(folder), "--replace").code == 0
    assert read_folder(folder) == read_folder(DEFAULT_RULES)
