"""What a public page names must not make the crawler ask machines of its own network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.defer import maybe_deferred_to_future

from forumcrawl.download.retry import SOURCE

SHOWN_BY = "shown_by"
"""Key in `Request.meta`: the address of the page that names what is asked for."""
_SECONDS = 15.0  # for a name; the download itself waits no longer
Resolve: TypeAlias = Callable[[str], Awaitable[str]]


class PrivateAddress(IgnoreRequest):
    """A page of the public web named an address that only its reader's own network has."""


async def resolved(host: str) -> str:
    """The IP address that the downloader will use too: both ask the same resolver, which remembers its answers."""
    from twisted.internet import reactor  # when it is installed

    answer: Any = reactor.resolve(host)  # type: ignore[arg-type]  # Twisted's interface says otherwise
    return str(await maybe_deferred_to_future(answer))


class PrivateAddressMiddleware:
    """Refuses articles and pictures at private, loopback and link-local addresses, also behind redirects.

    Where the page that names them has such an address itself, as a forum in a company has, they are asked for.
    """

    def __init__(self, resolve: Resolve = resolved) -> None:
        self._resolve = resolve

    async def process_request(self, request: Request) -> None:
        """Raises PrivateAddress for a request that is refused."""
        if not request.meta.get(SOURCE) or not await self._is_private(request.url):
            return
        if not await self._is_private(request.meta.get(SHOWN_BY) or ""):
            raise PrivateAddress(f"{urlsplit(request.url).netloc} is in a private network, and the page naming it not")

    async def _is_private(self, url: str) -> bool:
        """Whether a host has such an address; not one whose name has no address at all."""
        host = urlsplit(url).hostname
        if not host:
            return False
        if (literal := is_private(host)) is not None:
            return literal
        with suppress(Exception):  # the download will say what is wrong with the name
            async with asyncio.timeout(_SECONDS):
                return bool(is_private(await self._resolve(host)))
        return False


def is_private(host: str) -> bool | None:
    """Whether an IP address is none of the public internet's; None for what is no IP address."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return not address.is_global or address.is_multicast
