"""The forum's own detours: the image proxy and the pages that warn before a link leads away."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5
from urllib.parse import quote

from tests.replica.urls import Urls


def token(text: str) -> str:
    """The hash XenForo puts beside a proxied address."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def proxied(urls: Urls, url: str) -> str:
    """The image proxy's path for an image."""
    return urls.file(f"proxy.php?image={quote(url, safe='')}&hash={token(url)}")


def wrapped(urls: Urls, url: str, wrap: str) -> str:
    """A link's href: the address itself, or through the page named by `wrap`."""
    if not wrap:
        return url
    code = b64encode(url.encode()).decode()
    if wrap == "confirmation":
        return urls.route("goto/link-confirmation", f"url={quote(code, safe='')}&s={token(url)}")
    return urls.route("redirect/", f"to={quote(code, safe='')}")
