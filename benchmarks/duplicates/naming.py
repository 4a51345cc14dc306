"""Made-up names, common ones often and rare ones seldom, in six cultures; whatever company there is, it is not meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from app.services.demo.world import read

WORDS: Mapping[str, Mapping[str, Any]] = read("names")
_SYLLABLES_WORDS = """
    bar ben bor cal dan del dor fal fen gar gil hal hol ker lan lin mar mel mor nor per pol ran rim ros sal ster
    tal tor val ver wen wick zan
"""
SYLLABLES = tuple(_SYLLABLES_WORDS.split())
ENDINGS = {
    "en": ["ton", "son", "ley", "field", "man", "well", "worth", "by"],
    "de": ["mann", "berg", "hoff", "bach", "meier", "stein", "er", "ke"],
    "fr": ["eau", "ier", "ot", "elle", "ard", "in", "et", "oux"],
}
_ENGLISH_WORDS = """
    William Robert Elizabeth James Katherine Michael Thomas Margaret Richard Susan Joseph Edward Christopher
    Matthew Anthony Daniel Benjamin Samuel Nicholas Steven Rebecca Victoria Andrew Jennifer Lawrence
"""
ENGLISH = tuple(_ENGLISH_WORDS.split())
_SLAVIC_STEMS_WORDS = """
    Иван Петр Сидор Кузнец Смирн Вол Соколов Лебед Козл Новик Мороз Павл Семен Голуб Виноград Богдан Воробь Федор
    Михайл Белк Тарас Беля Комар Орл Киселёв Макар Андре Захар Сорок Бобр Гус Рябин
"""
SLAVIC_STEMS = tuple(_SLAVIC_STEMS_WORDS.split())
SLAVIC_ENDINGS = ("ов", "ев", "ин", "ский", "енко", "ук")
_SLAVIC_GIVEN_WORDS = """
    Дмитрий Екатерина Елена Иван Михаил Николай Ольга Сергей Татьяна Владимир Анна Павел Наталья Юрий Мария
    Алексей Светлана Андрей Ирина Виктор Галина Пётр Людмила Игорь
"""
SLAVIC_GIVEN = tuple(_SLAVIC_GIVEN_WORDS.split())
HAN_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
HAN_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英华慧巧美珍莉桂玉萍红娥玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹霞香月莺媛瑞凡佳嘉琼勤"
KANJI_FIRST, KANJI_LAST = (
    "田山小中高松木井石上森林池橋清水前岡長藤村野原大西東北川",
    "田山川村本井口野原島崎下上木林沢谷藤橋尾",
)
_KANA_GIVEN_WORDS = """
    陽菜 蓮 結衣 大翔 美咲 翔太 悠真 葵 健 真由美 直樹 恵子 拓也 愛 隆 さくら 一郎 花子 由美子 和夫 浩 誠 智子 洋子 博 裕子 健太 麻衣 亮 彩
"""
KANA_GIVEN = tuple(_KANA_GIVEN_WORDS.split())


def often(chance: Random, among: Sequence[str]) -> str:
    """One of several, the first much oftener than the last."""
    return among[int(len(among) * chance.random() ** 2)]


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name."""

    given: str
    family: str
    culture: str

    @property
    def whole(self) -> str:
        """As it is usually written."""
        if self.culture == "zh":
            return self.family + self.given
        return f"{self.family} {self.given}" if self.culture == "ja" else f"{self.given} {self.family}"


def person(chance: Random, culture: str) -> Name:
    """A person's name of a culture."""
    return Name(given_name(chance, culture), family_name(chance, culture), culture)


def given_name(chance: Random, culture: str) -> str:
    """A given name."""
    if culture == "zh":
        return "".join(chance.choices(HAN_GIVEN, k=chance.choice((1, 2, 2))))
    if culture == "ja":
        return often(chance, KANA_GIVEN)
    if culture == "ru":
        return often(chance, SLAVIC_GIVEN)
    known = [str(name).partition("|")[0] for name in WORDS[culture]["given"]]
    return often(chance, [*ENGLISH, *known] if culture == "en" else known)


def family_name(chance: Random, culture: str) -> str:
    """A family name."""
    if culture == "zh":
        return often(chance, HAN_FAMILY)
    if culture == "ja":
        return often(chance, KANJI_FIRST) + often(chance, KANJI_LAST)
    if culture == "ru":
        return often(chance, SLAVIC_STEMS) + often(chance, SLAVIC_ENDINGS)
    if chance.random() < 0.15:
        return str(chance.choice(WORDS[culture]["family"])).partition("|")[0]
    return _word(chance, 2) + often(chance, ENDINGS[culture])


def stem(chance: Random, culture: str) -> str:
    """What an organisation is told by."""
    if culture == "zh":
        return "".join(chance.choices(HAN_GIVEN, k=chance.choice((2, 2, 3))))
    if culture == "ja":
        return f"{family_name(chance, culture)}{chance.choice(KANJI_LAST)}"
    if culture == "ru":
        return chance.choice(SLAVIC_STEMS) + chance.choice(
            ("строй", "торг", "сервис", "пром", "транс", "маш", "инвест")
        )
    return _word(chance, chance.choice((2, 3, 3)))


def _word(chance: Random, syllables: int) -> str:
    return "".join(often(chance, SYLLABLES) for _ in range(syllables)).title()
