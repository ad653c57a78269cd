"""Answers that stand in place of the page: said by a flag, so that no step takes them for the page."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.http import Response

SCREENSHOT = "screenshot"
"""Key in `Request.meta`: the page as a browser showed it, as the bytes of a PNG."""
_FLAG = "refused: "


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an answer is not the page: an outcome (challenge, blocked, consent, needs_browser …) and a line."""

    outcome: str
    reason: str


def refuse(response: Response, outcome: str, reason: str) -> Response:
    """The same response, which from now on says that it is not the page."""
    response.flags.append(f"{_FLAG}{outcome}: {reason}")
    return response


def refused(response: Response) -> Refused | None:
    """What `refuse` said of a response, None for a page."""
    for flag in response.flags:
        if flag.startswith(_FLAG):
            outcome, _, reason = flag.removeprefix(_FLAG).partition(": ")
            return Refused(outcome, reason)
    return None
