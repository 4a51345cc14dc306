"""Malformed files stop the import with file and line; odd but sound ones are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.importing import reading
from app.services.importing.faults import ImportFailed
from app.services.importing.reading import Source, open_source


def source_of(tmp_path: Path, content: str) -> Source:
    file = tmp_path / "f.csv"
    file.write_text(content, "utf-8", newline="")
    return open_source(file, "f.csv", ["id", "name"])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "f.csv:1: the file is empty: there is no header"),
        ("\n \n\n", "f.csv:1: the file is empty: there is no header"),
        ("id,name,id\n1,a,2\n", "f.csv:1: the header has 'id' twice"),
        ("\nid,name,id, name \n", "f.csv:2: the header has 'id', 'name' twice"),
        ('id,name\n1,a\n2,"b\n3,c\n4,d\n', "f.csv:3: a quote is opened in this record and never closed"),
        ('id,name\n1,"a" b\n2,c\n', "f.csv:2: a closing quote is followed by text in this record"),
        ('id,name\n1,"a\n2,"b"\n', "f.csv:2: a closing quote is followed by text in this record"),
        ('"id,name\n1,a\n', "f.csv:1: a quote is opened in this record and never closed"),
    ],
)
def test_a_malformed_file_is_reported_with_its_line(tmp_path: Path, content: str, fault: str) -> None:
    with pytest.raises(ImportFailed) as failed:
        list(source_of(tmp_path, content).records())
    assert str(failed.value) == fault


@pytest.mark.parametrize(
    ("content", "records"),
    [
        ("id,name\n", []),
        ("id,name", []),
        ("id,name\n1,a", [(2, ["1", "a"])]),
        ("id,name\n\n1,a\n\n\n2,b\n", [(3, ["1", "a"]), (6, ["2", "b"])]),
        ('id,name\n1,"a\nb\r\nc"\n2,d\n', [(2, ["1", "a\nb\r\nc"]), (5, ["2", "d"])]),
        ('id,name\n1,"say ""hi"""\n', [(2, ["1", 'say "hi"'])]),
        ('id,name\n1,5" disk\n', [(2, ["1", '5" disk'])]),
        ("id,name\n1\n2,b,c\n", [(2, ["1"]), (3, ["2", "b", "c"])]),
        (" id , name \n1,a\n", [(2, ["1", "a"])]),
        ("id,name,,\n1,a,,\n", [(2, ["1", "a", "", ""])]),
        ("id,name\n1,a\u2028b\x0bc\x1cd\n", [(2, ["1", "a\u2028b\x0bc\x1cd"])]),
    ],
)
def test_records_carry_the_line_they_begin_on(tmp_path: Path, content: str, records: list[object]) -> None:
    assert list(source_of(tmp_path, content).records()) == records


def test_a_cell_may_be_huge_but_not_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = "x" * 500_000
    assert list(source_of(tmp_path, f"id,name\n1,{huge}\n").records()) == [(2, ["1", huge])]
    monkeypatch.setattr(reading, "MAX_CELL", 1000)
    with pytest.raises(ImportFailed, match=r"f.csv:3: a cell of this record is longer than 1000 characters"):
        list(source_of(tmp_path, f'id,name\n1,a\n2,"{huge}\n').records())


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("id;name\n1;a,b,c,d\n", ";"),
        ("id,name\n1,a;b;c;d\n", ","),
        ("id|name|note\n1|a|b;c,d\n", "|"),
        ("other;thing\n1;2\n3;4,5\n", ";"),
        ("id\n1\n", ","),
    ],
)
def test_the_delimiter_is_the_one_that_yields_the_columns_wanted(tmp_path: Path, content: str, delimiter: str) -> None:
    assert source_of(tmp_path, content).delimiter == delimiter


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    source = source_of(tmp_path, "id,name\n" + "1,a\n" * 20_000)
    told: list[int] = []
    assert sum(1 for _ in source.records(told.append)) == 20_000
    assert len(told) == 4
    assert told == sorted(told)
    assert told[-1] <= source.size
