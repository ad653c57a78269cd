"""Is an answer the page, or something that stands before it? Told by structure and by the marks of known products."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from forumcrawl.gate.face import Face, face_of
from forumcrawl.gate.marks import (
    BLOCKED,
    CAPTCHA_FRAME,
    CONSENT,
    HIDDEN_SCRIPT,
    HUMAN,
    LOADS_AGAIN,
    MANAGED,
    NEEDS_SCRIPT,
    SAVES_COOKIE,
    SCRIPT_GATE,
    SETS_COOKIE,
    WAITING,
)

_LARGEST = 1_000_000  # bytes that are looked at
_FULL_WORDS, _FULL_LINKS = 150, 20
"""From so many words or links on a page is one, whatever it mentions or embeds."""
_LEAST, _FEW, _SOME, _LONG = 4, 15, 60, 300
_FORUM = re.compile(rb"<html[^>]{0,2000}\sdata-template=[\"']([\w-]+)", re.IGNORECASE)
_PAGE = re.compile(rb"<html[^>]{0,2000}\sid=[\"']XF[\"']|class=[\"'][^\"'>]{0,200}\bp-(?:body|pageWrapper|header)")
_REFUSING = (401, 403, 406, 429, 451, 503)
_LOOSE = frozenset({0, 200, 202, *_REFUSING})
"""Statuses at which a page without known marks may be a gate; others, as 404 and 500, speak for themselves."""


class Verdict(StrEnum):
    """What an answer is."""

    OPEN = "open"
    """What was asked for, or what its own site says instead."""
    JS_GATE = "js_gate"
    """A script has to run: it sets a cookie, loads the page again, or brings its content."""
    CHALLENGE = "challenge"
    """A person is asked for."""
    BLOCKED = "blocked"
    CONSENT = "consent"
    LOGIN = "login"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict, and by what it was known in one line."""

    verdict: Verdict
    reason: str = ""


_OPEN = Finding(Verdict.OPEN)


def detect(status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
    """What an answer is. `status` is HTTP's, 0 for a saved page; header names in any case; `body` decompressed."""
    return examine(status, headers, body).verdict


def examine(status: int, headers: Mapping[str, str], body: bytes) -> Finding:
    """As `detect`, with the reason."""
    said = {name.lower(): value.lower() for name, value in headers.items()}
    if (found := _by_headers(status, said)) is not None:
        return found
    if not _is_html(said, body):
        return _bare(status, said, body)
    if (forum := _FORUM.search(body[:5_000])) is not None and _PAGE.search(body) is not None:
        return Finding(Verdict.LOGIN, "the forum's login page") if forum[1] == b"login" else _OPEN
    face = face_of(body[:_LARGEST])
    return _judge(face, status, said)


def _by_headers(status: int, said: Mapping[str, str]) -> Finding | None:
    if said.get("cf-mitigated") == "challenge":
        return Finding(Verdict.CHALLENGE, "header cf-mitigated")
    action = said.get("x-amzn-waf-action")
    if action in ("captcha", "challenge"):
        return Finding(Verdict.CHALLENGE if action == "captcha" else Verdict.JS_GATE, "header x-amzn-waf-action")
    return Finding(Verdict.LOGIN, "header www-authenticate") if status == 401 and "www-authenticate" in said else None


def _is_html(said: Mapping[str, str], body: bytes) -> bool:
    kind = said.get("content-type", "")
    if kind and "html" not in kind:
        return False
    start = body[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") and not start.startswith((b"<rss", b"<feed", b"<svg")) and b"<rss" not in start[:300]


def _bare(status: int, said: Mapping[str, str], body: bytes) -> Finding:
    """An answer that is no page: only a short refusal says something."""
    if status in (403, 451) and (len(body) < 2_000 or "text/" in said.get("content-type", "")):
        return Finding(Verdict.BLOCKED, f"HTTP {status}")
    return _OPEN


def _judge(face: Face, status: int, said: Mapping[str, str]) -> Finding:
    sure = _wants_consent(face)
    if not sure and (face.words >= _FULL_WORDS or face.links >= _FULL_LINKS or face.article):
        return _OPEN
    scripts = "\n".join((face.scripts, *face.sources))
    if found := (_asks_a_person(face, scripts) or _runs_a_gate(face, scripts, said)):
        return found
    if status not in _LOOSE:
        return _OPEN
    if face.password:
        return Finding(Verdict.LOGIN, "asks for a password")
    if sure:
        return Finding(Verdict.CONSENT, sure)
    return _refuses(face, scripts, status) or _is_a_shell(face, scripts, status) or _OPEN


def _asks_a_person(face: Face, scripts: str) -> Finding | None:
    if (found := MANAGED.search(scripts)) and ("turnstile" in found[0] or not SCRIPT_GATE.search(scripts)):
        return Finding(Verdict.CHALLENGE, found[0][:60])
    if face.password or face.typed > 2:
        return None  # a form that a captcha guards
    widget = face.captcha or any(CAPTCHA_FRAME.search(each) for each in face.sources)
    words = HUMAN.search(face.said()) or HUMAN.search(face.unscripted)
    if widget and (words or face.words < _SOME):
        return Finding(Verdict.CHALLENGE, "a captcha and little else")
    return Finding(Verdict.CHALLENGE, words[0]) if words and face.words < 2 * _SOME and _is_plain(face) else None


def _runs_a_gate(face: Face, scripts: str, said: Mapping[str, str]) -> Finding | None:
    if face.words >= 2 * _SOME:
        return None
    if found := SCRIPT_GATE.search(scripts):
        return Finding(Verdict.JS_GATE, found[0][:60])
    sets = SETS_COOKIE.search(face.scripts) or SAVES_COOKIE.search(face.scripts)
    if sets and (LOADS_AGAIN.search(face.scripts) or face.refresh is not None):
        return Finding(Verdict.JS_GATE, "a script sets a cookie and the page loads again")
    if face.refresh is not None and face.words < _SOME and face.links < 5 and not face.password:
        return Finding(Verdict.JS_GATE, "the page loads again by a meta element")
    return None


def _wants_consent(face: Face) -> str:
    """A page whose title or heading asks for consent, and which has buttons to give it; its words, else nothing."""
    if face.article or face.password or not face.buttons or face.words >= _LONG or face.typed > 1:
        return ""
    for said in (face.title, *face.headings[:1]):
        if len(said.split()) <= 12 and (found := CONSENT.search(said)):
            return found[0]
    return ""


def _refuses(face: Face, scripts: str, status: int) -> Finding | None:
    heads = [face.title, *face.headings] if _is_plain(face) else []
    if face.words < _FEW * 2 and _is_plain(face):
        heads.append(face.text)
    for said in heads:
        if len(said.split()) <= 2 * _FEW and (found := BLOCKED.search(said)):
            return Finding(Verdict.BLOCKED, found[0])
    if status in (403, 451) and not _says(NEEDS_SCRIPT, face) and not _says(WAITING, face):
        works = scripts and not face.words
        return None if works else Finding(Verdict.BLOCKED, f"HTTP {status}")
    return None


def _is_a_shell(face: Face, scripts: str, status: int) -> Finding | None:
    """Little to read, and a script, or a word, that says where the rest comes from."""
    if face.links >= 10 or face.words >= _SOME:
        return None
    if found := _says(NEEDS_SCRIPT, face):
        sole = face.words < _SOME / 2 and face.links < 5
        return Finding(Verdict.JS_GATE, found) if sole or face.mount else None
    if not scripts.strip():
        return None
    if found := _says(WAITING, face):
        return Finding(Verdict.JS_GATE, found)
    if status in _REFUSING:
        hidden = HIDDEN_SCRIPT.search(face.scripts) or SETS_COOKIE.search(face.scripts) or not face.words
        return Finding(Verdict.JS_GATE, "a script instead of a page") if hidden and face.words < _FEW else None
    bare = face.words < _LEAST or (face.words < _FEW and not face.headings)
    if face.mount or (bare and face.links < 3 and not face.framed and not face.typed):
        return Finding(Verdict.JS_GATE, "an empty shell that a script fills")
    return None


def _is_plain(face: Face) -> bool:
    return face.links < 8 and face.typed < 2


def _says(pattern: re.Pattern[str], face: Face) -> str:
    found = next(
        (hit for said in (face.title, *face.headings, face.text, face.unscripted) if (hit := pattern.search(said))),
        None,
    )
    return found[0] if found else ""
