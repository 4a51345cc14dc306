"""In which language a mistake is told, and how."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from app.services.errors import Invalid, Required, UserError
from app.services.messages import language_of, message


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("en", "en"),
        ("en-GB", "en"),
        ("zh", "zh-CN"),
        ("ZH-cn", "zh-CN"),
        ("zh-Hans", "zh-CN"),
        ("zh-Hans-CN", "zh-CN"),
        ("zh-Hans-SG", "zh-CN"),
        ("zh-TW", "en"),
        ("zh-Hant-CN", "en"),
        ("zhx", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("fr, zh;q=0.5", "zh-CN"),
        ("zh, en", "zh-CN"),
        ("en, zh", "en"),
        ("en;q=0.8, zh;q=0.9", "zh-CN"),
        ("en ; q=0.8 ,\tzh\t;\tQ=0.9", "zh-CN"),
        ("zh;q=0.8,en;q=0.81", "en"),
        ("zh;q=0", "en"),
        ("en;q=0", "en"),
        ("zh;q=0, *", "en"),
        ("en;q=0, *;q=0.1", "zh-CN"),
        ("*, en;q=0.1", "zh-CN"),
        ("zh, zh-CN;q=0, en;q=0.5", "en"),
        (", zh,, ", "zh-CN"),
        ("zh;q=1.000", "zh-CN"),
        ("zh;q=1.001", "en"),
        ("zh;q=2", "en"),
        ("zh;q=-1", "en"),
        ("zh;q=", "en"),
        ("zh;level=1", "en"),
        ("zh, e n", "en"),
        ("zh_CN", "en"),
        ("zh-", "en"),
        ("中文", "en"),
        ("zh\0", "en"),
    ],
)
def test_a_header_asks_for_a_language(accept: str | None, language: str) -> None:
    assert language_of(accept) == language


@pytest.mark.parametrize(
    ("error", "english", "chinese"),
    [
        (Required("required"), "Must be given.", "必须填写。"),
        (Invalid("too_long", max=100_000), "Must have at most 100,000 characters.", "最多 100,000 个字符。"),
        (
            Invalid("too_great", max=Decimal("999999999999999.9999")),
            "Must be at most 999,999,999,999,999.9999.",
            "不得大于 999,999,999,999,999.9999。",
        ),
        (
            Invalid("not_listed", options=("KEY", "STANDARD", "BASIC")),
            "Must be KEY, STANDARD, or BASIC.",
            "必须是KEY、STANDARD或BASIC。",
        ),
        (
            Invalid("beyond_calendar", min=dt.date(1, 1, 2), max=dt.date(9999, 12, 30)),
            "Must lie between Jan 2, 1 and Dec 30, 9999.",
            "必须在 1年1月2日至9999年12月30日之间。",
        ),
        (
            Invalid("too_small", min=dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)),
            "Must be at least Jan 31, 2026, 12:00:00\u202fPM.",
            "不得小于 2026年1月31日 12:00:00。",
        ),
        (Invalid("before", ("endsOn",), other="startsOn"), "Must not be before startsOn.", "不得早于 startsOn。"),
    ],
)
def test_a_mistake_is_told_in_each_language(error: UserError, english: str, chinese: str) -> None:
    assert (message(error, "en"), message(error, "zh-CN")) == (english, chinese)


def test_what_is_told_is_no_template() -> None:
    assert message(Invalid("before", other="{max} {0.__class__}"), "en") == "Must not be before {max} {0.__class__}."
