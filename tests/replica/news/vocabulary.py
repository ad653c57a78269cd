"""The words of the articles: forms built from roots or stems, and phrases that every agency uses."""

from __future__ import annotations

from random import Random

_ROOTS = (
    "كتب درس علم عمل فتح نصر دفع حرس شرك جمع حكم خرج دخل رسل سمع شرح صنع ضرب طلب ظهر عرض غلب فهم قبل قدم كشف لحق مسح "
    "نشر نقل هجم رفض ركب رصد رفع حمل حفظ حسب حضر بحث بدل برز ثبت جهز خدم خبر خطب ربط زرع سبق سجل سلم شهد صدر ضمن طرح "
    "عبر عرف عقد علن فحص فرض قصد قطع قرر بلغ حدث حرك"
).split()
_NOUNS = (
    "{}{}{}", "{}ا{}{}", "م{}{}و{}", "{}{}ي{}", "{}{}ا{}", "ت{}{}ي{}", "م{}ا{}{}ة", "ا{}ت{}ا{}", "است{}{}ا{}", 
    "م{}{}{}", "إ{}{}ا{}",
)  # fmt: skip
_VERBS = ("ي{}{}{}", "ت{}ا{}{}", "{}{}{}ت", "ا{}ت{}{}وا")
_ARABIC_SMALL = (
    "في من على إلى أن عن مع هذا التي الذي بعد قبل بين كما لم لا ما قد كان كانت هذه ذلك خلال عند حول ضد منذ حتى أو ثم "
    "إن غير كل بعض أكثر أي لدى نحو عبر وهو وهي وقد ولم ومن وفي أمس اليوم الآن أيضا هناك حيث إذ بأن لكن عدد"
).split()
_STEMS = (
    "harbour radar convoy engin signal frigat bridg valley report crew mission border export turbin carrier "
    "market summit treat pilot runway camera budget archiv sensor railway orbit deliver test confirm repair "
    "carry follow train launch plan guard patrol inspect order build develop measur observ protect return supply "
    "deploy escort land moor refit tow survey chart anchor dock weld paint steer drift hail berth load cast haul "
    "lift mount point range scout screen shield track watch drill brief draft grant lease number record sort "
    "store stock trade visit vote answer arrang borrow check collect compar count cover cross design direct "
    "discuss divid drop earn enter expect explain extend"
).split()
_ENDINGS = ("", "s", "ed", "ing", "er", "ers", "able", "ment", "ments", "al", "ly", "ion", "ions", "ive", "age")
_ENGLISH_SMALL = (
    "the of and to in a that for on was with as by at from had were it which said this after its has been not their "
    "before or an more between during against would over also new two under who where into while"
).split()

AGENCY = {
    "ar": (
        "وقالت الوزارة في بيان رسمي إن",
        "وأضاف المصدر في تصريح صحفي أن",
        "وبحسب ما نقلته وكالات الأنباء فإن",
        "ولم يصدر أي تعليق رسمي حتى الآن على",
        "وأشار المتحدث باسم الوزارة إلى أن",
        "من جهة أخرى ذكرت مصادر مطلعة أن",
    ),
    "en": (
        "According to a statement by the ministry,",
        "A spokesman told reporters on Tuesday that",
        "Officials declined to comment on",
        "Sources with knowledge of the matter said",
    ),
}
"""Phrases that texts without any relation share."""


def _arabic() -> list[str]:
    nouns = [form.format(*root) for form in _NOUNS for root in _ROOTS]
    verbs = [form.format(*root) for form in _VERBS for root in _ROOTS]
    rare = [*nouns, *(f"ال{noun}" for noun in nouns), *verbs]
    Random("ar").shuffle(rare)
    return list(dict.fromkeys([*_ARABIC_SMALL, *rare]))


def _english() -> list[str]:
    rare = [stem + ending for stem in _STEMS for ending in _ENDINGS]
    Random("en").shuffle(rare)
    return list(dict.fromkeys([*_ENGLISH_SMALL, *rare]))


WORDS = {"ar": _arabic(), "en": _english()}
"""The most frequent first."""
SMALL = {"ar": len(_ARABIC_SMALL), "en": len(_ENGLISH_SMALL)}
"""How many of the first words are particles, which no headline begins or ends with."""
