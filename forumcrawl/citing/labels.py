"""Words by which authors of posts announce the source of a text, in the languages of forums."""

from __future__ import annotations

import re

from forumcrawl.text.arabic import matching

_CERTAIN = """
    المصدر, مصدر, مصدر الخبر, مصدر المقال, مصدر الموضوع, مصدر المعلومات, المصدر الأصلي, المصدر الرئيسي, المصادر, مصادر
    مصادر الخبر, رابط المصدر, روابط المصادر, الرابط الأصلي, رابط الخبر, رابط المقال, رابط التقرير, رابط الموضوع الأصلي
    النص الأصلي, المقال الأصلي, الخبر الأصلي, منقول من, منقول عن, نقلا عن, الخبر كاملا, الخبر كامل, المقال كاملا
    المقال كامل, التقرير كاملا, النص الكامل, تفاصيل الخبر, لقراءة الخبر, لقراءة المقال, لقراءة المزيد, اقرأ المزيد
    إقرأ المزيد, للمزيد, المزيد, للمزيد من, لمزيد من التفاصيل, بقية الخبر, تتمة الخبر, منبع, منبع خبر, מקור
    source, sources, news source, original source, source link, source article, original article, full article
    full story, read more, read more at, read full article, read the full article, read the full story
    continue reading, more at, link to the article
    quelle, quellen, quellenangabe, zur quelle, originalartikel, zum artikel, weiterlesen, mehr dazu, ganzer artikel
    lire la suite, lire l'article, article complet, article original, en savoir plus, lien de l'article
    fuente, fuentes, leer más, artículo completo, noticia completa, fonte, fonti, źródło, bron
    источник, источники, подробнее, читать далее, читать полностью, оригинал статьи, джерело
    kaynak, kaynaklar, kaynakça, devamı, haberin devamı, haber linki, haberin kaynağı
"""
"""Said of a source wherever they stand before a sign such as ":"."""
_ALONE = "عن, من, نقل عن, المرجع, المراجع, منقول, via, from, h/t, credit, credits, par, vía, über, aus, lien"
"""Said of a source only where nothing stands before them on the line."""


def _forms(names: str) -> frozenset[str]:
    return frozenset(form for name in re.split(r"[,\n]", names) if (form := matching(name)))


_AT_END = _forms(_CERTAIN)
_ALL = _AT_END | _forms(_ALONE)
_LONGEST = max(len(form.split()) for form in _AT_END)
_SIGN = re.compile(r"[:：|/\\>»›←→⇐⇒⬇👇=–—]|\s-+\s|-$")
_NAME_WORDS = 8
"""Most words of an outlet's name, or of what else an author says between label and link."""
_LONGEST_LINE = 200


def announces_source(before: str) -> bool:
    """Whether the text on a line before a link, or the line above it, says that the link is the source.

    That is a label alone ("المصدر"), with a sign and an outlet's name behind it ("Source: Reuters -"), at the end of a
    sentence with a sign behind it ("... المصدر:"), or at the beginning of a few words ("لقراءة الخبر كاملا اضغط");
    those of a label of one word must end in a sign, for it also begins sentences.
    """
    before = before[-_LONGEST_LINE:].strip()
    form = matching(before)
    if form in _ALL or _is_label_and_name(before, _ALL):
        return True
    words = form.split()
    signed = _SIGN.search(before[-3:].rstrip()) is not None or before.endswith(("(", "["))
    return (signed and _ends(words)) or (len(words) <= _NAME_WORDS and _begins(words, 1 if signed else 2))


def is_label(text: str) -> bool:
    """Whether the text that a link shows is itself a label: a link called "رابط الخبر" or "Source: Reuters"."""
    if len(text) > _LONGEST_LINE:
        return False
    return matching(text) in _AT_END or _is_label_and_name(text, _AT_END)


def _is_label_and_name(line: str, labels: frozenset[str]) -> bool:
    sign = _SIGN.search(line)
    return sign is not None and matching(line[: sign.start()]) in labels and len(line.split()) <= _NAME_WORDS + 3


def _begins(words: list[str], least: int) -> bool:
    return any(" ".join(words[:size]) in _AT_END for size in range(least, _LONGEST + 1))


def _ends(words: list[str]) -> bool:
    return any(" ".join(words[-size:]) in _AT_END for size in range(1, _LONGEST + 1))
