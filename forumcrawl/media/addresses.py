"""Where a picture of a post is asked for, in which order, and what is said of the page that shows it."""

from __future__ import annotations

from urllib.parse import urlsplit

from forumcrawl.text import urls


def candidates(url: str, proxy_url: str | None = None) -> list[str]:
    """Addresses to try, in order: the original, then the forum's copy of it. None that is no http address, none twice.

    `url` may itself be the forum's proxy ("/proxy.php?image=…"): then what it wraps comes first.
    """
    given = (urls.unwrap(url), url, proxy_url)
    joined = (urls.join(None, each) for each in given if each is not None)
    return list(dict.fromkeys(each.partition("#")[0] for each in joined if each is not None))


def referer_for(url: str, page_url: str) -> str | None:
    """What to send as Referer for a picture at `url` of the page at `page_url`; None for nothing.

    The page's address within its own site, only its origin to others, and nothing from https to http:
    "strict-origin-when-cross-origin" of the W3C's Referrer Policy, which browsers follow.
    """
    page = urls.join(None, page_url)
    if page is None or urls.join(None, url) is None or (_scheme(page) == "https" and _scheme(url) == "http"):
        return None
    parts = urlsplit(page)
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if urls.host_key(url) != urls.host_key(page):
        return f"{origin}/"
    return f"{origin}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


def _scheme(url: str) -> str:
    return urlsplit(url.strip()).scheme
