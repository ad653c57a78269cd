"""What is put into a crawl to make it go wrong."""

from __future__ import annotations

import json
import re
from typing import Any

from scrapy import Request
from scrapy.http import HtmlResponse, Response

from forumcrawl import settings
from forumcrawl.items import Post

_TIMES = re.compile(rb"</?time\b[^>]*>")


class TimelessMiddleware:
    """Thread pages no longer mark their times up."""

    def process_response(self, request: Request, response: Response) -> Response:
        if b'data-template="thread_view"' not in response.body:
            return response
        return response.replace(body=_TIMES.sub(b"", response.body))


class GateMiddleware:
    """Two of three pages are refused."""

    def __init__(self) -> None:
        self._count = 0

    def process_response(self, request: Request, response: Response) -> Response:
        self._count += 1
        if self._count < 10 or self._count % 3 == 0:
            return response
        return HtmlResponse(
            request.url, status=403, body=b"<html><title>Just a moment...</title></html>", request=request
        )


class LosingPipeline:
    """Fails on every hundredth post."""

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Post) and item.post_id % 100 == 0:
            raise RuntimeError("it is lost")
        return item


def middleware(kind: type) -> str:
    """The setting that puts a middleware nearest to the downloader."""
    known = {**settings.DOWNLOADER_MIDDLEWARES, f"{kind.__module__}.{kind.__name__}": 999}
    return f"DOWNLOADER_MIDDLEWARES={json.dumps(known)}"


def pipeline(kind: type) -> str:
    """The setting that puts in a first step."""
    return f"ITEM_PIPELINES={json.dumps({**settings.ITEM_PIPELINES, f'{kind.__module__}.{kind.__name__}': 1})}"
