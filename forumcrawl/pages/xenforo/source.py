"""The bodies of posts exactly as the forum sent them, cut out of the page's source."""

from __future__ import annotations

_POST = b'data-content="post-%d"'
_END_MARKS = (b"js-selectToQuoteEnd", b"</article>")


class Source:
    """Cuts bodies out of a page's bytes; they are asked for in page order."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._place = 0

    def body_of(self, post_id: int) -> str | None:
        """The inside of the post's `.bbWrapper`, or None where the source is not as XenForo writes it."""
        body = self._body
        post = body.find(_POST % post_id, self._place)
        holder = body.find(b"message-body", post)
        start = body.find(b'bbWrapper">', holder) + len(b'bbWrapper">')
        ends = [place for mark in _END_MARKS if (place := body.find(mark, start)) >= 0]
        if post < 0 or holder < 0 or start < holder or not ends:
            return None
        self._place = start
        end = body.rfind(b"</div>", start, min(ends))
        if end < 0 or body.find(b'data-content="post-', post + 1, start) >= 0:
            return None
        sent = body[start:end]
        # A theme that nests the body otherwise would cut it short, or take more than the body.
        if sent.count(b"<div") != sent.count(b"</div"):
            return None
        return sent.decode("utf-8", "replace")
