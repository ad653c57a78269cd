"""Addresses: the forum's key, canonical forms, and what a forum wraps around links and pictures."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from urllib.parse import parse_qs, unquote, urljoin, urlsplit, urlunsplit

_DEFAULT_PORT = {"http": 80, "https": 443}
_PLAIN = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,4})?(?=[/?#]|$)")
"""Scheme and host of an address that needs no further look."""
_CLIMBING = re.compile(r"(?:\.\./)+(?!\.)(?![^?]*/\.)[^?#:/][^?#:]*(?:\?[^#]*)?")
_BASE64_ROUTES = ("/goto/link-confirmation", "/redirect")


def split(url: str) -> tuple[str, str, str, str, str] | None:
    """`urlsplit` that gives None for what is no address, instead of raising."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises on a port that is none
    except ValueError:
        return None
    return parts.scheme, parts.netloc, parts.path, parts.query, parts.fragment


def host_key(url: str) -> str:
    """host[:port] without www., user and a port that is the scheme's own; '' where there is none."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    if ":" in host:
        host = f"[{host}]"
    return host if port is None or port == _DEFAULT_PORT.get(parts.scheme) else f"{host}:{port}"


def is_loopback(url: str) -> bool:
    """Whether an address names this machine."""
    return re.fullmatch(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?", host_key(url)) is not None


def forum_key(url: str, base_path: str = "/") -> str:
    """The forum's key: host[:port][/base path]. www., http and https do not split one forum."""
    return host_key(url) + base_path.rstrip("/")


def in_forum(url: str, forum: str) -> bool:
    """Whether `url` lies in the forum with this key."""
    parts = split(url)
    if parts is None or parts[0] not in _DEFAULT_PORT:
        return False
    path = parts[2]
    if "/." in path or "%2e" in path.lower():
        path = posixpath.normpath(unquote(path))
    return unquote(f"{host_key(url)}{path}/").startswith(unquote(f"{forum}/"))


def join(base: str | None, href: str) -> str | None:
    """Absolute http(s) address of `href` on a page at `base`, or None where there is none."""
    href = href.strip()
    if _PLAIN.match(href):
        return href
    if base is not None and href[:1] == "/" and href[1:2] != "/" and (origin := _PLAIN.match(base)):
        return origin[0] + href
    if base is not None and _CLIMBING.fullmatch(href) and (origin := _PLAIN.match(base)):
        return _climb(origin[0], base, href)
    if not href.startswith(("http://", "https://")):
        if base is None or not href or href.startswith(("javascript:", "data:", "mailto:", "#")):
            return None
        try:
            href = urljoin(base, href)
        except ValueError:
            return None
    parts = split(href)
    if parts is None or parts[0] not in _DEFAULT_PORT or not parts[1]:
        return None
    return href


def _climb(origin: str, base: str, href: str) -> str:
    """`urljoin` for a plain relative path, which saved pages are full of, without its cost."""
    folder = base[len(origin) :].partition("#")[0].partition("?")[0].rpartition("/")[0]
    while href.startswith("../"):
        href = href[3:]
        folder = folder.rpartition("/")[0]
    return f"{origin}{folder}/{href}"


def canonical(url: str) -> str:
    """Lower-case scheme and host, no default port, no fragment; path and query as the site writes them."""
    parts = split(url)
    if parts is None:
        return url
    scheme, netloc, path, query, _ = parts
    netloc = netloc.lower()
    port = _DEFAULT_PORT.get(scheme.lower())
    return urlunsplit((scheme.lower(), netloc.removesuffix(f":{port}"), path or "/", query, ""))


def unwrap(url: str) -> str | None:
    """What a forum's image proxy, link proxy or redirect page leads to; None when `url` is no wrapper.

    XenForo: /proxy.php?image=<enc> and ?link=<enc>, /goto/link-confirmation?url=<base64>; a common
    add-on: /redirect/?to=<base64>.
    """
    if "?" not in url:
        return None
    parts = split(url)
    if parts is None:
        return None
    route, query = parts[2].rstrip("/"), parts[3]
    if route.endswith("index.php"):  # friendly addresses switched off: index.php?route&name=value
        first, _, query = query.partition("&")
        route = "/" + first.strip("/")
    if route.endswith("/proxy.php"):
        given = parse_qs(query)
        return _address((given.get("image") or given.get("link") or [""])[0])
    if route.endswith(_BASE64_ROUTES):
        given = parse_qs(query)
        wrapped = (given.get("url") or given.get("to") or [""])[0]
        return _address(wrapped) or _address(_decoded(wrapped))
    return None


def _decoded(text: str) -> str:
    padded = text.replace(" ", "+") + "=" * (-len(text) % 4)
    try:
        return base64.b64decode(padded, altchars=b"-_" if re.search("[-_]", text) else None).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _address(text: str) -> str | None:
    return text if text.startswith(("http://", "https://")) else None


def thread_base(url: str, thread_id: int) -> str | None:
    """The first-page address in any address of a thread: everything up to "<id>/". None where it is not there.

    Works by structure, so that renamed routes, index.php?threads/… and any slug do: the id stands after
    a dot or alone as a whole path segment.
    """
    address = unquoted_dots(url)
    origin = _PLAIN.match(address)
    start = origin.end() if origin else 0
    places = [found.end() for found in re.finditer(rf"[./?]{thread_id}(?=/|$|[?#&])", address[start:])]
    return f"{address[: start + places[-1]]}/" if places else None  # a base path may hold the number too


def unquoted_dots(url: str) -> str:
    """`url` with percent-encoded dots and slashes of a saved index.php?threads%2F… written plainly."""
    return re.sub(r"%(?:2[EeFf])", lambda found: unquote(found[0]), url) if "%2" in url else url


def base_path_of_link(url: str) -> str:
    """Base path of a forum, from the address of one of its boards or threads: the path less "<route>/<slug>.<id>/"."""
    parts = split(url)
    if parts is None:
        return "/"
    path = parts[2]
    if path.endswith("/index.php") and parts[3]:
        return path.removesuffix("index.php")
    return re.sub(r"[^/]+/[^/]+/?$", "", path) or "/"
