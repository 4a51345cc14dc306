"""The letters that languages use beyond ASCII, commonest first, by the code page they are written in.

They serve to tell code pages apart: the same bytes are likely letters in one, and unlikely ones in another.
"""

from __future__ import annotations

from collections.abc import Mapping

ALPHABETS: Mapping[str, Mapping[str, str]] = {
    "cp1252": {
        "German": "üäöß",
        "French": "éèàêçôîûâùœïëüæ",
        "Spanish": "óíáéñúü",
        "Portuguese": "ãçáéóêíâõúà",
        "Italian": "èàìòùé",
        "Danish and Norwegian": "åøæé",
        "Swedish and Finnish": "äöåé",
        "Dutch": "ëéïöü",
        "Icelandic": "áðíúóéöæýþ",
        "Catalan": "àéèíòóçúïü",
    },
    "cp1250": {
        "Polish": "łęąóśżćńź",
        "Czech": "íáéěřžýčšůúňóťď",
        "Slovak": "áíéčýžšúťľôňóäďĺŕ",
        "Hungarian": "áéöóőíüúű",
        "Romanian": "ăîâţş",
        "Croatian and Slovene": "čšžćđ",
    },
    "cp1251": {
        "Russian": "оеаинтсрвлкмдпуяызьбгчйхжшюцщэфъё",
        "Ukrainian": "оанивіртесклдумпязьбгйчхцїюжшфєщґ",
        "Bulgarian": "аиоентрсвлкдпмзгяъубчщжцйшхюфь",
        "Serbian": "аиоенрстукдвјмплгзбчшцћхжњљђџф",
    },
    "cp1253": {"Greek": "αοιετσνηυρπκμλωίςόάγέήδύχθώφβξζψ"},
    "cp1254": {"Turkish": "ıüşğçöâ"},
    "cp1255": {"Hebrew": "יוהלאמתרבשנםעדקחפכטגצסןזךץף"},
    "cp1256": {
        "Arabic": "الينمروتبةعدسفهكقحجشأطصخىضغذثزءظإئآؤ",
        "Persian": "ایردنهموتبسشکزفگخقلجعپحآغصطچضژث",
    },
    "cp1257": {
        "Lithuanian": "ėįšūžąčųę",
        "Latvian": "āīēšņļžūčģķ",
        "Estonian": "äõüöšž",
    },
    "cp1258": {"Vietnamese": "\u0301\u0300đ\u0323ưâôêơ\u0309ă\u0303"},
}

PUNCTUATION = frozenset("“”„‘’‚–—…«»‹›•·°§©®™€£±½¼¾²³ªº¿¡№´\u00a0\u00ad\u200c\u200d\u200e\u200f،؛؟״׳־")
"""Signs that a text in any of these languages may hold."""
