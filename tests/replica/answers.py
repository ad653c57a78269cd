"""What the forum answers to a request, before anything goes wrong on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field

HTML, XML, TEXT, PNG = "text/html; charset=utf-8", "application/rss+xml; charset=utf-8", "text/plain", "image/png"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@dataclass(slots=True)
class Answer:
    """A response. `kind` says what was asked for, in the log and its counters."""

    kind: str
    body: bytes = b""
    status: int = 200
    type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_page(self) -> bool:
        """Whether it is a page of HTML that could be cut or spoilt."""
        return self.status == 200 and self.type == HTML


def html(kind: str, text: str, status: int = 200) -> Answer:
    """A page."""
    return Answer(kind, text.encode(), status)


def redirect(kind: str, url: str, status: int = 301) -> Answer:
    """A redirect."""
    return Answer(kind, b"", status, headers={"Location": url})
