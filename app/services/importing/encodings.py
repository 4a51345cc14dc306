"""In which encoding a file is written.

A byte order mark decides. Else what is valid UTF-8 is UTF-8, for other texts hardly ever are.
Else zero bytes in every second place mean UTF-16. Else the legacy encodings are weighed: each is
asked how likely the bytes are as text in it (`likelihood`). Where two that read differently are
about as likely, the file is not guessed at: the failure names both, and what each would read.
"""

from __future__ import annotations

import codecs
import io
import math
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from app.services.importing.alphabets import ALPHABETS, PUNCTUATION
from app.services.importing.faults import ImportFailed, stop

CHUNK = 1 << 20
SAMPLE = 100_000
MARGIN = 1.5
"""By how much the likelihood (natural logarithm) of the best reading must exceed the next one's."""
PLAUSIBLE = -7.0
"""The least likelihood (natural logarithm) of a reading, for each byte beyond ASCII."""
COMMONEST = 2.0
"""How much likelier (natural logarithm) the Western code page is than others, before a byte is read."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SIGNS = "".join(PUNCTUATION) + "'\"()[]"
WORD = re.compile(r"[^\s,;|]+")
LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "cp1258")
LEGACY = (*ALPHABETS, "gb18030", "cp932")
SUPERSETS = {"shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "utf-8": "utf-8-sig", "ascii": "utf-8-sig"}
"""Encodings read as another that holds all of theirs and more: what Windows programs write under the name."""

UNLIKELY = math.log(1e-5)
HANZI, RARE_HANZI, FOREIGN_HANZI = math.log(1 / 3755), math.log(1e-5), math.log(1e-7)
KANA, HALF_KANA, SIGN = math.log(1 / 83), math.log(1e-3), math.log(1e-2)


def encoding_of(path: Path, name: str, given: str | None = None) -> str:
    """The codec to read a file with, the whole file being valid in it.

    Raises ImportFailed with the line where bytes are invalid in the given (or marked) encoding or a
    zero byte stands, and where the encoding cannot be told.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    if given is not None:
        return _checked(path, name, _known(given, name, head))
    found = next((codec for mark, codec in MARKS if head.startswith(mark)), None) or _without_mark(head)
    if found is not None:
        return _checked(path, name, found)
    try:
        return _checked(path, name, "utf-8-sig")
    except ImportFailed as not_utf8:
        if b"\0" in head:
            raise not_utf8 from None
        sample = _beyond_ascii(path)
        return _checked(path, name, _weighed(sample, name))


def _known(given: str, name: str, head: bytes) -> str:
    try:
        codec = codecs.lookup(given).name
        "".encode(codec)
    except (LookupError, TypeError):
        raise stop(name, 1, f"there is no encoding {given!r}") from None
    codec = SUPERSETS.get(codec, codec)
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if codec == "utf-16" and not marked:
        return _without_mark(head) or "utf-16-le"
    return codec


def _without_mark(head: bytes) -> str | None:
    """UTF-16 shows itself by zero bytes in the even places only, or the odd ones: one to each separator or digit."""
    halves = head[0::2], head[1::2]
    high, low = sorted(halves, key=lambda half: half.count(0), reverse=True)
    zeros, separators = high.count(0), sum(map(low.count, b",;\t|\r\n"))
    if zeros * 20 < len(head) or zeros < separators or low.count(0) * 100 > zeros:
        return None
    return "utf-16-be" if high is halves[0] else "utf-16-le"


def _checked(path: Path, name: str, codec: str) -> str:
    """The codec, once the whole file has been decoded with it."""
    decoder, line = codecs.getincrementaldecoder(codec)(), 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                before = bytes(error.object[: error.start]).decode(codec.removesuffix("-sig"), "replace")
                found = error.object[error.start : error.end].hex(" ")
                message = f"the bytes {found} are not {_spoken(codec)}: {error.reason}"
                raise stop(name, line + _breaks(before), message) from None
            if "\0" in text:
                raise stop(name, line + _breaks(text[: text.index("\0")]), "a zero byte stands here: this is no text")
            if not chunk:
                return codec
            line += _breaks(text)


def _breaks(text: str) -> int:
    return text.count("\n") or text.count("\r")


def _spoken(codec: str) -> str:
    return codec.removesuffix("-sig").upper()


def _beyond_ascii(path: Path) -> bytes:
    """The lines that hold bytes beyond ASCII, up to the size of a sample."""
    sample = io.BytesIO()
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                sample.write(line)
            if sample.tell() > SAMPLE:
                break
    return sample.getvalue()


def _weighed(sample: bytes, name: str) -> str:
    readings = sorted(_readings(sample), reverse=True)
    best, codec, text = readings[0]
    if best < PLAUSIBLE * sum(byte > 127 for byte in sample):
        raise stop(name, 1, "the encoding is none of those known here; say which it is")
    for weight, other, reading in readings[1:]:
        if best - weight < MARGIN and reading != text:
            ours, theirs = next((a, b) for a, b in zip(text.split(), reading.split(), strict=False) if a != b)
            message = f"the encoding may be {codec} ({ours!r}) or {other} ({theirs!r}); say which it is"
            raise stop(name, 1, message)
    return codec


def _readings(sample: bytes) -> Iterator[tuple[float, str, str]]:
    for codec in LEGACY:
        with suppress(UnicodeDecodeError):
            text = sample.decode(codec)
            yield likelihood(text, codec) + (COMMONEST if codec == "cp1252" else 0), codec, text


def likelihood(text: str, codec: str) -> float:
    """The natural logarithm of how likely it is that someone who writes in this encoding writes this text."""
    if codec in ALPHABETS:
        return _in_alphabets(text, codec)
    weigh = _chinese if codec == "gb18030" else _japanese
    return sum(weigh(letter) for letter in text if not letter.isascii())


def _in_alphabets(text: str, codec: str) -> float:
    """Each word is in one of the code page's languages; how common each language is, is learnt from the text."""
    words = [word for word in WORD.findall(text) if not word.isascii()]
    languages = [_weights(letters) for letters in ALPHABETS[codec].values()]
    latin = codec in LATIN
    rows = [[_of_word(word, weights, latin=latin) for weights in languages] for word in words]
    shares = [1 / len(languages)] * len(languages)
    for _ in range(8):
        shares = _learnt(rows, shares)
    return sum(_log_of_sum(row, shares) for row in rows)


def _weights(letters: str) -> dict[str, float]:
    """Letters by rank, falling as Zipf's law has it, a little steeper."""
    shares = {letter: rank**-1.3 for rank, letter in enumerate(letters, 1)}
    return {letter: math.log(share / sum(shares.values())) for letter, share in shares.items()}


def _of_word(word: str, weights: dict[str, float], *, latin: bool) -> float:
    """How likely a word's letters beyond ASCII are; in a script of its own they do not stand among Latin ones."""
    mixed = not latin and any(letter.isascii() and letter.isalpha() for letter in word)
    inside = word.strip(SIGNS)
    signs = SIGN * sum(not letter.isascii() for letter in word if letter in SIGNS and letter not in inside)
    letters = sum(
        UNLIKELY if mixed else weights.get(letter, UNLIKELY) for letter in inside.lower() if not letter.isascii()
    )
    humps = sum(a.islower() and b.isupper() for a, b in pairwise(inside))
    return signs + letters + SIGN * humps


def _log_of_sum(row: list[float], shares: list[float]) -> float:
    best = max(row)
    return best + math.log(sum(share * math.exp(one - best) for one, share in zip(row, shares, strict=True)))


def _learnt(rows: list[list[float]], shares: list[float]) -> list[float]:
    """One step of expectation and maximisation; no language is ever ruled out."""
    counts = [0.1] * len(shares)
    for row in rows:
        whole = _log_of_sum(row, shares)
        for i, (one, share) in enumerate(zip(row, shares, strict=True)):
            counts[i] += share * math.exp(one - whole)
    return [count / sum(counts) for count in counts]


def _chinese(letter: str) -> float:
    return _of_row(letter.encode("gb18030"), common=range(0xB0, 0xD8), rare=range(0xD8, 0xF8), signs=range(0xA1, 0xA4))


def _japanese(letter: str) -> float:
    if "\uff61" <= letter <= "\uff9f":
        return HALF_KANA
    if "\u3041" <= letter <= "\u30fe":
        return KANA
    return _of_row(letter.encode("cp932"), common=range(0x88, 0x99), rare=range(0x99, 0xEB), signs=range(0x81, 0x82))


def _of_row(code: bytes, *, common: Iterable[int], rare: Iterable[int], signs: Iterable[int]) -> float:
    """How likely a letter is by the row of the national standard it stands in; the first rows hold the common ones."""
    if len(code) != 2:
        return FOREIGN_HANZI
    if code[0] in signs:
        return SIGN
    if code[1] < 0xA1 and 0xB0 in common:  # outside GB 2312, though inside GB 18030
        return FOREIGN_HANZI
    return HANZI if code[0] in common else RARE_HANZI if code[0] in rare else FOREIGN_HANZI
