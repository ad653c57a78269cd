"""The bodies of posts exactly as the forum sent them, cut out of the page's source."""

from __future__ import annotations

import re

_POST = b'data-content="post-%d"'
_WRAPPER = re.compile(rb"<div[^<>]*bbWrapper[^<>]*>")
_END = b'<div class="js-selectToQuoteEnd"'
_CLOSE = b"</div>"


class Source:
    """Cuts bodies out of a page's bytes; they are asked for in page order."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._place = 0

    def body_of(self, post_id: int) -> str | None:
        """The inside of the post's `.bbWrapper`, or None where the source is not as XenForo writes it.

        Stock XenForo puts an empty `.js-selectToQuoteEnd` right behind the wrapper: only there is its end certain.
        """
        body = self._body
        post = body.find(_POST % post_id, self._place)
        holder = body.find(b"message-body", post) if post >= 0 else -1
        opening = _WRAPPER.search(body, holder) if holder >= 0 else None
        end = body.find(_END, opening.end()) if opening else -1
        if opening is None or end < 0 or body.find(b'data-content="post-', post + 1, end) >= 0:
            return None
        close = body.rfind(_CLOSE, opening.end(), end)
        if close < 0 or body[close + len(_CLOSE) : end].strip():
            return None
        self._place = end
        return body[opening.end() : close].decode("utf-8", "replace")
