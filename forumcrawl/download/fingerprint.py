"""What makes two requests the same."""

from __future__ import annotations

import hashlib

from scrapy import Request
from scrapy.utils.request import fingerprint

IDENTITY = "identity"
"""Key in `Request.meta`: what the request is for, where that is more than its address."""


class IdentityFingerprinter:
    """A thread is its id whatever its slug: a request that names its identity is the same as any other naming it."""

    def fingerprint(self, request: Request) -> bytes:
        """20 bytes: of the identity in `meta`, else of method, canonical address and body as Scrapy has it."""
        identity = request.meta.get(IDENTITY)
        if identity is None:
            return fingerprint(request)
        return hashlib.sha1(identity.encode(), usedforsecurity=False).digest()
