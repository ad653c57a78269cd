"""Pages that stand before a page, as products and home-made gates write them: what each is, in our own words."""

from __future__ import annotations

from dataclasses import dataclass, field

FORBIDDEN, BUSY, ACCEPTED = 403, 503, 202


@dataclass(frozen=True, slots=True)
class GatePage:
    """An answer."""

    verdict: str
    html: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def page(body: str, *, title: str = "", head: str = "", lang: str = "en") -> str:
    """A whole page around a body."""
    top = (f"<title>{title}</title>" if title else "") + head
    return f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">{top}</head><body>{body}</body></html>'


def script(code: str) -> str:
    """An inline script."""
    return f"<script>{code}</script>"


_SET = "document.cookie = 'gate=' + (7 * 6) + '; path=/';"
_LOOP_IMAGE = '<img src="/spinner.gif" alt="">'

JS_GATES: dict[str, GatePage] = {
    "cookie and reload, 503": GatePage("js_gate", page(script(f"{_SET} location.reload();")), BUSY),
    "cookie and reload after a while": GatePage(
        "js_gate",
        page(
            "<h1>Checking your browser before you enter</h1><p>This takes a few seconds.</p>"
            + script(f"setTimeout(function(){{ {_SET} window.location.reload(true); }}, 900);"),
            title="One moment",
        ),
        BUSY,
    ),
    "cookie and href": GatePage("js_gate", page(script(f"{_SET} window.location.href = '/threads/1/?v=2';"))),
    "cookie and replace, Arabic": GatePage(
        "js_gate",
        page(f"<p>يرجى الانتظار</p>{script(_SET + 'location.replace(location.href)')}", title="المنتدى", lang="ar"),
    ),
    "cookie in brackets": GatePage(
        "js_gate", page(script("document['cookie']='t='+Date.now();setTimeout('location.reload()',10)"))
    ),
    "cookie store": GatePage("js_gate", page(script("cookieStore.set('k', '1').then(() => location.reload())"))),
    "cookie and history": GatePage("js_gate", page(script(f"{_SET} history.go(0)")), FORBIDDEN),
    "cookie and a form": GatePage(
        "js_gate",
        page(
            '<form id="f" method="post" action="/check"><input type="hidden" name="a" value="9"></form>'
            + script(f"{_SET} document.getElementById('f').submit();")
        ),
        BUSY,
    ),
    "decrypted cookie": GatePage(
        "js_gate",
        page(
            '<script src="/aes.js"></script>'
            + script(
                "function toNumbers(d){return d.match(/../g).map(x=>parseInt(x,16))}"
                "document.cookie='__t='+toHex(slowAES.decrypt(toNumbers('ab'),2,a,b));location.href='/?i=1';"
            )
            + "<noscript>This site requires Javascript to work, please enable Javascript in your browser</noscript>"
        ),
    ),
    "written by eval": GatePage("js_gate", page(script("eval(atob('bG9jYXRpb24ucmVsb2FkKCk='))")), FORBIDDEN),
    "written by char codes": GatePage(
        "js_gate", page(script("var s=String.fromCharCode(100,111,99);new Function(s)()")), BUSY
    ),
    "old kind of browser check": GatePage(
        "js_gate",
        page(
            "<h1>Checking your browser before accessing forum.example.</h1><p>Please allow up to 5 seconds</p>"
            '<form id="challenge-form" action="/cdn-cgi/l/chk_jschl"><input type="hidden" name="jschl_vc"></form>'
            + script("var a=function(){};a.value=+((!+[]+!![]));var f='jschl-answer';"),
            title="Just a moment...",
        ),
        BUSY,
    ),
    "guard's own script": GatePage(
        "js_gate",
        page(
            '<h1>Checking your browser</h1><script src="/.well-known/ddos-guard/js-challenge/index.js"></script>',
            title="DDOS-GUARD",
        ),
        FORBIDDEN,
    ),
    "firewall's cookie": GatePage(
        "js_gate",
        page(
            script("var s={};e='sucuri_cloudproxy_uuid_1=';document.cookie=e+'x';location.reload()"),
            title="You are being redirected...",
        ),
    ),
    "silent action of a firewall": GatePage("js_gate", "", ACCEPTED, {"x-amzn-waf-action": "challenge"}),
    "script of a firewall": GatePage(
        "js_gate",
        page(
            '<div id="c"></div><script src="https://t.token.awswaf.com/t/challenge.js"></script>'
            + script("AwsWafIntegration.getToken().then(() => window.location.reload(true));")
        ),
        ACCEPTED,
    ),
    "resource script": GatePage(
        "js_gate", page('<script src="/_Incapsula_Resource?SWJIYLWA=719d3"></script>', head='<meta name="robots">')
    ),
    "meta refresh with a cookie": GatePage(
        "js_gate", page(script(_SET), head='<meta http-equiv="refresh" content="1">'), BUSY
    ),
    "meta refresh to itself, Arabic": GatePage(
        "js_gate",
        page("<p>سيتم تحويلك بعد لحظات</p>", head='<meta http-equiv="Refresh" content="2; url=?c=1">', lang="ar"),
    ),
    "empty root": GatePage(
        "js_gate",
        page(
            '<div id="root"></div><script type="module" src="/assets/index-4f.js"></script>', title="المنتدى", lang="ar"
        ),
    ),
    "root that says loading": GatePage(
        "js_gate", page('<div id="app"><p>Loading…</p></div><script src="/js/app.1a.js"></script>', title="Forum")
    ),
    "shell with noscript": GatePage(
        "js_gate",
        page(
            "<noscript>You need to enable JavaScript to run this app.</noscript>"
            '<div id="root"></div><script src="/static/js/main.js"></script>',
            title="News",
        ),
    ),
    "shell with a foot": GatePage(
        "js_gate",
        page(
            '<header>Harbour Gazette</header><main id="__next"></main><footer><a href="/about">About us</a> '
            '<a href="/terms">Terms</a></footer><script src="/_next/static/chunks/main.js" defer></script>',
            title="Harbour Gazette",
        ),
    ),
    "shell filled by fetch": GatePage(
        "js_gate",
        page(
            '<div id="content"></div>' + script("fetch('/api/page').then(r=>r.text()).then(t=>{content.innerHTML=t})")
        ),
    ),
    "custom elements": GatePage(
        "js_gate", page('<app-root></app-root><script src="/runtime.js"></script>', title="موقع الأخبار", lang="ar")
    ),
    "wants scripts, Arabic": GatePage(
        "js_gate",
        page("<h1>يرجى تفعيل جافا سكريبت</h1><p>يتطلب هذا الموقع تشغيل الجافاسكربت في متصفحك.</p>", lang="ar"),
    ),
    "wants scripts": GatePage(
        "js_gate",
        page("<p>JavaScript is required to view this site. Turn it on and load the page again.</p>"),
        FORBIDDEN,
    ),
    "checks the connection, Arabic": GatePage(
        "js_gate",
        page(f"<h2>جاري التحقق من متصفحك</h2><p>لن يستغرق هذا سوى ثوان.</p>{script('go(token)')}", lang="ar"),
        BUSY,
    ),
}

CHALLENGES: dict[str, GatePage] = {
    "managed": GatePage(
        "challenge",
        page(
            '<div class="main-wrapper"><h1>forum.example</h1><h2>Performing security verification</h2>'
            "<noscript>Enable JavaScript and cookies to continue</noscript></div>"
            + script("window._cf_chl_opt={cvId:'3',cType:'managed'};var a=document.createElement('script');"),
            title="Just a moment...",
        ),
        FORBIDDEN,
        {"CF-Mitigated": "challenge"},
    ),
    "managed, saved without headers": GatePage(
        "challenge",
        page(
            f"<noscript>Enable JavaScript</noscript>{script('window._cf_chl_opt = {}')}",
            title="لحظة من فضلك",
            lang="ar",
        ),
        FORBIDDEN,
    ),
    "turnstile": GatePage(
        "challenge",
        page(
            '<form method="post"><h1>Before you enter</h1><div class="cf-turnstile" data-sitekey="0x4"></div></form>'
            '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>'
        ),
    ),
    "turnstile that reloads": GatePage(
        "challenge",
        page(
            '<div id="w"></div><script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>'
            + script("turnstile.render('#w',{callback:t=>{document.cookie='t='+t;location.reload()}})")
        ),
        BUSY,
    ),
    "recaptcha": GatePage(
        "challenge",
        page(
            "<h1>Are you a human?</h1><form><div class='g-recaptcha'></div><button>Go on</button></form>"
            "<script src='https://www.google.com/recaptcha/api.js'></script>"
        ),
        FORBIDDEN,
    ),
    "hcaptcha, Arabic": GatePage(
        "challenge",
        page(
            '<h1>التحقق الأمني</h1><p>أكد أنك لست روبوت</p><div class="h-captcha"></div>'
            '<script src="https://js.hcaptcha.com/1/api.js"></script>',
            lang="ar",
        ),
    ),
    "frame of a captcha": GatePage(
        "challenge", page('<iframe src="https://geo.captcha-delivery.com/captcha/?cid=1"></iframe>'), FORBIDDEN
    ),
    "device check": GatePage(
        "challenge",
        page(
            "<p>Please enable JS and disable any ad blocker</p>"
            + script("var dd={'host':'geo.captcha-delivery.com'}")
            + '<script src="https://ct.captcha-delivery.com/c.js"></script>'
        ),
        FORBIDDEN,
    ),
    "press and hold": GatePage(
        "challenge",
        page(
            '<h1>Press &amp; Hold to confirm you are a human (and not a bot).</h1><div id="px-captcha"></div>'
            + script("window._pxAppId='PX1';var c='px-captcha';"),
            title="Access to this page has been denied",
        ),
        FORBIDDEN,
    ),
    "letters in a picture": GatePage(
        "challenge",
        page(
            "<h4>Type the characters you see in this image</h4><form><img src='/captcha/x.jpg'>"
            "<input name='field-keywords'><button>Continue</button></form>",
            title="Robot Check",
        ),
    ),
    "letters in a picture, Arabic": GatePage(
        "challenge",
        page("<h1>أدخل الأحرف الظاهرة في الصورة</h1><form><img src='/c.png'><input name='c'></form>", lang="ar"),
        BUSY,
    ),
    "box to tick, Arabic": GatePage(
        "challenge", page("<h1>تحقق من أنك إنسان</h1><label><input type=checkbox> أنا لست روبوت</label>", lang="ar")
    ),
    "firewall's puzzle": GatePage("challenge", page(script("window.gokuProps = {key: 'x'}")), 405, {}),
    "firewall's header": GatePage("challenge", "<html></html>", 405, {"x-amzn-waf-action": "captcha"}),
}

BLOCKS: dict[str, GatePage] = {
    "bare": GatePage(
        "blocked",
        "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1>"
        "</center><hr><center>nginx</center></body></html>",
        FORBIDDEN,
    ),
    "nothing": GatePage("blocked", "", FORBIDDEN),
    "edge": GatePage(
        "blocked",
        page(
            '<h1>Access Denied</h1>You don\'t have permission to access "http://x" on this server.<p>Reference #18.2',
            title="Access Denied",
        ),
        FORBIDDEN,
    ),
    "firewall rule": GatePage(
        "blocked",
        page(
            "<h1>Sorry, you have been blocked</h1><h2>You are unable to access forum.example</h2>"
            "<p>This site uses a security service. The action you took set it off.</p><p>Ray ID 7a9</p>"
            + script("(function(){document.getElementById('e')})()"),
            title="Attention Required!",
        ),
        FORBIDDEN,
    ),
    "firewall rule, 200": GatePage("blocked", page("<h1>Error 1020</h1><p>Access denied</p>", title="Access denied")),
    "incident": GatePage(
        "blocked",
        page('<iframe src="/_Incapsula_Resource?CWUDNSAI=9">x</iframe>Request unsuccessful. Incapsula incident ID: 4'),
    ),
    "Arabic": GatePage(
        "blocked", page("<h1>تم حظر الوصول</h1><p>عنوانك محظور من دخول الموقع.</p>", lang="ar"), FORBIDDEN
    ),
    "Arabic, 200": GatePage("blocked", page("<h1>الوصول مرفوض</h1>", title="خطأ", lang="ar")),
    "country": GatePage("blocked", page("<h1>This content is not available in your country</h1>"), 451),
}

WALLS: dict[str, GatePage] = {
    "consent": GatePage(
        "consent",
        page(
            "<h1>Before you continue</h1><p>We use cookies and data to deliver our services.</p>"
            "<form action='/save'><button>Accept all</button><button>Reject all</button></form>"
        ),
    ),
    "consent, Arabic": GatePage(
        "consent",
        page(
            "<h1>نحترم خصوصيتك</h1><p>نستخدم نحن وشركاؤنا ملفات تعريف الارتباط.</p><form><button>أوافق</button></form>",
            lang="ar",
        ),
    ),
    "consent by script": GatePage(
        "consent",
        page("<p>Choose below.</p><button id=y>Yes</button>" + script("y.onclick=()=>save()"), title="Cookie settings"),
    ),
    "login": GatePage("login", page("<h1>Log in</h1><form><input name=u><input type=password name=p></form>")),
    "login, Arabic, guarded": GatePage(
        "login",
        page("<h1>تسجيل الدخول</h1><form><input name=u><input type=password><div class='g-recaptcha'></div></form>"),
        FORBIDDEN,
    ),
    "basic": GatePage("login", "<h1>401</h1>", 401, {"WWW-Authenticate": 'Basic realm="forum"'}),
}
GATES = {
    f"{kind}: {name}": each
    for kind, group in (("js", JS_GATES), ("challenge", CHALLENGES), ("block", BLOCKS), ("wall", WALLS))
    for name, each in group.items()
}
