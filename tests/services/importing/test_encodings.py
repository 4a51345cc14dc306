"""Encodings and delimiters: detected, given, and never guessed at."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from app.services.importing.encodings import encoding_of
from app.services.importing.faults import ImportFailed
from app.services.importing.reading import open_source

TEXTS = {
    "cp1252": "id;name;city\n1;Müller & Söhne;Köln\n2;Façade;Besançon\n3;Muñoz;Málaga\n4;Ærø Blåbær;København\n",
    "cp1250": "id;name;city\n1;Łukasz Wąs;Łódź\n2;Dvořák;Plzeň\n3;Małgorzata;Częstochowa\n4;Žďár;Děčín\n",
    "cp1251": "id;name;city\n1;Иванов;Москва\n2;Ромашка;Санкт-Петербург\n3;Щукин;Киев\n",
    "cp1253": "id;name;city\n1;Παπαδόπουλος;Αθήνα\n2;Γεωργίου;Θεσσαλονίκη\n",
    "cp1254": "id;name;city\n1;Güneş;İstanbul\n2;Yıldız;Eskişehir\n3;Çağlar;Muğla\n",
    "cp1255": "id;name;city\n1;כהן;ירושלים\n2;לוי;תל אביב\n",
    "cp1256": "id;name;city\n1;محمد;القاهرة\n2;فاطمة;بغداد\n",
    "cp1257": "id;name;city\n1;Šarūnas;Klaipėda\n2;Žygimantas;Šiauliai\n3;Ādams;Rēzekne\n",
    "gb18030": "id;name;city\n1;华为技术有限公司;深圳\n2;上海贸易公司;上海\n3;王伟;北京\n",
    "cp932": "id;name;city\n1;田中太郎;東京\n2;株式会社ソニー;大阪\n3;カタカナ;横浜\n",
    "utf-8": "id;name;city\n1;Müller;東京\n2;Łukasz;北京\n3;Иванов;Αθήνα\n",
    "utf-8-sig": "id;name;city\n1;Müller;東京\n",
    "utf-16": "id;name;city\n1;Müller;東京\n2;Łukasz;北京\n",
    "utf-16-le": "id;name;city\n1;Müller;Köln\n2;Łukasz;Warszawa\n",
    "utf-16-be": "id;name;city\n1;Müller;Köln\n2;Łukasz;Warszawa\n",
    "ascii": "id;name;city\n1;Miller;York\n",
}


def written(path: Path, content: bytes) -> Path:
    file = path / "file.csv"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("given", [False, True])
def test_every_encoding_with_every_delimiter(tmp_path: Path, encoding: str, delimiter: str, *, given: bool) -> None:
    text = TEXTS[encoding].replace(";", delimiter)
    file = written(tmp_path, text.encode(encoding))
    form = {"encoding": encoding, "delimiter": delimiter} if given else {}
    source = open_source(file, "file.csv", ["id", "city"], **form)
    read = [list(source.header), *(cells for _, cells in source.records())]
    assert read == [line.split(delimiter) for line in text.splitlines()]
    assert source.delimiter == delimiter


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end(tmp_path: Path, end: str) -> None:
    file = written(tmp_path, TEXTS["utf-8"].replace("\n", end).encode())
    source = open_source(file, "file.csv", ["id"])
    assert [line for line, _ in source.records()] == [2, 3, 4]


@pytest.mark.parametrize(
    ("name", "superset", "text"),
    [("shift_jis", "cp932", "髙橋①"), ("gb2312", "gb18030", "镕㐀"), ("gbk", "gb18030", "㐀"), ("ascii", "utf-8", "é")],
)
def test_a_name_is_read_as_what_programs_write_under_it(tmp_path: Path, name: str, superset: str, text: str) -> None:
    source = open_source(written(tmp_path, f"a\n{text}\n".encode(superset)), "f", ["a"], encoding=name)
    assert [cells for _, cells in source.records()] == [[text]]


@pytest.mark.parametrize(
    ("content", "encoding", "fault"),
    [
        (b"a\nx\nM\xfcller\n", "utf-8", "f.csv:3: the bytes fc are not UTF-8: invalid start byte"),
        (b"a\r\nx\r\nM\xfcller\r\n", "utf-8", "f.csv:3: the bytes fc are not UTF-8: invalid start byte"),
        (codecs.BOM_UTF8 + b"a\nM\xfcller\n", None, "f.csv:2: the bytes fc are not UTF-8: invalid start byte"),
        (b"a\nx\n\x81\n", "cp1252", "f.csv:3: the bytes 81 are not CP1252: character maps to <undefined>"),
        (b"a\n\x82\n", "cp932", "f.csv:2: the bytes 82 are not CP932: illegal multibyte sequence"),
        ("a\nxy\n".encode("utf-16")[:-1], None, "f.csv:2: the bytes 0a are not UTF-16: truncated data"),
        (b"a\nx\n", "klingon", "f.csv:1: there is no encoding 'klingon'"),
        (b"a\nx\n", "base64", "f.csv:1: there is no encoding 'base64'"),
        (b"a,b\nx,y\nz,\0\n", None, "f.csv:3: a zero byte stands here: this is no text"),
        (b"a,b\nx,y\nz,\0\n", "cp1252", "f.csv:3: a zero byte stands here: this is no text"),
        (
            b"a\n" + bytes(range(255, 127, -1)),
            None,
            "f.csv:1: the encoding is none of those known here; say which it is",
        ),
    ],
)
def test_bytes_that_are_no_text_are_reported_with_their_line(
    tmp_path: Path, content: bytes, encoding: str | None, fault: str
) -> None:
    with pytest.raises(ImportFailed) as failed:
        encoding_of(written(tmp_path, content), "f.csv", encoding)
    assert str(failed.value) == fault


def test_a_fault_beyond_the_first_chunk_has_its_line(tmp_path: Path) -> None:
    file = written(tmp_path, b"a\n" + b"x" * 99 + b"\n" + (b"y" * 99 + b"\n") * 30_000 + b"\xff\n")
    with pytest.raises(ImportFailed, match="f:30003: the bytes ff are not UTF-8"):
        encoding_of(file, "f", "utf-8")


@pytest.mark.parametrize(
    ("text", "written_in", "says"),
    [
        ("a\nGyőr\n", "cp1250", "the encoding may be cp1257 ('Gyõr') or cp1250 ('Győr'); say which it is"),
        ("a\nКиїв\n", "cp1251", "the encoding may be cp1251 ('Київ') or gb18030 ('疏库'); say which it is"),
    ],
)
def test_a_text_that_could_be_two_is_not_guessed_at(tmp_path: Path, text: str, written_in: str, says: str) -> None:
    with pytest.raises(ImportFailed) as failed:
        encoding_of(written(tmp_path, text.encode(written_in)), "f", None)
    assert says in str(failed.value)


@pytest.mark.parametrize("delimiter", ["tab", "\\t", "\t"])
def test_a_tab_may_be_called_by_its_name(tmp_path: Path, delimiter: str) -> None:
    assert open_source(written(tmp_path, b"a\tb\n"), "f", [], delimiter=delimiter).header == ("a", "b")


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n"])
def test_a_delimiter_is_one_character(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(ImportFailed, match="is no delimiter"):
        open_source(written(tmp_path, b"a\n"), "f", [], delimiter=delimiter)
