"""Names of people in a byline, and what is none: agencies, desks, cities, the site itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WRITTEN_BY = (
    "كتبت?|بقلم|حوار|أجر[ىت] الحوار|تقرير|تحقيق|إعداد|اعداد|متابعة|ترجمة|حاورها?|حاوره|الكاتبة?|المؤلفة?"
    "|نویسنده|نوشته|written by|reported by|author|by|par"
)
_LABEL = re.compile(rf"(?:{_WRITTEN_BY})(?:\s*[:：/,،ـ–-]\s*|\s+)", re.IGNORECASE)
_LINE = re.compile(rf"(?:(?:{_WRITTEN_BY})\s*[:：/ـ–-]|كتبت|بقلم)\s*(.{{4,60}})", re.IGNORECASE)
_BETWEEN = re.compile(r"[,،;؛/|&•\n]|\s[-–—]\s|\s(?:and|et|و)\s", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\u064b-\u0652\u200c-])*")
_AND = re.compile(r"(?<=\S)\s+و(?=\S)")
_WITH_WAW = frozenset(
    "وليد وائل وسام وجدي وفاء وديع وهبي وسيم وجيه وداد واصف وحيد وجدان وئام ولاء وصال وضاح وفيق ولي والي واثق"
    " ورد وردة ود وهيب وهبة وهدان وهران وكيل وصفي وجد وجنات وعد وفيقة ونيس وناس والد ولد وزير وزيري".split()
)
"""Names that begin with the letter that also means "and"."""
_NO_PERSON = frozenset(
    "وكالة وكالات الوكالة رويترز أسوشيتد أسوشيتدبرس فرانس برس بي سي الأناضول الاناضول سبوتنيك نوفوستي شينخوا"
    " سانا واس وام بترا كونا إرنا نيوز نت قناة صحيفة جريدة موقع شبكة تلفزيون إذاعة مجلة بوابة العربية الجزيرة"
    " الحدث عربية عربي تحرير التحرير المحرر محرر محررو فريق قسم هيئة غرفة أخبار الأخبار مراسل مراسلو مراسلنا"
    " مراسلون خاص ترجمات مواقع رئيس القاهرة خبرگزاری سرویس گروه پایگاه شبکه روزنامه تحریریه خبرنگار رسانه کد"
    " خبر sputnik reuters afp ap upi bbc cnn dw rt agency agencies news newsroom desk staff editor editors"
    " editorial team admin administrator webmaster correspondent press associated tv channel online media network"
    " website web redaction unknown guest special www com".split()
)
_CITIES = frozenset(
    (
        *("أبو ظبي", "كوالا لمبور", "نيو دلهي", "الدار البيضاء", "تل أبيب", "القدس المحتلة", "رام الله", "بيت لحم"),
        *("سان بطرسبورغ", "لوس أنجلوس", "سان فرانسيسكو", "هونغ كونغ", "الولايات المتحدة", "بور سعيد", "شرم الشيخ"),
        *("new york", "abu dhabi", "new delhi", "hong kong", "los angeles", "tel aviv", "kuala lumpur"),
    )
)
"""Datelines of two words, which have the form of a name."""


def persons(texts: Iterable[str], site_names: Iterable[str] = ()) -> list[str]:
    """The people that bylines name, in order and once each; `site_names` are what the site calls itself.

    In doubt a name is none: one word, a digit, a word that desks and agencies have in their names.
    """
    own = [f" {plain} " for name in site_names if (plain := _plain(name))]
    found = (name for text in texts for name in _parts(text) if is_person(name))
    return list(dict.fromkeys(name for name in found if not any(f" {_plain(name)} " in each for each in own)))[:20]


def named_in_line(line: str) -> str | None:
    """The name in a line of its own that is a byline ("حوار: …", "By: …"), else None."""
    found = _LINE.fullmatch(line.strip())
    return found[1].strip() if found else None


def is_person(name: str) -> bool:
    """Whether a text has the form of a person's name: two to five words of letters."""
    words = name.split()
    if not 2 <= len(words) <= 5 or len(name) > 60 or _plain(name) in _CITIES:
        return False
    return all(_WORD.fullmatch(word) and word.lower().strip(".'’-") not in _NO_PERSON for word in words)


def _parts(text: str) -> list[str]:
    pieces = (part.strip(" \t\r\n.:()[]\"'«»") for part in _BETWEEN.split(_unlabelled(text[:300].strip())))
    return [" ".join(name.split()) for piece in pieces for name in _apart(_unlabelled(piece))]


def _unlabelled(text: str) -> str:
    found = _LABEL.match(text)
    return text[found.end() :] if found else text


def _apart(name: str) -> list[str]:
    """Two names joined by an "and" (و) that is written into the second, where both have two words or more."""
    for joint in _AND.finditer(name):
        first, second = name[: joint.start()].split(), name[joint.end() :].split()
        if len(first) >= 2 and len(second) >= 2 and f"و{second[0]}" not in _WITH_WAW:
            return [" ".join(first), *_apart(" ".join(second))]
    return [name]


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.lower()))
