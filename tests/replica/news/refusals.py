"""Pages that a site shows instead of an article."""

from __future__ import annotations

from html import escape as esc

from tests.replica.news.markup import document
from tests.replica.news.sites import SourceSite


def challenge() -> str:
    """A page that lets only browsers on, with the marks of Cloudflare's."""
    body = """\
<div class="main-wrapper" role="main"><h1>127.0.0.1</h1>
<h2 id="challenge-running">Checking if the site connection is secure</h2>
<form id="challenge-form" action="/?__cf_chl_f_tk=0" method="POST"><div class="cf-turnstile"></div></form>
<noscript>Enable JavaScript and cookies to continue</noscript></div>
<script src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1"></script>
<script>window._cf_chl_opt = {cvId: "3", cType: "managed"};</script>"""
    return document("en", "<title>Just a moment...</title>", body)


def consent(site: SourceSite) -> str:
    """A page that asks for leave to store cookies before anything else."""
    body = f"""\
<form action="/consent/save" method="post" class="consent-form"><h1>قبل المتابعة إلى {esc(site.title)}</h1>
<p>نستخدم ملفات تعريف الارتباط والبيانات لتقديم خدماتنا. اختر قبول الكل للمتابعة أو رفض الكل.</p>
<button name="accept">قبول الكل</button><button name="reject">رفض الكل</button></form>"""
    return document("ar", "<title>الموافقة على ملفات تعريف الارتباط</title>", body)


def missing(site: SourceSite) -> str:
    """A page that says there is none, whatever its status says."""
    body = f"""\
<header><a href="/">{esc(site.title)}</a></header>
<main class="error-page"><h1>404</h1><p>عذرا، الصفحة غير موجودة. ربما حذفت أو تغير عنوانها.</p>
<a href="/">العودة إلى الصفحة الرئيسية</a></main>"""
    return document("ar", f"<title>الصفحة غير موجودة | {esc(site.title)}</title>", body)


def forbidden() -> str:
    """A bare refusal."""
    return document("en", "<title>403 Forbidden</title>", "<center><h1>403 Forbidden</h1></center><hr>nginx")
