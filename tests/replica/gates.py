"""Gates that a server puts before its pages: what a browser opens, what it does not, and what is bad for it."""

from __future__ import annotations

from itertools import count

from aiohttp import web

from tests.replica.answers import Answer, html
from tests.replica.news import refusals

GATES = ("open", "cookie", "shell", "refresh", "returning", "agent", "endless", "person", "crash", "hang")
"""How a server meets who asks for a page.

cookie: 503 and a script that sets a cookie and loads again; shell: 200 and a script that fetches the content; refresh:
a script computes a cookie and a meta element loads again; returning: as cookie, after each `EVERY` pages anew; agent:
as cookie, for the User-Agent that opened it; endless: as cookie, which is never enough; person: a managed challenge;
crash: the first `BAD` times the script uses up the memory of its page, then as cookie; hang: as crash, by a loop.
"""
EVERY = 100
BAD = 2
_FACTOR, _MODULUS = 7919, 1_000_003
_SET = "const n={number};document.cookie='gate='+n+'.'+(n*{factor}%{modulus})+'; path=/';"
_RELOAD = "setTimeout(()=>location.reload(),50);"
_FILL = (
    "fetch(location.href,{headers:{'X-Content':'1'}}).then(r=>r.text()).then(t=>{"
    "const d=new DOMParser().parseFromString(t,'text/html'),e=document.documentElement;"
    "for(const a of d.documentElement.attributes)e.setAttribute(a.name,a.value);"
    "document.head.innerHTML=d.head.innerHTML;document.body.replaceWith(d.body)})"
)
_BAD = {"crash": "const a=[];while(true)a.push(new Array(1e6).fill(Math.random()))", "hang": "while(true){}"}


class Gates:
    """One server's gate."""

    def __init__(self, kind: str = "open") -> None:
        self.set(kind)

    def set(self, kind: str) -> None:
        """Another gate from now on; who has passed the last one has not passed this one. Raises ValueError."""
        if kind not in GATES:
            raise ValueError(f"there is no gate {kind!r}; known: {', '.join(GATES)}")
        self.kind = kind
        self._numbers = count(1)
        self._passed: dict[int, tuple[str, int]] = {}  # number to the agent that was given it, and pages it has had
        self._bad = BAD

    def stand_before(self, request: web.BaseRequest, answer: Answer) -> Answer | None:
        """What is answered instead, None where the page is. Robots.txt is behind cookies too, files are not."""
        if self.kind == "open" or answer.kind in ("asset", "picture"):
            return None
        if self.kind == "shell":
            return self._shell(request, answer)
        if self.kind == "person":
            return html("gate", refusals.challenge(), 403)
        return None if self._admits(request) else self._gate(request)

    def _shell(self, request: web.BaseRequest, answer: Answer) -> Answer | None:
        if "X-Content" in request.headers or not answer.is_page:
            return None
        return _page("<title>forum</title>", f'<div id="app"></div><script>{_FILL}</script>', 200)

    def _gate(self, request: web.BaseRequest) -> Answer:
        number = next(self._numbers)
        self._passed[number] = (request.headers.get("User-Agent", ""), 0)
        sets = _SET.format(number=number, factor=_FACTOR, modulus=_MODULUS)
        if self.kind == "refresh":
            return _page('<meta http-equiv="refresh" content="0">', f"<script>{sets}</script>", 200)
        if self.kind in _BAD and self._bad:
            self._bad -= 1
            return _page("", f"<script>setTimeout(()=>{{{_BAD[self.kind]}}},10)</script>", 503)
        return _page("<title>Checking</title>", f"<p>Please wait</p><script>{sets}{_RELOAD}</script>", 503)

    def _admits(self, request: web.BaseRequest) -> bool:
        number, _, answer = _cookie(request).partition(".")
        if self.kind == "endless" or not number.isdigit() or answer != str(int(number) * _FACTOR % _MODULUS):
            return False
        agent, pages = self._passed.get(int(number), ("", -1))
        if pages < 0 or (self.kind == "agent" and agent != request.headers.get("User-Agent", "")):
            return False
        if self.kind == "returning" and pages >= EVERY:
            return False
        self._passed[int(number)] = (agent, pages + 1)
        return True


def _page(head: str, body: str, status: int) -> Answer:
    text = f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    answer = html("gate", text, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _cookie(request: web.BaseRequest) -> str:
    pairs = (pair.strip().split("=", 1) for pair in request.headers.get("Cookie", "").split(";") if "=" in pair)
    return dict(pairs).get("gate", "")
