"""Names as tokens: what a name is told by, in any order, without what only says what kind of body bears it.

Latin, Cyrillic and other alphabets are cut into words. Han, kana and hangul have no spaces to rely on: a person's name
is cut into its characters, a body's stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from app.services.duplicates.forms import folded

Tokens: TypeAlias = tuple[str, ...]
"""Words of a name in normal form, sorted."""

_INITIALS = re.compile(r"(?<=\b[^\W\d_])[./]+")
_APOSTROPHES = re.compile("['’‘`´ʼ]+")
_SEPARATORS = re.compile(r"[\W_]+")
_CJK = re.compile(
    "([\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff])"
)
_LEGAL_FORMS_WORDS = """
    ab ag aktiengesellschaft and anonim aps as asa bv bvba co company corp corporation cv eg ek eood et eurl ev
    gbr ges gesellschaft gesmbh ggmbh gmbh group gruppe holding holdings inc incorporated kft kg kgaa kk lda
    limited llc llp lp ltd ltda mbh nv ohg oo ood oy oyj partners partnerships plc pte pty pvt sa sae sapa sarl
    sas sasu sau sc sca sci sdn bhd se secs sl slu snc sociedad societe societa sp spa spk spol spzoo sro srl srls
    the ug und v vof y zoo ооо оао зао пао ао ип нко тоо чп тов фоп ад еоод оод еад группа компания 株 有
"""
LEGAL_FORMS = frozenset(_LEGAL_FORMS_WORDS.split())
"""Words that a body's name may do without: legal forms, and what joins them."""
_NATIVE_FORMS_WORDS = """
    股份有限公司 有限责任公司 有限責任公司 集团有限公司 集團有限公司 有限公司 股份公司 集团公司 集团 集團 公司 株式会社 有限会社 合同会社 合資会社 合名会社 一般社団法人 주식회사 유한회사
"""
_NATIVE_FORMS = tuple(_NATIVE_FORMS_WORDS.split())
_TITLES_WORDS = """
    mr mrs ms miss mx dr prof professor sir dame jr sr herr frau dipl ing med phil mag monsieur madame mme mlle
    senor senora sig signora dott господин госпожа
"""
TITLES = frozenset(_TITLES_WORDS.split())
"""What stands before or after a person's name."""
IDLE = LEGAL_FORMS | TITLES | frozenset(_NATIVE_FORMS)
"""Words that alone are hardly a name."""
_NICKNAMES = """
    alexander alex sasha саша александр; alexandra sandra; andreas andy; andrew drew; anthony tony; antonio toni;
    barbara barb; benjamin ben; catherine cathy kate katie; charles charlie chuck; christopher chris; daniel dan danny;
    david dave; dmitri dima; дмитрий дима; edward ed eddie ted; elizabeth liz beth betty lisa; екатерина катя;
    elena lena; елена лена; ekaterina katya; frederick fred; friedrich fritz; gabriele gabi; gregory greg; hans johannes;
    иван ваня; ivan vanya; jacob jake; james jim jimmy; jennifer jen jenny; johann hannes; john johnny jack; joseph joe;
    joshua josh; katharina kathi; kenneth ken; klaus nikolaus; lawrence larry; leonard leo; margaret maggie peggy;
    mary molly; matthew matt; michael mike mick; михаил миша; mikhail misha; nicholas nick; nikolai kolya; николай коля;
    olga olya; ольга оля; patricia pat patty; peter pete; philip phil; rebecca becky; richard rick dick; robert rob bob
    bobby; ronald ron; samuel sam; sergei seryozha; сергей сережа; stephen steve; steven; susan sue susie; tatiana tanya;
    татьяна таня; theodore theo; thomas tom tommy; timothy tim; ulrike uli; valentina valya; victoria vicky; vladimir
    volodya vova; владимир володя вова; wilhelm willi; william will bill billy; wolfgang wolf; zachary zach
"""
GIVEN: Mapping[str, str] = {
    short: words[0] for group in _NICKNAMES.split(";") for words in [group.split()] for short in words[1:]
}
"""Given names by what those are called who bear them."""


def person_tokens(*parts: str | None) -> Tokens:
    """The words of a person's name; those of its titles where there is nothing else."""
    words = _words(" ".join(_CJK.sub(r" \1 ", part) for part in map(_cleaned, parts) if part))
    return _sorted(words, TITLES)


def body_tokens(name: str | None) -> Tokens:
    """The words of an organisation's name; those of its legal form where there is nothing else."""
    words = [_without_form(word) for word in _words(_cleaned(name))]
    return _sorted(words, LEGAL_FORMS)


def called(token: str) -> str:
    """The given name that a short name stands for; any other word itself."""
    return GIVEN.get(token, token)


def _cleaned(text: str | None) -> str:
    return _INITIALS.sub("", _APOSTROPHES.sub("", folded(text))) if text else ""


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(text) if word]


def _sorted(words: Iterable[str], idle: frozenset[str]) -> Tokens:
    """In order, each once, without idle words unless there are no others."""
    found = sorted(set(words))
    return tuple(word for word in found if word not in idle) or tuple(found)


def _without_form(word: str) -> str:
    """A word without the legal form that it begins or ends with."""
    if word.isascii() or word in _NATIVE_FORMS:
        return word
    for form in _NATIVE_FORMS:
        for left in (word.removesuffix(form), word.removeprefix(form)):
            if left and left != word:
                return left
    return word
