"""By what challenges, walls and error pages are known: marks of the products that make them, and their words."""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


CHALLENGE = re.compile(
    rb"_cf_chl_opt|cf-chl|cf_chl_|challenge-form|cf-turnstile|challenges\.cloudflare\.com/turnstile"
    rb"|cf-browser-verification|_Incapsula_Resource|Incapsula incident|captcha-delivery\.com|geo\.captcha"
    rb"|awsWafCookieDomainList|aws-waf-token|gokuProps|px-captcha|g-recaptcha|h-captcha|hcaptcha\.com"
    rb"|recaptcha/api|sucuri_cloudproxy|ddos-guard|Pardon Our Interruption",
    re.IGNORECASE,
)
"""Cloudflare, Incapsula, DataDome, AWS WAF, PerimeterX, captchas, Sucuri; some stand on ordinary pages too."""
COOKIE_GATE = re.compile(rb"document\.cookie\s{0,9}=[^<]{0,2000}(?:location\.(?:reload|href|replace)|window\.location)")
"""A page that only sets a cookie and loads again."""
CHALLENGE_TITLE = _any(
    "just a moment",
    "attention required",
    "access denied",
    "access to this page has been denied",
    "are you (?:a )?(?:human|robot)",
    "verify(?:ing)? (?:that )?you are (?:a )?human",
    "checking your browser",
    "security check",
    "403 forbidden",
    "429 too many",
    "request unsuccessful",
    "robot check",
    "ddos protection",
    "لحظة من فضلك",
    "(?:ال)?تحقق من (?:أنك إنسان|المتصفح)",
    "تم رفض الوصول",
    "الوصول مرفوض",
    "دسترسی غیرمجاز",
)
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
CONSENT = _any(
    "before you continue",
    "your privacy (?:choices|matters)",
    "we value your privacy",
    r"\bconsent\b",
    "cookie (?:policy|settings|preferences)",
    "قبل المتابعة",
    "نحترم خصوصيتك",
    "ملفات (?:تعريف )?الارتباط",
)
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
