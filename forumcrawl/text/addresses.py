"""Addresses of articles and their pictures: one form for an article, and addresses that a forum shows cut."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

from forumcrawl.text.urls import split

_PREFIX = re.compile(r"(?:www|m|amp|mobile)\.(?!(?:com?|net|org|gov|edu|ac)\.[a-z]{2}$)(?=[^.]+\.)")
"""What a host may have before the site's own name; not where the rest would be no site ("m.co.uk")."""
_AMP_CACHE = re.compile(r"(?:.+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)|(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?")
_CACHED = re.compile(r"/(?:c|v|amp)/(?:s/)?([^/]+\.[^/]+)(.*)", re.DOTALL)
_AMP_FIRST = re.compile(r"^(?:/amp)+(?=/.)")
_AMP_LAST = {"/amp": "", "/amp.html": "", ".amp": "", ".amp.html": ".html"}
_SLASHES = re.compile(r"(?<!:)/{2,}")
_TRACKING = re.compile(
    r"(?:utm|mc|at|pk|mtm|hsa|stm|ga|itm|wt|amp)_\w+|_ga|_gl|_hs\w+|__twitter_impression|usqp"
    r"|(?:fb|g|dc|ms|yc|tt|tw|ys)clid|fb_\w+|igshid|igsh|gbraid|wbraid|yclid|xtor|ocid|cmpid|icid|ncid|sfnsn|mibextid"
    r"|ns_(?:campaign|mchannel|source|linkname|fee)|ref_src|ref_url|spm|smid|feature=youtu\.be|amp(?:=(?:1|true)?)?"
    r"|ref=(?:rss|tw|twitter|fb|facebook|telegram|whatsapp|share|social|home|app|mobile)|(?:outputtype|output|layout)=amp",
    re.IGNORECASE,
)
"""A parameter's name, or its name and value, that says how a reader came and not what is read."""
_ESCAPE = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+|%[0-7][0-9A-Fa-f]|%|[^\w/!$&'()*+,;=:@.~?%-]+", re.ASCII)
_TWICE = re.compile(r"(?:%(?:25)+[89A-F][0-9A-F])+", re.IGNORECASE)
_PLAIN = re.compile(r"[\w.~!$'()*,;:@-]", re.ASCII)
_UUID = re.compile(r"(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])", re.IGNORECASE)
_TAIL = 16
_LEAST_TAIL = 8
_MARKS = dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Marks of writing direction, which stand around an address in Arabic text."""
_ADDRESS = r"(?=https?://[^\s/?#]{3}|www\.[^\s/?#]{3})"
_CUT_BY_XENFORO = re.compile(rf"{_ADDRESS}(\S{{35}})\.\.\.(\S{{45}})", re.IGNORECASE)
_CUT = re.compile(rf"{_ADDRESS}([^\s…]{{8,150}}?)(?:\.\.\.|…)([^\s…]{{8,150}})", re.IGNORECASE)
_HALF = re.compile("^[0-9A-F]{1,2}(?=.*%[89A-F])|%[0-9A-F]?$", re.IGNORECASE)


@lru_cache(maxsize=1 << 12)  # an item's key is asked for many times
def article_address(url: str) -> str:
    """The one address of an article whatever form a link to it has; the identity of the article, and a valid URL.

    https without www., without what a mobile or AMP form adds, tracking parameters, a fragment, a port 80 or 443 and a
    "/" at the end (the root has one); other parameters stay in their order, a "-" at the end stays. Escapes are
    UTF-8 in capitals, also where they were escaped twice. What is no http address comes back stripped. Idempotent.
    """
    parts = _parts(url)
    if parts is None:
        return url.strip()
    host, path, query = parts
    return f"https://{host}{path}{query and '?' + query}"


def site_of(url: str) -> str:
    """host[:port] of the site of an address, as `article_address` writes it; "" where there is none."""
    parts = _parts(url)
    return "" if parts is None else parts[0]


def _parts(url: str) -> tuple[str, str, str] | None:
    """Host with port, path and query of `article_address`."""
    found = split(url.strip())
    if found is None or found[0] not in ("http", "https"):
        return None
    host, path = found[1].rpartition("@")[2].lower(), found[2]
    while _AMP_CACHE.fullmatch(host) and (inner := _CACHED.fullmatch(path)):
        host, path = inner[1].lower(), inner[2]
    host = _host(host)
    return (host, _path(path), _query(found[3])) if host else None


def _host(host: str) -> str:
    host = re.sub(r"\.?(?::(?:80|443)?)?$", "", host)
    while prefix := _PREFIX.match(host):
        host = host[prefix.end() :]
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:  # no name that a site can have
            return host
    return host


def _path(path: str) -> str:
    return _without_amp(_AMP_FIRST.sub("", _SLASHES.sub("/", _escaped(path)))) or "/"


def _without_amp(path: str) -> str:
    """`path` without what AMP adds to its end, and without "/" there."""
    path = path.rstrip("/")
    while (ending := next((each for each in _AMP_LAST if path.endswith(each) and path != each), None)) is not None:
        path = (path.removesuffix(ending) + _AMP_LAST[ending]).rstrip("/")
    return path


def _query(query: str) -> str:
    pairs = (_escaped(pair.removeprefix("amp;")) for pair in query.split("&"))
    return "&".join(pair for pair in pairs if pair and not _is_tracking(pair))


def _is_tracking(pair: str) -> bool:
    return _TRACKING.fullmatch(pair) is not None or _TRACKING.fullmatch(pair.partition("=")[0]) is not None


def _escaped(text: str) -> str:
    """Escapes in one form: capitals, UTF-8, once, and only where a character must be escaped."""
    if _ESCAPE.search(text) is None:
        return text
    return _TWICE.sub(_escaped_once, _ESCAPE.sub(_escape, text))


def _escape(found: re.Match[str]) -> str:
    given = found[0]
    if given[0] != "%" or given == "%":
        return quote(given, safe="", errors="surrogatepass")
    character = chr(int(given[1:3], 16))
    return character if _PLAIN.fullmatch(character) else given.upper()


def _escaped_once(found: re.Match[str]) -> str:
    once = re.sub("%(?:25)+", "%", found[0])
    return found[0] if "\ufffd" in unquote(once) else once


def image_uuid(text: str) -> str | None:
    """The UUID, in small letters, in a picture's address, file name or alternative text; the last of several.

    At Al Arabiya and its sister sites it is the picture's identity whatever its size:
    ".../<uuid>/<uuid>_16x9_1200x676.jpg". None without one, and for the UUID of noughts.
    """
    found = [each.lower() for each in _UUID.findall(unquote(text))]
    return next((each for each in reversed(found) if each.strip("0-")), None)


def tail_of(url: str) -> str | None:
    """The last 16 characters of an address's decoded path and query, by which one that was cut is looked up.

    Of `article_address`, so every form of a link has the same. None where there are fewer: such a link is not cut.
    """
    parts = _parts(url)
    return None if parts is None else _last(unquote(parts[1] + (parts[2] and "?" + parts[2])))


def cut_tail(shown: str) -> str | None:
    """`tail_of` the address that `shown` was cut from; None where it is no cut address or shows too little."""
    cut = cut_address(shown)
    return None if cut is None else _last(_clean_tail(cut.tail))


def _last(text: str) -> str | None:
    return text[-_TAIL:] if len(text) >= _TAIL else None


@dataclass(frozen=True, slots=True)
class CutAddress:
    """What is left of an address that was shown cut in the middle, as it was shown."""

    head: str
    """From the scheme or "www." to the cut."""
    tail: str
    """From the cut to the end."""


def cut_address(shown: str) -> CutAddress | None:
    """The ends of an address shown as "https://host/begin...end"; None for any other text.

    XenForo shows an address of more than 100 characters, decoded, as its first 35, "..." and its last 45.
    """
    text = shown.translate(_MARKS).strip()
    found = _CUT_BY_XENFORO.fullmatch(text) or _CUT.fullmatch(text)
    return None if found is None else CutAddress(found[1], found[2])


def matches(cut: CutAddress, url: str) -> bool:
    """Whether `cut` can be what is shown of `url`, both in any of the forms that `article_address` makes one.

    A character that the cut halved is left out; False where less than eight characters of the end are left.
    """
    parts = _parts(url)
    if parts is None:
        return False
    head = _site_first(_without_halves(cut.head))
    cleaned = parts[0] + unquote(parts[1] + (parts[2] and "?" + parts[2]))
    as_shown = _site_first(unquote(_escaped(url.strip())))
    return _has_ends(cleaned, head, _clean_tail(cut.tail)) or _has_ends(as_shown, head, _without_halves(cut.tail))


def _has_ends(whole: str, head: str, tail: str) -> bool:
    fits = len(tail) >= _LEAST_TAIL and len(head) + len(tail) <= len(whole)
    return fits and whole.startswith(head) and whole.endswith(tail)


def _site_first(address: str) -> str:
    """An address, whole or its first part, without scheme and all that `article_address` leaves out up to the path."""
    address = re.sub("^https?://", "", address, flags=re.IGNORECASE)
    host, slash, path = address.partition("/")
    host = _host(host.lower()) if slash else host.lower().removeprefix("www.")
    return host + _AMP_FIRST.sub("", _SLASHES.sub("/", slash + path))


def _clean_tail(tail: str) -> str:
    """The end of an address without tracking, fragment and AMP's suffix, decoded."""
    tail = tail.partition("#")[0]
    mark = "?" if "?" in tail else "&"
    path, _, query = tail.partition(mark)
    query = _query(query)
    return _without_halves(f"{path}{mark}{query}" if query else _without_amp(path))


def _without_halves(part: str) -> str:
    """A part of an address decoded, without the halves of characters and of escapes at its edges."""
    return unquote(_escaped(_HALF.sub("", part))).strip("\ufffd")
