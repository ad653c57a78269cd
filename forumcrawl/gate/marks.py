"""By what gates, challenges and walls are known: marks of the products that make them, and their words."""

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
MANAGED = _any(
    r"_cf_chl_opt|cf-turnstile|challenges\.cloudflare\.com/turnstile|captcha-delivery\.com|px-captcha|gokuProps"
    r"|awswaf\.com/[^\"']{0,200}captcha|arkoselabs\.com|funcaptcha|geetest|smartcaptcha"
)
"""Scripts and elements of products that ask a person; Cloudflare's managed challenge decides whom it asks."""
CAPTCHA = re.compile(r"(?:^|[-_ ])(?:re|h)?captcha(?:$|[-_ ])|cf-turnstile|geetest", re.IGNORECASE)
"""In an element's class, id or name."""
CAPTCHA_FRAME = _any(r"recaptcha/(?:api|enterprise)", r"hcaptcha\.com", "turnstile", "captcha-delivery", "/captcha/")
"""In the address of a script or frame."""
HUMAN = _any(
    "(?:verify|prove|confirm)(?:ing)? (?:that )?you(?:'re| are) (?:a |not a )?(?:human|person|robot)",
    "are you (?:a )?(?:human|robot)",
    "i(?:'|’)?m not a robot",
    "(?:complete|solve) (?:the|this) (?:captcha|puzzle|security check|challenge)",
    "(?:type|enter) the (?:characters|letters|text|code) (?:you see|shown|in the|below)",
    "robot check",
    "press (?:&|and) hold",
    "(?:أنك|انك|بأنك) (?:إنسان|انسان|بشر|لست (?:روبوت|برنامج|آلة))",
    "(?:أنا )?لست (?:برنامج )?(?:روبوت|آل)",
    "(?:أدخل|اكتب|ادخل) (?:الأحرف|الحروف|الأرقام|الرموز|الرمز|رمز التحقق)",
    "(?:حل|أكمل|إكمال) (?:اختبار|التحدي|الكابتشا|التحقق الأمني)",
)
BLOCKED = _any(
    "access (?:to this page has been )?denied",
    "(?:you have|you've|your (?:ip|address|request)[^.]{0,40} (?:has|have)) been (?:blocked|banned|denied)",
    "request (?:was |has been )?(?:blocked|rejected|unsuccessful)",
    r"error (?:code:? )?10(?:0[5-9]|1[0-2569]|20)\b",
    "not (?:available|accessible) in your (?:country|region|location)",
    "pardon our interruption",
    r"\b403\b.{0,12}forbidden|^forbidden$",
    "incapsula incident|incident id",
    "تم (?:رفض|حظر|منع) (?:الوصول|وصولك|طلبك|عنوانك|الطلب)",
    "(?:الوصول|الدخول) (?:مرفوض|محظور|ممنوع)",
    "(?:لقد )?تم حظرك",
    "غير (?:متاح|متوفر) في (?:بلدك|منطقتك|دولتك)",
    "دسترسی غیرمجاز",
)
NEEDS_SCRIPT = _any(
    "(?:enable|activate|turn on|requires?|needs?|without|allow)(?: [a-z]+){0,2} javascript",
    "javascript (?:is|must be|has to be|and cookies are) (?:required|disabled|enabled|needed|turned)",
    "(?:تفعيل|تمكين|تشغيل|يتطلب|تتطلب|يحتاج|بدون)(?: [\u0600-\u06ff]+){0,2} (?:ال)?(?:جافا ?سكر[يـ]?بت|javascript)",
    "(?:ال)?(?:جافا ?سكر[يـ]?بت|javascript) (?:معطل|غير مفعل|مطلوب|ضروري)",
)
WAITING = _any(
    "checking (?:your|if the site|the) (?:browser|connection|site)",
    "(?:please|one moment)[, ]*wait",
    "just a (?:moment|second)",
    "redirecting|you will be redirected|being redirected",
    "ddos protection",
    "^loading",
    "(?:جاري|جار|جارٍ|يجري|يتم) (?:ال)?(?:تحقق|فحص|تحميل|تحويل|توجيه|إعادة)",
    "(?:يرجى|الرجاء|يُرجى) الانتظار",
    "لحظة من فضلك|لحظات من فضلك",
    "سيتم (?:تحويلك|توجيهك|نقلك)",
)
SCRIPT_GATE = _any(
    "jschl|cf-browser-verification",
    "ddos-guard/js-challenge|check\\.ddos-guard\\.net",
    "sucuri_cloudproxy|sucuri\\.net/.{0,40}\\bcookie",
    "slowAES|toNumbers\\(",
    "AwsWafIntegration|awswaf\\.com/[^\"']{0,200}challenge\\.js",
    r"_Incapsula_Resource\?SWJ",
)
"""Products that are content with a browser that runs their script."""
LOADS_AGAIN = _any(
    r"location\s*\.\s*(?:reload|replace|assign)\s*\(",
    r"location(?:\s*\.\s*href)?\s*=[^=]",
    r"location\s*\[",
    r"history\s*\.\s*go\s*\(\s*0?\s*\)",
    r"\.submit\s*\(\s*\)",
)
SETS_COOKIE = re.compile(r"document\s*(?:\.\s*cookie|\[\s*['\"]cookie['\"]\s*\])\s*=[^=]")
SAVES_COOKIE = re.compile(r"cookieStore\s*\.\s*set\s*\(")
HIDDEN_SCRIPT = re.compile(r"\beval\s*\(|\batob\s*\(|fromCharCode|new\s+Function\s*\(|\bfetch\s*\(|XMLHttpRequest")
