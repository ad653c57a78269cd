"""By what words error pages and paywalls are known; gates, challenges and consent are `forumcrawl.gate.marks`."""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


GONE = _any(
    r"^\W*(?:error )?404\b|\b404\W*(?:$|not found|error)",
    r"(?:page|article|story|content) (?:was |could |can |is )?(?:not|no longer|cannot)(?: be)? (?:found|available)",
    r"(?:page|article|story|content) (?:does not|doesn't|no longer) exists?",
    r"(?:ال)?(?:صفحة|مقال|خبر|محتوى|رابط)(?: التي تبحث عنها| المطلوبة?)? غير (?:موجودة?|متاحة?|متوفرة?)",
    r"لم يتم العثور على (?:ال)?(?:صفحة|مقال|خبر|محتوى)",
    r"صفحه.{0,20}(?:یافت نشد|پیدا نشد|موجود نیست)",
    "page introuvable",
)
GONE_ALONE = _any("not found", "no longer available", "لم يتم العثور", "عذرا.{0,20}غير موجود", "یافت نشد")
"""What an error page says, and now and then a headline."""
WALL = _any(
    "subscribe (?:now|to (?:read|continue))",
    "subscribers? only",
    "to continue reading",
    "already a subscriber",
    "(?:log|sign) ?in to (?:read|continue)",
    "اشترك (?:الآن|لقراءة|للمتابعة)",
    "للمشتركين فقط",
    "(?:لمتابعة|لإكمال|لاستكمال) القراءة",
    "سج[ّ]?ل الدخول (?:لقراءة|للمتابعة)",
)
